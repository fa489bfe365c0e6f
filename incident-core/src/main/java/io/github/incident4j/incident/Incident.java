// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An incident as it stands at one moment; immutable.
 *
 * @param id its id within the runtime's directory, such as {@code inc-1}
 * @param fingerprint the model, the type of harm and the segment that it was opened for: the same in every process that
 *     finds the same harm, so that a pager can tell that it is one
 * @param model the guarded model it is about
 * @param type what kind of harm
 * @param severity how bad
 * @param state where it stands
 * @param contained whether a containment is in force and no detector has seen harm since
 * @param segment the part of the traffic that is affected, if known
 * @param source the detector, or the part of the library, that opened it
 * @param finding what was found, in one sentence
 * @param evidence the numbers behind the finding, if a detector found it
 * @param onset since when the harm is estimated to be there
 * @param onsetDecision the number of the decision at the onset, or -1
 * @param detected when it was noticed
 * @param detectedDecision the number of the decision at which it was noticed, or -1
 * @param signals how many signals belong to it
 * @param handling what people make of it
 * @param timeline what happened, oldest first; bounded and unmodifiable
 */
public record Incident(
        String id,
        String fingerprint,
        String model,
        IncidentType type,
        Severity severity,
        IncidentState state,
        boolean contained,
        Optional<Segment> segment,
        String source,
        String finding,
        Optional<Signal.Evidence> evidence,
        Instant onset,
        long onsetDecision,
        Instant detected,
        long detectedDecision,
        long signals,
        Handling handling,
        List<TimelineEntry> timeline) {
    /** {@return whether there may be something to do about the harm: it is neither resolved nor dismissed} */
    public boolean isOpen() {
        return state.isOpen();
    }

    /** {@return whether a person has taken it up since it was opened, or opened again} */
    public boolean isAcknowledged() {
        return handling.acknowledgedBy().isPresent();
    }

    /**
     * Says whether it is a part of another incident, which people and pagers look at in its place.
     *
     * @return whether a person has merged it into another one
     */
    public boolean isPart() {
        return handling.mergedInto().isPresent();
    }

    /** {@return how often it has begun: 1, and one more for each time that it was opened again} */
    public int episodes() {
        return 1
                + (int) timeline.stream()
                        .filter(entry -> entry.kind() == TimelineEntry.Kind.REOPENED)
                        .count();
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
}
