// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.TimelineEntry.Kind;
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
    private final IncidentDesk desk = new IncidentDesk(TimeSource.following(() -> NOW), trail::add, events::add);

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

    @Test
    void stormOfSignals_isOneIncidentAndAFewRecords() {
        for (int i = 0; i < 10_000; i++) {
            desk.file(signal(IncidentType.BIAS, Severity.P1, "18-25", NOW.minusSeconds(i)));
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
        desk.file(signal(IncidentType.BIAS, Severity.P1, "18-25", NOW));
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
        desk.file(signal(IncidentType.BIAS, Severity.P1, "a", NOW.minusSeconds(7_000)));
        desk.file(signal(IncidentType.BIAS, Severity.P1, "b", NOW.minusSeconds(9_000)));
        desk.file(signal(IncidentType.BIAS, Severity.P1, "c", NOW.plusSeconds(5)));
        assertThat(desk.heldSince()).hasValue(NOW.minusSeconds(9_000));
        desk.resolve("inc-2", Cause.by("person").because("over"));
        assertThat(desk.heldSince()).hasValue(NOW.minusSeconds(7_000));
        desk.resolve("inc-1", Cause.by("person").because("over"));
        assertThat(desk.heldSince()).as("found before its onset").hasValue(NOW);
        desk.resolve("inc-3", Cause.by("person").because("over"));
        assertThat(desk.heldSince()).isEmpty();
    }

    @Test
    void sameHarmToAnotherGroup_isAnIncidentOfItsOwn() {
        desk.file(signal(IncidentType.BIAS, Severity.P1, "18-25", NOW));
        desk.file(signal(IncidentType.BIAS, Severity.P1, "26-40", NOW));
        assertThat(desk.open()).hasSize(2);
    }

    @Test
    void anotherTypeOfTheSameTime_joinsAndOfAnotherTimeDoesNot() {
        desk.file(signal(IncidentType.BIAS, Severity.P1, "18-25", NOW));
        desk.file(signal(IncidentType.PERFORMANCE, Severity.P2, "18-25", NOW.minus(Duration.ofMinutes(59))));
        assertThat(desk.open()).hasSize(1);
        desk.file(signal(IncidentType.PERFORMANCE, Severity.P2, "18-25", NOW.minus(Duration.ofMinutes(61))));
        assertThat(desk.open()).hasSize(2);
    }

    @Test
    void worseSignal_raisesTheSeverityAndIsNews() {
        assertThat(desk.file(signal(IncidentType.PERFORMANCE, Severity.P2, "a", NOW))
                        .news())
                .isTrue();
        assertThat(desk.file(signal(IncidentType.PERFORMANCE, Severity.P2, "a", NOW))
                        .news())
                .isFalse();
        IncidentDesk.Filed worse = desk.file(signal(IncidentType.BIAS, Severity.P1, "a", NOW));
        assertThat(worse.news()).isTrue();
        assertThat(worse.incident().severity()).isEqualTo(Severity.P1);
        assertThat(worse.incident().type()).isEqualTo(IncidentType.BIAS);
        assertThat(worse.incident().last(Kind.SEVERITY_RAISED)).isPresent();
    }

    @Test
    void resolvedIncident_takesNoFurtherSignal() {
        desk.file(signal(IncidentType.BIAS, Severity.P1, "a", NOW));
        assertThat(desk.resolve("inc-1", Cause.by("person").because("over"))).isPresent();
        assertThat(desk.resolve("inc-9", Cause.by("person").because("over"))).isEmpty();
        desk.file(signal(IncidentType.BIAS, Severity.P1, "a", NOW));
        assertThat(desk.open())
                .singleElement()
                .satisfies(incident -> assertThat(incident.id()).isEqualTo("inc-2"));
    }

    @Test
    void resolvedIncidents_areForgottenBeyondAThousand() {
        for (int i = 0; i < 1_500; i++) {
            desk.file(signal(IncidentType.BIAS, Severity.P1, "a", NOW));
            desk.resolve("inc-" + (i + 1), Cause.by("person").because("over"));
        }
        assertThat(desk.all()).hasSize(1_000);
    }

    /** What is killed, or rolled back from, must be what has harmed, whenever that is decided. */
    @Test
    void routesOnWhichHarmWasSeen_areKnownAfterARestartUntilItIsResolved() throws IOException {
        desk.file(signal("v1"));
        desk.file(signal("v2"));
        desk.file(signal("v1"));
        assertThat(desk.harmed("inc-1")).containsExactly("v1", "v2");
        IncidentDesk restarted = restarted();
        assertThat(restarted.harmed("inc-1")).containsExactly("v1", "v2");
        restarted.resolve("inc-1", Cause.by("person").because("over"));
        assertThat(restarted.harmed("inc-1")).isEmpty();
        desk.resolve("inc-1", Cause.by("person").because("over"));
        assertThat(restarted().harmed("inc-1")).isEmpty();
    }

    private IncidentDesk restarted() throws IOException {
        IncidentDesk restarted = new IncidentDesk(TimeSource.following(() -> NOW), entry -> {}, event -> {});
        for (TrailEntry entry : trail) {
            StringWriter text = new StringWriter();
            try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
                json.writeStartObject();
                entry.writeMembers(json);
                json.writeEndObject();
            }
            restarted.replay(new StoredRecord(0, NOW, entry.type(), new ObjectMapper().readTree(text.toString())));
        }
        return restarted;
    }
}
