// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where the trail has what detectors knew in the run before, and up to where that reaches; and what people have told
 * detectors of models that are not guarded yet. Thread-safe.
 */
public final class DetectorStates {
    /** The version of what is written; one that is not known is passed over, and the detector begins anew. */
    static final int VERSION = 1;

    private static final int MAX_MARKS = 100; // of which the states may still come
    private static final int MAX_STATES = 10_000; // of detectors that nobody has any more, too
    private static final int MAX_RUNS = 1_000;
    private static final Duration CLOCK_ERROR = Duration.ofHours(1);
    private static final String OPENED = "runtime.opened";
    private static final String BUILT = "guard.built";

    private final Map<String, Place> marks = bounded(MAX_MARKS); // by id
    private final Map<String, Stored> pending = bounded(MAX_STATES); // by detector, until all of their mark are there
    private final Map<String, Stored> states = bounded(MAX_STATES); // by detector
    private final Map<String, Position> positions = bounded(MAX_STATES); // by model
    private final Map<String, Long> relearned = bounded(MAX_STATES); // by model, where it was told
    private final Map<String, Set<Diversion>> diverted = bounded(MAX_STATES); // by model
    private final Map<String, Maintenance> maintained = bounded(MAX_STATES); // by model
    private final Map<String, Long> built = bounded(MAX_STATES); // by model, where it was guarded last
    private final Map<String, Integer> told = new HashMap<>(); // by model, how often something was told in this run
    private final NavigableMap<Long, Instant> runs = new TreeMap<>(); // when they began, by their places

    /** Where and when something stands in the trail. */
    private record Place(long sequence, Instant time) {}

    /** The place of a state. */
    private record Stored(String mark, long sequence) {}

    /**
     * Behind what the decisions of a model are in no state.
     *
     * @param mark the mark's id, or empty if it is another record
     * @param sequence the number of the record
     * @param time when it was written
     * @param diverted of which calls some were kept from the model then
     */
    record Position(String mark, long sequence, Instant time, Set<Diversion> diverted) {}

    /**
     * A planned change.
     *
     * @param from since when
     * @param until until when
     */
    record Maintenance(Instant from, Instant until) {
        static final Maintenance NONE = new Maintenance(Instant.EPOCH, Instant.EPOCH);

        boolean covers(Instant time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
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
            case MarkRecord.TYPE -> marks.put(mark, new Place(stored.sequence(), stored.time()));
            case StateRecord.TYPE -> {
                if (json.path("state_v").asInt() == VERSION) {
                    pending.put(key(model, json.path("detector").asText()), new Stored(mark, stored.sequence()));
                }
            }
            case MarkedRecord.TYPE -> complete(mark, json.path(MarkedRecord.MODELS));
            case SeenRecord.REARMED, SeenRecord.MIXED ->
                diverted.put(model, Diversion.read(json.path(SeenRecord.DIVERTED)));
            case InstructionRecord.MAINTENANCE ->
                maintain(
                        model,
                        stored.time(),
                        Instant.parse(json.path(InstructionRecord.UNTIL).asText()));
            case InstructionRecord.RELEARN -> {
                forget(model);
                relearned.put(model, stored.sequence());
                positions.put(model, new Position("", stored.sequence(), stored.time(), divertedOf(model)));
            }
            case OPENED -> {
                runs.put(stored.sequence(), stored.time());
                if (runs.size() > MAX_RUNS) {
                    runs.pollFirstEntry();
                }
            }
            case BUILT -> built.put(model, stored.sequence());
            default -> {
                // of another room
            }
        }
    }

    /** A mark that is not in the trail, as in an outage, has states of nowhere. */
    private void complete(String mark, JsonNode models) {
        Place place = marks.remove(mark);
        for (JsonNode each : models) {
            String model = each.path(MarkedRecord.MODEL).asText();
            if (each.path(MarkedRecord.STATES).asInt() > 0 && each.has(SeenRecord.DIVERTED)) {
                diverted.put(model, Diversion.read(each.path(SeenRecord.DIVERTED)));
            }
            if (place != null && place.sequence() > relearned.getOrDefault(model, -1L) && isWhole(model, each)) {
                positions.put(model, new Position(mark, place.sequence(), place.time(), divertedOf(model)));
                take(model, mark);
            }
        }
        pending.values().removeIf(stored -> stored.mark().equals(mark));
    }

    /**
     * Whether the trail has all states of a model that hold what stands before a mark; some may be lost in an outage.
     */
    private boolean isWhole(String model, JsonNode marked) {
        String statesOf = marked.path(MarkedRecord.STATES_OF).asText();
        long there = Stream.concat(pending.entrySet().stream(), states.entrySet().stream())
                .filter(each -> each.getKey().startsWith(model + "/")
                        && each.getValue().mark().equals(statesOf))
                .count();
        return there >= marked.path(MarkedRecord.STATES).asInt();
    }

    private void take(String model, String mark) {
        pending.forEach((key, stored) -> {
            if (key.startsWith(model + "/") && stored.mark().equals(mark)) {
                states.remove(key);
                states.put(key, stored);
            }
        });
    }

    private Set<Diversion> divertedOf(String model) {
        return diverted.getOrDefault(model, Set.of());
    }

    /** A planned change of a model begins, goes on longer, or ends. */
    synchronized void maintain(String model, Instant from, Instant until) {
        Maintenance before = maintenance(model);
        boolean goesOn = before.covers(from); // what was decided in it until now remains so
        maintained.put(
                model, new Maintenance(goesOn ? before.from() : from, goesOn && until.isBefore(from) ? from : until));
        told.merge(model, 1, Integer::sum);
    }

    /** The planned change of a model, which may be over. */
    synchronized Maintenance maintenance(String model) {
        return maintained.getOrDefault(model, Maintenance.NONE);
    }

    /** What was known of a model does not count any more, and nothing of earlier runs is to be learned. */
    synchronized void forget(String model) {
        states.keySet().removeIf(key -> key.startsWith(model + "/"));
        positions.remove(model);
        told.merge(model, 1, Integer::sum);
    }

    /** How often something was told of a model. */
    synchronized int told(String model) {
        return told.getOrDefault(model, 0);
    }

    /** Behind which record of the trail the model's decisions are in no state; empty if nothing is known of it. */
    synchronized Optional<Position> position(String model) {
        return Optional.ofNullable(positions.get(model));
    }

    /**
     * Where the decisions of a model stand that are in no state: up to the end of the run that has guarded it last.
     *
     * @param model the model
     * @param now when this run began
     * @return where; empty if there are none
     */
    synchronized Optional<Past.Span> missing(String model, Instant now) {
        return position(model).flatMap(position -> {
            Long guarded = built.get(model);
            Map.Entry<Long, Instant> next = guarded == null ? null : runs.higherEntry(guarded);
            long end = next == null ? Long.MAX_VALUE : next.getKey();
            Instant until = next == null ? now : next.getValue();
            return position.sequence() >= end
                    ? Optional.empty()
                    : Optional.of(new Past.Span(
                            position.mark(), position.sequence(), end, Instant.EPOCH, until.plus(CLOCK_ERROR)));
        });
    }

    /** Where the decisions of a model stand that were made since a time, up to its last mark; empty without one. */
    synchronized Optional<Past.Span> remembered(String model, Instant since) {
        return position(model)
                .map(position -> new Past.Span(
                        "",
                        -1,
                        position.sequence(),
                        since.minus(CLOCK_ERROR),
                        position.time().plus(CLOCK_ERROR)));
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
