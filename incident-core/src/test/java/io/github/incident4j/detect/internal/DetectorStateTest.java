// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.CallFacts;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The law of restarts: what is raised does not depend on how often the process began anew. */
class DetectorStateTest {
    private static final int DECISIONS = 6_000;
    private static final int CHANGE = 4_000;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SplittableRandom random = new SplittableRandom(3);

    /** A trail in memory: states by their number, and the decisions. */
    private static final class Trail implements Past {
        private final List<DecisionRecord> decisions = new ArrayList<>();
        private final List<StoredRecord> records = new ArrayList<>();
        private final List<JsonNode> states = new ArrayList<>();
        private int read;

        void append(TrailEntry entry) {
            StateRecord state = (StateRecord) entry;
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("model", state.model()).put("detector", state.detector()).put("through", state.through());
            json.put("through_ns", state.throughTime()).put("state_v", 1);
            records.add(new StoredRecord(states.size(), Instant.EPOCH, state.type(), json));
            try {
                states.add(MAPPER.readTree(state.state()));
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public Optional<JsonNode> state(long sequence) {
            return Optional.of(states.get((int) sequence));
        }

        @Override
        public void decisions(GuardInfo guard, long epochNanos, Sink sink) {
            for (DecisionRecord decision : decisions) {
                if (decision.number() >= epochNanos) {
                    sink.take(decision, decision.id().toString(), decision.number());
                    read++;
                }
            }
        }

        DetectionEngine engine(GuardInfo guard, Detection<?, ?> detection, List<Signal> signals) {
            DetectorStates known = new DetectorStates();
            records.forEach(known::replay);
            DetectionEngine engine = new DetectionEngine(known, TimeSource.system(), this::append, signals::add);
            engine.register(guard, Detection.sharing(1_000_000, List.of(detection)), this);
            return engine;
        }
    }

    private static GuardInfo guard(Detection<?, ?> detection) {
        return new GuardInfo(
                1,
                "credit",
                List.of(GuardInfos.route("v2", RouteKind.MODEL), GuardInfos.route("v1", RouteKind.MODEL)),
                List.of("region"),
                detection.readsNumber() ? List.of(detection.name()) : List.of(),
                detection.readsCategory() ? List.of(detection.name()) : List.of(),
                GuardInfos.recording(Durability.GROUP));
    }

    static Stream<Detection<?, ?>> detections() {
        List<Detection<?, ?>> all = List.of(
                Detectors.<Object>rate("rate", output -> true),
                Detectors.<Object>rate("given", output -> true).baseline(0.3, 5_000),
                Detectors.<Object>rate("by-region", output -> true).by("region"),
                Detectors.<Object>outputDrift(output -> 1),
                Detectors.<Object>outputDrift(output -> 1).by("region"),
                Detectors.<Object>outputCategories(output -> ""),
                Detectors.<Object>groupDisparity("region", output -> true),
                Detectors.<Object>custom("page", PageTest::new, output -> 1),
                Detectors.errors(),
                Detectors.fallbacks(),
                Detectors.slowerThan(Duration.ofMillis(100)),
                Detectors.latency(),
                Detectors.tokens(),
                Detectors.interventions("redactions", "pii"),
                Detectors.findings("leaks", IncidentType.PRIVACY, "pii"));
        return all.stream()
                .map(detection -> detection.baselineMean().isPresent() ? detection : detection.warmUp(1_000))
                .map(detection -> detection.falseAlarmAtMostOncePer(10_000));
    }

    private DecisionRecord decision(GuardInfo guard, int i) {
        boolean changed = i >= CHANGE;
        double bad = changed ? 0.7 : 0.3;
        boolean north = random.nextBoolean();
        boolean failed = random.nextDouble() < bad;
        double value = random.nextDouble() < (changed && north ? 0.7 : 0.3) ? 1 : 0;
        Judgement judgement = new Judgement(
                "pii",
                Judgement.Stage.OUTPUT,
                Judgement.Action.REWRITE,
                new Finding("rule", "pii", "", Severity.P2),
                false);
        @Nullable String[] labels = {north ? "north" : "south", random.nextDouble() < bad ? "yes" : "no"};
        return DecisionRecord.answered(
                guard,
                i,
                i,
                (changed ? 150_000_000L : 50_000_000L) + random.nextInt(100_000_000),
                failed ? 1 : 0,
                0,
                -1,
                failed ? List.of(new Skipped("v2", new Failure.NoAnswer(""))) : List.of(),
                failed ? List.of() : random.nextDouble() < bad ? List.of(judgement) : List.of(),
                guard.categories().isEmpty() ? new @Nullable String[] {labels[0]} : labels,
                new double[] {north ? value : 1 - value},
                new CallFacts(
                        null,
                        null,
                        null,
                        null,
                        new TokenUsage(changed ? 500 : 100, random.nextInt(600)),
                        null,
                        null,
                        false,
                        List.of()));
    }

    @ParameterizedTest
    @MethodSource("detections")
    void restarts_changeNothing(Detection<?, ?> detection) {
        GuardInfo guard = guard(detection);
        List<Signal> unbroken = new ArrayList<>();
        List<Signal> broken = new ArrayList<>();
        DetectionEngine one = new Trail().engine(guard, detection, unbroken);
        Trail trail = new Trail();
        DetectionEngine other = trail.engine(guard, detection, broken);
        for (int i = 0; i < DECISIONS; i++) {
            DecisionRecord decision = decision(guard, i);
            one.observe(decision, i);
            if (i % 700 == 699) { // in order: what is known goes into the trail
                other.save();
                other = trail.engine(guard, detection, broken);
            } else if (i % 700 == 350) { // a crash: what was decided since is read again
                other = trail.engine(guard, detection, broken);
            }
            other.observe(decision, i);
            trail.decisions.add(decision);
        }
        assertThat(unbroken).isNotEmpty();
        assertThat(broken).usingRecursiveFieldByFieldElementComparator().isEqualTo(unbroken);
        assertThat(trail.read).as("read again after a crash").isGreaterThan(500);
    }

    @Test
    void stateOfAnotherConfiguration_isNotTakenUp() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("rate", output -> true).warmUp(1_000);
        GuardInfo guard = guard(detection);
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, new ArrayList<>());
        for (int i = 0; i < 2_000; i++) {
            engine.observe(decision(guard, i), i);
        }
        engine.save();
        assertThat(trail.engine(guard, detection, new ArrayList<>()).learns("credit"))
                .isFalse();
        assertThat(trail.engine(guard, detection.tolerance(0.2), new ArrayList<>())
                        .learns("credit"))
                .as("the baseline is the same")
                .isFalse();
        assertThat(trail.engine(guard, detection.warmUp(3_000), new ArrayList<>())
                        .learns("credit"))
                .isTrue();
    }

