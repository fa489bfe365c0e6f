// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the blocks of a segment lie and when their records happened, so that a question about an hour does not read a
 * year. It follows from the segment: one that is missing, or damaged, or made of another length, is made anew. Its file
 * ends as a {@linkplain LineFormat line} does, in its checksum; the first version had none.
 *
 * @param bytes the length of the segment that it was made of
 * @param blocks the blocks in their order
 */
record SegmentIndex(long bytes, List<Block> blocks) {
    /** How many records a block holds. */
    static final int BLOCK = 256;

    private static final int VERSION = 2;
    private static final byte[] TIME = "\"time\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = new byte[0];
    private static final byte[] UNKNOWN = "~".repeat(30).getBytes(StandardCharsets.US_ASCII); // sorts behind all times
    private static final int TIME_WITHIN = 64;
    private static final int TIME_LENGTH = 30;

    /**
     * Some records that follow one another.
     *
     * @param offset where the first one begins in the segment
     * @param earliest when the earliest of them happened
     * @param latest when the latest of them happened
     */
    record Block(long offset, Instant earliest, Instant latest) {}

    SegmentIndex {
        blocks = List.copyOf(blocks);
    }

    /** When the newest record happened; {@link Instant#MIN} if there is none. */
    Instant latest() {
        return blocks.stream().map(Block::latest).max(Instant::compareTo).orElse(Instant.MIN);
    }

    /** Reads the index of a segment that is not written any more; makes it in memory if it is not there. */
    static SegmentIndex of(TrailFiles files, Path segment) throws IOException {
        SegmentIndex stored = stored(files, segment);
        return stored != null && stored.bytes == Files.size(segment) ? stored : scan(segment);
    }

    /**
     * Opens a segment at the block of a record, if there is an index that tells where it lies, or else at its start.
     */
    static Lines open(TrailFiles files, Path segment, long sequence) throws IOException {
        SegmentIndex stored = stored(files, segment);
        long block = (sequence - TrailFiles.firstSequenceOf(segment)) / BLOCK;
        return stored != null && stored.bytes == Files.size(segment) && block >= 0 && block < stored.blocks.size()
                ? new Lines(segment, stored.blocks.get((int) block).offset())
                : new Lines(segment);
    }

    /**
     * Opens a segment at the line of a record; from its start where the index leads nowhere, as one does that was made
     * when a line was lost already. Null if the line is not there, or not whole.
     */
    static @Nullable Lines find(TrailFiles files, Path segment, long sequence) throws IOException {
        Lines near = open(files, segment, sequence);
        if (isAt(near, sequence, sequence)) {
            return near;
        }
        Lines all = new Lines(segment); // somebody may have put a line of a higher number before it
        return isAt(all, sequence, Long.MAX_VALUE) ? all : null;
    }

    /** Goes on to the line of a record, no further than one of a number; closes the segment where it is not there. */
    private static boolean isAt(Lines lines, long sequence, long last) throws IOException {
        LineFormat format = new LineFormat();
        long number = -1;
        try {
            while (number != sequence && number < last && lines.next()) {
                if (format.checksumHolds(lines.array(), lines.start(), lines.length())) {
                    number = LineFormat.sequenceOf(lines.array(), lines.start(), lines.length());
                }
            }
            return number == sequence;
        } finally {
            if (number != sequence) {
                lines.close();
            }
        }
    }

