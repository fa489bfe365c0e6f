// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a trail.
 *
 * <pre>
 * trail/log/00000000000000000000.jsonl   segments, named by their first sequence number
 * trail/broken/…                         what was set aside, named in a recovery record
 * </pre>
 */
final class TrailFiles {
    private static final String SUFFIX = ".jsonl";
    private static final int NAME_DIGITS = 20;

    private final Path log;
    private final Path broken;

    TrailFiles(Path trail) {
        this.log = trail.resolve("log");
        this.broken = trail.resolve("broken");
    }

    Path log() {
        return log;
    }

    Path segment(long firstSequence) {
        return log.resolve(String.format(Locale.ROOT, "%0" + NAME_DIGITS + "d", firstSequence) + SUFFIX);
    }

    /** Returns the segments in the order of their first sequence numbers. */
    List<Path> segments() throws IOException {
        if (!Files.isDirectory(log)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(log)) {
            return files.filter(TrailFiles::isSegment).sorted().toList();
        }
    }

    private static boolean isSegment(Path file) {
        String name = nameOf(file);
        return name.length() == NAME_DIGITS + SUFFIX.length()
                && name.startsWith("00")
                && name.endsWith(SUFFIX)
                && name.chars().limit(NAME_DIGITS).allMatch(c -> c >= '0' && c <= '9');
    }

    static long firstSequenceOf(Path segment) {
        return Long.parseLong(nameOf(segment).substring(0, NAME_DIGITS));
    }

    static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Returns a path in the folder for broken parts that no file has yet. */
    Path freeBrokenPath(String name) throws IOException {
        Files.createDirectories(broken);
        return DurableFiles.freeBrokenPath(broken.resolve(name));
    }

    /** Reads lines as bytes. A last line without its newline is told apart by {@link #isTorn()}. */
    static final class Lines implements AutoCloseable {
        private final InputStream in;
        private final byte[] buffer = new byte[1 << 16];
        private int position;
        private int limit;
        private boolean torn;

        Lines(Path file) throws IOException {
            this.in = Files.newInputStream(file);
        }

        /** Returns the next line without its newline, or null at the end of the file. */
        byte @Nullable [] next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
            while (true) {
                int end = position;
                while (end < limit && buffer[end] != '\n') {
                    end++;
                }
                line.write(buffer, position, end - position);
                if (end < limit) {
                    position = end + 1;
                    return line.toByteArray();
                }
                position = 0;
                limit = Math.max(0, in.read(buffer));
                if (limit == 0) {
                    torn = line.size() > 0;
                    return torn ? line.toByteArray() : null;
                }
            }
        }

        /** Says whether the line last returned had no newline. */
        boolean isTorn() {
            return torn;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
