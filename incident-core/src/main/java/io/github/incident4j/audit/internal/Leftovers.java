// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies beside segments that were never begun: a process has died when it tried to go on after a failure. Copies of
 * living secrets are among that, where retention would not find them. Who goes on begins with the file of side records,
 * so secrets beside which there is none, or which are no copies and have no side record, are another log's: this one
 * may be an older copy, or not be mounted.
 *
 * @param newest the newest segment's first record; -1 if there is none
 * @param begun whether the log ever had a segment
 * @param next the number behind the log's last record
 * @param settled the number behind the last record that no crash can take
 */
record Leftovers(long newest, boolean begun, long next, long settled) {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    /** A log without segments has begun one if that was set aside. */
    static Leftovers of(TrailFiles files, List<Path> segments, long next, long settled) throws IOException {
        boolean none = segments.isEmpty();
        long newest = none ? -1 : TrailFiles.firstSequenceOf(segments.get(segments.size() - 1));
        return new Leftovers(newest, !none || !files.brokenFiles().isEmpty(), next, settled);
    }

    /**
     * Removes what this log has left, and sets aside what lies in the way. What else has no segment is left where it
     * is: the log may have lost its newest one.
     *
     * @param files the trail
     * @return whether there are secrets of records that the log does not have
     */
    boolean remove(TrailFiles files) throws IOException {
        boolean strange = false;
        for (Path secrets : files.secrets()) {
            long first = TrailFiles.firstSequenceOf(secrets);
            strange |= isLeftover(first) ? !clear(files, secrets) : first > newest && first >= settled;
        }
        for (Path side : files.sides()) { // last, as they tell whose the secrets are
            if (isLeftover(TrailFiles.firstSequenceOf(side))) {
                remove(side);
            }
        }
        return strange;
    }

    /**
     * An attempt copies what lives in the newest segment, line by line, and adds whom the records are about that
     * waited. A file of copies alone is removed. Where others are in it the records that waited are on no disk, or they
     * are another log's, and nothing here tells which: it is kept, but for the copies, which retention would not find.
     *
     * @return whether an attempt of this log may have left it
     */
    private boolean clear(TrailFiles files, Path secrets) throws IOException {
        List<SecretFile.Line> present = SecretFile.read(secrets);
        Path side = files.side(files.segmentOf(secrets));
        boolean begun = Files.exists(side)
                && present.stream().noneMatch(line -> line.kind().isErased()); // an attempt copies none of these
        BitSet copies = copies(files, present);
        BitSet others = living(present);
        others.andNot(copies);
        if (begun && others.isEmpty()) {
            remove(secrets);
            return true;
        }
        int end = others.length();
        others.andNot(named(side));
        boolean ours = begun && others.isEmpty();
        if (ours) {
            SecretFile.forget(secrets, copies, end);
        }
        LOG.warn("secrets in {} belong to no record; they are kept as {}", secrets, DurableFiles.setAside(secrets));
        return ours;
    }

    /** Of a secret that is being erased the attempt has a copy, too, if it has one of any other. */
    private BitSet copies(TrailFiles files, List<SecretFile.Line> present) throws IOException {
        List<SecretFile.Line> originals =
                newest < 0 ? List.of() : SecretFile.read(files.secrets(files.segment(newest)));
        BitSet copies = new BitSet();
        BitSet erased = new BitSet();
        for (int i = 0; i < Math.min(originals.size(), present.size()); i++) {
            boolean living = present.get(i).kind() == SecretFile.Kind.LIVING;
            copies.set(
                    i,
                    living
                            && Arrays.equals(
                                    present.get(i).toBytes(), originals.get(i).toBytes()));
            erased.set(i, living && originals.get(i).kind().isErased());
        }
        if (!copies.isEmpty()) {
            copies.or(erased);
        }
        return copies;
    }

    private static BitSet living(List<SecretFile.Line> lines) {
        BitSet living = new BitSet();
        for (int i = 0; i < lines.size(); i++) {
            living.set(i, lines.get(i).kind() == SecretFile.Kind.LIVING);
        }
        return living;
    }

    /** The secrets that side records name. */
    private static BitSet named(Path side) throws IOException {
        BitSet named = new BitSet();
        LineFormat format = new LineFormat();
        try (Lines lines = new Lines(side)) {
            while (lines.next()) {
                SideLine line = SideLine.whole(lines, format, Long.MAX_VALUE);
                if (line != null) {
                    named.set(line.key());
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} was never begun", side);
        }
        return named;
    }

    private boolean isLeftover(long first) {
        return begun && first > newest && (first < next || (first == next && next >= settled));
    }

    /** A power cut must not bring it back. */
    private static void remove(Path file) throws IOException {
        LOG.info("{} was left by an attempt to go on after a failure; it is removed", file);
        Files.delete(file);
        DurableFiles.forceDirectory(DurableFiles.parentOf(file));
    }
}
