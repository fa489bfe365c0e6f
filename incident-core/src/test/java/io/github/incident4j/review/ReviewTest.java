// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.incident.Assessment;
import io.github.incident4j.incident.Impact;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.Incidents;
import io.github.incident4j.incident.Report;
import io.github.incident4j.incident.Role;
import io.github.incident4j.incident.RootCause;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A review holds what the trail holds, and nothing else. */
class ReviewTest {
    private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");
    private static final Cause ADA = Cause.by("Ada Lovelace").because("Ada Lovelace <has> seen | it");

    @TempDir
    Path directory;

    private Instant now = START;

    private IncidentRuntime runtime() {
        return IncidentRuntime.builder()
                .directory(directory)
                .time(TimeSource.following(() -> now))
                .build();
    }

    /**
     * 60 decisions in the hour before, 30 in the half hour of the harm, 10 of them of the young; then v8 is killed and
     * v7 answers 20.
     */
    private void history() {
        try (IncidentRuntime runtime = runtime()) {
            GuardedModel<Integer, String> model = runtime.<Integer, String>guard("credit-risk")
                    .route("v8", input -> "yes")
                    .fallback("v7", input -> "yes")
                    .segment("age", input -> input % 3 == 0 ? "18-25" : "26-40")
                    .build();
            runtime.change("feature pipeline 4.2 deployed", START.plus(Duration.ofMinutes(58)), ADA);
            runtime.change("long ago", START.minus(Duration.ofDays(8)), ADA);
            runtime.change("a week ago", START.minus(Duration.ofDays(6)), ADA);
            decide(model, 60);
            Instant onset = now;
            decide(model, 30);
            Incidents incidents = runtime.incidents();
            runtime.report(Report.fromUser("approvals of the young <b>fell</b>")
                    .about("credit-risk")
                    .typed(IncidentType.BIAS)
                    .segment(new Segment("age", "18-25"))
                    .since(onset)
                    .severity(Severity.P1));
            now = now.plus(Duration.ofMinutes(10));
            incidents.acknowledge("inc-1", ADA);
            runtime.switches().kill(Scope.model("credit-risk").route("v8"), ADA);
            decide(model, 20);
            incidents.triage("inc-1", Assessment.of(Impact.MINOR, Impact.MAJOR).affecting(10), ADA);
            incidents.assign("inc-1", Role.LEGAL, "Grace", ADA);
            incidents.assign("inc-1", Role.LEGAL, "Edith", Cause.by("Edith").because("ADA LOVELACE is away"));
            incidents.rootCause("inc-1", RootCause.DATA_PIPELINE_CHANGE, ADA);
            now = now.plus(Duration.ofMinutes(50));
            incidents.resolve("inc-1", ADA);
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        }
    }

    private void decide(GuardedModel<Integer, String> model, int minutes) {
        for (int i = 0; i < minutes; i++) {
            model.decide(i, CallContext.empty());
            now = now.plus(Duration.ofMinutes(1));
        }
    }

    private Review review() {
        return Review.of(AuditTrail.in(directory), "inc-1");
    }

    @Test
    void figures_areThoseOfTheTrail() {
        history();
        Review review = review();
        assertThat(review.phases().slices())
                .extracting(Traffic.Slice::byRoute)
                .containsExactly(Map.of("v8", 60L), Map.of("v8", 30L, "v7", 20L), Map.of());
        assertThat(review.harmed()).as("of the young").isEqualTo(17);
        assertThat(review.traffic().slices().stream()
                        .mapToLong(Traffic.Slice::total)
                        .sum())
                .isEqualTo(110);
        assertThat(review.changes())
                .extracting(HostChange::what)
                .containsExactly("feature pipeline 4.2 deployed", "a week ago");
        assertThat(review.timeline())
                .extracting(TimelineEntry::kind)
                .containsExactly(
                        TimelineEntry.Kind.OPENED,
                        TimelineEntry.Kind.ACKNOWLEDGED,
                        TimelineEntry.Kind.TRIAGED,
                        TimelineEntry.Kind.ASSIGNED,
                        TimelineEntry.Kind.ASSIGNED,
                        TimelineEntry.Kind.ROOT_CAUSE,
                        TimelineEntry.Kind.RESOLVED);
        assertThat(review.ended()).hasValue(now);
    }

