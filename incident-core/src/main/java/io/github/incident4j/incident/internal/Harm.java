// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.util.Optional;

/**
 * The worst that detectors have seen in an incident. The response plan goes by it, and so does which signals belong to
 * the incident: what people say of an incident changes whom it concerns and what is due, and kills no model.
 */
record Harm(IncidentType type, Severity severity, Optional<Segment> segment) {
    static Harm of(Signal signal) {
        return new Harm(signal.type(), signal.severity(), signal.segment());
    }

    /** What is left of it when the incident is opened again: the next signal says how bad it is now. */
    Harm ofAnEarlierEpisode() {
        return new Harm(type, Severity.P3, segment);
    }

    /** Of an incident that an earlier build has recorded, or that no detector has found. */
    static Optional<Harm> of(Incident incident) {
        return incident.evidence().map(found -> new Harm(incident.type(), incident.severity(), incident.segment()));
    }
}
