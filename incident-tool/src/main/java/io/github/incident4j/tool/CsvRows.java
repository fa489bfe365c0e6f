// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rows of a file of comma-separated values (RFC 4180) whose first line names the columns; or of semicolons. */
final class CsvRows implements Rows {
    private final Path file;
    private final @Nullable String time;

    /**
     * Rows of a file.
     *
     * @param file the file
     * @param time the column of the time, in ISO 8601 or in seconds since the epoch; without one, a row is a second
     */
    CsvRows(Path file, @Nullable String time) {
        this.file = file;
        this.time = time;
    }

    @Override
    public void read(long most, Consumer<Row> sink) throws IOException {
        CsvSchema schema = CsvSchema.emptySchema().withHeader().withColumnSeparator(separator());
        ObjectReader reader = CsvMapper.builder()
                .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                .enable(CsvParser.Feature.TRIM_SPACES)
                .build()
                .readerForMapOf(String.class)
                .with(schema);
        try (BufferedReader text =
                        new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
                MappingIterator<Map<String, String>> rows = reader.readValues(text)) {
            for (long number = 1; number <= most && rows.hasNextValue(); number++) {
                Map<String, String> texts = rows.nextValue();
                sink.accept(new Row(
                        texts, time == null ? Instant.ofEpochSecond(number) : instant(texts.get(time), number)));
            }
        }
    }

    private static Instant instant(@Nullable String text, long number) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("row " + number + " has no time");
        }
        double seconds = Row.numberOf(text);
        if (Double.isFinite(seconds)) {
            return Instant.ofEpochMilli(Math.round(seconds * 1_000));
        }
        try {
            return Instant.parse(text.strip().replace(' ', 'T').replaceFirst("(:\\d\\d)$", "$1Z"));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "row " + number + " has the time '" + text + "'; use ISO 8601 or seconds since the epoch", e);
        }
    }

    private char separator() throws IOException {
        try (BufferedReader text = Files.newBufferedReader(file)) {
            String header = text.readLine();
            return header != null && header.indexOf(',') < 0 && header.indexOf(';') >= 0 ? ';' : ',';
        }
    }
}
