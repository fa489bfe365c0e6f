// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** What it takes to make a change of files survive a power cut. */
public final class DurableFiles {
    private DurableFiles() {}

    /**
     * Replaces a file as a whole: a reader sees the content before or the content after, never a half, and after the
     * return the new content is on the disk. An interrupt of the calling thread is kept for later.
     *
     * @param file the file, in an existing directory
     * @param content its new content
     * @throws IOException if that cannot be done; the old content then stays
     */
    public static void replace(Path file, byte[] content) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    tryReplace(file, content);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted(); // the interrupt closed the channel, nothing else is wrong
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void tryReplace(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeFully(channel, ByteBuffer.wrap(content));
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(parentOf(file));
    }

    /**
     * Moves a file that cannot be used out of the way, to a name that no file has yet.
     *
     * @param file the file
     * @return where it went
     * @throws IOException if it cannot be moved
     */
    public static Path setAside(Path file) throws IOException {
        Path aside = freeBrokenPath(file);
        Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(parentOf(file));
        return aside;
    }

    /** Returns the first of {@code file.broken}, {@code file.2.broken}, … that does not exist. */
    static Path freeBrokenPath(Path file) {
        Path aside = file.resolveSibling(file.getFileName() + ".broken");
        for (int i = 2; Files.exists(aside); i++) {
            aside = file.resolveSibling(file.getFileName() + "." + i + ".broken");
        }
        return aside;
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Creates a directory with those above it, so that they survive a power cut, too.
     *
     * @param directory the directory; it may be there already
     * @throws IOException if it cannot be created
     */
    public static void createDirectories(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            return;
        }
        Path parent = absolute.getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        Files.createDirectories(absolute); // passes over one that somebody else has just created
        if (parent != null) {
            forceDirectory(parent);
        }
    }

    /** Makes the creation, renaming or removal of entries in a directory durable, where the platform can do that. */
    static void forceDirectory(Path directory) throws IOException {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            return; // a directory cannot be opened there; the file system journals its own entries
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * The directory that holds a file.
     *
     * @param file the file, not a root
     * @return its directory
     */
    public static Path parentOf(Path file) {
        return Optional.ofNullable(file.toAbsolutePath().getParent()).orElseThrow();
    }
}
