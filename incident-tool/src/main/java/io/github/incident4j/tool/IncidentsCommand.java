// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentReport;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.Severity;
import io.github.incident4j.review.IncidentHistory;
import io.github.incident4j.review.IncidentMetrics;
import io.github.incident4j.review.Review;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be asked of the incidents of a trail. Changes nothing. */
@Command(
        name = "incidents",
        description = "Tells of the incidents in an audit trail, of a running service too.",
        mixinStandardHelpOptions = true)
final class IncidentsCommand {
    private static final String ID = "the incident's id, such as inc-1";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(
            name = "list",
            description = "Prints the incidents, one a line. Exit code 1 if there are none.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin Directory directory,
            @Option(names = "--open", description = "only those that are open") boolean open,
            @Option(names = "--model", description = "only those of a model") @Nullable String model,
            @Option(names = "--severity", description = "only those as bad as that, or worse: ${COMPLETION-CANDIDATES}")
                    @Nullable
                    Severity severity)
            throws IOException {
        List<Incident> incidents = IncidentHistory.of(directory.trail()).incidents().stream()
                .filter(incident -> !open || incident.isOpen())
                .filter(incident -> model == null || incident.model().equals(model))
                .filter(incident -> severity == null || incident.severity().compareTo(severity) <= 0)
                .toList();
        for (Incident incident : incidents) {
            String part = incident.handling()
                    .mergedInto()
                    .map(whole -> "  part of " + whole)
                    .orElse("");
            Main.print(
                    out(),
                    String.format(
                            "%-8s %s  %-13s %s  %s  %s%s",
                            incident.id(),
                            incident.severity(),
                            words(incident.state()),
                            incident.detected(),
                            incident.model(),
                            oneLine(incident.finding()),
                            part));
        }
        return incidents.isEmpty() ? Main.BAD : 0;
    }

    @Command(name = "show", description = "Prints an incident as a Markdown page.", mixinStandardHelpOptions = true)
    int show(@Mixin Directory directory, @Parameters(index = "1", paramLabel = "ID", description = ID) String id)
            throws IOException {
        out().print(IncidentReport.markdown(
                IncidentHistory.of(directory.trail()).incident(id)));
        out().flush();
        return 0;
    }

    @Command(
            name = "timeline",
            description = "Prints everything that happened in an incident, one entry a line.",
            mixinStandardHelpOptions = true)
    int timeline(@Mixin Directory directory, @Parameters(index = "1", paramLabel = "ID", description = ID) String id)
            throws IOException {
        IncidentHistory history = IncidentHistory.of(directory.trail());
        history.incident(id);
        for (TimelineEntry entry : history.timeline(id)) {
            Main.print(
                    out(),
                    String.format(
                            "%4d  %s  %-24s %s: %s",
                            entry.number(),
                            entry.time(),
                            words(entry.kind()),
                            oneLine(entry.by()),
                            oneLine(entry.what())));
        }
        return 0;
    }

