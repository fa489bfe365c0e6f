// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.ConsistencyProof;
import io.github.incident4j.audit.InclusionProof;
import io.github.incident4j.audit.SideRecord;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.Verification;
import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.NoteException;
import io.github.incident4j.audit.internal.merkle.Proofs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a trail, whoever writes it meanwhile. */
public final class TrailReader {
    private static final Logger LOG = LoggerFactory.getLogger(TrailReader.class);
    private static final int LOOKS = 20;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

    private final TrailFiles files;

    /**
     * Creates a reader; nothing is read yet.
     *
     * @param trail the trail's folder
     */
    public TrailReader(Path trail) {
        this.files = new TrailFiles(trail);
    }

    /**
     * Reads records.
     *
     * @param wanted which ones
     * @param damage is told of each line that is passed over since it is damaged
     * @return the records, and perhaps some more
     * @throws IllegalStateException if a subject is wanted and the secrets are not here, or filed under a key that is
     *     not
     */
    public Stream<TrailRecord> records(Wanted wanted, Consumer<? super String> damage) {
        RecordWalk walk;
        try {
            walk = new RecordWalk(files, wanted, damage);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return StreamSupport.stream(walk, false).onClose(() -> {
            try {
                walk.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Follows the trail.
     *
     * @param wanted which records
     * @param damage is told of each line that is passed over since it is damaged
     * @return what reads on each time
     */
    public TrailTail tail(Wanted wanted, Consumer<? super String> damage) {
        return new TrailTail(files, wanted, damage);
    }

    /**
     * Re-reads the whole trail.
     *
     * @param keys verifier keys that came from elsewhere; none for the trail's own
     * @param checkpoints checkpoints that were kept elsewhere
     * @param progress is told now and then how many records were read
     * @return what was found
     * @throws IOException if a file cannot be read
     */
    public Verification verify(List<String> keys, List<String> checkpoints, LongConsumer progress) throws IOException {
        return new TrailVerifier(files, keys, checkpoints, progress).verify();
    }

    /**
     * The last checkpoint.
     *
     * @return the signed note
     * @throws IOException if it cannot be read
     */
    public String checkpoint() throws IOException {
        return text(files.checkpoint());
    }

    /** What no longer is UTF-8 is no reason not to say what is wrong with it. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /**
     * How many records the last checkpoint attests: these are on the disk, and nobody puts others in their places.
     *
     * @return the number; 0 where there is no checkpoint yet
     * @throws IOException if the checkpoint cannot be read or trusted
     */
    public long attested() throws IOException {
        return attested(files);
    }

    static long attested(TrailFiles files) throws IOException {
        Checkpoint signed = signed(files);
        return signed == null ? 0 : signed.size();
    }

    /** The last checkpoint; null where there is none yet. */
    static @Nullable Checkpoint signed(TrailFiles files) throws IOException {
        String note;
        try {
            note = text(files.checkpoint()); // never torn: it is replaced as a whole
        } catch (NoSuchFileException e) {
            return null;
        }
        return trusted(files, note);
    }

    /** What a checkpoint of the trail says, if its keys have signed it. */
    private static Checkpoint trusted(TrailFiles files, String note) throws IOException {
        for (int i = 0; i < LOOKS && Files.notExists(files.verifierKey()); i++) {
            LockSupport.parkNanos(PAUSE); // it is written behind the first checkpoint
        }
        try {
            return ProofFile.checkpoint(note, TrailKey.published(files.verifierKey()));
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "trail/verifier.pub is missing, so that the checkpoint cannot be trusted and nobody knows what is on"
                            + " the disk; the service writes it again when it records or is started, or put it back from"
                            + " a copy",
                    e);
        } catch (IllegalArgumentException | NoteException e) {
            throw new IOException(
                    "the checkpoint cannot be trusted, so that nobody knows what is on the disk; the service makes"
                            + " another one when it records again. verify says more",
                    e);
        }
    }

    /**
     * The trail's verifier keys.
     *
     * @return the keys
     * @throws IOException if they cannot be read
     */
    public List<String> verifierKeys() throws IOException {
        return TrailKey.published(files.verifierKey());
    }

    /**
     * Proves a record.
     *
     * @param sequence its number
     * @return the proof
     * @throws IOException if a file cannot be read, or the last checkpoint cannot be trusted
     * @throws NoSuchElementException if the last checkpoint does not attest such a record
     */
    public InclusionProof prove(long sequence) throws IOException {
        String note = checkpoint();
        Checkpoint checkpoint = trusted(files, note);
        if (sequence < 0 || sequence >= checkpoint.size()) {
            throw new NoSuchElementException("the last checkpoint attests the records 0 to " + (checkpoint.size() - 1)
                    + ", and not " + sequence);
        }
        List<byte[]> hashes = new Proofs(checkpoint.size(), files.tiles()).inclusion(sequence);
        String line = line(sequence);
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        Optional<String> aside = Optional.ofNullable(AsideFiles.read(files, bytes, 0, bytes.length))
                .map(whole -> new String(whole, StandardCharsets.UTF_8));
        return new InclusionProof(sequence, line, aside, ProofFile.hex(hashes), note);
    }

    /**
     * One record with its side record.
     *
     * @param sequence its number
     * @return the record
     * @throws IOException if a file cannot be read
     * @throws NoSuchElementException if it is not there
     */
    public TrailRecord record(long sequence) throws IOException {
        try (Stream<TrailRecord> records =
                records(Wanted.EVERYTHING.behind(sequence - 1).withSides(), LOG::debug)) {
            return records.findFirst()
                    .filter(record -> record.sequence() == sequence)
                    .orElseThrow(() -> missing(sequence));
        }
    }

    /**
     * Says whether a text is the payload of a record.
     *
     * @param sequence the record's number
     * @param which {@code input} or {@code output}
     * @param text the text
     * @return whether it is
     * @throws IOException if a file cannot be read
     * @throws IllegalStateException if nobody can say
     */
    public boolean isPayload(long sequence, String which, String text) throws IOException {
        TrailRecord record = record(sequence);
        Object digest = record.members().get(which + "_digest");
        if (String.valueOf(record.members().get("payload_fault")).contains(which + ": cut")) {
            throw new IllegalStateException("nobody can say what the " + which + " of record " + sequence
                    + " was: it was longer than the guard's payload policy keeps; see PayloadPolicy.atMost(…)");
        }
        Object kept = record.side().members().get(which);
        if (kept != null && record.side().members().get(which + "_redacted") == null) {
            return kept.equals(Text.whole(text));
        }
        if (digest == null || record.side().state() != SideRecord.State.OPENED) {
            throw new IllegalStateException("nobody can say what the " + which + " of record " + sequence + " was: "
                    + (kept != null
                            ? "the guard's payload policy keeps it redacted"
                            : digest == null && record.side().state() != SideRecord.State.ERASED
                                    ? "the guard's payload policy keeps none of it; use PayloadPolicy.digest(…) or full(…)"
                                    : "its subject was erased, or the secret that opens it is not here"));
        }
        Path segment = segmentOf(sequence);
        try (SideReader sides = new SideReader(files, segment)) {
            return sides.secretOf(sequence)
                    .map(secret -> secret.digest(text))
                    .filter(digest::equals)
                    .isPresent();
        }
    }

    private static NoSuchElementException missing(long sequence) {
        return new NoSuchElementException(
                "record " + sequence + " is not in the log: it was dropped by retention, or verify() says why");
    }

    private Path segmentOf(long sequence) throws IOException {
        Path segment = null;
        for (Path each : files.segments()) {
            if (TrailFiles.firstSequenceOf(each) <= sequence) {
                segment = each;
            }
        }
        if (segment == null) {
            throw missing(sequence);
        }
        return segment;
    }

    private String line(long sequence) throws IOException {
        Path segment = segmentOf(sequence);
        try (Lines line = SegmentIndex.find(files, segment, sequence)) {
            if (line != null) {
                return new String(line.copy(), StandardCharsets.UTF_8);
            }
        }
        throw missing(sequence);
    }

    /**
     * Proves that the trail only grew since an earlier checkpoint.
     *
     * @param earlier the earlier checkpoint; whoever checks the proof looks at its signatures, as its key may have been
     *     changed since
     * @return the proof
     * @throws IOException if a file cannot be read, or the last checkpoint cannot be trusted
     * @throws IllegalArgumentException if it is no checkpoint, or none of this trail as it is now
     */
    public ConsistencyProof proveSince(String earlier) throws IOException {
        String later = checkpoint();
        Checkpoint before = ProofFile.unchecked(earlier);
        Checkpoint last = trusted(files, later);
        if (before.size() > last.size()) {
            throw new NoSuchElementException("that checkpoint attests " + before.size()
                    + " records, more than the last one with its " + last.size());
        }
        List<byte[]> hashes =
                before.size() == 0 ? List.of() : new Proofs(last.size(), files.tiles()).consistency(before.size());
        String whyNot = ProofFile.whyNot(before, last, hashes);
        if (!whyNot.isEmpty()) {
            throw new IllegalArgumentException("no proof can be made since that checkpoint: " + whyNot
                    + "; either it is of another trail, or this one was changed, which verify tells");
        }
        return new ConsistencyProof(earlier, later, ProofFile.hex(hashes));
    }
}
