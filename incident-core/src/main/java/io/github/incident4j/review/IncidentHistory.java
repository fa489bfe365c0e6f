// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailQuery;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.internal.StoredIncidents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The incidents that an audit trail holds, of every run, whether a runtime has the directory open or not. Reads the
 * trail at each question; one pass over its records. Incidents of which retention has dropped every record are not in
 * it.
 */
public final class IncidentHistory {
    private final AuditTrail trail;

    private IncidentHistory(AuditTrail trail) {
        this.trail = trail;
    }

    /**
     * The history that a trail holds.
     *
     * @param trail the trail
     * @return the history
     */
    public static IncidentHistory of(AuditTrail trail) {
        return new IncidentHistory(trail);
    }

    /**
     * All incidents.
     *
     * @return the incidents as they stood last, in the order in which they were opened
     * @throws java.io.UncheckedIOException if the trail cannot be read
     */
    public List<Incident> incidents() {
        Map<String, Incident> newest = new LinkedHashMap<>();
        try (Stream<TrailRecord> records = trail.query().type("incident.").records()) {
            records.map(StoredIncidents::read).forEach(incident -> newest.put(incident.id(), incident));
        }
        return List.copyOf(newest.values());
    }

    /**
     * Finds an incident.
     *
     * @param id its id, such as {@code inc-1}
     * @return the incident as it stood last
     * @throws NoSuchElementException if the trail has none of this id
     * @throws java.io.UncheckedIOException if the trail cannot be read
     */
    public Incident incident(String id) {
        return newest(id)
                .orElseThrow(() -> new NoSuchElementException("the trail in " + trail.directory() + " has no incident '"
                        + id + "'; incidents() and `incidents list` tell which it has"));
    }

    private Optional<Incident> newest(String id) {
        try (Stream<TrailRecord> records = ofIncident(id).newestFirst().records()) {
            return records.findFirst().map(StoredIncidents::read);
        }
    }

    private TrailQuery ofIncident(String id) {
        return trail.query().incident(id).where(StoredIncidents::isOne);
    }

    /**
     * What happened in an incident: everything that the trail still tells, where the incident itself holds 256 entries.
     *
     * @param id the incident's id
     * @return the entries, oldest first; empty if the trail has no incident of this id
     * @throws java.io.UncheckedIOException if the trail cannot be read
     */
    public List<TimelineEntry> timeline(String id) {
        Map<Integer, TimelineEntry> entries = new TreeMap<>(); // by number
        try (Stream<TrailRecord> records = ofIncident(id).records()) {
            records.map(StoredIncidents::read)
                    .map(Incident::timeline)
                    .forEach(timeline -> timeline.forEach(entry -> entries.put(entry.number(), entry)));
        }
        return List.copyOf(entries.values());
    }
}
