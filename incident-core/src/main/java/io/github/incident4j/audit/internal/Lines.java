// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Walks over the lines of a segment without copying them. Empty lines are padding and passed over; padding that is
 * followed by a line is told by {@link #followsPadding()}, and a last line without its newline by {@link #isTorn()}.
 * What is no line at all, such as a hole that a file system has left, is one of which only the beginning is held: a
 * damaged one.
 */
final class Lines implements Closeable {
    private static final int BUFFER = 1 << 17;
    private static final int LONGEST = 2 * AsideFiles.MAX_ASIDE; // two sealed payloads; of the log all are far shorter
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long NEWLINES = ONES * '\n';

    private final FileChannel channel;
    private byte[] buffer = new byte[BUFFER];
    private int start; // of the present line
    private int end; // behind the present line, at its newline
    private int limit; // of what was read
    private long fileOffset; // of buffer[0]
    private boolean torn;
    private boolean padding;
    private boolean cut; // the present line goes on behind what is held of it

    /** Opens segments for those who read several. */
    @FunctionalInterface
    interface Opener {
        Lines open(Path segment) throws IOException;
    }

    Lines(Path file) throws IOException {
        this(file, 0);
    }

    /** Begins at an offset, which must be a line's. */
    Lines(Path file, long offset) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.fileOffset = offset;
        this.end = -1;
        channel.position(offset);
    }

    /** Goes on to the next line; false at the end of the file. */
    boolean next() throws IOException {
        torn = false;
        padding = false;
        start = Math.min(end + 1, limit);
        if (cut) {
            cut = false;
            fileOffset = channel.position() - limit;
            start = limit;
            end = limit - 1;
        }
        while (true) {
            for (end = newlineFrom(Math.max(end + 1, start)); end < limit; end = newlineFrom(end + 1)) {
                if (end > start) {
                    return true;
                }
                start = end + 1;
                padding = true;
            }
            end--; // of what was looked at already
            if (start == 0 && limit == buffer.length && isNoLine()) {
                end = limit;
                cut = true;
                torn = !passOver();
                return true;
            }
            if (!fill()) {
                end = limit;
                torn = limit > start;
                return torn;
            }
        }
    }

    /**
     * Where the next newline is; the limit if there is none. Looks at eight bytes at a time, as most bytes are none.
     */
    private int newlineFrom(int from) {
        int at = from;
        for (; at + Long.BYTES <= limit; at += Long.BYTES) {
            long zeroWhereNewline = (long) LONGS.get(buffer, at) ^ NEWLINES;
            if (((zeroWhereNewline - ONES) & ~zeroWhereNewline & HIGH_BITS) != 0) {
                break; // in these eight; which one, the loop below finds
            }
        }
        while (at < limit && buffer[at] != '\n') {
            at++;
        }
        return at;
    }

    /** No line of ours is that long, or has a zero in it. */
    private boolean isNoLine() {
        return limit >= LONGEST || buffer[limit - 1] == 0;
    }

    /** Goes on behind the next newline; false if there is none. */
    private boolean passOver() throws IOException {
        byte[] rest = new byte[BUFFER];
        for (int read = channel.read(ByteBuffer.wrap(rest)); read > 0; read = channel.read(ByteBuffer.wrap(rest))) {
            for (int i = 0; i < read; i++) {
                if (rest[i] == '\n') {
                    channel.position(channel.position() - read + i + 1);
                    return true;
                }
            }
        }
        return false;
    }

    /** Reads more behind what is there; makes room by moving or growing. */
    private boolean fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, limit - start);
            fileOffset += start;
            end -= start;
            limit -= start;
            start = 0;
        } else if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = channel.read(ByteBuffer.wrap(buffer, limit, buffer.length - limit));
        if (read <= 0) {
            return false;
        }
        limit += read;
        return true;
    }

    /** The array in which the present line lies until the next one is asked for. */
    byte[] array() {
        return buffer;
    }

    int start() {
        return start;
    }

    int length() {
        return end - start;
    }

    /** Where the present line begins in the file. */
    long offset() {
        return fileOffset + start;
    }

    /** Where what follows the present line begins in the file. */
    long behind() throws IOException {
        return cut ? channel.position() : offset() + length() + 1;
    }

    byte[] copy() {
        return Arrays.copyOfRange(buffer, start, end);
    }

    boolean isTorn() {
        return torn;
    }

    boolean followsPadding() {
        return padding;
    }

    /** The number that the first whole line of a file carries; -1 if there is none. */
    static long firstNumber(Path file) throws IOException {
        LineFormat format = new LineFormat();
        try (Lines lines = new Lines(file)) {
            while (lines.next()) {
                if (!lines.isTorn() && format.checksumHolds(lines.array(), lines.start(), lines.length())) {
                    return LineFormat.sequenceOf(lines.array(), lines.start(), lines.length());
                }
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
