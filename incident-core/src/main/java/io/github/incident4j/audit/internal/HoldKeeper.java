// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.EvidenceHolds;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Keeps the evidence holds: in the trail, and from there again after a restart. */
public final class HoldKeeper implements EvidenceHolds, RetentionHold {
    private static final String HELD = "evidence.held";
    private static final String RELEASED = "evidence.released";

    private final TimeSource time;
    private final Predicate<TrailEntry> record;
    private final ReentrantLock erasing = new ReentrantLock(); // may take minutes, so who only looks does without it
    private final Map<String, Hold> holds = new LinkedHashMap<>(); // guarded by this

    /**
     * Creates a keeper without holds.
     *
     * @param time the clocks
     * @param record puts an entry on record and says whether it is on the disk
     */
    public HoldKeeper(TimeSource time, Predicate<TrailEntry> record) {
        this.time = time;
        this.record = record;
    }

    /**
     * Takes up what an earlier run has recorded.
     *
     * @param stored any record
     */
    public synchronized void replay(StoredRecord stored) {
        JsonNode json = stored.json();
        String name = json.path("hold").asText();
        if (stored.type().equals(HELD)) {
            holds.put(
                    name,
                    new Hold(
                            name,
                            Instant.parse(json.path("since").asText()),
                            Cause.by(json.path("by").asText())
                                    .because(json.path("because").asText())));
        } else if (stored.type().equals(RELEASED)) {
            holds.remove(name);
        }
    }

    @Override
    public void hold(String name, Instant since, Cause cause) {
        Names.check("evidence hold", name);
        Hold hold = new Hold(name, since, cause);
        synchronized (this) {
            holds.put(name, hold); // first, so that retention and who comes to erase see it
        }
        erasing.lock(); // who erases already ends first
        try {
            synchronized (this) {
                holds.put(name, hold); // also where somebody has released it meanwhile: the records come in this order
            }
            record(new Changed(HELD, hold, cause, time.nanoTime()), "the hold is in force until the runtime is closed");
        } finally {
            erasing.unlock();
        }
    }

    @Override
    public boolean release(String name, Cause cause) {
        erasing.lock(); // in the order of the records
        try {
            Hold released;
            synchronized (this) {
                released = holds.remove(name);
            }
            if (released == null) {
                return false;
            }
            record(
                    new Changed(RELEASED, released, cause, time.nanoTime()),
                    "the hold is released until the runtime is opened again");
            return true;
        } finally {
            erasing.unlock();
        }
    }

    private void record(Changed changed, String consequence) {
        if (!record.test(changed)) {
            throw new UncheckedIOException(
                    "the change of evidence hold '" + changed.hold().name() + "' could not be recorded; " + consequence,
                    new IOException("the trail does not take it"));
        }
    }

    @Override
    public synchronized List<Hold> active() {
        return holds.values().stream().sorted(Comparator.comparing(Hold::since)).toList();
    }

    /** What must not be done while evidence is held. */
    @FunctionalInterface
    public interface Erasing {
        /**
         * Erases.
         *
         * @return how much
         * @throws IOException if it cannot be done
         */
        int erase() throws IOException;
    }

    /**
     * Erases, unless evidence is held; who wants to hold it meanwhile waits.
     *
     * @param task what to do
     * @return what that returned
     * @throws IOException if it threw that
     * @throws IllegalStateException if evidence is held
     */
    public int unlessHeld(Erasing task) throws IOException {
        erasing.lock();
        try {
            requireNoHold();
            return task.erase();
        } finally {
            erasing.unlock();
        }
    }

    private void requireNoHold() {
        List<Hold> active = active();
        if (!active.isEmpty()) {
            Hold hold = active.get(0);
            throw new IllegalStateException("evidence hold '" + hold.name() + "' of "
                    + hold.cause().by() + " is in force, so nobody is erased; release it first, or answer the person"
                    + " that the data is needed (GDPR Art. 17(3))");
        }
    }

    @Override
    public Optional<Instant> heldSince() {
        return active().stream().map(Hold::since).findFirst();
    }

    private record Changed(String type, Hold hold, Cause cause, long nanoTime) implements TrailEntry {
        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("hold", hold.name());
            json.writeStringField("since", hold.since().toString());
            json.writeStringField("by", Text.clean(cause.by()));
            json.writeStringField("because", Text.clean(cause.because()));
        }
    }
}
