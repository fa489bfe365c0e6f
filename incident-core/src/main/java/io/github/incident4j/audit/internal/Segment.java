// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The segment that is being written. Space is reserved ahead as newlines, which readers pass over: forcing bytes that
 * lie inside a file is many times faster than forcing a file that grows.
 */
final class Segment implements Closeable {
    private static final int AHEAD = 1 << 20;
    private static final byte[] PADDING = newlines();

    private final Path file;
    private final @Nullable Object key;
    private final SegmentChannel channel;
    private final int ahead;
    private long size;
    private long forced;
    private long reserved;
    private @Nullable IOException shortage;
    private long tryAgainAt; // the size

    private Segment(Path file, @Nullable Object key, SegmentChannel channel, long size, int ahead) {
        this.file = file;
        this.key = key;
        this.ahead = ahead;
        this.channel = channel;
        this.size = size;
        this.forced = size;
        this.reserved = size;
    }

    /** Opens a segment behind its last good byte. */
    static Segment open(SegmentChannel.Opener opener, Path file, long size) throws IOException {
        return open(opener, file, size, AHEAD);
    }

    /** Opens a file of which less room is reserved at a time. */
    static Segment open(SegmentChannel.Opener opener, Path file, long size, int ahead) throws IOException {
        SegmentChannel channel = opener.open(file);
        Object key;
        try {
            key = keyOf(file);
            opener.forceDirectory(DurableFiles.parentOf(file));
            if (size > 0) {
                channel.force(); // what an earlier run wrote may lie in memory only, and will be attested
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Segment(file, key, channel, size, ahead);
    }

    private static byte[] newlines() {
        byte[] padding = new byte[AHEAD];
        Arrays.fill(padding, (byte) '\n');
        return padding;
    }

    Path file() {
        return file;
    }

    /** How many bytes were written. */
    long size() {
        return size;
    }

    /** How many bytes of the segment are known to be on the disk. */
    long forced() {
        return forced;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        if (size + length + ahead / 2 > reserved && (shortage == null || size + length >= tryAgainAt)) {
            reserve(size + length);
        }
        channel.write(ByteBuffer.wrap(bytes, offset, length), size);
        size += length;
    }

    /** Replaces some of the bytes, durably. */
    void overwrite(byte[] bytes, long position) throws IOException {
        channel.write(ByteBuffer.wrap(bytes), position);
        channel.force();
        requirePresent();
    }

    /** Where the disk has no more room, what is reserved already still takes the records of the shortage. */
    private void reserve(long behind) {
        long from = Math.max(reserved, behind);
        try {
            channel.write(ByteBuffer.wrap(PADDING, 0, ahead), from);
            reserved = from + ahead;
            shortage = null;
        } catch (IOException e) {
            shortage = e;
            tryAgainAt = size + ahead / 16;
            giveBack(Math.max(reserved, size), e);
        }
    }

    /** What of a failed attempt has come to the disk would keep its last room from everybody. */
    private void giveBack(long end, IOException why) {
        try {
            channel.truncate(end);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** Why no more room could be reserved the last time; null if it could. */
    @Nullable
    IOException shortage() {
        return shortage;
    }

    void force() throws IOException {
        if (forced < size) {
            channel.force();
            requirePresent();
            forced = size;
        }
    }

    /** What is forced to a file that somebody has removed, or has put another one in the place of, is nowhere. */
    void requirePresent() throws IOException {
        Object present;
        try {
            present = keyOf(file);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(file.toString(), null, "somebody has removed the file");
        }
        if (!Objects.equals(present, key)) {
            throw new NoSuchFileException(file.toString(), null, "somebody has put another file in its place");
        }
    }

    /** What tells a file from another one of that name; null where the platform has no such thing. */
    private static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /** Forces all and takes the reserve back; nothing is written to it any more. */
    void finish() throws IOException {
        channel.truncate(size);
        channel.force();
        forced = size;
        channel.close();
    }

    /** Cuts off what is not known to be on the disk, durably. */
    void cut() throws IOException {
        channel.truncate(forced);
        channel.force();
    }

    /** Leaves the file as it is. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
