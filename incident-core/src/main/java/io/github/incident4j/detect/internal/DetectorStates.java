// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.StoredRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Where the trail has what detectors knew in the run before, and up to where that reaches; and what people have told
 * detectors of models that are not guarded yet. Thread-safe.
 */
public final class DetectorStates {
    /** The version of what is written; one that is not known is passed over, and the detector begins anew. */
    static final int VERSION = 1;

    private static final int MAX_MARKS = 100; // of which the states may still come
    private static final int MAX_STATES = 10_000; // of detectors that nobody has any more, too

    private final Map<String, Long> marks = bounded(MAX_MARKS); // by id, their places in the trail
    private final Map<String, Stored> pending = bounded(MAX_STATES); // by detector, until all of their mark are there
    private final Map<String, Stored> states = bounded(MAX_STATES); // by detector
    private final Map<String, Long> positions = bounded(MAX_STATES); // by model
    private final Map<String, Long> relearned = bounded(MAX_STATES); // by model, where it was told
    private final Map<String, Maintenance> maintained = bounded(MAX_STATES); // by model

    /** The place of a state. */
    private record Stored(String mark, long sequence) {}

    /**
     * A planned change.
     *
     * @param from since when
     * @param until until when
     */
    record Maintenance(Instant from, Instant until) {
        static final Maintenance NONE = new Maintenance(Instant.EPOCH, Instant.EPOCH);
    }

    private static <V> Map<String, V> bounded(int most) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * Takes a record of the run before.
     *
     * @param stored the record
     */
    public synchronized void replay(StoredRecord stored) {
        JsonNode json = stored.json();
        String model = json.path("model").asText();
        String mark = json.path(MarkRecord.ID).asText();
        switch (stored.type()) {
            case MarkRecord.TYPE -> marks.put(mark, stored.sequence());
            case StateRecord.TYPE -> {
                if (json.path("state_v").asInt() == VERSION) {
                    pending.put(key(model, json.path("detector").asText()), new Stored(mark, stored.sequence()));
                }
            }
            case MarkedRecord.TYPE -> complete(mark, json.path(MarkedRecord.MODELS));
            case InstructionRecord.MAINTENANCE ->
                maintain(
                        model,
                        stored.time(),
                        Instant.parse(json.path(InstructionRecord.UNTIL).asText()));
            case InstructionRecord.RELEARN -> {
                relearned.put(model, stored.sequence());
                forget(model);
            }
            default -> {
                // of another room
            }
        }
    }

    /** A mark that is not in the trail, as in an outage, has states of nowhere. */
    private void complete(String mark, JsonNode models) {
        Long place = marks.remove(mark);
        for (JsonNode each : models) {
            String model = each.asText();
            if (place != null && place > relearned.getOrDefault(model, -1L)) {
                positions.put(model, place);
                take(model, mark);
            }
        }
        pending.values().removeIf(stored -> stored.mark().equals(mark));
    }

    private void take(String model, String mark) {
        pending.forEach((key, stored) -> {
            if (key.startsWith(model + "/") && stored.mark().equals(mark)) {
                states.remove(key);
                states.put(key, stored);
            }
        });
    }

    /** A planned change of a model begins. */
    synchronized void maintain(String model, Instant from, Instant until) {
        maintained.put(model, new Maintenance(from, until));
    }

    /** The planned change of a model, which may be over. */
    synchronized Maintenance maintenance(String model) {
        return maintained.getOrDefault(model, Maintenance.NONE);
    }

    /** What was known of a model does not count any more. */
    synchronized void forget(String model) {
        states.keySet().removeIf(key -> key.startsWith(model + "/"));
    }

    /** Behind which record of the trail the model's decisions are in no state; empty if nothing is known of it. */
    synchronized OptionalLong position(String model) {
        Long position = positions.get(model);
        Long since = relearned.get(model);
        if (position == null && since == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(position == null ? -1 : position, since == null ? -1 : since));
    }

    /** The number of the record that has the state of a detector, if there is one. */
    synchronized OptionalLong state(String model, String detector) {
        Stored stored = states.get(key(model, detector));
        return stored == null ? OptionalLong.empty() : OptionalLong.of(stored.sequence());
    }

    private static String key(String model, String detector) {
        return model + "/" + detector;
    }
}
