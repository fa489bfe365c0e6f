// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.seal.SubjectSecret;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Destroys all secrets of a subject (GDPR Art. 17), and has that on record. */
public final class Erasure {
    private static final long LIMIT_SECONDS = 30;

    private final TrailFiles files;
    private final Journal journal;

    /**
     * Creates an erasure.
     *
     * @param directory the runtime's directory
     * @param journal the journal that writes there
     */
    public Erasure(Path directory, Journal journal) {
        this.files = new TrailFiles(directory.resolve("trail"));
        this.journal = journal;
    }

    /**
     * Says on record what is about to be done, and destroys the secrets: those of the present segment on the journal's
     * thread, behind everything that was recorded before, then those of all earlier ones.
     *
     * @param subject the host's reference to the person
     * @param cause who wanted it and why
     * @param time the clocks
     * @return how many there were
     * @throws IOException if that could not be recorded, or one could not be destroyed; asking again does the rest
     */
    public int destroy(String subject, Cause cause, TimeSource time) throws IOException {
        byte[] key = SecretFile.tagKey(files.tagKey());
        if (key == null) {
            throw new IOException("the key by which subjects are found is not in " + files.subjects());
        }
        byte[] tag = SubjectSecret.tag(key, subject);
        int planned = 0;
        Erasing.Result before = inPresent(subject, false);
        for (Path file : earlierThan(before.segment())) {
            planned += SecretFile.count(file, tag);
        }
        planned += before.secrets();
        if (planned > 0 && !journal.appendAndAwait(new Said(Erasures.TYPE, planned, cause, time.nanoTime()))) {
            throw new IOException("it cannot be recorded now, so nothing was destroyed; ask again");
        }
        Erasing.Result present = inPresent(subject, true);
        int destroyed = present.secrets();
        for (Path file : earlierThan(present.segment())) {
            destroyed += SecretFile.destroy(file, tag);
        }
        complainIfTagsAreLost();
        return destroyed;
    }

    private List<Path> earlierThan(Path segment) throws IOException {
        String present = TrailFiles.nameOf(files.secrets(segment));
        return files.secrets().stream()
                .filter(file -> TrailFiles.nameOf(file).compareTo(present) < 0)
                .toList();
    }

    private Erasing.Result inPresent(String subject, boolean destroying) throws IOException {
        Erasing erasing = new Erasing(subject, destroying);
        if (!journal.append(erasing)) {
            throw new IOException("the trail is closed");
        }
        return await(erasing);
    }

    /** No success is told where nobody can know whether the person is in an older segment. */
    private void complainIfTagsAreLost() throws IOException {
        String last;
        try {
            last = Files.readString(files.lostTagKey()).strip();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path file : files.secrets()) {
            String segment = TrailFiles.nameOf(file).replace(".keys", ".jsonl");
            if (segment.compareTo(last) <= 0) {
                throw new IOException("the key by which people were found among the secrets up to segment " + last
                        + " is lost, so this person may still be readable there. Put the right tag.key back from a copy"
                        + " and remove " + files.lostTagKey() + ", or delete the files up to "
                        + TrailFiles.nameOf(file) + ", which erases everybody in them");
            }
        }
    }

    private static Erasing.Result await(Erasing erasing) throws IOException {
        try {
            return erasing.done().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before it was known whether the subject was erased; ask again", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the secrets of the newest segment could not be destroyed; ask again", e);
        }
    }

    /**
     * Puts an erasure on record, durably. The record does not name the subject.
     *
     * @param destroyed how many secrets were destroyed
     * @param cause who wanted it and why
     * @param nanoTime the monotonic clock's reading
     * @return whether the record is on the disk
     */
    public boolean record(int destroyed, Cause cause, long nanoTime) {
        return journal.appendAndAwait(new Said("subject.erased", destroyed, cause, nanoTime));
    }

    private record Said(String type, int secrets, Cause cause, long nanoTime) implements TrailEntry {
        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeNumberField("secrets", secrets);
            json.writeStringField("by", Text.clean(cause.by()));
            json.writeStringField("because", Text.clean(cause.because()));
        }
    }
}
