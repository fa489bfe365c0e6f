// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import io.github.incident4j.incident.Handling;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One incident that things happen in. */
public final class Events {
    public static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final String id;
    private final List<TimelineEntry> timeline = new ArrayList<>();
    private Severity severity;
    private boolean over;
    private String finding = "approvals of age-band=18-25 fell from 61 % to 12 %";

    public Events(String id, Severity severity) {
        this.id = id;
        this.severity = severity;
    }

    public Events finding(String newFinding) {
        finding = newFinding;
        return this;
    }

    public Events severity(Severity newSeverity) {
        severity = newSeverity;
        return this;
    }

    /** What happens from now on happens after the resolution. */
    public Events over() {
        over = true;
        return this;
    }

    public IncidentEvent then(TimelineEntry.Kind kind) {
        return then(kind, "what happened");
    }

    public IncidentEvent then(TimelineEntry.Kind kind, String what) {
        int number = timeline.size() + 1;
        TimelineEntry entry = new TimelineEntry(number, NOON.plusSeconds(60L * (number - 1)), kind, "incident4j", what);
        timeline.add(entry);
        IncidentState state =
                over || kind == TimelineEntry.Kind.RESOLVED ? IncidentState.RESOLVED : IncidentState.DETECTED;
        return new IncidentEvent(
                new Incident(
                        id,
                        "credit-risk/bias/age-band=18-25",
                        "credit-risk",
                        IncidentType.BIAS,
                        severity,
                        state,
                        state == IncidentState.CONTAINED,
                        Optional.of(new Segment("age-band", "18-25")),
                        "approvals",
                        finding,
                        Optional.empty(),
                        NOON.minusSeconds(600),
                        48_210,
                        NOON,
                        48_250,
                        1,
                        Handling.NONE,
                        List.copyOf(timeline)),
                entry);
    }
}
