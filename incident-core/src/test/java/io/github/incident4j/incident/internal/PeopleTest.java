// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Assessment;
import io.github.incident4j.incident.Deadlines;
import io.github.incident4j.incident.Impact;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentClock;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.Report;
import io.github.incident4j.incident.Responsibilities;
import io.github.incident4j.incident.Role;
import io.github.incident4j.incident.RootCause;
import io.github.incident4j.incident.SeverityRules;
import io.github.incident4j.incident.TimelineEntry;
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

/** What people do in incidents, and what the clocks make of what they do not. */
class PeopleTest {
    private static final Instant START = Instant.parse("2026-11-20T21:41:00Z");
    private static final Cause ADA = Cause.by("Ada").because("seen on the board");
    private static final Responsibilities PEOPLE = Responsibilities.builder()
            .owner("model", "Model team")
            .escalation("model", "on-call", "head of ML", "CRO")
            .commander(Severity.P1, "commander on duty")
            .role(Role.LEGAL, "legal on call")
            .build();

    private final List<TrailEntry> trail = new ArrayList<>();
    private final List<IncidentEvent> events = new ArrayList<>();
    private final IncidentRules rules =
            new IncidentRules(Deadlines.standard(), PEOPLE, SeverityRules.standard(), Duration.ofDays(1));
    private Instant now = START;
    private final IncidentDesk desk = new IncidentDesk(TimeSource.following(() -> now), rules, trail::add, events::add);

    private Incident signal(String group, Severity severity) {
        return signal(IncidentType.BIAS, group, severity);
    }

    private Incident signal(IncidentType type, String group, Severity severity) {
        return desk.file(
                new Signal(
                        "detector",
                        "model",
                        "v1",
                        type,
                        severity,
                        Optional.of(new Segment("age", group)),
                        now,
                        100,
                        now,
                        50,
                        new Signal.Evidence(11, 10, 0.5, 0.1, 50),
                        "approvals fell"),
                (incident, plan) -> false);
    }

    private Incident one() {
        return desk.find("inc-1").orElseThrow();
    }

    private void go(Duration length) {
        now = now.plus(length);
        desk.tick();
    }

    /** What the timeline tells of clocks, without the times. */
    private List<String> overdue() {
        return one().timeline().stream()
                .filter(entry -> entry.kind() == Kind.OVERDUE)
                .map(TimelineEntry::what)
                .map(what -> what.replaceAll(", it was due at [^ ]*Z", ""))
                .toList();
    }

    private List<String> due() {
        return one().handling().clocks().stream()
                .map(clock -> clock.what()
                        + clock.due()
                                .map(due -> " in " + Duration.between(now, due))
                                .orElse(""))
                .toList();
    }

