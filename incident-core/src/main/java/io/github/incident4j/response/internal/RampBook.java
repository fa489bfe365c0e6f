// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.model.Scope;
import io.github.incident4j.response.Ramp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The ramps as they stand. Whoever looks waits for nobody: its lock is held for moments only. */
final class RampBook {
    private static final int MAX_ENDED = 1_000;

    private final Map<String, Ramp> ramps = new LinkedHashMap<>(); // oldest first; guarded by this
    private long lastId; // guarded by this

    /** Takes a record of an earlier run into account. */
    synchronized void replay(StoredRecord record) {
        if (record.type().startsWith(RampRecord.PREFIX)) {
            Ramp ramp = RampRecord.read(record.json());
            keep(ramp);
            isTaken(ramp.id());
        }
    }

    /** An id that stands somewhere, though no record has it. */
    synchronized void isTaken(String id) {
        lastId = Math.max(lastId, numberOf(id));
    }

    private static long numberOf(String id) {
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    synchronized String nextId() {
        return "ramp-" + ++lastId;
    }

    synchronized void keep(Ramp ramp) {
        ramps.put(ramp.id(), ramp);
        if (ramps.size() > MAX_ENDED) {
            ramps.values().stream()
                    .filter(each -> !each.isOpen())
                    .findFirst()
                    .ifPresent(oldest -> ramps.remove(oldest.id()));
        }
    }

    /** Changes a ramp, unless it has ended or gone on to another step since it was seen; returns what it became. */
    synchronized Optional<Ramp> change(Ramp seen, UnaryOperator<Ramp> change) {
        Optional<Ramp> changed =
                findOpen(seen.id()).filter(ramp -> ramp.step() == seen.step()).map(change);
        changed.ifPresent(this::keep);
        return changed;
    }

    synchronized Optional<Ramp> find(String id) {
        return Optional.ofNullable(ramps.get(id));
    }

    Optional<Ramp> findOpen(String id) {
        return find(id).filter(Ramp::isOpen);
    }

    synchronized List<Ramp> open() {
        return ramps.values().stream().filter(Ramp::isOpen).toList();
    }

    /** The open ramps of a model's route, of whatever segment. */
    List<Ramp> openOf(String model, String route) {
        return open().stream()
                .filter(each -> each.scope().model().orElseThrow().equals(model)
                        && each.scope().route().orElseThrow().equals(route))
                .toList();
    }

    Optional<Ramp> openAt(Scope scope) {
        return open().stream().filter(each -> each.scope().equals(scope)).findFirst();
    }
}
