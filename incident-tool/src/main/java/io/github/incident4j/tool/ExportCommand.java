// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.TrailQuery;
import io.github.incident4j.audit.TrailRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes records to a file. */
@Command(
        name = "export",
        description = "Writes the records for which all of the options hold to a new file, as JSON Lines or CSV.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of("seq", "time", "type", "model", "id", "outcome", "route", "route_kind", "failure", "latency_ns");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Selection selection = new Selection();

    @Mixin
    private Progress progress = new Progress();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "the file, which must not be there yet")
    private Path out = Path.of(".");

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; by default jsonl")
    private Format format = Format.jsonl;

    @Option(names = "--segments", split = ",", description = "segment attributes that get a column of a CSV file")
    private List<String> segments = List.of();

    @Option(names = "--json", description = "print as JSON what was written")
    private boolean json;

    /** The formats. */
    enum Format {
        jsonl,
        csv
    }

    @Override
    public Integer call() throws IOException {
        Files.createFile(out);
        long written;
        try {
            written = export();
        } catch (IOException | RuntimeException | Error e) {
            Files.deleteIfExists(out); // a part of it would pass for the whole, and be in the way of the next try
            throw e;
        }
        progress.end();
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? new Output().json(Map.of("records", written, "file", out.toString()))
                                : written + " records written to " + out);
        return 0;
    }

    private long export() throws IOException {
        long[] written = new long[1];
        try (BufferedWriter writer = Files.newBufferedWriter(out);
                Stream<TrailRecord> records = query().records()) {
            Output output = new Output();
            if (format == Format.csv) {
                writer.write(Stream.concat(COLUMNS.stream(), segments.stream())
                                .map(Output::csv)
                                .collect(Collectors.joining(","))
                        + "\n");
            }
            records.forEach(record -> {
                write(writer, format == Format.csv ? row(record) : output.json(record));
                written[0]++;
            });
        }
        return written[0];
    }

    private TrailQuery query() throws IOException {
        return segments.isEmpty()
                ? selection.query(progress)
                : selection.query(progress).unsealed();
    }

    private String row(TrailRecord record) {
        Map<?, ?> values = record.segments();
        return Stream.concat(
                        COLUMNS.stream().map(record.members()::get),
                        segments.stream().map(values::get))
                .map(Output::csv)
                .collect(Collectors.joining(","));
    }

    private static void write(Writer writer, String line) {
        try {
            writer.write(line + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