    private IncidentDesk restarted() throws IOException {
        IncidentDesk restarted = new IncidentDesk(TimeSource.following(() -> now), rules, trail::add, events::add);
        for (TrailEntry entry : List.copyOf(trail)) {
            StringWriter text = new StringWriter();
            try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
                json.setCodec(new ObjectMapper());
                json.writeStartObject();
                entry.writeMembers(json);
                json.writeEndObject();
            }
            restarted.replay(new StoredRecord(0, now, entry.type(), new ObjectMapper().readTree(text.toString())));
        }
        return restarted;
    }

    @Test
    void openedIncident_hasItsRolesAndClocks() {
        signal("a", Severity.P1);
        assertThat(one().handling().roles())
                .containsEntry(Role.COMMANDER, "commander on duty")
                .containsEntry(Role.LEGAL, "legal on call")
                .hasSize(2);
        assertThat(due())
                .containsExactlyInAnyOrder(
                        "acknowledgement in PT1H", "triage in PT1H", "update in PT2H", "containment in PT4H");
    }

    @Test
    void clocks_nameOneAfterAnotherAndThenNobody() {
        signal("a", Severity.P0);
        go(Duration.ofMinutes(15).minusNanos(1));
        assertThat(overdue()).isEmpty();
        go(Duration.ofNanos(1));
        desk.tick();
        desk.tick();
        assertThat(overdue()).containsExactly("acknowledgement is missing: on-call must see to it");
        desk.acknowledge("inc-1", ADA);
        desk.triage("inc-1", Assessment.of(Impact.NONE, Impact.SEVERE), ADA);
        desk.note("inc-1", Kind.CONTAINED, "quiet");
        for (int i = 0; i < 20; i++) {
            go(Duration.ofMinutes(30));
        }
        assertThat(overdue().subList(1, overdue().size()))
                .containsExactly(
                        "update is missing: on-call must see to it",
                        "update is missing: head of ML must see to it",
                        "update is missing: CRO must see to it");
    }

    /** A service that was off for a week does not tell of each half hour. */
    @Test
    void clockThatWasMissedWhileNothingRan_isToldOnce() throws IOException {
        signal("a", Severity.P0);
        now = now.plus(Duration.ofDays(7));
        IncidentDesk restarted = restarted();
        events.clear();
        for (int i = 0; i < 10; i++) {
            restarted.tick();
        }
        assertThat(events)
                .extracting(event -> event.entry().what().replaceAll(" is missing.*", ""))
                .containsExactlyInAnyOrder("acknowledgement", "triage", "update", "containment");
        events.clear();
        restarted().tick();
        assertThat(events).as("a restart tells nothing twice").isEmpty();
    }

    @Test
    void clocks_stopWithWhatTheyWaitFor() {
        signal("a", Severity.P1);
        desk.acknowledge("inc-1", ADA);
        assertThat(due()).containsExactly("triage in PT1H", "update in PT2H", "containment in PT4H");
        desk.note("inc-1", Kind.CONTAINED, "quiet");
        desk.triage("inc-1", Assessment.of(Impact.MODERATE, Impact.MODERATE), ADA);
        assertThat(due()).containsExactly("update in PT2H");
        go(Duration.ofHours(1));
        desk.update("inc-1", ADA);
        assertThat(due()).containsExactly("update in PT2H");
        desk.note("inc-1", Kind.CONTAINMENT_INEFFECTIVE, "harm");
        assertThat(due()).containsExactlyInAnyOrder("update in PT2H", "containment in PT4H");
        desk.resolve("inc-1", ADA);
        assertThat(due()).containsExactly("review in PT120H");
        desk.move("inc-1", IncidentState.REVIEWED, ADA);
        assertThat(due()).isEmpty();
    }

    @Test
    void severity_movesTheClocksThatRun() {
        signal("a", Severity.P2);
        go(Duration.ofMinutes(20));
        desk.rate("inc-1", Severity.P0, ADA);
        assertThat(due())
                .contains("acknowledgement in PT-5M", "triage in PT10M")
                .hasSize(4);
        desk.tick();
        desk.rate("inc-1", Severity.P3, ADA);
        assertThat(due()).containsExactlyInAnyOrder("acknowledgement in PT15M", "triage in PT71H40M");
    }

    @Test
    void triage_ratesByTheRulesAndTakesTheIncidentUp() {
        signal("a", Severity.P2);
        Assessment assessment = Assessment.of(Impact.MINOR, Impact.MAJOR)
                .ongoing()
                .affecting(340)
                .typed(IncidentType.BIAS, "credit");
        Incident triaged = desk.triage("inc-1", assessment, ADA).orElseThrow();
        assertThat(triaged.severity()).isEqualTo(Severity.P0);
        assertThat(triaged.state()).isEqualTo(IncidentState.TRIAGED);
        assertThat(triaged.handling().acknowledgedBy()).hasValue("Ada");
        assertThat(triaged.handling().assessment()).hasValue(assessment);
        assertThat(triaged.last(Kind.TRIAGED).orElseThrow().what())
                .isEqualTo("P0 (technical impact minor, harm major; a group is treated worse; a group was treated"
                        + " wrongly): seen on the board");
    }

    @Test
    void life_goesOnStepByStepAndSaysWhyNot() {
        signal("a", Severity.P1);
        refused(IncidentState.TRIAGED, "use triage(…)");
        refused(IncidentState.REVIEWED, "it is DETECTED, and only what is RESOLVED is reviewed");
        refused(IncidentState.CLOSED, "it is DETECTED; only what is REVIEWED is closed");
        for (IncidentState state : List.of(
                IncidentState.INVESTIGATING,
                IncidentState.REMEDIATED,
                IncidentState.RECOVERING,
                IncidentState.INVESTIGATING,
                IncidentState.REMEDIATED,
                IncidentState.RESOLVED)) {
            assertThat(desk.move("inc-1", state, ADA).orElseThrow().state()).isEqualTo(state);
        }
        refused(IncidentState.INVESTIGATING, "it is RESOLVED; reopen(…) it first");
        refused(IncidentState.CLOSED, "it is P1 and has no review; move it to REVIEWED first");
        desk.rootCause("inc-1", RootCause.DATA_PIPELINE_CHANGE, ADA);
        desk.startNotice("inc-1", "authority", now.plusSeconds(60), ADA);
        desk.move("inc-1", IncidentState.REVIEWED, ADA);
        refused(IncidentState.CLOSED, "the notice 'authority' was not given");
        desk.stopNotice("inc-1", "authority", ADA);
        desk.move("inc-1", IncidentState.CLOSED, ADA);
        assertThat(one().handling().rootCause()).hasValue(RootCause.DATA_PIPELINE_CHANGE);
        assertThatThrownBy(() -> desk.triage("inc-1", Assessment.of(Impact.NONE, Impact.NONE), ADA))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inc-1 cannot be triaged: it is CLOSED; reopen(…) it first");
        desk.reopen("inc-1", ADA);
        assertThat(one().state()).isEqualTo(IncidentState.DETECTED);
        assertThat(one().isAcknowledged()).isFalse();
        assertThat(desk.move("inc-9", IncidentState.RESOLVED, ADA)).isEmpty();
    }

    private void refused(IncidentState to, String why) {
        assertThatThrownBy(() -> desk.move("inc-1", to, ADA))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inc-1 cannot become " + to)
                .hasMessageContaining(why);
    }

    /** Contain first, diagnose after: neither waits for the other. */
    @Test
    void containment_goesOnBesideWhatPeopleDo() {
        signal("a", Severity.P1);
        desk.move("inc-1", IncidentState.INVESTIGATING, ADA);
        desk.note("inc-1", Kind.CONTAINMENT, "rolled back");
        desk.note("inc-1", Kind.CONTAINED, "quiet");
        assertThat(one().state()).isEqualTo(IncidentState.INVESTIGATING);
        assertThat(one().contained()).isTrue();
        desk.move("inc-1", IncidentState.REMEDIATED, ADA);
        desk.note("inc-1", Kind.RAMP_STARTED, "ramp");
        assertThat(one().state()).isEqualTo(IncidentState.RECOVERING);
        desk.note("inc-1", Kind.CONTAINMENT_INEFFECTIVE, "harm");
        assertThat(one().state()).as("it was not mended").isEqualTo(IncidentState.INVESTIGATING);
        assertThat(one().contained()).isFalse();
    }

    /** Of an incident that nobody contains by itself, such as a reported one, a person says so. */
    @Test
    void containmentByAPerson_stopsItsClock() {
        desk.report(Report.fromUser("turned down").severity(Severity.P1));
        assertThat(due()).contains("containment in PT4H");
        desk.move("inc-1", IncidentState.CONTAINED, Cause.by("Ada").because("killed by hand"));
        assertThat(one().contained()).isTrue();
        assertThat(one().state()).isEqualTo(IncidentState.CONTAINED);
        assertThat(due()).noneMatch(clock -> clock.startsWith("containment"));
    }

    /** A person has said so, and the detectors say otherwise. */
    @Test
    void harmInWhatAPersonHasContained_isToldAndTakesThatBack() {
        signal("a", Severity.P2);
        desk.move("inc-1", IncidentState.CONTAINED, ADA);
        events.clear();
        signal("a", Severity.P2);
        assertThat(one().contained()).isFalse();
        assertThat(one().state()).isEqualTo(IncidentState.DETECTED);
        assertThat(due()).contains("containment in PT24H");
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.entry().kind()).isEqualTo(Kind.CONTAINMENT_INEFFECTIVE));
        desk.move("inc-1", IncidentState.REMEDIATED, ADA);
        signal("a", Severity.P2);
        assertThat(one().state()).as("it was not mended").isEqualTo(IncidentState.INVESTIGATING);
    }

    /** The first P0 was a false alarm. */
    @Test
    void lesserHarmAfterAFalseAlarm_isAsBadAsItIs() {
        signal("a", Severity.P0);
        desk.move("inc-1", IncidentState.DISMISSED, ADA);
        assertThat(signal("a", Severity.P3).id()).isEqualTo("inc-1");
        assertThat(one().severity()).isEqualTo(Severity.P3);
        assertThat(desk.seen("inc-1").orElseThrow().severity()).isEqualTo(Severity.P3);
        signal("a", Severity.P1);
        assertThat(desk.seen("inc-1").orElseThrow().severity()).isEqualTo(Severity.P1);
    }

    @Test
    void signalOfAnIncidentOfItsOwn_goesThereThoughAnOlderOneIsWorse() {
        signal(IncidentType.AVAILABILITY, "a", Severity.P1);
        signal(IncidentType.BIAS, "a", Severity.P1);
        signal(IncidentType.AVAILABILITY, "a", Severity.P0);
        assertThat(signal(IncidentType.BIAS, "a", Severity.P1).id()).isEqualTo("inc-2");
    }

    @Test
    void ratingOfAWhole_standsUntilAPartIsWorse() {
        signal("a", Severity.P2);
        signal("b", Severity.P0);
        desk.merge("inc-2", "inc-1", ADA);
        desk.rate("inc-1", Severity.P2, ADA);
        desk.assign("inc-2", Role.LEGAL, "Grace", ADA);
        assertThat(one().severity()).isEqualTo(Severity.P2);
    }

    /** What anybody may say kills no model. */
    @Test
    void planOfAnIncident_goesByWhatDetectorsHaveSeen() {
        signal("a", Severity.P2);
        desk.report(Report.fromUser("terrible")
                .about("model")
                .typed(IncidentType.BIAS)
                .segment(new Segment("age", "a"))
                .severity(Severity.P0));
        desk.triage("inc-1", Assessment.of(Impact.SEVERE, Impact.SEVERE).typed(IncidentType.SAFETY), ADA);
        assertThat(one().severity()).isEqualTo(Severity.P0);
        assertThat(one().type()).isEqualTo(IncidentType.SAFETY);
        Incident seen = desk.seen("inc-1").orElseThrow();
        assertThat(seen.severity()).isEqualTo(Severity.P2);
        assertThat(seen.type()).isEqualTo(IncidentType.BIAS);
        assertThat(signal("a", Severity.P1).id()).as("it belongs there still").isEqualTo("inc-1");
        assertThat(desk.seen("inc-1").orElseThrow().severity()).isEqualTo(Severity.P1);
        assertThat(one().severity()).isEqualTo(Severity.P0);
        assertThat(one().type()).as("a person has said so").isEqualTo(IncidentType.SAFETY);
        assertThat(signal("b", Severity.P1).id())
                .as("harm to others is its own")
                .isEqualTo("inc-2");
    }

    @Test
    void reopenedIncident_hasAKeyThatNoOtherOpenOneHas() {
        signal("a", Severity.P1);
        desk.resolve("inc-1", ADA);
        now = now.plus(Duration.ofDays(2));
        signal("a", Severity.P1);
        desk.reopen("inc-1", ADA);
        assertThat(desk.open()).extracting(Incident::fingerprint).doesNotHaveDuplicates();
    }

    @Test
    void noticeOfADismissedIncident_isDueStill() {
        signal("a", Severity.P1);
        desk.startNotice("inc-1", "authority", now.plus(Duration.ofDays(3)), ADA);
        desk.move("inc-1", IncidentState.DISMISSED, ADA);
        assertThat(due()).containsExactly("authority in PT72H");
    }

    @Test
    void incidentOfTheLibrary_asksForNoReview() {
        desk.raise(IncidentType.COMPLIANCE, Severity.P1, "the disk refuses");
        assertThat(due()).noneMatch(clock -> clock.startsWith("containment"));
        desk.resolve("inc-1", ADA);
        assertThat(due()).isEmpty();
    }

    @Test
    void clockThatWasMissed_beginsAnewWhereTheIncidentIsWorse() {
        signal("a", Severity.P2);
        for (int i = 0; i < 20; i++) {
            go(Duration.ofDays(2));
        }
        assertThat(due()).contains("acknowledgement", "triage");
        desk.rate("inc-1", Severity.P0, ADA);
        assertThat(due()).contains("acknowledgement in PT15M", "triage in PT30M");
    }

    @Test
    void fullTimeline_losesNeitherItsOpeningNorTheNewest() {
        signal("a", Severity.P1);
        for (int i = 0; i < 300; i++) {
            desk.update("inc-1", ADA);
        }
        desk.resolve("inc-1", ADA);
        assertThat(one().timeline()).hasSize(256);
        assertThat(one().timeline().get(0).kind()).isEqualTo(Kind.OPENED);
        assertThat(one().last(Kind.RESOLVED)).isPresent();
    }

    @Test
    void rampThatIsUndone_leavesTheIncidentAsItWas() {
        signal("a", Severity.P1);
        desk.note("inc-1", Kind.CONTAINED, "quiet");
        desk.note("inc-1", Kind.RAMP_STARTED, "ramp");
        desk.note("inc-1", Kind.RAMP_UNDONE, "by a person");
        assertThat(one().state()).isEqualTo(IncidentState.CONTAINED);
    }

    @Test
    void part_isToldByItsWholeAndKeepsItsOwnContainment() {
        signal("a", Severity.P1);
        signal("b", Severity.P1);
        signal("c", Severity.P1);
        desk.merge("inc-3", "inc-2", ADA);
        Incident part = desk.merge("inc-2", "inc-1", ADA).orElseThrow();
        assertThat(part.handling().mergedInto()).hasValue("inc-1");
        assertThat(desk.find("inc-3").orElseThrow().handling().mergedInto())
                .as("a part has no parts")
                .hasValue("inc-1");
        signal("b", Severity.P0);
        assertThat(one().severity()).as("as bad as its worst part").isEqualTo(Severity.P0);
        assertThat(one().last(Kind.SEVERITY_RAISED).orElseThrow().what()).startsWith("inc-2: from P1 to P0");
        assertThat(desk.open()).hasSize(3);
        desk.split("inc-3", ADA);
        desk.resolve("inc-1", ADA);
        assertThat(desk.open()).extracting(Incident::id).containsExactly("inc-3");
        signal("b", Severity.P0);
        assertThat(one().state()).as("its part is back").isEqualTo(IncidentState.DETECTED);
        assertThat(one().last(Kind.REOPENED).orElseThrow().what()).isEqualTo("inc-2: approvals fell");
    }

    @Test
    void merging_refusesWhatIsNoWhole() {
        signal("a", Severity.P1);
        signal("b", Severity.P1);
        signal("c", Severity.P1);
        desk.merge("inc-2", "inc-1", ADA);
        refusedToMerge("inc-3", "inc-2", "which is a part of inc-1; merge it into inc-1");
        refusedToMerge("inc-3", "inc-3", "into itself");
        refusedToMerge("inc-3", "inc-9", "there is no open incident of that id");
        refusedToMerge("inc-1", "inc-2", "which is a part of inc-1");
        assertThat(desk.split("inc-3", ADA))
                .hasValueSatisfying(own -> assertThat(own.isPart()).isFalse());
    }

    private void refusedToMerge(String id, String into, String why) {
        assertThatThrownBy(() -> desk.merge(id, into, ADA))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(why);
    }

    @Test
    void reports_areEachOnRecordAndOneIncident() {
        for (int i = 0; i < 1_000; i++) {
            desk.report(Report.fromUser("turned down for no reason, " + i));
        }
        assertThat(desk.open()).singleElement().satisfies(incident -> {
            assertThat(incident.model()).isEqualTo("unknown");
            assertThat(incident.type()).isEqualTo(IncidentType.UNCLASSIFIED);
            assertThat(incident.signals()).isEqualTo(1_000);
            assertThat(incident.timeline()).hasSizeLessThan(30);
        });
        assertThat(trail).filteredOn(entry -> entry.type().equals("report")).hasSize(1_000);
        desk.report(Report.from(Report.Source.AUDITOR, "worse").severity(Severity.P0));
        assertThat(one().severity()).isEqualTo(Severity.P0);
        desk.triage(
                "inc-1",
                Assessment.of(Impact.MINOR, Impact.MODERATE).about("model").typed(IncidentType.BIAS),
                ADA);
        assertThat(one().model()).isEqualTo("model");
        assertThat(desk.report(Report.fromUser("again").about("model").typed(IncidentType.BIAS))
                        .id())
                .isEqualTo("inc-1");
    }

    @Test
    void reportAboutAnIncidentOfManySignals_isTold() {
        for (int i = 0; i < 100; i++) {
            signal("a", Severity.P1);
        }
        desk.report(Report.fromUser("me too")
                .about("model")
                .typed(IncidentType.BIAS)
                .segment(new Segment("age", "a")));
        assertThat(one().last(Kind.REPORTED).orElseThrow().what()).isEqualTo("me too");
        assertThat(one().signals()).isEqualTo(101);
    }

    @Test
    void noticeThatIsMissed_isToldAlsoWhenTheIncidentIsOver() {
        signal("a", Severity.P1);
        desk.startNotice("inc-1", "notice to the authority", now.plus(Duration.ofDays(3)), ADA);
        desk.resolve("inc-1", ADA);
        go(Duration.ofDays(3));
        assertThat(overdue()).containsExactly("notice to the authority is missing: on-call must see to it");
        assertThat(desk.open())
                .singleElement()
                .satisfies(raised -> assertThat(raised.finding())
                        .isEqualTo("of incident inc-1, which is over, notice to the authority is missing"));
        desk.stopNotice("inc-1", "notice to the authority", ADA);
        go(Duration.ofHours(2));
        assertThat(overdue()).hasSize(1);
    }

    @Test
    void everything_isTheSameAfterARestart() throws IOException {
        signal("a", Severity.P2);
        signal("b", Severity.P2);
        desk.triage(
                "inc-1",
                Assessment.of(Impact.MODERATE, Impact.MAJOR)
                        .irreversible()
                        .inPublic()
                        .notifiable()
                        .affecting(3),
                ADA);
        desk.assign("inc-1", Role.TECHNICAL_LEAD, "Grace", ADA);
        desk.rootCause("inc-1", RootCause.FEATURE_COMPUTATION, ADA);
        desk.startNotice("inc-1", "authority", now.plusSeconds(9), ADA);
        desk.merge("inc-2", "inc-1", ADA);
        go(Duration.ofHours(30));
        desk.note("inc-1", Kind.CONTAINED, "quiet");
        desk.move("inc-1", IncidentState.RECOVERING, ADA);
        assertThat(restarted().all()).isEqualTo(desk.all());
        assertThat(one().handling().clocks())
                .extracting(IncidentClock::kind)
                .contains(IncidentClock.Kind.NOTICE, IncidentClock.Kind.UPDATE);
    }
}
