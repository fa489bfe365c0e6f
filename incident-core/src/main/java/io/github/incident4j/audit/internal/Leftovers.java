// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
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
            if (!isLeftover(first)) {
                strange |= first > newest && first >= settled;
            } else if (isOfAnAttempt(files, secrets)) {
                remove(secrets);
            } else {
                LOG.warn(
                        "secrets in {} belong to no record; they are kept as {}",
                        secrets,
                        DurableFiles.setAside(secrets));
                strange = true;
            }
        }
        for (Path side : files.sides()) { // last, as they tell whose the secrets are
            if (isLeftover(TrailFiles.firstSequenceOf(side))) {
                remove(side);
            }
        }
        return strange;
    }

    /** It copies what lives in the newest segment, and adds whom the records are about that waited. */
    private boolean isOfAnAttempt(TrailFiles files, Path secrets) throws IOException {
        Path side = files.side(files.segmentOf(secrets));
        if (!Files.exists(side)) {
            return false;
        }
        Set<Integer> named = new HashSet<>();
        LineFormat format = new LineFormat();
        try (Lines lines = new Lines(side)) {
            while (lines.next()) {
                SideLine line = SideLine.whole(lines, format, Long.MAX_VALUE);
                if (line != null) {
                    named.add(line.key());
                }
            }
        }
        Set<ByteBuffer> copied = new HashSet<>();
        if (newest >= 0) {
            SecretFile.read(files.secrets(files.segment(newest))).forEach(each -> copied.add(bytesOf(each)));
        }
        List<SecretFile.Line> present = SecretFile.read(secrets);
        return IntStream.range(0, present.size())
                .filter(i -> present.get(i).kind() == SecretFile.Kind.LIVING)
                .allMatch(i -> named.contains(i) || copied.contains(bytesOf(present.get(i))));
    }

    private static ByteBuffer bytesOf(SecretFile.Line line) {
        return ByteBuffer.wrap(line.toBytes());
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
