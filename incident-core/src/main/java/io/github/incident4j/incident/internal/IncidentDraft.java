// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Assessment;
import io.github.incident4j.incident.Handling;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentClock;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.Role;
import io.github.incident4j.incident.RootCause;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An incident that is about to change; what is not set stays as it was. Used by one thread. */
final class IncidentDraft {
    private static final int MAX_TIMELINE = 256;

    private final Incident before;
    private String fingerprint;
    private final Map<Role, String> roles = new EnumMap<>(Role.class);
    private final List<TimelineEntry> timeline;
    private String model;
    private IncidentType type;
    private Severity severity;
    private IncidentState state;
    private boolean contained;
    private Optional<Segment> segment;
    private String finding;
    private Optional<Signal.Evidence> evidence;
    private long signals;
    private Optional<String> acknowledgedBy;
    private Optional<Assessment> assessment;
    private Optional<RootCause> rootCause;
    private Optional<String> mergedInto;
    private List<IncidentClock> clocks;

    IncidentDraft(Incident before) {
        this.before = before;
        this.fingerprint = before.fingerprint();
        this.model = before.model();
        this.type = before.type();
        this.severity = before.severity();
        this.state = before.state();
        this.contained = before.contained();
        this.segment = before.segment();
        this.finding = before.finding();
        this.evidence = before.evidence();
        this.signals = before.signals();
        this.timeline = new ArrayList<>(before.timeline());
        Handling handling = before.handling();
        this.acknowledgedBy = handling.acknowledgedBy();
        this.roles.putAll(handling.roles());
        this.assessment = handling.assessment();
        this.rootCause = handling.rootCause();
        this.mergedInto = handling.mergedInto();
        this.clocks = handling.clocks();
    }

    Incident before() {
        return before;
    }

    IncidentDraft in(IncidentState newState) {
        state = newState;
        return this;
    }

    /** A containment holds. */
    IncidentDraft quiet() {
        contained = true;
        state = Lifecycle.afterSilence(state);
        return this;
    }

    /** One more signal, which only counts. */
    IncidentDraft counting() {
        signals++;
        return this;
    }

    /**
     * As a worse signal shows it: with that signal's segment and finding, and its type if no person has said another
     * one; contained by nothing.
     */
    IncidentDraft worsenedBy(Signal signal) {
        type = assessment.flatMap(Assessment::type).orElse(signal.type());
        severity = severity.worse(signal.severity());
        segment = signal.segment();
        finding = signal.sentence();
        evidence = Optional.of(signal.evidence());
        return harmed();
    }

    /** As detectors see it. */
    IncidentDraft seenAs(Harm harm) {
        type = harm.type();
        severity = harm.severity();
        segment = harm.segment();
        return this;
    }

    /** Another one, as the one that it had is of another incident by now. */
    IncidentDraft fingerprint(String free) {
        fingerprint = free;
        return this;
    }

    /** There is harm, whatever was done: what people had taken for mended is not. */
    IncidentDraft harmed() {
        contained = false;
        state = Lifecycle.afterHarm(state, assessment.isPresent());
        return this;
    }

    /** A new episode: whoever had taken it up has to do so again. */
    IncidentDraft reopened() {
        acknowledgedBy = Optional.empty();
        contained = false;
        state = Lifecycle.afterHarm(IncidentState.DETECTED, assessment.isPresent());
        return this;
    }

    IncidentDraft rated(Severity newSeverity) {
        severity = newSeverity;
        return this;
    }

    /** A recovery ramp was started or undone. */
    IncidentDraft ramped(TimelineEntry.Kind kind) {
        state = Lifecycle.afterRamp(kind, state, contained, assessment.isPresent());
        return this;
    }

    IncidentDraft assessed(Assessment newAssessment, Severity newSeverity) {
        assessment = Optional.of(newAssessment);
        severity = newSeverity;
        type = newAssessment.type().orElse(type);
        if (model.equals(Correlation.NO_MODEL)) {
            model = newAssessment.model().orElse(model);
        }
        state = state == IncidentState.DETECTED ? IncidentState.TRIAGED : state;
        return this;
    }

    IncidentDraft acknowledgedBy(Optional<String> person) {
        acknowledgedBy = person;
        return this;
    }

    IncidentDraft assign(Map<Role, String> people) {
        roles.putAll(people);
        return this;
    }

    IncidentDraft because(RootCause why) {
        rootCause = Optional.of(why);
        return this;
    }

    IncidentDraft partOf(Optional<String> whole) {
        mergedInto = whole;
        return this;
    }

    IncidentDraft clocks(List<IncidentClock> newClocks) {
        clocks = newClocks;
        return this;
    }

    /** The number of the next entry. */
    int nextNumber() {
        return timeline.isEmpty() ? 1 : timeline.get(timeline.size() - 1).number() + 1;
    }

    /** With one more entry. When the timeline is full, the oldest signal or report that joined makes room. */
    IncidentDraft with(TimelineEntry entry) {
        if (timeline.size() >= MAX_TIMELINE) {
            int oldest = 0;
            while (oldest < timeline.size() - 1
                    && !isOneOfMany(timeline.get(oldest).kind())) {
                oldest++;
            }
            timeline.remove(oldest < timeline.size() - 1 ? oldest : 1); // never the opening, nor the newest
        }
        timeline.add(entry);
        return this;
    }

    private static boolean isOneOfMany(TimelineEntry.Kind kind) {
        return kind == TimelineEntry.Kind.SIGNAL || kind == TimelineEntry.Kind.REPORTED;
    }

    Incident build() {
        return new Incident(
                before.id(),
                fingerprint,
                model,
                type,
                severity,
                state,
                contained,
                segment,
                before.source(),
                finding,
                evidence,
                before.onset(),
                before.onsetDecision(),
                before.detected(),
                before.detectedDecision(),
                signals,
                new Handling(acknowledgedBy, roles, assessment, rootCause, mergedInto, clocks),
                List.copyOf(timeline));
    }
}
