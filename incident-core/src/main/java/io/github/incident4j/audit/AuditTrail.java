// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import io.github.incident4j.audit.internal.TrailReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Reads the audit trail under a runtime's directory. It opens files for reading only and needs no running runtime.
 *
 * <h2>Audit guarantees</h2>
 *
 * <ul>
 *   <li>Order is total: {@code seq} counts from 0 without gaps.
 *   <li>Every line is a leaf of a Merkle tree (RFC 6962). A record that was changed, removed, moved or added is found
 *       by {@link #verify()}, and located, since the tree's tiles lie beside the log.
 *   <li>A checkpoint, signed with Ed25519, attests size and root of the tree. Somebody who has the directory and the
 *       key can still make a shorter or another trail: {@link #verify(List, List)} finds that with a verifier key or a
 *       checkpoint that was kept elsewhere, such as by a {@link CheckpointAnchor}.
 *   <li>A runtime that opens a directory where the checkpoint is missing, or the log is not the one that it attests,
 *       puts that on record and attests none of it any more: {@link #verify()} reports it from then on.
 *   <li>What is not attested yet, the last second or so, is checked by its checksums alone.
 * </ul>
 *
 * <p>Instances are immutable and safe for use by several threads.
 */
public final class AuditTrail {
    private final TrailReader reader;
    private final Path directory;

    private AuditTrail(Path directory) {
        this.directory = directory;
        this.reader = new TrailReader(directory.resolve("trail"));
    }

    /**
     * The trail under a runtime's directory. Nothing is read yet; a directory without a trail has no records.
     *
     * @param directory the directory that the runtime was given
     * @return the trail
     */
    public static AuditTrail in(Path directory) {
        return new AuditTrail(directory);
    }

    /** {@return the runtime's directory} */
    public Path directory() {
        return directory;
    }

    /**
     * The records, oldest first, read as the stream is consumed. A torn last line that is still being written is not
     * part of it. Close the stream.
     *
     * @return the records
     * @throws UncheckedIOException if a file cannot be read, also while the stream is consumed
     */
    public Stream<TrailRecord> records() {
        return query().records();
    }

    /** {@return a question that every record answers, to be narrowed} */
    public TrailQuery query() {
        return new TrailQuery(reader);
    }

    /**
     * One record, with its erasable part.
     *
     * @param sequence the record's number
     * @return the record
     * @throws java.util.NoSuchElementException if the log has no such record
     * @throws UncheckedIOException if a file cannot be read
     */
    public TrailRecord record(long sequence) {
        try {
            return reader.record(sequence);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Says whether the model saw this very text.
     *
     * @param sequence the number of a decision
     * @param text the text, as the guard's {@code PayloadEncoder} would make it
     * @return whether the text, or its digest, is the one on record
     * @throws IllegalStateException if nobody can say: the guard's payload policy keeps neither text nor digest, keeps
     *     the text redacted, or the subject was erased
     * @throws java.util.NoSuchElementException if the log has no such record
     * @throws UncheckedIOException if a file cannot be read
     */
    public boolean isInput(long sequence, String text) {
        return isPayload(sequence, "input", text);
    }

    /**
     * Says whether the caller got this very text; see {@link #isInput}.
     *
     * @param sequence the number of a decision
     * @param text the text, as the guard's {@code PayloadEncoder} would make it
     * @return whether the text, or its digest, is the one on record
     * @throws IllegalStateException if nobody can say
     * @throws java.util.NoSuchElementException if the log has no such record
     * @throws UncheckedIOException if a file cannot be read
     */
    public boolean isOutput(long sequence, String text) {
        return isPayload(sequence, "output", text);
    }

    private boolean isPayload(long sequence, String which, String text) {
        try {
            return reader.isPayload(sequence, which, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Proves that a record stands in the trail.
     *
     * @param sequence the record's number
     * @return the proof
     * @throws java.util.NoSuchElementException if the last checkpoint does not attest such a record
     * @throws UncheckedIOException if a file cannot be read
     */
    public InclusionProof prove(long sequence) {
        try {
            return reader.prove(sequence);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Proves that the trail only grew since an earlier checkpoint, such as one that an anchor has kept.
     *
     * @param checkpoint the earlier checkpoint; whoever checks the proof looks at its signatures, as its key may have
     *     been changed since
     * @return the proof
     * @throws java.util.NoSuchElementException if that checkpoint attests more than the trail's last one
     * @throws IllegalArgumentException if it is no checkpoint, or none of this trail as it is now
     * @throws UncheckedIOException if a file cannot be read
     */
    public ConsistencyProof proveSince(String checkpoint) {
        try {
            return reader.proveSince(checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The last checkpoint: a C2SP signed note over origin, size and root.
     *
     * @return the note
     * @throws UncheckedIOException if there is none, or it cannot be read
     */
    public String checkpoint() {
        try {
            return reader.checkpoint();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The keys that sign the checkpoints. Who verifies should have them from elsewhere.
     *
     * @return the verifier keys
     * @throws UncheckedIOException if they cannot be read
     */
    public List<String> verifierKeys() {
        try {
            return reader.verifierKeys();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads the whole trail again and checks every line against its checksum, its number and its place in the Merkle
     * tree, and the tree against the signed checkpoint. The trail's own key vouches for it: see
     * {@link Verification.Trust#SELF_ATTESTED}.
     *
     * @return what was found
     * @throws UncheckedIOException if a file cannot be read
     */
    public Verification verify() {
        return verify(List.of(), List.of());
    }

    /**
     * Reads the whole trail again, trusting only what came from elsewhere.
     *
     * @param verifierKeys the keys that may have signed, as {@code trail/verifier.pub} held them when they were copied;
     *     none for the trail's own
     * @param checkpoints checkpoints that were kept elsewhere, of any size
     * @return what was found
     * @throws UncheckedIOException if a file cannot be read
     */
    public Verification verify(List<String> verifierKeys, List<String> checkpoints) {
        return verify(verifierKeys, checkpoints, records -> {});
    }

    /**
     * The same, for those who wait for it.
     *
     * @param verifierKeys the keys that may have signed; none for the trail's own
     * @param checkpoints checkpoints that were kept elsewhere
     * @param progress is told every 4,096 records how many were read
     * @return what was found
     * @throws UncheckedIOException if a file cannot be read
     */
    public Verification verify(List<String> verifierKeys, List<String> checkpoints, LongConsumer progress) {
        try {
            return reader.verify(verifierKeys, checkpoints, progress);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
