// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.SecretFile.Kind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether people are filed among the secrets under a key that is there: another key, be it rotten or put back from a
 * copy of something else, would have an erasure find nobody and say so as if there were nobody. A segment is filed
 * under one key, so the first side record of it that opens tells.
 */
enum Filing {
    RIGHT,
    WRONG,
    /** Nothing opens that could tell. */
    UNKNOWN;

    private static final Logger LOG = LoggerFactory.getLogger(Filing.class);

    /**
     * Looks at a segment. Where nothing is left that opens, the secrets tell that; else as much of the segment is read
     * as it takes to find a side record that does.
     */
    static Filing of(TrailFiles files, Path segment, TagKeys keys) throws IOException {
        List<SecretFile.Line> secrets = SecretFile.read(files.secrets(segment));
        List<byte[]> nobody = keys.tagsOf(SideLog.NOBODY);
        if (secrets.stream().noneMatch(each -> each.kind() == Kind.LIVING)) {
            return UNKNOWN;
        }
        if (secrets.stream().anyMatch(each -> TagKeys.contain(nobody, each.tag()))) {
            return RIGHT;
        }
        LineFormat format = new LineFormat();
        try (Lines lines = new Lines(files.side(segment));
                Commitments log = new Commitments(files, segment);
                SideReader sides = new SideReader(files, segment)) {
            while (lines.next() && !lines.isTorn()) {
                if (!format.checksumHolds(lines.array(), lines.start(), lines.length())
                        || !isOfOneThatLives(lines, secrets)) {
                    continue;
                }
                long sequence = LineFormat.sequenceOf(lines.array(), lines.start(), lines.length());
                String commitment = log.of(sequence);
                Filing found = commitment == null ? UNKNOWN : sides.filing(sequence, commitment, keys);
                if (found != UNKNOWN) {
                    return found;
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} has been dropped, or is not here", segment);
        }
        return UNKNOWN;
    }

    private static boolean isOfOneThatLives(Lines lines, List<SecretFile.Line> secrets) {
        try {
            int key =
                    SideLine.parse(lines.array(), lines.start(), lines.length()).key();
            return key < secrets.size() && secrets.get(key).kind() == Kind.LIVING;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Looks at the opening of a trail whether its key is there and the one under which people are filed, as the newest
     * segment says of which something can be said: in the newest of all nobody may be yet, or nobody any more.
     *
     * @param files the trail
     * @param keys the keys that are there
     * @param next the number of the next record
     * @return what is wrong; after that another key must be begun, and another segment, since one is filed under one
     *     key
     */
    static Optional<String> fault(TrailFiles files, TagKeys keys, long next) throws IOException {
        List<Path> segments = files.segments();
        if (segments.isEmpty() || files.secrets().isEmpty()) {
            return Optional.empty();
        }
        if (keys.keys().isEmpty()) {
            return Optional.of(
                    "the key by which people are found among the secrets is lost: put it back from a copy, or"
                            + " nobody can be erased from what is there by now; what comes is filed under another one");
        }
        // What precedes a key that was begun is filed under another one, as is on record.
        long from = keys.newest(next)
                .map(TagKeys.Key::from)
                .filter(begun -> begun < next)
                .orElse(0L);
        for (int i = segments.size() - 1; i >= 0 && TrailFiles.firstSequenceOf(segments.get(i)) >= from; i--) {
            Filing filing = of(files, segments.get(i), keys);
            if (filing != UNKNOWN) {
                return filing == RIGHT ? Optional.empty() : Optional.of(misfiled(segments.get(i)));
            }
        }
        return Optional.empty();
    }

    private static String misfiled(Path segment) {
        return "the key under which the people of segment " + TrailFiles.nameOf(segment)
                + " are filed is lost, or there is that of another trail in its place: put the right one back from a"
                + " copy, or nobody can be erased there; what comes is filed under another one";
    }
}
