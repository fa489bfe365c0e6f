// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.incident.internal.PlanState.Standing;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Proposal;
import io.github.incident4j.response.Responses;
import java.util.List;
import java.util.function.Consumer;

/** Takes the approvals of people: each is a record first, which the detector thread then carries out. */
public final class Approvals implements Responses {
    private final IncidentDesk desk;
    private final Consumer<TrailEntry> trail;
    private final TimeSource time;

    /**
     * Creates the place where people approve.
     *
     * @param desk knows what waits
     * @param trail takes the records
     * @param time the clocks
     */
    public Approvals(IncidentDesk desk, Consumer<TrailEntry> trail, TimeSource time) {
        this.desk = desk;
        this.trail = trail;
        this.time = time;
    }

    @Override
    public List<Proposal> waiting(String incident) {
        return desk.plan(incident).all(Standing.PROPOSED).stream()
                .map(step -> new Proposal(incident, step.proposal(), step.containment(), step.route()))
                .toList();
    }

    @Override
    public void approve(String incident, Cause cause) {
        List<Integer> waiting = waiting(incident).stream().map(Proposal::number).toList();
        if (waiting.size() > 1) {
            throw new IllegalStateException("incident " + incident + " has several containments that wait for approval,"
                    + " " + waiting + "; say which one by approve(\"" + incident + "\", " + waiting.get(0) + ", …)");
        }
        approve(incident, waiting.stream().findFirst().orElse(0), cause);
    }

    @Override
    public void approve(String incident, int proposal, Cause cause) {
        trail.accept(new ApprovalRecord(incident, proposal, cause, time.nanoTime()));
    }
}
