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
import io.github.incident4j.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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

    /** A trail in memory, in the order in which the journal would write; the detectors see what it has. */
    private static final class Trail implements Past {
        private final List<Object> lines = new ArrayList<>();
        private int read;

        void append(TrailEntry entry) {
            lines.add(entry);
        }

        /** Shows the engine what it has not seen; a mark may have others behind it by then. */
        void pass(DetectionEngine engine, int from) {
            for (int i = from; i < lines.size(); i++) {
                if (lines.get(i) instanceof DecisionRecord decision) {
                    engine.observe(decision, decision.number());
                } else if (lines.get(i) instanceof MarkRecord mark) {
                    engine.take(mark);
                }
            }
        }

        @Override
        public Optional<JsonNode> state(long sequence) {
            try {
                return Optional.of(MAPPER.readTree(((StateRecord) lines.get((int) sequence)).state()));
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void decisions(GuardInfo guard, long after, Sink sink) {
            for (int i = (int) after + 1; i < lines.size(); i++) {
                if (lines.get(i) instanceof DecisionRecord decision) {
                    sink.decided(decision, decision.number());
                    read++;
                } else if (lines.get(i) instanceof RearmedRecord rearmed) {
                    sink.rearmed(rearmed.diverted());
                }
            }
        }

        List<StateRecord> states() {
            return lines.stream()
                    .filter(StateRecord.class::isInstance)
                    .map(StateRecord.class::cast)
                    .toList();
        }

        private static StoredRecord stored(long sequence, TrailEntry entry) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            if (entry instanceof MarkRecord mark) {
                json.put("mark", mark.id());
            } else if (entry instanceof MarkedRecord marked) {
                json.put("mark", marked.mark());
                marked.models().forEach(json.putArray("models")::add);
            } else if (entry instanceof StateRecord state) {
                json.put("model", state.model()).put("detector", state.detector());
                json.put("mark", state.mark()).put("state_v", 1);
            }
            return new StoredRecord(sequence, Instant.EPOCH, entry.type(), json);
        }

        DetectionEngine engine(GuardInfo guard, Detection<?, ?> detection, List<Signal> signals) {
            DetectorStates known = new DetectorStates();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i) instanceof TrailEntry entry && !(entry instanceof DecisionRecord)) {
                    known.replay(stored(i, entry));
                }
            }
            DetectionEngine engine = Engines.of(known, this::append, signals::add);
            Engines.register(engine, guard, detection, this);
            engine.tick();
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
        int passed = 0;
        for (int i = 0; i < DECISIONS; i++) {
            DecisionRecord decision = decision(guard, i);
            one.observe(decision, i);
            trail.append(decision);
            if (i % 700 == 690) {
                other.end(); // a mark, before others are seen that stand before it
            }
            if (i % 10 == 9) { // the detectors are behind
                int until = trail.lines.size();
                trail.pass(other, passed);
                passed = until;
            }
            if (i % 700 == 350) { // a crash: what they have not seen is in the trail, as is what they have
                other = trail.engine(guard, detection, broken);
                passed = trail.lines.size();
                other.observe(refused(guard, i), i); // tells what was found
            }
        }
        trail.pass(other, passed);
        assertThat(unbroken).isNotEmpty();
        assertThat(withoutRepeated(broken))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(withoutRepeated(unbroken));
        assertThat(trail.read).as("read again after a crash").isGreaterThan(500);
    }

    /** What was signalled between a mark and a crash is found again, and joins the same incident. */
    private static List<Signal> withoutRepeated(List<Signal> signals) {
        return List.copyOf(new LinkedHashSet<>(signals));
    }

    private static DecisionRecord refused(GuardInfo guard, int i) {
        return DecisionRecord.refused(
                guard,
                i,
                i,
                1,
                0,
                new Failure.Closed(),
                List.of(),
                List.of(),
                new @Nullable String[guard.segments().size()],
                null);
    }

    private Trail after(int decisions, GuardInfo guard, Detection<?, ?> detection) {
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, new ArrayList<>());
        for (int i = 0; i < decisions; i++) {
            trail.append(decision(guard, i));
        }
        engine.end();
        trail.pass(engine, 0);
        return trail;
    }

    /** Else a crash would undo what a person has done since. */
    @Test
    void harmThatWasDealtWithBeforeACrash_isNotFoundAgain() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("given", output -> true).baseline(0.3, 5_000);
        GuardInfo guard = guard(detection);
        List<Signal> signals = new ArrayList<>();
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, signals);
        trail.pass(engine, 0);
        int i = 0;
        for (; signals.isEmpty(); i++) {
            trail.append(decision(guard, CHANGE));
            trail.pass(engine, trail.lines.size() - 1);
        }
        engine.rearm("credit", Optional.empty());
        for (int after = 0; after < 5; after++) {
            trail.append(decision(guard, 0));
        }
        List<Signal> found = new ArrayList<>();
        trail.engine(guard, detection, found);
        assertThat(i).isGreaterThan(5);
        assertThat(found).isEmpty();
        assertThat(trail.read).isGreaterThan(i);
    }

    @Test
    void stateOfAnotherConfiguration_isNotTakenUp() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("rate", output -> true).warmUp(1_000);
        GuardInfo guard = guard(detection);
        Trail trail = after(2_000, guard, detection);
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
    void stateThatCannotBeUnderstood_isANewBeginning() {
        Detection<Object, Object> detection =
                Detectors.<Object>outputDrift(output -> 1).warmUp(1_000);
        GuardInfo guard = guard(detection);
        Trail trail = after(2_000, guard, detection);
        for (int i = 0; i < trail.lines.size(); i++) {
            if (trail.lines.get(i) instanceof StateRecord state) {
                String rotten = state.state().replaceAll("\"sample\":\\[[^]]*", "\"sample\":[\"x\"");
                trail.lines.set(i, new StateRecord(state.model(), state.detector(), state.mark(), rotten, 0));
            }
        }
        assertThat(trail.engine(guard, detection, new ArrayList<>()).learns("credit"))
                .isTrue();
    }

    /** In an outage the detectors go on, and what they say of a mark that is lost is of nowhere. */
    @Test
    void statesOfAMarkThatIsNotInTheTrail_doNotCount() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("rate", output -> true).warmUp(1_000);
        GuardInfo guard = guard(detection);
        Trail trail = after(2_000, guard, detection);
        trail.lines.removeIf(MarkRecord.class::isInstance);
        assertThat(trail.engine(guard, detection, new ArrayList<>()).learns("credit"))
                .isTrue();
    }

    @Test
    void states_areWrittenAtTheStartAndAfterManyDecisions() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("rate", output -> true).warmUp(1_000);
        GuardInfo guard = guard(detection);
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, new ArrayList<>());
        trail.pass(engine, 0);
        assertThat(trail.states()).hasSize(1);
        for (int i = 0; i < 9_999; i++) {
            engine.observe(decision(guard, Math.min(i, CHANGE - 1)), i);
        }
        int written = trail.lines.size();
        engine.observe(decision(guard, CHANGE - 1), 10_000);
        assertThat(trail.lines).hasSize(written + 1);
        trail.pass(engine, written);
        assertThat(trail.states()).hasSize(2);
    }
}
