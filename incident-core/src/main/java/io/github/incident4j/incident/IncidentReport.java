// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.incident.internal.MarkdownText;
import io.github.incident4j.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Writes an incident down for people. */
public final class IncidentReport {
    private IncidentReport() {}

    /**
     * The incident as a Markdown page: what was found, since when, what was done, and the timeline.
     *
     * @param incident the incident
     * @return the page
     */
    public static String markdown(Incident incident) {
        StringBuilder page = new StringBuilder();
        page.append("# Incident ")
                .append(incident.id())
                .append(": ")
                .append(MarkdownText.escape(incident.finding()))
                .append("\n\n| | |\n| --- | --- |\n");
        row(page, "Model", incident.model());
        row(page, "Type", incident.type().name().toLowerCase(Locale.ROOT));
        row(page, "Severity", incident.severity() + " (" + meaning(incident.severity()) + ")");
        row(page, "State", incident.state().name().toLowerCase(Locale.ROOT));
        incident.segment().ifPresent(segment -> row(page, "Affected", segment.toString()));
        row(page, "Onset (estimated)", at(incident.onset(), incident.onsetDecision()));
        row(page, "Detected", at(incident.detected(), incident.detectedDecision()));
        row(page, "Time to detect", between(incident.onset(), incident.detected()));
        incident.last(TimelineEntry.Kind.CONTAINMENT)
                .ifPresent(last -> row(
                        page,
                        "Last containment",
                        last.what() + ", " + between(incident.detected(), last.time()) + " after detection"));
        row(page, "Found by", incident.source());
        row(page, "Signals", Long.toString(incident.signals()));
        incident.evidence()
                .ifPresent(evidence -> page.append(String.format(
                        Locale.ROOT,
                        "%n## Evidence%n%n| statistic | threshold | baseline | since onset | observations since onset |%n"
                                + "| --- | --- | --- | --- | --- |%n| %.4g | %.4g | %.3f | %.3f | %d |%n",
                        evidence.statistic(),
                        evidence.threshold(),
                        evidence.baseline(),
                        evidence.current(),
                        evidence.sampleSize())));
        page.append("\n## Timeline\n\n| time (UTC) | what | by | |\n| --- | --- | --- | --- |\n");
        for (TimelineEntry entry : incident.timeline()) {
            page.append("| ")
                    .append(entry.time())
                    .append(" | ")
                    .append(entry.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                    .append(" | ")
                    .append(MarkdownText.escape(entry.by()))
                    .append(" | ")
                    .append(MarkdownText.escape(entry.what()))
                    .append(" |\n");
        }
        return page.toString().replace("\r\n", "\n");
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("| ")
                .append(name)
                .append(" | ")
                .append(MarkdownText.escape(value))
                .append(" |\n");
    }

    private static String at(Instant time, long decision) {
        return decision < 0 ? time.toString() : time + ", decision " + decision;
    }

    private static String between(Instant from, Instant to) {
        Duration length = Duration.between(from, to);
        if (length.isNegative()) {
            length = Duration.ZERO;
        }
        return length.toHours() > 0
                ? length.toHours() + " h " + length.toMinutesPart() + " min"
                : length.toMinutes() + " min " + length.toSecondsPart() + " s";
    }

    private static String meaning(Severity severity) {
        return switch (severity) {
            case P0 -> "immediate harm";
            case P1 -> "significant impact";
            case P2 -> "noticeable trouble";
            case P3 -> "minor degradation";
        };
    }
}