    @Test
    void markdown_answersTheSixQuestionsAndKeepsTextText() {
        history();
        assertThat(review().markdown())
                .contains(
                        "# Review of incident inc-1: approvals of the young &lt;b>fell&lt;/b>",
                        "| Why? | data pipeline change |",
                        "| Who was affected? | age=18-25; 17 decisions",
                        "| to detect, from the onset | 30 min 0 s |",
                        "| to acknowledge | 10 min 0 s |",
                        "| v8 | 60 (100.0 %) | 30 (60.0 %) | 0 |",
                        "| 2 min 0 s | feature pipeline 4.2 deployed |",
                        "&lt;has> seen \\| it")
                .doesNotContain("<b>", "long ago");
    }

    @Test
    void html_isOneWellFormedPageOfTextAndCharts() {
        history();
        String html = review().html();
        assertThat(html)
                .doesNotContain("<b>fell", "<script", "http://", "https://")
                .contains("&lt;b&gt;fell&lt;/b&gt;");
        Deque<String> open = new ArrayDeque<>();
        Matcher tags = Pattern.compile("<(/?)([a-z0-9]+)[^>]*?(/?)>").matcher(html.substring(html.indexOf("<body>")));
        while (tags.find()) {
            if (tags.group(1).isEmpty()) {
                if (tags.group(3).isEmpty() && !tags.group(2).equals("br")) {
                    open.push(tags.group(2));
                }
            } else if (!tags.group(2).equals("html")) {
                assertThat(open.pop()).isEqualTo(tags.group(2));
            }
        }
        assertThat(open).as("every element ends").isEmpty();
    }

    @Test
    void json_holdsTheSame() throws Exception {
        history();
        JsonNode json = new ObjectMapper().readTree(review().json());
        assertThat(json.path("incident").path("id").asText()).isEqualTo("inc-1");
        assertThat(json.path("phase").path("seven_phases").asText()).isEqualTo("Post-incident review");
        assertThat(json.path("decisions_in_harm").asInt()).isEqualTo(17);
        assertThat(json.path("timeline")).hasSize(7);
        assertThat(json.path("phases").get(1).path("by_route").path("v7").asInt())
                .isEqualTo(20);
    }

    @Test
    void anonymousReview_namesNobody() {
        history();
        Review review = review().anonymised();
        for (String text : List.of(review.markdown(), review.html(), review.json())) {
            assertThat(text)
                    .doesNotContain("Ada", "ADA", "Lovelace", "Grace")
                    .contains("person 1", "feature pipeline 4.2");
        }
    }

    @Test
    void incidentThatIsNotThere_isNamed() {
        history();
        assertThatThrownBy(() -> Review.of(AuditTrail.in(directory), "inc-2"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("no incident 'inc-2'");
    }

    @Test
    void history_isThatOfAllRuns() {
        history();
        now = now.plus(Duration.ofDays(3));
        try (IncidentRuntime runtime = runtime()) {
            runtime.report(Report.fromOperator("slow").about("other").typed(IncidentType.AVAILABILITY));
            runtime.incidents().move("inc-2", IncidentState.DISMISSED, ADA);
            runtime.report(Report.fromOperator("wrong").about("other").typed(IncidentType.PERFORMANCE));
        }
        List<Incident> incidents = IncidentHistory.of(AuditTrail.in(directory)).incidents();
        assertThat(incidents)
                .extracting(Incident::state)
                .containsExactly(IncidentState.RESOLVED, IncidentState.DISMISSED, IncidentState.DETECTED);
        IncidentMetrics metrics = IncidentMetrics.of(incidents, Instant.MIN, Instant.MAX);
        assertThat(metrics.incidents()).isEqualTo(2);
        assertThat(metrics.open()).isEqualTo(1);
        assertThat(metrics.falseAlarms()).isEqualTo(1);
        assertThat(metrics.byRootCause()).isEqualTo(Map.of(RootCause.DATA_PIPELINE_CHANGE, 1L));
        assertThat(metrics.toDetect())
                .isEqualTo(
                        new IncidentMetrics.Spread(2, Duration.ofMinutes(15), Duration.ZERO, Duration.ofMinutes(30)));
        assertThat(metrics.toAcknowledge().mean()).isEqualTo(Duration.ofMinutes(10));
        assertThat(metrics.toContain().count()).isZero();
        assertThat(metrics.toResolve().mean()).isEqualTo(Duration.ofMinutes(80));
        assertThat(metrics.toReview()).isEqualTo(1);
        assertThat(metrics.reviewed()).isZero();
        assertThat(IncidentMetrics.of(incidents, now, Instant.MAX).incidents()).isEqualTo(1);
    }
}
