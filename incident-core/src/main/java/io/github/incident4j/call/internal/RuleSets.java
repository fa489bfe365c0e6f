// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.RetentionHold;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.guardrail.RuleSet;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which rules stand in for the host's own, in the trail and from there again after a restart. Rules that the host has
 * replaced are not kept: a guardrail cannot be rebuilt from a record, and the host builds its guards with the rules
 * that it wants.
 */
public final class RuleSets implements RetentionHold {
    private final TimeSource time;
    private final Consumer<TrailEntry> records;
    private final Consumer<String> faults;
    private final Map<Place, Used> earlier = new HashMap<>(); // guarded by this
    private final Map<Place, Instant> inForce = new HashMap<>(); // guarded by this

    private record Place(String model, String guardrail) {}

    private record Used(String version, Cause cause) {}

    /**
     * Creates it without rules of an earlier run.
     *
     * @param time the clocks
     * @param records takes records
     * @param faults is told what a person must know
     */
    public RuleSets(TimeSource time, Consumer<TrailEntry> records, Consumer<String> faults) {
        this.time = time;
        this.records = records;
        this.faults = faults;
    }

    /**
     * Takes up what an earlier run has recorded.
     *
     * @param stored any record
     */
    public synchronized void replay(StoredRecord stored) {
        if (!stored.type().startsWith(RuleSetRecord.PREFIX)) {
            return;
        }
        Place place = new Place(
                stored.json().path("model").asText(),
                stored.json().path("guardrail").asText());
        if (stored.type().equals("guardrail.used")) {
            Cause cause = Cause.by(stored.json().path("by").asText())
                    .because(stored.json().path("because").asText());
            earlier.put(place, new Used(stored.json().path("to").asText(), cause));
        } else if (stored.type().equals("guardrail.lifted")) {
            earlier.remove(place);
        }
    }

    /** Has what stood in for the host's rules in an earlier run stand in again; that is recorded anew. */
    void restore(String model, RailSlot<?> slot) {
        Used used;
        synchronized (this) {
            used = earlier.remove(new Place(model, slot.name()));
        }
        if (used == null) {
            return;
        }
        slot.use(used.version(), used.cause())
                .ifPresent(problem -> faults.accept("guardrail '" + slot.name() + "' of model '" + model
                        + "' judged by rule set '" + used.version() + "' before the restart (by "
                        + used.cause().by() + " because: " + used.cause().because() + ") and does not any more: "
                        + problem));
    }

    /** Puts an exchange on record; in the order of the calls for each guardrail. */
    void record(String model, String guardrail, RuleSetRecord.What what, RuleSet<?> from, RuleSet<?> to, Cause cause) {
        Place place = new Place(model, guardrail);
        synchronized (this) {
            if (what == RuleSetRecord.What.USED) {
                inForce.put(place, time.instant());
            } else if (what == RuleSetRecord.What.LIFTED) {
                inForce.remove(place);
            }
        }
        records.accept(new RuleSetRecord(model, guardrail, what, from.version(), to.version(), cause, time.nanoTime()));
    }

    @Override
    public synchronized Optional<Instant> heldSince() {
        return inForce.values().stream().min(Instant::compareTo);
    }
}