    @Command(
            name = "report",
            description = "Writes the post-incident review as far as the trail can: what happened, since when, to whom,"
                    + " what was done, what was changed before.",
            mixinStandardHelpOptions = true)
    int report(
            @Mixin Directory directory,
            @Parameters(index = "1", paramLabel = "ID", description = ID) String id,
            @Option(
                            names = "--format",
                            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}",
                            defaultValue = "markdown")
                    Format format,
            @Option(names = "--anonymous", description = "without the names of people") boolean anonymous,
            @Option(names = "--out", paramLabel = "FILE", description = "a new file instead of the terminal") @Nullable
                    Path file)
            throws IOException {
        Review review = Review.of(directory.trail(), id);
        Review told = anonymous ? review.anonymised() : review;
        String text = switch (format) {
            case markdown -> told.markdown();
            case html -> told.html();
            case json -> told.json();
        };
        if (file == null) {
            out().println(text.stripTrailing());
        } else {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            out().println("written: " + file);
        }
        return 0;
    }

    /** As it is typed. */
    enum Format {
        markdown,
        html,
        json
    }

    @Command(
            name = "metrics",
            description = "Prints how many incidents there were, how bad, and how fast they were noticed, contained and"
                    + " resolved.",
            mixinStandardHelpOptions = true)
    int metrics(
            @Mixin Directory directory,
            @Option(
                            names = "--from",
                            converter = Selection.AsInstant.class,
                            description = "only those that were detected at this instant or later")
                    @Nullable
                    Instant from,
            @Option(
                            names = "--until",
                            converter = Selection.AsInstant.class,
                            description = "only those that were detected before this instant")
                    @Nullable
                    Instant until,
            @Option(names = "--json", description = "print JSON") boolean json)
            throws IOException {
        IncidentMetrics metrics = IncidentMetrics.of(
                IncidentHistory.of(directory.trail()).incidents(),
                from == null ? Instant.MIN : from,
                until == null ? Instant.MAX : until);
        if (json) {
            out().println(json(metrics));
        } else {
            lines(metrics).forEach((name, value) -> out().printf("%-26s %s%n", name, value));
        }
        return 0;
    }

    private static Map<String, String> lines(IncidentMetrics metrics) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("incidents", metrics.incidents() + ", of which " + metrics.open() + " open");
        lines.put("false alarms", Integer.toString(metrics.falseAlarms()));
        lines.put("by severity", metrics.bySeverity().toString());
        lines.put("by type", metrics.byType().toString());
        lines.put("by model", metrics.byModel().toString());
        lines.put("by root cause", metrics.byRootCause().toString());
        lines.put("onset to detection", words(metrics.toDetect()));
        lines.put("detection to acknowledged", words(metrics.toAcknowledge()));
        lines.put("detection to containment", words(metrics.toContain()));
        lines.put("detection to recovered", words(metrics.toRecover()));
        lines.put("detection to resolved", words(metrics.toResolve()));
        lines.put("reviewed", metrics.reviewed() + " of " + metrics.toReview() + " that are over and ask for it");
        lines.put("overdue", metrics.overdue() + " times");
        return lines;
    }

    private static String words(IncidentMetrics.Spread spread) {
        return spread.count() == 0
                ? "never"
                : "mean " + words(spread.mean()) + ", median " + words(spread.median()) + ", longest "
                        + words(spread.longest()) + " (" + spread.count() + ")";
    }

    private static String words(Duration length) {
        return String.format(
                Locale.ROOT, "%d:%02d:%02d", length.toHours(), length.toMinutesPart(), length.toSecondsPart());
    }

    private static String json(IncidentMetrics metrics) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode json = mapper.createObjectNode()
                .put("incidents", metrics.incidents())
                .put("open", metrics.open())
                .put("false_alarms", metrics.falseAlarms());
        json.set("by_severity", mapper.valueToTree(metrics.bySeverity()));
        json.set("by_type", mapper.valueToTree(metrics.byType()));
        json.set("by_model", mapper.valueToTree(metrics.byModel()));
        json.set("by_root_cause", mapper.valueToTree(metrics.byRootCause()));
        spread(json.putObject("onset_to_detection"), metrics.toDetect());
        spread(json.putObject("detection_to_acknowledged"), metrics.toAcknowledge());
        spread(json.putObject("detection_to_containment"), metrics.toContain());
        spread(json.putObject("detection_to_recovered"), metrics.toRecover());
        spread(json.putObject("detection_to_resolved"), metrics.toResolve());
        json.put("reviewed", metrics.reviewed())
                .put("to_review", metrics.toReview())
                .put("overdue", metrics.overdue());
        return mapper.writeValueAsString(json);
    }

    private static void spread(ObjectNode json, IncidentMetrics.Spread spread) {
        json.put("count", spread.count())
                .put("mean_seconds", seconds(spread.mean()))
                .put("median_seconds", seconds(spread.median()))
                .put("longest_seconds", seconds(spread.longest()));
    }

    private static double seconds(Duration length) {
        return length.toMillis() / 1_000.0;
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** What comes from outside must not look like lines of ours. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