    /** Reads the index of a segment; null if there is none that can be read. */
    static @Nullable SegmentIndex stored(TrailFiles files, Path segment) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(files.index(segment));
            JsonNode json = Json.mapper().readTree(bytes);
            boolean sound = json.path("v").asInt() == 1 || new LineFormat().checksumHolds(bytes, 0, bytes.length);
            return sound ? parse(json) : null;
        } catch (CharConversionException e) {
            return null;
        } catch (NoSuchFileException | JacksonException | DateTimeException e) {
            return null;
        }
    }

    /** Whether there is an index that is not the segment's own; one of fewer bytes is only older. */
    static boolean isWrong(TrailFiles files, Path segment, SegmentIndex own) throws IOException {
        SegmentIndex stored = stored(files, segment);
        return stored == null ? Files.exists(files.index(segment)) : stored.bytes == own.bytes && !stored.equals(own);
    }

    /** Whether a segment that is not written any more has no index, or one of a part of it, as far as can be read. */
    static boolean isLacking(TrailFiles files, Path segment) {
        try {
            SegmentIndex stored = stored(files, segment);
            return stored == null ? Files.notExists(files.index(segment)) : stored.bytes < Files.size(segment);
        } catch (IOException e) { // it is a help for questions, and no reason not to open
            return false;
        }
    }

    /** Makes the index of a segment and keeps it. */
    static void keep(TrailFiles files, Path segment) throws IOException {
        Path file = files.index(segment);
        Files.createDirectories(DurableFiles.parentOf(file));
        DurableFiles.replace(file, scan(segment).toBytes());
    }

    static SegmentIndex scan(Path segment) throws IOException {
        Scan scan = new Scan();
        long bytes = Files.size(segment);
        try (Lines lines = new Lines(segment)) {
            while (lines.next() && !lines.isTorn()) {
                scan.look(lines);
            }
        }
        return scan.index(bytes);
    }

    /**
     * Makes an index while somebody reads a segment. Times of one width in one zone are in order as their texts are, so
     * only two of a block are parsed.
     */
    static final class Scan {
        private final List<Block> blocks = new ArrayList<>();
        private int inBlock;
        private long offset;
        private byte[] earliest = NONE;
        private byte[] latest = NONE;

        /** Takes the next line. */
        void look(Lines lines) {
            int time = timeAt(lines.array(), lines.start(), lines.length());
            if (inBlock == 0) {
                offset = lines.offset();
                earliest = NONE;
                latest = NONE;
            }
            if (time < 0) {
                latest = UNKNOWN;
            } else if (earliest.length == 0) {
                earliest = copy(lines.array(), time);
                latest = earliest;
            } else if (compare(lines.array(), time, earliest) < 0) {
                earliest = copy(lines.array(), time);
            } else if (compare(lines.array(), time, latest) > 0) {
                latest = copy(lines.array(), time);
            }
            if (++inBlock == BLOCK) {
                finishBlock();
            }
        }

        private void finishBlock() {
            blocks.add(new Block(offset, parsed(earliest, Instant.MIN), parsed(latest, Instant.MAX)));
            inBlock = 0;
        }

        /** The index of a segment of that length, of which all lines were looked at. */
        SegmentIndex index(long bytes) {
            if (inBlock > 0) {
                finishBlock();
            }
            return new SegmentIndex(bytes, blocks);
        }
    }

    private static int compare(byte[] bytes, int time, byte[] with) {
        return Arrays.compare(bytes, time, time + with.length, with, 0, with.length);
    }

    private static byte[] copy(byte[] bytes, int time) {
        return Arrays.copyOfRange(bytes, time, time + TIME_LENGTH);
    }

    /** The time; where a line has none, one by which its block is never passed over. */
    private static Instant parsed(byte[] time, Instant otherwise) {
        try {
            return Instant.parse(new String(time, StandardCharsets.US_ASCII));
        } catch (DateTimeException e) {
            return otherwise;
        }
    }

    /** Where the time of a line begins; negative if it has none. */
    private static int timeAt(byte[] bytes, int offset, int length) {
        int end = offset + Math.min(length, TIME_WITHIN);
        for (int i = offset; i + TIME.length + TIME_LENGTH <= offset + length && i < end; i++) {
            if (bytes[i] == '"' && Arrays.equals(bytes, i, i + TIME.length, TIME, 0, TIME.length)) {
                return i + TIME.length;
            }
        }
        return -1;
    }

    private byte[] toBytes() throws IOException {
        ObjectMapper mapper = Json.mapper();
        ObjectNode json = mapper.createObjectNode().put("v", VERSION).put("bytes", bytes);
        ArrayNode array = json.putArray("blocks");
        for (Block block : blocks) {
            array.addArray()
                    .add(block.offset())
                    .add(block.earliest().toString())
                    .add(block.latest().toString());
        }
        Bytes file = new Bytes(1_024);
        byte[] text = mapper.writeValueAsBytes(json);
        file.write(text, 0, text.length);
        int length = new LineFormat().close(file, 0);
        return Arrays.copyOf(file.array(), length);
    }

    private static SegmentIndex parse(JsonNode json) {
        List<Block> blocks = new ArrayList<>();
        for (JsonNode block : json.path("blocks")) {
            blocks.add(new Block(
                    block.path(0).asLong(),
                    Instant.parse(block.path(1).asText()),
                    Instant.parse(block.path(2).asText())));
        }
        return new SegmentIndex(json.path("bytes").asLong(-1), blocks);
    }

    /** Whether a block may hold a record of the time from one instant, included, to another one, not included. */
    static boolean mayHold(Block block, Instant from, Instant until) {
        boolean outside = block.latest().isBefore(from) || !block.earliest().isBefore(until);
        return !outside || block.latest().equals(Instant.MAX);
    }
}
