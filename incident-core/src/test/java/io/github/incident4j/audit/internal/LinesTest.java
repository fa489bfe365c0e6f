// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinesTest {
    private static final long HOLE = (1L << 31) + 12_345;

    @TempDir
    Path directory;

    private static String text(Lines lines) {
        return new String(lines.copy(), StandardCharsets.UTF_8);
    }

    /** A file system may leave one, which is longer than an array can be. */
    @Test
    void hole_isOneDamagedLineAndTakesNoMemory() throws IOException {
        Path file = directory.resolve("file");
        try (RandomAccessFile writing = new RandomAccessFile(file.toFile(), "rw")) {
            writing.write("first\nsecond".getBytes(StandardCharsets.UTF_8));
            writing.seek(HOLE);
            writing.write("\nthird\n\nfourth\n".getBytes(StandardCharsets.UTF_8));
        }
        try (Lines lines = new Lines(file)) {
            assertThat(lines.next()).isTrue();
            assertThat(text(lines)).isEqualTo("first");
            assertThat(lines.next()).isTrue();
            assertThat(lines.offset()).isEqualTo(6);
            assertThat(text(lines)).startsWith("second\0\0");
            assertThat(lines.length()).isLessThan(1 << 20);
            assertThat(lines.isTorn()).isFalse();
            assertThat(lines.behind())
                    .as("who goes on there is not in the hole")
                    .isEqualTo(HOLE + 1);
            assertThat(lines.next()).isTrue();
            assertThat(lines.behind()).isEqualTo(HOLE + 7);
            assertThat(text(lines)).isEqualTo("third");
            assertThat(lines.offset()).isEqualTo(HOLE + 1);
            assertThat(lines.followsPadding()).isFalse();
            assertThat(lines.next()).isTrue();
            assertThat(text(lines)).isEqualTo("fourth");
            assertThat(lines.offset()).isEqualTo(HOLE + 8);
            assertThat(lines.followsPadding()).isTrue();
            assertThat(lines.next()).isFalse();
        }
    }

    @Test
    void holeAtTheEnd_isTorn() throws IOException {
        Path file = directory.resolve("file");
        try (RandomAccessFile writing = new RandomAccessFile(file.toFile(), "rw")) {
            writing.write("first\n".getBytes(StandardCharsets.UTF_8));
            writing.setLength(1 << 24);
        }
        try (Lines lines = new Lines(file)) {
            assertThat(lines.next()).isTrue();
            assertThat(lines.next()).isTrue();
            assertThat(lines.isTorn()).isTrue();
            assertThat(lines.next()).isFalse();
        }
    }

    @Test
    void longLine_isWhole() throws IOException {
        Path file = directory.resolve("file");
        Files.writeString(file, "x".repeat(5_000_000) + "\nlast\n");
        try (Lines lines = new Lines(file)) {
            assertThat(lines.next()).isTrue();
            assertThat(lines.length()).isEqualTo(5_000_000);
            assertThat(lines.next()).isTrue();
            assertThat(text(lines)).isEqualTo("last");
        }
    }
}
