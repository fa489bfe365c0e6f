// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IncidentReportTest {
    private static final Instant ONSET = Instant.parse("2026-11-20T20:00:00Z");

    private static Incident incident(String finding, Optional<Segment> segment, TimelineEntry... timeline) {
        return new Incident(
                "inc-1",
                "credit-risk/bias/age=18-25",
                "credit-risk",
                IncidentType.BIAS,
                Severity.P1,
                IncidentState.DETECTED,
                false,
                segment,
                "detector",
                finding,
                Optional.of(new Signal.Evidence(12, 10, 0.7, 0.2, 100)),
                ONSET,
                500,
                ONSET.plusSeconds(3_725),
                740,
                3,
                Handling.NONE,
                List.of(timeline));
    }

    @Test
    void report_saysWhatSinceWhenAndWhatWasDone() {
        Incident contained = incident(
                "approvals fell",
                Optional.of(new Segment("age", "18-25")),
                new TimelineEntry(
                        1, ONSET.plusSeconds(3_785), TimelineEntry.Kind.CONTAINMENT, "incident4j", "rollback"));
        assertThat(IncidentReport.markdown(contained))
                .startsWith("# Incident inc-1: approvals fell\n")
                .contains("| Severity | P1 (significant impact) |\n")
                .contains("| Affected | age=18-25 |\n")
                .contains("| Onset (estimated) | 2026-11-20T20:00:00Z, decision 500 |\n")
                .contains("| Time to detect | 1 h 2 min |\n")
                .contains("| Last containment | rollback, 1 min 0 s after detection |\n")
                .contains("| 12.00 | 10.00 | 0.700 | 0.200 | 100 |\n")
                .contains("| 2026-11-20T21:03:05Z | containment | incident4j | rollback |\n");
    }

    /** Segment values and causes come from outside: they must not break the page or bring markup with them. */
    @Test
    void textFromOutside_staysWithinItsCell() {
        Incident incident = incident(
                "a | b\n# c <script>alert(1)</script> [x](javascript:y) ![z](http://t)",
                Optional.of(new Segment("age", "x|y\n<img>`")));
        String page = IncidentReport.markdown(incident);
        assertThat(page).doesNotContain("<script>", "<img>", "\n# c", "[x](", "![z](");
        assertThat(page.lines().filter(line -> line.startsWith("# "))).hasSize(1);
        assertThat(page.lines().filter(line -> line.startsWith("| Affected")))
                .singleElement()
                .satisfies(line -> assertThat(line.replace("\\|", "").chars().filter(c -> c == '|'))
                        .hasSize(3));
    }
}
