// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.TrailQuery;
import io.github.incident4j.audit.TrailRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Counts records. */
@Command(
        name = "stats",
        description = "Counts records by type, or decisions by the values of a segment attribute and their outcomes.",
        mixinStandardHelpOptions = true)
final class StatsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Selection selection = new Selection();

    @Mixin
    private Progress progress = new Progress();

    @Option(names = "--by", paramLabel = "ATTRIBUTE", description = "a segment attribute")
    private @Nullable String attribute;

    @Option(
            names = "--split",
            converter = Selection.AsInstant.class,
            description = "count what happened before this instant and what happened from it on apart")
    private @Nullable Instant split;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Map<String, Map<String, Map<String, Long>>> counts = new LinkedHashMap<>();
        if (split == null) {
            counts.put("all", count(selection.query(progress)));
        } else {
            counts.put("before", count(selection.query(progress).until(split)));
            counts.put("after", count(selection.query(progress).from(split)));
        }
        progress.end();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new Output().json(split == null ? counts.getOrDefault("all", Map.of()) : counts));
            return 0;
        }
        counts.forEach((when, values) -> {
            if (split != null) {
                out.println(when + " " + split);
            }
            values.forEach((value, outcomes) -> outcomes.forEach((outcome, number) ->
                    out.printf("%12d  %-24s %s%n", number, value.isEmpty() ? "(none)" : value, outcome)));
        });
        return 0;
    }

    private Map<String, Map<String, Long>> count(TrailQuery query) {
        if (attribute != null) {
            return query.countBySegment(attribute);
        }
        Map<String, Map<String, Long>> types = new TreeMap<>();
        try (Stream<TrailRecord> records = query.records()) {
            records.forEach(record -> types.computeIfAbsent(record.type(), type -> new TreeMap<>())
                    .merge(String.valueOf(record.members().getOrDefault("outcome", "")), 1L, Long::sum));
        }
        return types;
    }
}