    @Test
    void stateThatCannotBeUnderstood_isAnewBeginning() {
        Detection<Object, Object> detection =
                Detectors.<Object>outputDrift(output -> 1).warmUp(1_000);
        GuardInfo guard = guard(detection);
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, new ArrayList<>());
        for (int i = 0; i < 2_000; i++) {
            engine.observe(decision(guard, i), i);
        }
        engine.save();
        ObjectNode part = (ObjectNode)
                trail.states.get(trail.states.size() - 1).path("parts").path(0);
        ((ObjectNode) part.path("norm")).putArray("sample").add("x");
        assertThat(trail.engine(guard, detection, new ArrayList<>()).learns("credit"))
                .isTrue();
    }

    /** Of the newest state that the trail has, whatever came before. */
    @Test
    void warmUpThatIsOver_isWrittenAtOnce() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("rate", output -> true).warmUp(1_000);
        GuardInfo guard = guard(detection);
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, new ArrayList<>());
        for (int i = 0; i < 999; i++) {
            engine.observe(decision(guard, i), i);
        }
        assertThat(trail.records).as("the first decision").hasSize(1);
        engine.observe(decision(guard, 999), 999);
        assertThat(trail.records).hasSize(2);
        for (int i = 1_000; i < 11_000; i++) {
            engine.observe(decision(guard, Math.min(i, CHANGE - 1)), i);
        }
        assertThat(trail.records).as("and after 10,000 more").hasSize(3);
    }
}
