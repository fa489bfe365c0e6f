// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Moves parts of segments that are no intact records out of the log, durably. */
final class Broken {
    private Broken() {}

    /**
     * What was moved.
     *
     * @param to where it lies now
     * @param bytes how long it is
     * @param sha256 its digest, in hex
     */
    record Part(Path to, long bytes, String sha256) {}

    /**
     * Moves what follows the good bytes; the whole file, by a rename, if there are none.
     *
     * @param files the trail
     * @param segment a file of it
     * @param name what the part is called by, so that parts of the log and of side records are told apart
     * @param good how many bytes stay
     * @param opener opens the file to cut it off
     */
    static Part setAside(TrailFiles files, Path segment, String name, long good, SegmentChannel.Opener opener)
            throws IOException {
        Path aside = files.freeBrokenPath(name + "@" + good);
        long bytes = Files.size(segment) - good;
        if (good == 0) {
            String digest = digest(segment);
            Files.move(segment, aside, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.forceDirectory(DurableFiles.parentOf(aside));
            DurableFiles.forceDirectory(DurableFiles.parentOf(segment));
            return new Part(aside, bytes, digest);
        }
        try {
            return new Part(aside, bytes, moveTail(segment, good, aside, opener));
        } catch (IOException e) {
            Files.deleteIfExists(aside); // it is tried again: a full disk must not fill with halves
            throw e;
        }
    }

    /**
     * Keeps a copy of a file that is about to be replaced, and says where; the one that an opening which came to no end
     * has left will do.
     */
    static String kept(TrailFiles files, Path file, String name) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            Path aside = present(files, name, bytes);
            if (aside == null) {
                aside = files.freeBrokenPath(name);
                DurableFiles.replace(aside, bytes);
            }
            return "; it is kept as " + TrailFiles.nameOf(aside) + " with SHA-256 "
                    + HexFormat.of().formatHex(Hashes.sha256().digest(bytes));
        } catch (IOException e) {
            return "; it could not be kept: " + e;
        }
    }

    /** What an opening or a failure has moved, and did not live to put on record. */
    static Part found(TrailFiles files, String name) throws IOException {
        Path file = files.broken(name);
        return new Part(file, Files.size(file), digest(file));
    }

    private static @Nullable Path present(TrailFiles files, String name, byte[] bytes) throws IOException {
        for (String each : files.brokenNames()) {
            Path file = files.broken(each);
            if (each.startsWith(name + '.')
                    && Files.size(file) == bytes.length
                    && Arrays.equals(Files.readAllBytes(file), bytes)) {
                return file;
            }
        }
        return null;
    }

    private static String digest(Path file) throws IOException {
        MessageDigest sha256 = Hashes.sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] chunk = new byte[1 << 16];
            for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                sha256.update(chunk, 0, n);
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** Copies the tail, durably, and then cuts it off; returns its SHA-256. */
    private static String moveTail(Path segment, long good, Path aside, SegmentChannel.Opener opener)
            throws IOException {
        MessageDigest sha256 = Hashes.sha256();
        try (InputStream in = Files.newInputStream(segment);
                FileChannel out = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            in.skipNBytes(good);
            byte[] chunk = new byte[1 << 16];
            for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                sha256.update(chunk, 0, n);
                DurableFiles.writeFully(out, ByteBuffer.wrap(chunk, 0, n));
            }
            out.force(true);
        }
        DurableFiles.forceDirectory(DurableFiles.parentOf(aside));
        try (SegmentChannel channel = opener.open(segment)) {
            channel.truncate(good);
            channel.force();
        }
        return HexFormat.of().formatHex(sha256.digest());
    }
}
