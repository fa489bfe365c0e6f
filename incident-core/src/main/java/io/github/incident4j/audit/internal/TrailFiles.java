// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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

    private final Path trail;
    private final Path log;
    private final Path broken;

    TrailFiles(Path trail) {
        this.trail = trail;
        this.log = trail.resolve("log");
        this.broken = trail.resolve("broken");
    }

    Path log() {
        return log;
    }

    TileStore tiles() {
        return new TileStore(trail);
    }

    Path checkpoint() {
        return trail.resolve("checkpoint");
    }

    Path verifierKey() {
        return trail.resolve("verifier.pub");
    }

    Path index(Path segment) {
        String name = nameOf(segment);
        return trail.resolve("index").resolve(name.substring(0, NAME_DIGITS) + ".json");
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
}
