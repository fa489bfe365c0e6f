// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.CallFacts;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Alarm;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.detect.Observation;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Label;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
        private final Set<Segment> diverted = new HashSet<>();
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
                } else if (lines.get(i) instanceof FeedbackRecord feedback) {
                    engine.take(feedback, feedback.nanoTime());
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
        public void decisions(GuardInfo guard, Span span, Sink sink) {
            done(span.mark(), sink);
            for (int i = (int) span.after() + 1; i < Math.min(lines.size(), span.before()); i++) {
                if (lines.get(i) instanceof DecisionRecord decision) {
                    String id = decision.id().toString();
                    sink.decided(id, decision, decision.number());
                    done(id, sink);
                    read++;
                } else if (lines.get(i) instanceof FeedbackRecord feedback) {
                    sink.labelled(feedback, feedback.nanoTime());
                    done(feedback.seenName(), sink);
                }
            }
        }

        private void done(String after, Sink sink) {
            for (Object line : List.copyOf(lines)) {
                if (line instanceof SeenRecord seen && seen.after().equals(after)) {
                    sink.done(seen);
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
                ArrayNode models = json.putArray("models");
                for (MarkedRecord.Of each : marked.models()) {
                    ObjectNode of = models.addObject().put("model", each.model());
                    of.put("states_of", each.statesOf()).put("states", each.states());
                    Diversion.write(of.putArray("diverted"), each.diverted());
                }
            } else if (entry instanceof StateRecord state) {
                json.put("model", state.model()).put("detector", state.detector());
                json.put("mark", state.mark()).put("state_v", 1);
            } else if (entry instanceof SeenRecord seen) {
                json.put("model", seen.model());
                Diversion.write(json.putArray("diverted"), seen.diverted());
            } else if (entry instanceof InstructionRecord told) {
                json.put("model", told.model());
                told.cause().until().ifPresent(until -> json.put("until", until.toString()));
            }
            return new StoredRecord(sequence, Instant.EPOCH, entry.type(), json);
        }

        DetectionEngine engine(GuardInfo guard, Detection<?, ?> detection, List<Signal> signals) {
            return engine(guard, Detection.sharing(1_000_000, List.of(detection)), signals);
        }

        DetectionEngine engine(GuardInfo guard, List<? extends Detection<?, ?>> detections, List<Signal> signals) {
            DetectorStates known = new DetectorStates();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i) instanceof TrailEntry entry && !(entry instanceof DecisionRecord)) {
                    known.replay(stored(i, entry));
                }
            }
            DetectionEngine engine = Engines.of(known, this::append, signals::add, diverted);
            engine.register(guard, detections, this);
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
                Detectors.findings("leaks", IncidentType.PRIVACY, "pii"),
                Detectors.<Object>accuracy(output -> "").labelsWithin(500),
                Detectors.<Object>accuracy(output -> "").by("region").labelsWithin(500),
                Detectors.<Object>brier(output -> 1).labelsWithin(500),
                Detectors.<Object>falsePositiveDisparity("region", output -> true)
                        .labelsWithin(500));
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
        @Nullable
        String[] labels = {
            north ? "north" : "south", String.valueOf(random.nextDouble() < (changed && north ? 0.95 : 0.3))
        };
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

    /** What turns out to be true of a decision before it; some never get a label, some get it late, some get two. */
    private static FeedbackRecord feedback(GuardInfo guard, int i, SplittableRandom random) {
        int decision = Math.max(0, i - random.nextInt(20 + i % 700));
        return new FeedbackRecord(
                guard.model(), new DecisionId(guard.runtime(), decision), Label.of(random.nextInt(10) == 0), i);
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
        SplittableRandom labelled = new SplittableRandom(4);
        for (int i = 0; i < DECISIONS; i++) {
            DecisionRecord decision = decision(guard, i);
            one.observe(decision, i);
            trail.append(decision);
            if (detection.kind().isOfLabels()) {
                FeedbackRecord feedback = feedback(guard, i, labelled);
                one.take(feedback, i);
                trail.append(feedback);
            }
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
        engine.rearm("credit");
        for (int after = 0; after < 5; after++) {
            trail.append(decision(guard, 0));
        }
        List<Signal> found = new ArrayList<>();
        trail.engine(guard, detection, found);
        assertThat(i).isGreaterThan(5);
        assertThat(found).isEmpty();
        assertThat(trail.read).isGreaterThan(i);
    }

    /** What they did not see before they began anew, they see after a crash. */
    @Test
    void harmBehindWhatWasDealtWith_isFoundAfterACrash() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("given", output -> true).baseline(0.3, 5_000);
        GuardInfo guard = guard(detection);
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, new ArrayList<>());
        trail.pass(engine, 0);
        int seen = trail.lines.size();
        trail.append(decision(guard, CHANGE));
        trail.pass(engine, seen);
        for (int i = 1; i < 100; i++) { // not seen yet
            trail.append(decision(guard, CHANGE + i));
        }
        engine.rearm("credit");
        List<Signal> found = new ArrayList<>();
        trail.engine(guard, detection, found);
        assertThat(found).isNotEmpty();
    }

    /** A person may have resolved its incident since. */
    @Test
    void signalThatWasTold_isNotToldAgainAfterACrash() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("given", output -> true).baseline(0.3, 5_000);
        GuardInfo guard = guard(detection);
        List<Signal> signals = new ArrayList<>();
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, signals);
        trail.pass(engine, 0);
        for (int i = CHANGE; signals.isEmpty(); i++) {
            trail.append(decision(guard, i));
            trail.pass(engine, trail.lines.size() - 1);
        }
        engine.tick();
        engine.tick();
        assertThat(trail.lines.stream().filter(SeenRecord.class::isInstance)).hasSize(1);
        List<Signal> found = new ArrayList<>();
        trail.engine(guard, detection, found);
        assertThat(found).isEmpty();
        trail.lines.removeIf(SeenRecord.class::isInstance);
        trail.engine(guard, detection, found);
        assertThat(found).as("nothing says that it was told").hasSize(1);
    }

    private static DecisionRecord of(GuardInfo guard, int i, String region) {
        @Nullable String[] labels = {region, region};
        return DecisionRecord.answered(guard, i, i, 1, 0, 0, -1, List.of(), List.of(), labels, new double[0], null);
    }

    /** By a containment: the deployment that follows sees the rest of the traffic from the first decision on. */
    @Test
    void segmentThatIsDiverted_isSoAfterARestartAndAfterACrash() {
        Detection<Object, Object> detection =
                Detectors.<Object>outputCategories(output -> "").warmUp(1_000).falseAlarmAtMostOncePer(10_000);
        GuardInfo guard = guard(detection);
        List<Signal> signals = new ArrayList<>();
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, signals);
        for (int i = 0; i < 2_000; i++) {
            trail.append(of(guard, i, i % 2 == 0 ? "north" : "south"));
        }
        trail.pass(engine, 0);
        trail.diverted.add(new Segment("region", "south"));
        engine.lookAtSwitches();
        int passed = trail.lines.size();
        for (int i = 2_000; i < 2_500; i++) {
            trail.append(of(guard, i, "north"));
        }
        trail.pass(engine, passed);
        engine = trail.engine(guard, detection, signals); // a crash
        passed = trail.lines.size();
        engine.end();
        trail.pass(engine, passed - 1);
        engine = trail.engine(guard, detection, signals); // a restart
        for (int i = 2_500; i < 3_000; i++) {
            engine.observe(of(guard, i, "north"), i);
        }
        assertThat(signals).isEmpty();
        trail.diverted.clear(); // while it is down
        engine = trail.engine(guard, detection, signals);
        assertThat(engine.learns("credit")).isFalse();
        for (int i = 3_000; i < 3_500; i++) {
            engine.observe(of(guard, i, i % 2 == 0 ? "north" : "south"), i);
        }
        assertThat(signals).isEmpty();
        for (int i = 3_500; i < 4_000; i++) {
            engine.observe(of(guard, i, "north"), i);
        }
        assertThat(signals).isNotEmpty();
    }

    /** It may last longer than the records of its beginning are kept. */
    @Test
    void segmentThatIsDivertedForLong_isSoAfterACrash() {
        Detection<Object, Object> detection =
                Detectors.<Object>outputCategories(output -> "").warmUp(1_000).falseAlarmAtMostOncePer(10_000);
        GuardInfo guard = guard(detection);
        List<Signal> signals = new ArrayList<>();
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, signals);
        for (int i = 0; i < 2_000; i++) {
            trail.append(of(guard, i, i % 2 == 0 ? "north" : "south"));
        }
        trail.pass(engine, 0);
        trail.diverted.add(new Segment("region", "south"));
        engine.lookAtSwitches();
        trail.lines.replaceAll(line -> line instanceof SeenRecord ? "dropped by retention" : line);
        int passed = trail.lines.size();
        engine.end();
        trail.pass(engine, passed);
        passed = trail.lines.size();
        for (int i = 2_000; i < 2_500; i++) {
            trail.append(of(guard, i, "north"));
        }
        trail.pass(engine, passed);
        trail.engine(guard, detection, signals); // a crash
        assertThat(trail.read).isGreaterThanOrEqualTo(500);
        assertThat(signals).isEmpty();
    }

    /** As in an outage: what they hold is read again from where the trail knows all. */
    @Test
    void stateThatIsMissing_movesNothing() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("rate", output -> true).warmUp(1_000);
        GuardInfo guard = guard(detection);
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, new ArrayList<>());
        trail.pass(engine, 0);
        int passed = trail.lines.size();
        for (int i = 0; i < 2_000; i++) {
            trail.append(decision(guard, i));
        }
        engine.end();
        trail.pass(engine, passed);
        trail.lines.removeIf(line -> line.equals(trail.states().get(1)));
        DetectionEngine next = trail.engine(guard, detection, new ArrayList<>());
        assertThat(trail.read).isEqualTo(2_000);
        next.end();
        trail.pass(next, trail.lines.size() - 1);
        trail.read = 0;
        trail.engine(guard, detection, new ArrayList<>());
        assertThat(trail.read).isZero();
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

    /** It is off in this run, too, and nobody else would say so. */
    @Test
    void faultOfADetectorInWhatIsReadAgain_isTold() {
        Detection<Object, Object> detection = Detectors.custom(
                "mine",
                () -> new PageTest() {
                    @Override
                    public Optional<Alarm> observe(Observation observation) {
                        throw new IllegalStateException("broken");
                    }
                },
                output -> 1);
        GuardInfo guard = guard(detection);
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, new ArrayList<>());
        trail.pass(engine, 0);
        for (int i = 0; i < 20; i++) {
            trail.append(decision(guard, i));
        }
        assertThatThrownBy(() -> trail.engine(guard, detection, new ArrayList<>()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("detector 'mine' has thrown 10 times");
    }

    private static DecisionRecord bad(GuardInfo guard, int i) {
        return DecisionRecord.answered(
                guard,
                i,
                i,
                1,
                0,
                0,
                -1,
                List.of(),
                List.of(),
                new @Nullable String[] {"north"},
                new double[] {1},
                null);
    }

    /** The evidence of a planned change is no evidence after it. */
    @Test
    void maintenanceThatEndsWhileTheProcessIsDown_isForgotten() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("given", output -> true).baseline(0.3, 5_000);
        GuardInfo guard = guard(detection);
        List<Signal> signals = new ArrayList<>();
        DetectionEngine fresh = new Trail().engine(guard, detection, signals);
        int enough = 0;
        while (signals.isEmpty()) {
            fresh.observe(bad(guard, enough), enough++);
        }
        signals.clear();
        Trail trail = new Trail();
        DetectionEngine engine = trail.engine(guard, detection, signals);
        trail.pass(engine, 0);
        InstructionRecord told = new InstructionRecord(
                InstructionRecord.MAINTENANCE,
                "credit",
                Cause.by("release-train").because("4.2").until(Instant.EPOCH.plusNanos(enough)),
                0);
        trail.append(told);
        engine.take(told, 0);
        int passed = trail.lines.size();
        for (int i = 0; i < enough - 1; i++) {
            trail.append(bad(guard, i));
        }
        engine.end();
        trail.pass(engine, passed);
        engine = trail.engine(guard, detection, signals);
        engine.observe(bad(guard, enough), enough);
        assertThat(signals).isEmpty();
        for (int i = 1; i < enough; i++) {
            engine.observe(bad(guard, enough + i), enough + i);
        }
        assertThat(signals).as("watched since").hasSize(1);
    }

    /** When its detectors come back, they must not find what was decided without them. */
    @Test
    void modelWithoutDetectorsForAWhile_isNotReadAgainFromThere() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("rate", output -> true).warmUp(1_000);
        GuardInfo guard = guard(detection);
        Trail trail = after(2_000, guard, detection);
        DetectionEngine without = trail.engine(guard, List.of(), new ArrayList<>());
        int passed = trail.lines.size();
        for (int i = 0; i < 500; i++) {
            trail.append(decision(guard, CHANGE + i));
        }
        without.end();
        trail.pass(without, passed);
        trail.read = 0;
        List<Signal> signals = new ArrayList<>();
        assertThat(trail.engine(guard, detection, signals).learns("credit")).isFalse();
        assertThat(trail.read).isZero();
        assertThat(signals).isEmpty();
    }

    @Test
    void modelThatNeverHadDetectors_leavesNoMarks() {
        List<TrailEntry> trail = new ArrayList<>();
        DetectionEngine engine = Engines.of(new DetectorStates(), trail::add, signal -> {});
        engine.register(guard(Detectors.errors()), List.of(), Past.NONE);
        engine.tick();
        assertThat(trail).isEmpty();
    }

    /** A weekly batch beside others, of which none is watched; and what is old goes one day. */
    @Test
    void marks_areSetEachHour() {
        Detection<Object, Object> detection =
                Detectors.<Object>rate("rate", output -> true).warmUp(1_000);
        Instant[] now = {Instant.EPOCH};
        List<TrailEntry> trail = new ArrayList<>();
        DetectionEngine engine = Engines.of(
                new DetectorStates(), trail::add, signal -> {}, Set.of(), TimeSource.following(() -> now[0]));
        Engines.register(engine, guard(detection), detection);
        engine.tick();
        assertThat(trail).hasSize(1);
        now[0] = now[0].plusSeconds(3_601);
        engine.tick();
        engine.tick();
        assertThat(trail).hasSize(2).allMatch(MarkRecord.class::isInstance);
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
