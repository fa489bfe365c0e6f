// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Destroys all secrets of a subject (GDPR Art. 17), and has that on record. */
public final class Erasure {
    private static final long LIMIT_SECONDS = 30;
    private static final int IN_A_RECORD = 1_000; // it must fit into a line
    private static final int MAX_TURNS = 100;

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
     * Says on record what is about to be done, and destroys the secrets: that of the present segment on the journal's
     * thread, behind everything that was recorded before, then those of all others. A secret that comes meanwhile is on
     * record, too, before it is destroyed.
     *
     * @param subject the host's reference to the person
     * @param cause who wanted it and why
     * @param time the clocks
     * @return what the trail calls them
     * @throws IOException if that could not be recorded, one could not be destroyed, or the person may be where nobody
     *     can look; what could be reached is erased then, and on record, and asking again does the rest
     */
    public List<String> destroy(String subject, Cause cause, TimeSource time) throws IOException {
        Set<String> told = new HashSet<>();
        Erasing.Result present = inPresent(subject, told);
        TagKeys keys = TagKeys.of(files); // behind that, since who writes puts back the key that is in use
        List<byte[]> tags = keys.tagsOf(subject);
        List<String> untold = new ArrayList<>(present.untold());
        for (Path file : allBut(present.segment())) {
            untold.addAll(SecretFile.find(file, tags));
        }
        List<String> destroyed = new ArrayList<>();
        List<Path> aside;
        boolean again = true;
        for (int turn = 0; again; turn++) {
            if (turn == MAX_TURNS) {
                throw new IOException("there is always one decision more about this person; ask again");
            }
            tell(untold, cause, time);
            told.addAll(untold);
            aside = files.secretsSetAside();
            present = inPresent(subject, told);
            destroyed.addAll(present.destroyed());
            untold = new ArrayList<>(present.untold());
            for (Path file : allBut(present.segment())) {
                destroyed.addAll(SecretFile.destroy(file, tags, told));
                untold.addAll(SecretFile.find(file, tags));
            }
            again = !untold.isEmpty() || !files.secretsSetAside().equals(aside); // one may have been moved meanwhile
        }
        List<Unreached> unreached = Unreached.of(files, keys, present.segment());
        if (!unreached.isEmpty()) {
            boolean recorded = destroyed.isEmpty() || record(destroyed, cause, time);
            throw new IOException(destroyed.size() + " secrets of this person are destroyed"
                    + (recorded ? "" : " (which could not be recorded)")
                    + ", but this person may still be readable in " + Unreached.describe(unreached)
                    + ". Erase again then; or delete these files, which erases everybody in them");
        }
        return destroyed;
    }

    private void tell(List<String> secrets, Cause cause, TimeSource time) throws IOException {
        if (!secrets.isEmpty() && !record(Erasures.TYPE, secrets, cause, time)) {
            throw new IOException("it cannot be recorded now, so nothing was destroyed; ask again");
        }
    }

    private boolean record(String type, List<String> secrets, Cause cause, TimeSource time) {
        boolean recorded = true;
        for (int from = 0; recorded && (from < secrets.size() || from == 0); from += IN_A_RECORD) {
            List<String> some = secrets.subList(from, Math.min(from + IN_A_RECORD, secrets.size()));
            recorded = journal.appendAndAwait(new Said(type, List.copyOf(some), cause, time.nanoTime()));
        }
        return recorded;
    }

    /** Those, too, that the log knows nothing of: the log to which they belong may come back. */
    private List<Path> allBut(Path segment) throws IOException {
        Path present = files.secrets(segment);
        List<Path> others = new ArrayList<>(files.secrets());
        others.remove(present);
        others.addAll(files.secretsSetAside());
        return others;
    }

    private Erasing.Result inPresent(String subject, Set<String> told) throws IOException {
        Erasing erasing = new Erasing(subject, told);
        if (!journal.append(erasing)) {
            throw new IOException("the trail is closed");
        }
        return await(erasing);
    }

    private static Erasing.Result await(Erasing erasing) throws IOException {
        try {
            return erasing.done().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted, so " + outcome(erasing), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "the secrets of the newest segment could not be destroyed, and " + outcome(erasing), e);
        }
    }

    /** What nobody waits for must not happen later, when a hold may have come. */
    private static String outcome(Erasing erasing) {
        return erasing.giveUp()
                ? "nothing will be before you ask again"
                : "it is not known whether the subject is erased; ask again";
    }

    /**
     * Puts an erasure on record, durably. The record does not name the subject.
     *
     * @param destroyed the secrets that were destroyed
     * @param cause who wanted it and why
     * @param time the clocks
     * @return whether the record is on the disk
     */
    public boolean record(List<String> destroyed, Cause cause, TimeSource time) {
        return record(Erasures.DONE, destroyed, cause, time);
    }

    private record Said(String type, List<String> ids, Cause cause, long nanoTime) implements TrailEntry {
        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeNumberField("secrets", ids.size());
            json.writeArrayFieldStart(Erasures.IDS);
            for (String id : ids) {
                json.writeString(id);
            }
            json.writeEndArray();
            json.writeStringField("by", Text.clean(cause.by()));
            json.writeStringField("because", Text.clean(cause.because()));
        }
    }
}
