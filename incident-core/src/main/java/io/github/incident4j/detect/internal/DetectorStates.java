// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.StoredRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where the trail has what detectors knew in the run before: of each the newest state. By one thread, then by any. */
public final class DetectorStates {
    /** The version of what is written; one that is not known is passed over, and the detector begins anew. */
    static final int VERSION = 1;

    private static final int MAX_STATES = 1_000; // of detectors that nobody has any more, too

    private final Map<String, Stored> states = new LinkedHashMap<>();
    private final Map<String, Instant> maintained = new LinkedHashMap<>();

    /**
     * One state.
     *
     * @param sequence the number of its record
     * @param through the id of the last decision that is in it
     * @param throughTime when that was made, in nanoseconds since the epoch
     */
    record Stored(long sequence, String through, long throughTime) {}

    /**
     * Takes a record of the run before.
     *
     * @param stored the record
     */
    public synchronized void replay(StoredRecord stored) {
        JsonNode json = stored.json();
        String model = json.path("model").asText();
        if (stored.type().equals(InstructionRecord.MAINTENANCE)) {
            maintained.put(
                    model, Instant.parse(json.path(InstructionRecord.UNTIL).asText()));
        } else if (stored.type().equals(InstructionRecord.RELEARN)) {
            states.keySet().removeIf(key -> key.startsWith(model + "/"));
        }
        if (!stored.type().equals(StateRecord.TYPE) || json.path("state_v").asInt() != VERSION) {
            return;
        }
        String key = key(model, json.path("detector").asText());
        states.remove(key); // the newest is the last
        states.put(
                key,
                new Stored(
                        stored.sequence(),
                        json.path("through").asText(),
                        json.path("through_ns").asLong()));
        if (states.size() > MAX_STATES) {
            states.remove(states.keySet().iterator().next());
        }
    }

    /** Until when a model is being maintained; long ago if it is not. */
    synchronized Instant maintainedUntil(String model) {
        return maintained.getOrDefault(model, Instant.EPOCH);
    }

    /** Says where the state of a detector is, once. */
    synchronized Optional<Stored> take(String model, String detector) {
        return Optional.ofNullable(states.remove(key(model, detector)));
    }

    private static String key(String model, String detector) {
        return model + "/" + detector;
    }
}
