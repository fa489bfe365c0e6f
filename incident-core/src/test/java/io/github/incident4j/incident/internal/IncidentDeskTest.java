// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.PlanState.Standing;
import io.github.incident4j.incident.internal.PlanState.Step;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IncidentDeskTest {
    private static final Instant NOW = Instant.parse("2026-11-20T21:41:00Z");

    private final List<TrailEntry> trail = new ArrayList<>();
    private final List<IncidentEvent> events = new ArrayList<>();
    private static final Cause OVER = Cause.by("person").because("over");

    private Instant now = NOW;
    private final IncidentDesk desk =
            new IncidentDesk(TimeSource.following(() -> now), IncidentRules.STANDARD, trail::add, events::add);

    private static Signal signal(IncidentType type, Severity severity, String group, Instant onset) {
        return signal("v1", type, severity, group, onset);
    }

    private static Signal signal(String route) {
        return signal(route, IncidentType.BIAS, Severity.P1, "18-25", NOW);
    }

    private static Signal signal(String route, IncidentType type, Severity severity, String group, Instant onset) {
        return new Signal(
                "detector",
                "model",
                route,
                type,
                severity,
                Optional.of(new Segment("age", group)),
                NOW,
                100,
                onset,
                50,
                new Signal.Evidence(11, 10, 0.5, 0.1, 50),
                "something fell");
    }

    private Incident file(Signal signal) {
        return desk.file(signal, (incident, plan) -> false);
    }

    @Test
    void stormOfSignals_isOneIncidentAndAFewRecords() {
        for (int i = 0; i < 10_000; i++) {
            file(signal(IncidentType.BIAS, Severity.P1, "18-25", NOW.minusSeconds(i)));
        }
        assertThat(desk.all()).singleElement().satisfies(incident -> {
            assertThat(incident.signals()).isEqualTo(10_000);
            assertThat(incident.timeline()).hasSizeLessThan(30);
        });
        assertThat(events).as("pages").hasSizeLessThan(30);
        assertThat(trail).as("records").hasSizeLessThan(60);
    }

    @Test
    void fullTimeline_keepsEverythingButTheOldestSignals() {
        file(signal(IncidentType.BIAS, Severity.P1, "18-25", NOW));
        for (int i = 0; i < 1_000; i++) {
            desk.note("inc-1", Kind.SIGNAL, "signal " + i);
        }
        assertThat(desk.all()).singleElement().satisfies(incident -> {
            assertThat(incident.timeline()).hasSize(256);
            assertThat(incident.timeline().get(0).kind()).isEqualTo(Kind.OPENED);
            assertThat(incident.timeline().get(255).what()).isEqualTo("signal 999");
        });
    }

    /** Retention asks; what an open incident is about must not be dropped. */
    @Test
    void openIncidents_holdTheTrailSinceTheOldestOfTheirOnsets() {
        assertThat(desk.heldSince()).isEmpty();
        file(signal(IncidentType.BIAS, Severity.P1, "a", NOW.minusSeconds(7_000)));
        file(signal(IncidentType.BIAS, Severity.P1, "b", NOW.minusSeconds(9_000)));
        file(signal(IncidentType.BIAS, Severity.P1, "c", NOW.plusSeconds(5)));
        assertThat(desk.heldSince()).hasValue(NOW.minusSeconds(9_000));
        desk.move("inc-2", IncidentState.DISMISSED, OVER);
        assertThat(desk.heldSince()).hasValue(NOW.minusSeconds(7_000));
        desk.move("inc-1", IncidentState.DISMISSED, OVER);
        assertThat(desk.heldSince()).as("found before its onset").hasValue(NOW);
        now = NOW.plusSeconds(60);
        desk.resolve("inc-3", OVER);
        assertThat(desk.heldSince()).as("its review is due").hasValue(NOW.plusSeconds(60));
        desk.move("inc-3", IncidentState.REVIEWED, OVER);
        assertThat(desk.heldSince()).isEmpty();
    }

    @Test
    void sameHarmToAnotherGroup_isAnIncidentOfItsOwn() {
        file(signal(IncidentType.BIAS, Severity.P1, "18-25", NOW));
        file(signal(IncidentType.BIAS, Severity.P1, "26-40", NOW));
        assertThat(desk.open()).hasSize(2);
    }

    @Test
    void anotherTypeOfTheSameTime_joinsAndOfAnotherTimeDoesNot() {
        file(signal(IncidentType.BIAS, Severity.P1, "18-25", NOW));
        file(signal(IncidentType.PERFORMANCE, Severity.P2, "18-25", NOW.minus(Duration.ofMinutes(59))));
        assertThat(desk.open()).hasSize(1);
        file(signal(IncidentType.PERFORMANCE, Severity.P2, "18-25", NOW.minus(Duration.ofMinutes(61))));
        assertThat(desk.open()).hasSize(2);
    }

    @Test
    void worseSignal_raisesTheSeverityAndHasThePlanBeginAnew() {
        file(signal(IncidentType.PERFORMANCE, Severity.P2, "a", NOW));
        Step asked = new Step(0, "a step", "v1", Standing.PROPOSED, 1);
        PlanState plan = desk.plan("inc-1").with(asked);
        desk.note("inc-1", Kind.CONTAINED, "quiet", plan);
        assertThat(desk.plan("inc-1")).isEqualTo(plan);
        Incident worse = desk.file(signal("v2", IncidentType.BIAS, Severity.P1, "a", NOW), (incident, state) -> true);
        assertThat(worse.severity()).isEqualTo(Severity.P1);
        assertThat(worse.type()).isEqualTo(IncidentType.BIAS);
        assertThat(worse.state()).as("nothing contains it any more").isEqualTo(IncidentState.DETECTED);
        assertThat(worse.last(Kind.SEVERITY_RAISED)).isPresent();
        assertThat(desk.plan("inc-1"))
                .as("the number of a proposal is not given twice")
                .isEqualTo(new PlanState(Optional.of("v2"), List.of(), Optional.empty(), 1));
    }

    /** Else nobody would be told that harm is back. */
    @Test
    void whatAPlanDoesInAContainedIncident_showsThatThereIsHarm() {
        file(signal("v1"));
        for (Kind kind : List.of(Kind.CONTAINMENT_LIFTED, Kind.CONTAINMENT_INEFFECTIVE, Kind.PLAN_EXHAUSTED)) {
            desk.note("inc-1", Kind.CONTAINED, "quiet");
            assertThat(desk.open().get(0).state()).isEqualTo(IncidentState.CONTAINED);
            desk.note("inc-1", kind, "harm");
            assertThat(desk.open().get(0).state()).as(kind.name()).isEqualTo(IncidentState.DETECTED);
        }
    }

    @Test
    void harmThatComesBackWithinTheWindow_opensItsIncidentAgain() {
        file(signal(IncidentType.BIAS, Severity.P1, "a", NOW));
        assertThat(desk.resolve("inc-1", OVER)).isPresent();
        assertThat(desk.resolve("inc-9", OVER)).isEmpty();
        now = NOW.plus(Duration.ofHours(24));
        Incident again = file(signal(IncidentType.BIAS, Severity.P0, "a", NOW));
        assertThat(again.id()).isEqualTo("inc-1");
        assertThat(again.state()).isEqualTo(IncidentState.DETECTED);
        assertThat(again.severity()).isEqualTo(Severity.P0);
        assertThat(again.episodes()).isEqualTo(2);
        assertThat(again.signals()).isEqualTo(2);
        desk.move("inc-1", IncidentState.DISMISSED, OVER);
        now = now.plus(Duration.ofHours(24)).plusNanos(1);
        assertThat(file(signal(IncidentType.BIAS, Severity.P1, "a", NOW)).id())
                .as("too late")
                .isEqualTo("inc-2");
    }

    @Test
    void harmOfAnotherKind_opensNoIncidentAgain() {
        file(signal(IncidentType.BIAS, Severity.P1, "a", NOW));
        desk.resolve("inc-1", OVER);
        file(signal(IncidentType.BIAS, Severity.P1, "b", NOW));
        file(signal(IncidentType.PERFORMANCE, Severity.P2, "a", NOW.minus(Duration.ofDays(2))));
        assertThat(desk.open()).extracting(Incident::id).containsExactly("inc-2", "inc-3");
    }

    @Test
    void resolvedIncidents_areForgottenBeyondAThousand() {
        for (int i = 0; i < 1_500; i++) {
            file(signal(IncidentType.BIAS, Severity.P1, "group" + i, NOW));
            desk.resolve("inc-" + (i + 1), Cause.by("person").because("over"));
        }
        assertThat(desk.all()).hasSize(1_000);
    }

    @Test
    void placeWhereAPlanStands_isTheSameAfterARestart() throws IOException {
        file(signal("v1"));
        PlanState plan = desk.plan("inc-1")
                .with(new Step(0, "a step", "v1", Standing.SKIPPED, 0))
                .with(new Step(1, "another step", PlanState.WHOLE_MODEL, Standing.PROPOSED, 1))
                .containedBy(new Step(Step.RAMP, "recovery ramp", "v1", Standing.TAKEN, 0), NOW.plusNanos(1));
        desk.note("inc-1", Kind.CONTAINMENT, "what", plan);
        assertThat(restarted().plan("inc-1")).isEqualTo(plan);
        desk.resolve("inc-1", Cause.by("person").because("over"));
        assertThat(desk.plan("inc-1"))
                .as("the number of a proposal is not given twice")
                .isEqualTo(new PlanState(Optional.empty(), List.of(), Optional.empty(), 1));
        assertThat(restarted().plan("inc-1")).isEqualTo(desk.plan("inc-1"));
    }

    /** Also in the midst of a storm, of which most signals are not told. */
    @Test
    void harmThatIsDue_isTheSameAfterARestart() throws IOException {
        for (int i = 0; i < 100; i++) {
            file(signal("v1"));
        }
        desk.file(signal("v2"), (incident, plan) -> plan.equals(PlanState.NEW));
        assertThat(desk.plan("inc-1")).isEqualTo(PlanState.NEW.dueOn("v2"));
        assertThat(restarted().plan("inc-1")).isEqualTo(desk.plan("inc-1"));
        desk.note("inc-1", Kind.CONTAINMENT_PROPOSED, "what", desk.plan("inc-1").atRest());
        assertThat(restarted().plan("inc-1")).isEqualTo(PlanState.NEW);
    }

    /** Of an earlier build: it opens, and its plan begins with the next signal. */
    @Test
    void recordWithoutAPlan_isRead() throws IOException {
        file(signal("v1"));
        IncidentDesk restarted =
                new IncidentDesk(TimeSource.following(() -> NOW), IncidentRules.STANDARD, entry -> {}, event -> {});
        for (TrailEntry entry : trail) {
            StoredRecord stored = stored(entry);
            ((ObjectNode) stored.json()).remove("plan");
            restarted.replay(stored);
        }
        assertThat(restarted.open()).hasSize(1);
        assertThat(restarted.plan("inc-1")).isEqualTo(PlanState.NEW);
    }

    private IncidentDesk restarted() throws IOException {
        IncidentDesk restarted =
                new IncidentDesk(TimeSource.following(() -> NOW), IncidentRules.STANDARD, entry -> {}, event -> {});
        for (TrailEntry entry : trail) {
            restarted.replay(stored(entry));
        }
        return restarted;
    }

    private static StoredRecord stored(TrailEntry entry) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            entry.writeMembers(json);
            json.writeEndObject();
        }
        return new StoredRecord(0, NOW, entry.type(), new ObjectMapper().readTree(text.toString()));
    }
}
