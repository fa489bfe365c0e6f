// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Cause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a person tells detectors. */
class InstructionTest {
    private static final Detection<Object, Boolean> DENIALS =
            Detectors.<Boolean>rate("denials", denied -> denied).warmUp(1_000).falseAlarmAtMostOncePer(100_000);
    private static final Cause RELEASE = Cause.by("release-train").because("features 4.2");

    private final GuardInfo guard = DetectionEngineTest.guard("credit");
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<Signal> signals = new ArrayList<>();
    private final List<TrailEntry> trail = new ArrayList<>();
    private final DetectorStates states = new DetectorStates();
    private DetectionEngine engine = started();
    private long number;

    private DetectionEngine started() {
        DetectionEngine next = Engines.of(states, trail::add, signals::add);
        next.register(guard, List.of(DENIALS), Past.NONE);
        return next;
    }

    private void decide(int times, double share, Instant at) {
        for (int i = 0; i < times; i++) {
            double denied = random.nextDouble() < share ? 1 : 0;
            engine.observe(
                    DecisionRecord.answered(
                            guard,
                            ++number,
                            0,
                            1,
                            0,
                            0,
                            -1,
                            List.of(),
                            List.of(),
                            new @Nullable String[0],
                            new double[] {denied},
                            null),
                    Monitor.nanos(at));
        }
    }

    private static Instant hour(int hour) {
        return Instant.EPOCH.plusSeconds(3_600L * hour);
    }

    private void tell(String type, Cause cause) {
        engine.take(new InstructionRecord(type, "credit", cause, 0), Monitor.nanos(hour(1)));
    }

    private List<String> records(String type) {
        return trail.stream().map(TrailEntry::type).filter(type::equals).toList();
    }

    @Test
    void maintenance_raisesNothingAndIsOnRecord() {
        decide(1_500, 0.3, hour(1));
        tell(InstructionRecord.MAINTENANCE, RELEASE.until(hour(3)));
        decide(200, 0.9, hour(2));
        assertThat(signals).isEmpty();
        assertThat(records("signal.maintenance")).isNotEmpty();
        decide(500, 0.3, hour(3));
        assertThat(signals).as("what was seen meanwhile is forgotten").isEmpty();
        decide(200, 0.9, hour(4));
        assertThat(signals).as("over").isNotEmpty();
        assertThat(signals.get(0).onset()).isEqualTo(hour(4));
    }

    /** A planned change may last for days. */
    @Test
    void signalsOfAMaintenance_areThinned() {
        decide(1_500, 0.3, hour(1));
        tell(InstructionRecord.MAINTENANCE, RELEASE.until(hour(3)));
        decide(20_000, 0.9, hour(2));
        assertThat(records("signal.maintenance")).hasSizeBetween(5, 15);
        decide(500, 0.3, hour(3));
        tell(InstructionRecord.MAINTENANCE, RELEASE.until(hour(9)));
        trail.clear();
        decide(200, 0.9, hour(8));
        assertThat(records("signal.maintenance")).as("of the next one").isNotEmpty();
    }

