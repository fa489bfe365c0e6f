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
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rows of a file of comma-separated values (RFC 4180) whose first line names the columns; or of semicolons. */
final class CsvRows implements Rows {
    private static final double LEAST_MILLIS = 1e11; // seconds until the year 5138
    private static final int MILLIS = 1_000;
    private static final int DATE = "2026-01-31".length();
    private static final Pattern HAS_ZONE = Pattern.compile("T.*(Z|[+-]\\d\\d(:?\\d\\d)?)$");
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path file;
    private final @Nullable String time;

    /**
     * Rows of a file.
     *
     * @param file the file
     * @param time the column of the time, in ISO 8601, or seconds or milliseconds since the epoch; without one, a row
     *     is a second
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
        try (BufferedReader text = reader();
                MappingIterator<Map<String, String>> rows = reader.readValues(text)) {
            for (long number = 1; number <= most && rows.hasNextValue(); number++) {
                Map<String, String> texts = rows.nextValue();
                if (time != null && !texts.containsKey(time)) {
                    throw new IllegalArgumentException("row " + number + " has no column " + time + "; it has "
                            + String.join(", ", texts.keySet()));
                }
                sink.accept(new Row(
                        texts, time == null ? Instant.ofEpochSecond(number) : instant(texts.get(time), number)));
            }
        }
    }

    private static Instant instant(@Nullable String text, long number) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("row " + number + " has no time");
        }
        double since = Row.numberOf(text);
        if (Double.isFinite(since)) {
            boolean seconds = Math.abs(since) < LEAST_MILLIS;
            return Instant.ofEpochMilli(Math.round(seconds ? since * MILLIS : since));
        }
        String iso = text.strip().replace(' ', 'T');
        try {
            return iso.length() == DATE
                    ? LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : HAS_ZONE.matcher(iso).find()
                            ? OffsetDateTime.parse(iso).toInstant()
                            : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "row " + number + " has the time '" + text
                            + "'; use ISO 8601 (UTC where it names no zone), or seconds or milliseconds since the epoch",
                    e);
        }
    }

    /**
     * Bytes that are no UTF-8 are replaced; a mark at the beginning, as spreadsheets write it, is no part of a name.
     */
    private BufferedReader reader() throws IOException {
        BufferedReader text =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
        return text;
    }

    private char separator() throws IOException {
        try (BufferedReader text = reader()) {
            String header = text.readLine();
            return header != null && header.indexOf(',') < 0 && header.indexOf(';') >= 0 ? ';' : ',';
        }
    }
}
