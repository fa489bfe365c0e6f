// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log of {@linkplain LineFormat lines}, each linked to the one before it by its hash. */
final class ChainedLog implements RecordLog {
    /** How many records a segment holds. */
    static final int SEGMENT_RECORDS = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(ChainedLog.class);
    private static final int WRITE_AT = 1 << 18;

    private final TrailFiles files;
    private final JsonFactory json = new JsonFactory();
    private final RecordTime recordTime = new RecordTime();
    private final GrowingBuffer buffer = new GrowingBuffer();
    private FileChannel channel;
    private long next;
    private String link;
    private boolean failed;

    private ChainedLog(TrailFiles files, FileChannel channel, long next, String link) {
        this.files = files;
        this.channel = channel;
        this.next = next;
        this.link = link;
    }

    /**
     * Opens a log behind the last intact record.
     *
     * @param files the trail's files
     * @param next the sequence number of the next record
     * @param link the hash of the last record
     */
    static ChainedLog open(TrailFiles files, long next, String link) throws IOException {
        DurableFiles.createDirectories(files.log());
        return new ChainedLog(files, openSegment(files, next), next, link);
    }

    /** Opens the newest segment, or the one that the given record begins. */
    private static FileChannel openSegment(TrailFiles files, long next) throws IOException {
        var segments = files.segments();
        boolean begin = segments.isEmpty() || next % SEGMENT_RECORDS == 0;
        Path segment = begin ? files.segment(next) : segments.get(segments.size() - 1);
        FileChannel channel = FileChannel.open(
                segment, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        try {
            DurableFiles.forceDirectory(files.log());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return channel;
    }

    @Override
    public long nextSequence() {
        return next;
    }

    @Override
    public void append(TrailEntry entry, long epochNanos) throws IOException {
        int start = buffer.size();
        try {
            encode(entry, epochNanos);
        } catch (IOException | RuntimeException e) {
            // An entry that cannot be encoded must not stop the trail; what is known of it is recorded instead.
            LOG.error("an entry of type {} could not be encoded; a substitute is recorded", entry.type(), e);
            buffer.truncate(start);
            encode(new UnencodableEntry(entry.type(), e.getClass().getName(), entry.nanoTime()), epochNanos);
        }
        int body = buffer.size() - start - 1; // all but the closing brace
        byte[] suffix = LineFormat.suffix(buffer.array(), start, body);
        buffer.truncate(start + body);
        buffer.write(suffix, 0, suffix.length);
        link = LineFormat.linkTo(buffer.array(), start, buffer.size() - start);
        buffer.write('\n');
        next++;
        if (next % SEGMENT_RECORDS == 0) {
            roll();
        } else if (buffer.size() >= WRITE_AT) {
            commit();
        }
    }

    private void encode(TrailEntry entry, long epochNanos) throws IOException {
        try (JsonGenerator generator = json.createGenerator(buffer)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            generator.writeStartObject();
            generator.writeNumberField("seq", next);
            generator.writeNumberField("v", LineFormat.VERSION);
            generator.writeStringField("time", recordTime.format(epochNanos));
            generator.writeStringField("type", entry.type());
            entry.writeMembers(generator);
            generator.writeStringField("prev", link);
            generator.writeEndObject();
        }
    }

    private void roll() throws IOException {
        force();
        channel.close();
        channel = openSegment(files, next);
    }

    @Override
    public void commit() throws IOException {
        try {
            DurableFiles.writeFully(channel, ByteBuffer.wrap(buffer.array(), 0, buffer.size()));
        } catch (IOException e) {
            failed = true;
            throw e;
        }
        buffer.truncate(0);
    }

    @Override
    public void force() throws IOException {
        commit();
        try {
            channel.force(false);
        } catch (IOException e) {
            failed = true;
            throw e;
        }
    }

    /** Writes and forces what is left, unless a write has failed before, and closes the file. */
    @Override
    public void close() throws IOException {
        try (FileChannel closing = channel) {
            if (!failed && closing.isOpen()) {
                force();
            }
        }
    }

    /** Bytes that grow; its array can be looked at without a copy. */
    private static final class GrowingBuffer extends java.io.ByteArrayOutputStream {
        GrowingBuffer() {
            super(WRITE_AT + 4096);
        }

        byte[] array() {
            return buf;
        }

        void truncate(int size) {
            count = size;
        }
    }

    /** Stands for an entry that could not be encoded. */
    private record UnencodableEntry(String of, String error, long nanoTime) implements TrailEntry {
        @Override
        public String type() {
            return "trail.unencodable";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("of", of);
            json.writeStringField("error", error);
        }
    }

    /** Formats instants as RFC 3339 in UTC with nine digits of a second; the part up to the second is kept. */
    private static final class RecordTime {
        private static final long NANOS = 1_000_000_000L;

        private long second = Long.MIN_VALUE;
        private String prefix = "";

        String format(long epochNanos) {
            long epochSecond = Math.floorDiv(epochNanos, NANOS);
            if (epochSecond != second) {
                second = epochSecond;
                String instant = java.time.Instant.ofEpochSecond(epochSecond).toString();
                prefix = instant.substring(0, instant.length() - 1);
            }
            long nanos = NANOS + Math.floorMod(epochNanos, NANOS);
            char[] digits = Long.toString(nanos).toCharArray();
            digits[0] = '.';
            return prefix + new String(digits) + "Z";
        }
    }
}
