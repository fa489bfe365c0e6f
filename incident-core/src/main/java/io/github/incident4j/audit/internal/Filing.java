// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether people are filed among the secrets under the key that is there: another key, be it rotten or put back from a
 * copy of something else, would have an erasure find nobody and say so as if there were nobody. A segment is filed
 * under one key, so the first side record of it that opens tells.
 */
enum Filing {
    RIGHT,
    WRONG,
    /** Nothing opens that could tell. */
    UNKNOWN;

    private static final Logger LOG = LoggerFactory.getLogger(Filing.class);

    /** Looks at a segment; reads as much of it as it takes to find a side record that opens. */
    static Filing of(TrailFiles files, Path segment, byte[] key) throws IOException {
        try (Lines lines = new Lines(segment);
                SideReader sides = new SideReader(files, segment)) {
            while (lines.next() && !lines.isTorn()) {
                String commitment = LineFormat.commitmentOf(lines.array(), lines.start(), lines.length());
                if (commitment != null) {
                    long sequence = LineFormat.sequenceOf(lines.array(), lines.start(), lines.length());
                    Filing found = sides.filing(sequence, commitment, key);
                    if (found != UNKNOWN) {
                        return found;
                    }
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} has been dropped, or is not here", segment);
        }
        return UNKNOWN;
    }

    /** The key; what is none any more keeps nobody from opening the trail. */
    private static byte @Nullable [] keyOrSetAside(Path file) throws IOException {
        try {
            return SecretFile.tagKey(file);
        } catch (CharConversionException e) {
            LOG.error("{}; it is kept as {}", e.getMessage(), DurableFiles.setAside(file));
            return null;
        }
    }

    /**
     * Looks at the opening of a trail whether its key is there and the one under which the newest segment is filed.
     *
     * @param files the trail
     * @param segments its segments
     * @return what is wrong; after that another segment must be begun, since one is filed under one key
     */
    static Optional<String> fault(TrailFiles files, List<Path> segments) throws IOException {
        byte[] key = keyOrSetAside(files.tagKey());
        if (segments.isEmpty() || files.secrets().isEmpty()) {
            return Optional.empty();
        }
        Path newest = segments.get(segments.size() - 1);
        if (key == null) {
            DurableFiles.replace(
                    files.lostTagKey(), (TrailFiles.nameOf(newest) + '\n').getBytes(StandardCharsets.US_ASCII));
            return Optional.of(
                    "the key by which people are found among the secrets is lost: put it back from a copy and"
                            + " open the directory again, or nobody can be erased from what is there by now");
        }
        if (!Files.exists(files.secrets(newest)) || of(files, newest, key) != WRONG) {
            return Optional.empty();
        }
        return Optional.of("it is not the key under which the people of segment " + TrailFiles.nameOf(newest)
                + " are filed: it is damaged, or that of another trail. Put the right one back from a copy and open the"
                + " directory again, or nobody can be erased from what is there by now");
    }
}
