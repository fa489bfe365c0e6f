// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An incident as it is after a change of it. */
final class IncidentChange {
    private static final int MAX_TIMELINE = 256;

    private IncidentChange() {}

    /** The number of the next entry. */
    static int nextNumber(Incident incident) {
        List<TimelineEntry> timeline = incident.timeline();
        return timeline.isEmpty() ? 1 : timeline.get(timeline.size() - 1).number() + 1;
    }

    /** With one more entry. When the timeline is full, the oldest joined signal makes room. */
    static Incident with(Incident incident, TimelineEntry entry) {
        List<TimelineEntry> longer = new ArrayList<>(incident.timeline());
        if (longer.size() >= MAX_TIMELINE) {
            int oldestSignal = 0;
            while (oldestSignal < longer.size() - 1 && longer.get(oldestSignal).kind() != TimelineEntry.Kind.SIGNAL) {
                oldestSignal++;
            }
            longer.remove(oldestSignal);
        }
        longer.add(entry);
        return changed(incident, incident.state(), incident.signals(), List.copyOf(longer));
    }

    static Incident in(Incident incident, IncidentState state) {
        return changed(incident, state, incident.signals(), incident.timeline());
    }

    /** With one more signal, which only counts. */
    static Incident counting(Incident incident) {
        return changed(incident, incident.state(), incident.signals() + 1, incident.timeline());
    }

    /** As a worse signal shows it: with that signal's type, severity, segment and finding, and contained by nothing. */
    static Incident worsenedBy(Incident incident, Signal signal) {
        return changed(
                incident,
                signal.type(),
                signal.severity(),
                IncidentState.DETECTED,
                signal.segment(),
                signal.sentence(),
                Optional.of(signal.evidence()),
                incident.signals(),
                incident.timeline());
    }

    private static Incident changed(
            Incident incident, IncidentState state, long signals, List<TimelineEntry> timeline) {
        return changed(
                incident,
                incident.type(),
                incident.severity(),
                state,
                incident.segment(),
                incident.finding(),
                incident.evidence(),
                signals,
                timeline);
    }

    private static Incident changed(
            Incident incident,
            IncidentType type,
            Severity severity,
            IncidentState state,
            Optional<Segment> segment,
            String finding,
            Optional<Signal.Evidence> evidence,
            long signals,
            List<TimelineEntry> timeline) {
        return new Incident(
                incident.id(),
                incident.fingerprint(),
                incident.model(),
                type,
                severity,
                state,
                segment,
                incident.source(),
                finding,
                evidence,
                incident.onset(),
                incident.onsetDecision(),
                incident.detected(),
                incident.detectedDecision(),
                signals,
                timeline);
    }
}
