// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An incident as it stands at one moment; immutable.
 *
 * @param id its id within the runtime's directory, such as {@code inc-1}
 * @param model the guarded model it is about
 * @param type what kind of harm
 * @param severity how bad
 * @param state where it stands
 * @param segment the part of the traffic that is affected, if known
 * @param source the detector, or the part of the library, that opened it
 * @param finding what was found, in one sentence
 * @param evidence the numbers behind the finding, if a detector found it
 * @param onset since when the harm is estimated to be there
 * @param onsetDecision the number of the decision at the onset, or -1
 * @param detected when it was noticed
 * @param detectedDecision the number of the decision at which it was noticed, or -1
 * @param signals how many signals belong to it
 * @param timeline what happened, oldest first; bounded and unmodifiable
 */
public record Incident(
        String id,
        String model,
        IncidentType type,
        Severity severity,
        IncidentState state,
        Optional<Segment> segment,
        String source,
        String finding,
        Optional<Signal.Evidence> evidence,
        Instant onset,
        long onsetDecision,
        Instant detected,
        long detectedDecision,
        long signals,
        List<TimelineEntry> timeline) {
    private static final int MAX_TIMELINE = 256;

    /** {@return whether the incident is not resolved} */
    public boolean isOpen() {
        return state != IncidentState.RESOLVED;
    }

    /**
     * The newest entry of a kind.
     *
     * @param kind the kind
     * @return the entry, if there is one
     */
    public Optional<TimelineEntry> last(TimelineEntry.Kind kind) {
        for (int i = timeline.size() - 1; i >= 0; i--) {
            if (timeline.get(i).kind() == kind) {
                return Optional.of(timeline.get(i));
            }
        }
        return Optional.empty();
    }

    /**
     * This incident with one more entry. When the timeline is full, the oldest joined signal makes room.
     *
     * @param entry the entry
     * @return the changed incident
     */
    public Incident with(TimelineEntry entry) {
        List<TimelineEntry> longer = new ArrayList<>(timeline);
        if (longer.size() >= MAX_TIMELINE) {
            int oldestSignal = 0;
            while (oldestSignal < longer.size() - 1 && longer.get(oldestSignal).kind() != TimelineEntry.Kind.SIGNAL) {
                oldestSignal++;
            }
            longer.remove(oldestSignal);
        }
        longer.add(entry);
        return copy(type, severity, state, segment, finding, evidence, signals, List.copyOf(longer));
    }

    /**
     * This incident in another state.
     *
     * @param newState the state
     * @return the changed incident
     */
    public Incident in(IncidentState newState) {
        return copy(type, severity, newState, segment, finding, evidence, signals, timeline);
    }

    /**
     * This incident with one more signal, which only counts.
     *
     * @return the changed incident
     */
    public Incident counting() {
        return copy(type, severity, state, segment, finding, evidence, signals + 1, timeline);
    }

    /**
     * This incident as a worse signal shows it: with that signal's type, severity, segment and finding.
     *
     * @param signal the worse signal
     * @return the changed incident
     */
    public Incident worsenedBy(Signal signal) {
        return copy(
                signal.type(),
                signal.severity(),
                state,
                signal.segment(),
                signal.sentence(),
                Optional.of(signal.evidence()),
                signals,
                timeline);
    }

    private Incident copy(
            IncidentType newType,
            Severity newSeverity,
            IncidentState newState,
            Optional<Segment> newSegment,
            String newFinding,
            Optional<Signal.Evidence> newEvidence,
            long newSignals,
            List<TimelineEntry> newTimeline) {
        return new Incident(
                id,
                model,
                newType,
                newSeverity,
                newState,
                newSegment,
                source,
                newFinding,
                newEvidence,
                onset,
                onsetDecision,
                detected,
                detectedDecision,
                newSignals,
                newTimeline);
    }
}