    /** It is a person's word, whatever is being read at the time. */
    @Test
    void relearnWhileTheGuardIsBuilt_isDoneAllTheSame() {
        states.replay(new StoredRecord(
                1,
                Instant.EPOCH,
                MarkRecord.TYPE,
                JsonNodeFactory.instance.objectNode().put("mark", "m")));
        states.replay(new StoredRecord(
                2,
                Instant.EPOCH,
                StateRecord.TYPE,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("mark", "m")
                        .put("model", "credit")
                        .put("detector", "denials")
                        .put("state_v", 1)));
        ObjectNode marked = JsonNodeFactory.instance.objectNode().put("mark", "m");
        marked.putArray("models")
                .addObject()
                .put("model", "credit")
                .put("states_of", "m")
                .put("states", 1);
        states.replay(new StoredRecord(3, Instant.EPOCH, MarkedRecord.TYPE, marked));
        decide(1_500, 0.3, hour(1));
        engine.end();
        engine.take((MarkRecord) trail.get(trail.size() - 1));
        String state = trail.stream()
                .filter(StateRecord.class::isInstance)
                .map(entry -> ((StateRecord) entry).state())
                .reduce((one, later) -> later)
                .orElseThrow();
        List<Long> read = new ArrayList<>();
        DetectionEngine next = Engines.of(states, trail::add, signals::add);
        Past past = new Past() {
            @Override
            public Optional<JsonNode> state(long sequence) {
                try {
                    JsonNode json = new ObjectMapper().readTree(state);
                    next.take(new InstructionRecord(InstructionRecord.RELEARN, "credit", RELEASE, 0), 0);
                    return Optional.of(json);
                } catch (JsonProcessingException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void decisions(GuardInfo of, Span span, Sink sink) {
                read.add(span.after());
            }
        };
        next.register(guard, List.of(DENIALS), past);
        assertThat(next.learns("credit")).isTrue();
        assertThat(read).as("told behind all that").isEmpty();
    }

    @Test
    void maintenance_teachesNothing() {
        decide(500, 0.1, hour(1));
        tell(InstructionRecord.MAINTENANCE, RELEASE.until(hour(3)));
        decide(5_000, 0.9, hour(2));
        decide(1_000, 0.1, hour(3));
        decide(100, 0.9, hour(4));
        assertThat(signals).isNotEmpty();
        assertThat(signals.get(0).evidence().baseline()).isLessThan(0.2);
    }

    @Test
    void maintenance_canBeEndedEarly() {
        decide(1_500, 0.3, hour(1));
        tell(InstructionRecord.MAINTENANCE, RELEASE.until(hour(9)));
        tell(InstructionRecord.MAINTENANCE, RELEASE.until(hour(2)));
        decide(200, 0.9, hour(3));
        assertThat(signals).isNotEmpty();
    }

    /** Of two planned changes only the second is known after a crash, so nothing of the first may be read again. */
    @Test
    void whatIsTold_setsAMark() {
        decide(1_500, 0.3, hour(1));
        for (String type : List.of(InstructionRecord.MAINTENANCE, InstructionRecord.RELEARN)) {
            trail.clear();
            tell(type, RELEASE.until(hour(3)));
            assertThat(trail).hasExactlyElementsOfTypes(MarkRecord.class);
        }
    }

    @Test
    void maintenance_goesOnAfterARestart() {
        decide(1_500, 0.3, hour(1));
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("model", "credit");
        json.put("until", hour(3).toString());
        states.replay(new StoredRecord(1, hour(1), InstructionRecord.MAINTENANCE, json));
        engine = started();
        decide(1_000, 0.3, hour(2));
        assertThat(trail)
                .as("nothing is learned")
                .noneMatch(entry -> entry.type().equals("signal.maintenance"));
        decide(1_500, 0.3, hour(3));
        decide(200, 0.9, hour(4));
        assertThat(signals).isNotEmpty();
    }

    @Test
    void relearn_takesWhatComesForTheNorm() {
        decide(1_500, 0.3, hour(1));
        tell(InstructionRecord.RELEARN, RELEASE);
        assertThat(engine.learns("credit")).isTrue();
        decide(3_000, 0.6, hour(2));
        assertThat(signals).isEmpty();
        decide(200, 1, hour(3));
        assertThat(signals.get(0).evidence().baseline()).isBetween(0.5, 0.7);
    }

    @Test
    void readings_areThoseOfTheLastTick() {
        assertThat(engine.readings("credit")).isEmpty();
        decide(1_500, 0.3, hour(1));
        engine.tick();
        assertThat(engine.readings("credit")).singleElement().satisfies(reading -> {
            assertThat(reading.detector()).isEqualTo("denials");
            assertThat(reading.threshold()).isEqualTo(100_000);
            assertThat(reading.baseline()).isBetween(0.2, 0.4);
            assertThat(reading.statistic()).isPositive().isLessThan(100_000);
        });
        assertThat(engine.readings("unknown")).isEmpty();
    }
}
