// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes lines of entries, and side records of what they must not hold. Used by the journal thread only. */
final class LineEncoder {
    private static final Logger LOG = LoggerFactory.getLogger(LineEncoder.class);

    /** In the place of a monotonic time, for an entry that has none. */
    static final long NO_TICK = Long.MIN_VALUE;

    private static final long SKEW = 100_000_000L; // more than a clock is slewed, or the two are read apart

    private final JsonOut lines;
    private final RecordTime recordTime = new RecordTime();
    private final LineFormat format = new LineFormat();
    private final SideLog side;
    private final AsideFiles asides;
    private boolean begun;
    private long firstNanoTime;
    private long lastOffset; // of the wall clock from the monotonic one

    LineEncoder(Bytes to, SideLog side, AsideFiles asides) {
        this.asides = asides;
        this.lines = new JsonOut(to);
        this.side = side;
    }

    /**
     * Appends an entry's line with its newline. An {@link Error} goes on to the caller; nothing is appended then.
     *
     * @return false if it could not be encoded and the line stands for it
     */
    boolean encode(TrailEntry entry, long sequence, long epochNanos) throws IOException {
        Bytes to = lines.bytes();
        int start = to.size();
        int sideStart = side.unforced();
        boolean itself = true;
        try {
            write(entry, sequence, epochNanos);
            format.close(to, start);
            if (to.size() - start - 1 > AsideFiles.MAX_LINE) {
                moveAside(entry.type(), sequence, epochNanos, start);
            }
        } catch (IOException | RuntimeException e) {
            itself = false;
            // An entry that cannot be encoded must not stop the trail; what is known of it is recorded instead.
            LOG.error("an entry of type {} could not be encoded; a substitute is recorded", entry.type(), e);
            lines.giveUp(start);
            side.takeBack(sideStart);
            write(new UnencodableEntry(entry.type(), e.getClass().getName(), entry.nanoTime()), sequence, epochNanos);
            format.close(to, start);
        } catch (Error e) {
            lines.giveUp(start); // or the next line would begin in the middle of this one
            side.takeBack(sideStart);
            throw e;
        }
        return itself;
    }

    /**
     * Puts a line that is too long into a file of its own; the one in its place commits to it, and to its side record.
     */
    private void moveAside(String type, long sequence, long epochNanos, int start) throws IOException {
        Bytes to = lines.bytes();
        byte[] line = Arrays.copyOfRange(to.array(), start, to.size() - 1);
        to.truncate(start);
        JsonGenerator generator = lines.generator();
        begin(type, sequence, epochNanos, generator);
        generator.writeStringField("aside", asides.put(sequence, line));
        generator.writeNumberField("aside_bytes", line.length);
        String commitment = LineFormat.commitmentOf(line, 0, line.length);
        if (commitment != null) {
            generator.writeStringField("side", commitment);
        }
        generator.writeEndObject();
        generator.flush();
        format.close(to, start);
    }

    private void begin(String type, long sequence, long epochNanos, JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        generator.writeNumberField("seq", sequence);
        generator.writeNumberField("v", LineFormat.VERSION);
        generator.writeStringField("time", recordTime.format(epochNanos));
        generator.writeStringField("type", type);
    }

    private void write(TrailEntry entry, long sequence, long epochNanos) throws IOException {
        JsonGenerator generator = lines.generator();
        begin(entry.type(), sequence, epochNanos, generator);
        if (entry.nanoTime() != NO_TICK) {
            writeMonotonic(entry.nanoTime(), epochNanos, generator);
        }
        entry.writeMembers(generator);
        Erasable erasable = entry.erasable();
        if (erasable != null) {
            side.seal(erasable, sequence, generator);
        }
        generator.writeEndObject();
        generator.flush();
    }

    /**
     * How long after the first record of this run, which no setting of the wall clock changes; and how far that clock
     * was set since the record before.
     */
    private void writeMonotonic(long nanoTime, long epochNanos, JsonGenerator generator) throws IOException {
        long offset = epochNanos - nanoTime;
        if (!begun) {
            begun = true;
            firstNanoTime = nanoTime;
            lastOffset = offset;
        }
        generator.writeNumberField("mono_ns", nanoTime - firstNanoTime);
        if (Math.abs(offset - lastOffset) > SKEW) {
            generator.writeNumberField("clock_skew_ns", offset - lastOffset);
        }
        lastOffset = offset;
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
                String instant = Instant.ofEpochSecond(epochSecond).toString();
                prefix = instant.substring(0, instant.length() - 1);
            }
            long nanos = NANOS + Math.floorMod(epochNanos, NANOS);
            char[] digits = Long.toString(nanos).toCharArray();
            digits[0] = '.';
            return prefix + new String(digits) + "Z";
        }
    }
}
