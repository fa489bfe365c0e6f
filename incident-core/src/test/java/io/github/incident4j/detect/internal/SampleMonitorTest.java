// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.CallFacts;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.model.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What each kind of detection watches, and what it leaves out. */
class SampleMonitorTest {
    private static final long MILLI = 1_000_000;
    private static final Failure ERROR = new Failure.ModelError(new IllegalStateException("down"));
    private static final Failure OPEN = new Failure.BreakerOpen();
    private static final Failure BLOCKED = new Failure.OutputBlocked(new Judgement(
            "pii", Judgement.Stage.OUTPUT, Judgement.Action.BLOCK, new Finding("rule", "pii", "", Severity.P2), false));
    private static final int NOBODY = -1;

    private final List<Signal> signals = new ArrayList<>();
    private final Set<Segment> diverted = new HashSet<>();
    private final DetectionEngine engine = Engines.of(new DetectorStates(), entry -> {}, signals::add, diverted);
    private final SplittableRandom random = new SplittableRandom(1);
    private GuardInfo guard = guard(List.of());
    private long number;

    private static GuardInfo guard(List<String> categories) {
        return new GuardInfo(
                1,
                "credit",
                List.of(
                        GuardInfos.route("v2", RouteKind.MODEL),
                        GuardInfos.route("v1", RouteKind.MODEL),
                        GuardInfos.route("rule", RouteKind.RULE)),
                List.of("region"),
                List.of("denials", "score"),
                categories,
                GuardInfos.recording(Durability.GROUP));
    }

    private void watch(Detection<?, ?> detection) {
        guard = guard(detection.readsCategory() ? List.of(detection.name()) : List.of());
        Engines.register(engine, guard, detection);
    }

    /** One decision. */
    private final class Case {
        private int route;
        private long latency = MILLI;
        private double denied;
        private @Nullable String region = "north";
        private @Nullable String category;
        private @Nullable TokenUsage usage;
        private final List<Skipped> skipped = new ArrayList<>();
        private final List<Judgement> judgements = new ArrayList<>();

        Case by(int newRoute) {
            route = newRoute;
            return this;
        }

        Case skipped(String name, Failure failure) {
            skipped.add(new Skipped(name, failure));
            return this;
        }

        void decide() {
            number++;
            CallFacts facts =
                    usage == null ? null : new CallFacts(null, null, null, null, usage, null, null, false, List.of());
            @Nullable
            String[] labels = guard.categories().isEmpty()
                    ? new @Nullable String[] {region}
                    : new @Nullable String[] {region, category};
            engine.observe(
                    route == NOBODY
                            ? DecisionRecord.refused(
                                    guard, number, number, 1, 0, ERROR, skipped, judgements, labels, facts)
                            : DecisionRecord.answered(
                                    guard,
                                    number,
                                    number,
                                    latency,
                                    route,
                                    0,
                                    -1,
                                    skipped,
                                    judgements,
                                    labels,
                                    new double[] {denied, 0},
                                    facts),
                    number);
        }
    }

    private void decide(int times, Runnable one) {
        for (int i = 0; i < times; i++) {
            one.run();
        }
    }

    private static <I, O> Detection<I, O> quick(Detection<I, O> detection) {
        return detection.warmUp(1_000).falseAlarmAtMostOncePer(100_000);
    }

    @Test
    void errors_areThoseOfTheVersionThatWasTried() {
        watch(quick(Detectors.errors()));
        Runnable sound = () -> {
            Case next = new Case();
            if (random.nextInt(50) == 0) {
                next.by(1).skipped("v2", ERROR);
            }
            next.decide();
        };
        decide(3_000, sound);
        decide(
                2_000,
                () -> new Case().by(2).skipped("v2", OPEN).skipped("v1", OPEN).decide());
        assertThat(signals).as("what a breaker holds back is counted already").isEmpty();
        decide(200, () -> {
            Case next = new Case().by(NOBODY).skipped("v2", OPEN).skipped("v1", ERROR);
            next.decide();
        });
        assertThat(signals).isNotEmpty();
        Signal first = signals.get(0);
        assertThat(first.route()).isEqualTo("v1");
        assertThat(first.type()).isEqualTo(IncidentType.AVAILABILITY);
        assertThat(first.sentence())
                .contains("'errors' rose from", "to 100.0 % (99 % interval ", "–100.0 %) of the attempts");
    }

    /** A guardrail that has become stricter makes no version fail more often. */
    @Test
    void answersThatAreBlocked_areNoErrors() {
        watch(quick(Detectors.errors()));
        Runnable sound = () -> {
            Case next = new Case();
            if (random.nextInt(25) == 0) {
                next.by(1).skipped("v2", ERROR);
            }
            next.decide();
        };
        decide(3_000, sound);
        decide(10_000, () -> {
            Case next = new Case();
            if (random.nextInt(25) == 0) {
                next.by(1).skipped("v2", ERROR);
            } else if (random.nextInt(10) < 8) {
                next.by(1).skipped("v2", BLOCKED);
            }
            next.decide();
        });
        assertThat(signals).isEmpty();
    }

    @Test
    void fallbacks_doNotCountWhatASwitchDiverts() {
        watch(quick(Detectors.fallbacks()));
        decide(3_000, () -> new Case().decide());
        decide(
                2_000,
                () -> new Case().by(1).skipped("v2", new Failure.OutOfScope()).decide());
        assertThat(signals).isEmpty();
        decide(
                500,
                () -> new Case()
                        .by(2)
                        .skipped("v2", new Failure.BreakerOpen(true))
                        .decide());
        assertThat(signals).as("a containment").isEmpty();
        decide(60, () -> new Case().by(2).skipped("v2", ERROR).decide());
        decide(60, () -> new Case().by(NOBODY).skipped("v2", BLOCKED).decide());
        assertThat(signals).isNotEmpty().allMatch(signal -> signal.route().equals("v2"));
        assertThat(signals.get(0).sentence()).contains("of the calls");
    }

    /** It has minded slow calls, of which none has failed. */
    @Test
    void fallbacks_countWhatABreakerKeepsBackByItself() {
        watch(quick(Detectors.fallbacks()));
        decide(3_000, () -> new Case().decide());
        decide(60, () -> new Case().by(2).skipped("v2", OPEN).decide());
        assertThat(signals).isNotEmpty();
    }

    /** It costs the call twice. */
    @Test
    void interventions_countWhatWasSentBackAndThenAccepted() {
        watch(quick(Detectors.interventions("redactions", "pii")));
        decide(2_000, () -> new Case().decide());
        decide(60, () -> {
            Case next = new Case().by(1).skipped("v2", BLOCKED);
            next.judgements.add(judgement("pii", Judgement.Action.RETRY, false));
            next.decide();
        });
        assertThat(signals)
                .as("of v2, it may be")
                .noneMatch(signal -> signal.route().equals("v1"));
        signals.clear();
        decide(60, () -> {
            Case next = new Case();
            next.judgements.add(judgement("pii", Judgement.Action.RETRY, false));
            next.decide();
        });
        assertThat(signals).isNotEmpty();
    }

    @Test
    void slowAnswers_areThoseOfTheRouteThatWasTriedFirst() {
        watch(quick(Detectors.slowerThan(Duration.ofMillis(200))));
        decide(3_000, () -> new Case().decide());
        decide(1_000, () -> {
            Case next = new Case().by(1).skipped("v2", ERROR);
            next.latency = 900 * MILLI;
            next.decide();
        });
        assertThat(signals).as("v2 was slow, not v1").isEmpty();
        decide(100, () -> {
            Case next = new Case();
            next.latency = 201 * MILLI;
            next.decide();
        });
        assertThat(signals).isNotEmpty();
        assertThat(signals.get(0).evidence().current()).isGreaterThan(0.9);
    }

    @Test
    void latency_isOnlyWatchedForBecomingSlower() {
        watch(quick(Detectors.latency()));
        Runnable sound = () -> {
            Case next = new Case();
            next.latency = 50 * MILLI + random.nextInt((int) (50 * MILLI));
            next.decide();
        };
        decide(4_000, sound);
        decide(2_000, () -> new Case().decide());
        assertThat(signals).as("faster").isEmpty();
        decide(2_000, () -> {
            Case next = new Case();
            next.latency = 70 * MILLI + random.nextInt((int) (50 * MILLI));
            next.decide();
        });
        assertThat(signals).isNotEmpty();
        assertThat(signals.get(0).sentence()).contains("'latency' became higher");
    }

    @Test
    void tokens_areThoseThatTheHostTells() {
        watch(quick(Detectors.tokens()));
        decide(2_000, () -> {
            Case next = new Case();
            next.usage = new TokenUsage(100 + random.nextInt(100), -1);
            next.decide();
        });
        decide(1_000, () -> new Case().decide());
        assertThat(signals).as("nobody has told").isEmpty();
        decide(1_000, () -> {
            Case next = new Case();
            next.usage = new TokenUsage(100 + random.nextInt(100), 100);
            next.decide();
        });
        assertThat(signals).isNotEmpty().allMatch(signal -> signal.severity() == Severity.P3);
    }

    @Test
    void interventions_areBlocksAndRewritesOfTheNamedGuardrails() {
        watch(quick(Detectors.interventions("redactions", "pii")));
        decide(2_000, () -> new Case().decide());
        decide(1_000, () -> {
            Case flagged = new Case();
            flagged.judgements.add(judgement("pii", Judgement.Action.FLAG, false));
            flagged.judgements.add(judgement("pii", Judgement.Action.REWRITE, true));
            flagged.judgements.add(judgement("length", Judgement.Action.REWRITE, false));
            flagged.decide();
        });
        assertThat(signals).isEmpty();
        decide(40, () -> new Case().by(1).skipped("v2", BLOCKED).decide());
        assertThat(signals).extracting(Signal::route).contains("v2").doesNotContain("v1");
        signals.clear();
        decide(40, () -> {
            Case rewritten = new Case().by(1);
            rewritten.judgements.add(judgement("pii", Judgement.Action.REWRITE, false));
            rewritten.decide();
        });
        assertThat(signals).extracting(Signal::route).contains("v1").doesNotContain("v2");
    }

    private static Judgement judgement(String guardrail, Judgement.Action action, boolean monitored) {
        return new Judgement(
                guardrail, Judgement.Stage.OUTPUT, action, new Finding("rule", "pii", "", Severity.P2), monitored);
    }

    @Test
    void categories_signalTheOneThatChanged() {
        watch(quick(Detectors.inputCategories("housing", (Object input) -> "")));
        decide(2_000, () -> housing(random.nextInt(10) < 7 ? "own" : "rent"));
        decide(500, () -> housing(null));
        assertThat(signals).as("missing").isEmpty();
        decide(300, () -> housing(random.nextInt(10) < 7 ? "own" : "A151"));
        assertThat(signals).isNotEmpty();
        assertThat(signals.get(0).sentence())
                .contains("'housing' changed: other categories, the last one 'A151', rose from 0.0 % to");
        assertThat(signals.get(0).type()).isEqualTo(IncidentType.DATA_QUALITY);
        assertThat(signals.get(0).onsetDecision()).isBetween(2_480L, 2_530L);
    }

    private void housing(@Nullable String category) {
        Case next = new Case();
        next.category = category;
        next.decide();
    }

    /** The tail of a category that is never exhausted: its share is the same from the first to the last. */
    @Test
    void newNamesAllTheTime_areNoChange() {
        for (int run = 0; run < Simulation.runs(20); run++) {
            DetectionEngine next = Engines.telling(signals::add);
            guard = guard(List.of("merchant"));
            Engines.register(
                    next,
                    guard,
                    Detectors.inputCategories("merchant", (Object input) -> "").warmUp(300));
            for (int i = 0; i < 4_000; i++) {
                String merchant = random.nextInt(10) == 0 ? "new-" + i : "usual";
                next.observe(
                        DecisionRecord.answered(
                                guard,
                                i,
                                i,
                                1,
                                0,
                                0,
                                -1,
                                List.of(),
                                List.of(),
                                new @Nullable String[] {"north", merchant},
                                new double[] {0, 0},
                                null),
                        i);
            }
        }
        assertThat(signals).isEmpty();
    }

    private void divert(String... regions) {
        diverted.clear();
        for (String region : regions) {
            diverted.add(new Segment("region", region));
        }
        engine.lookAtSwitches();
    }

    /** A containment or a ramp sends a region elsewhere, in part: the mix is another one, and that is no harm. */
    @Test
    void mixWhileASegmentIsDiverted_isNotWatched() {
        watch(quick(Detectors.inputCategories("region-again", (Object input) -> "")));
        decide(3_000, () -> inBoth(random.nextInt(4)));
        divert("r1");
        decide(200, () -> inBoth(1)); // in flight, or a ramp
        decide(3_000, () -> inBoth(random.nextInt(2) * 2));
        assertThat(signals).isEmpty();
        assertThat(engine.watches("credit", "v2")).isFalse();
        assertThat(engine.recovery("credit", "v2", Optional.empty())).isEmpty();
        divert();
        decide(500, () -> inBoth(random.nextInt(4)));
        assertThat(signals).as("back").isEmpty();
        assertThat(engine.watches("credit", "v2")).isTrue();
        decide(500, () -> inBoth(2));
        assertThat(signals).isNotEmpty();
    }

    /** The rest is denied more often than all were. */
    @Test
    void answersWhileASegmentIsDiverted_areNotWatchedButOfEachSegment() {
        Detection<Object, Boolean> denials =
                quick(Detectors.<Boolean>rate("denials", denied -> denied)).warmUp(500);
        watch(denials);
        Runnable all = () -> {
            int region = random.nextInt(2);
            Case next = new Case();
            next.region = "r" + region;
            next.denied = random.nextDouble() < (region == 0 ? 0.6 : 0.05) ? 1 : 0;
            next.decide();
        };
        decide(3_000, all);
        divert("r1");
        decide(1_000, () -> inRegion(0, 0.6));
        assertThat(signals).isEmpty();
        divert();
        decide(1_000, all);
        assertThat(signals).isEmpty();
    }

    @Test
    void segmentsByThemselves_areWatchedWhileOneIsDiverted() {
        watch(quick(Detectors.<Boolean>rate("denials", denied -> denied))
                .warmUp(500)
                .by("region"));
        decide(3_000, () -> inRegion(random.nextInt(2), 0.1));
        divert("r1");
        decide(500, () -> inRegion(0, 0.9));
        assertThat(signals).isNotEmpty();
    }

    /** What is to last is made the norm by whoever answers for it. */
    @Test
    void mixThatWasLearned_isWatched() {
        diverted.add(new Segment("region", "r1"));
        watch(quick(Detectors.inputCategories("region-again", (Object input) -> "")));
        decide(3_000, () -> inBoth(random.nextInt(2) * 2));
        decide(500, () -> inBoth(2));
        assertThat(signals).isNotEmpty();
    }

    @Test
    void decisionsMadeBeforeASegmentWasBack_areOfTheOtherMix() {
        watch(quick(Detectors.inputCategories("region-again", (Object input) -> "")));
        decide(3_000, () -> inBoth(random.nextInt(4)));
        divert("r1");
        divert();
        number -= 1_000_000; // made before
        decide(500, () -> inBoth(2));
        assertThat(signals).isEmpty();
    }

    private void inBoth(int region) {
        Case next = new Case();
        next.region = "r" + region;
        next.category = "r" + region;
        next.decide();
    }

    /** A ramp of a route asks for evidence of those that it answers. */
    @Test
    void valuesWithoutTraffic_haveNoSayInARecovery() {
        watch(quick(Detectors.<Boolean>rate("denials", denied -> denied))
                .warmUp(300)
                .by("region"));
        decide(4_000, () -> inRegion(random.nextInt(4), 0.1));
        engine.rearm("credit");
        assertThat(engine.recovery("credit", "v2", Optional.empty())
                        .orElseThrow()
                        .value())
                .as("nothing was seen")
                .isZero();
        decide(1_000, () -> inRegion(random.nextInt(3), 0.01));
        assertThat(engine.recovery("credit", "v2", Optional.empty())
                        .orElseThrow()
                        .value())
                .isGreaterThan(20);
    }

    /** Its silence is no evidence, and the lack of it holds no ramp up. */
    @Test
    void detectorThatCannotTellOfARoute_hasNoSayInARecovery() {
        watch(quick(Detectors.fallbacks()));
        decide(100, () -> new Case().decide());
        assertThat(engine.watches("credit", "v2")).isTrue();
        assertThat(engine.watches("credit", "v1")).isFalse();
        watch(quick(Detectors.tokens()));
        assertThat(engine.watches("credit", "v2")).as("they may come").isTrue();
        decide(200, () -> new Case().decide());
        assertThat(engine.watches("credit", "v2")).isFalse();
        assertThat(engine.recovery("credit", "v2", Optional.empty())).isEmpty();
    }

    /** The trail has what was made fit for it, and what is read again must be the same category. */
    @Test
    void categoryWithCharactersThatTheTrailDoesNotKeep_isTheSameAsInTheTrail() {
        watch(quick(Detectors.inputCategories("housing", (Object input) -> "")));
        decide(2_000, () -> housing("own\uD800"));
        decide(500, () -> housing(Text.clean("own\uD800")));
        assertThat(signals).isEmpty();
    }

    @Test
    void nameOfACategory_isCutBetweenCharacters() {
        watch(quick(Detectors.inputCategories("housing", (Object input) -> "")));
        decide(2_000, () -> housing("own"));
        decide(100, () -> housing("x".repeat(39) + "\uD83D\uDE00 and more"));
        assertThat(signals.get(0).sentence()).contains("'" + "x".repeat(39) + "…'");
    }

    /** More categories than can be told apart are one. */
    @Test
    void categoriesBeyondTheBound_areOne() {
        watch(quick(Detectors.inputCategories("id", (Object input) -> "")));
        decide(20_000, () -> housing("customer-" + random.nextInt(1_000_000)));
        assertThat(signals).as("each is new, as it was in the warm-up").isEmpty();
    }

    /** On the whole a few more denials, in one region nothing else. */
    @Test
    void bySegment_findsWhatIsPlausibleOnTheWhole() {
        Detection<Object, Boolean> denials =
                quick(Detectors.<Boolean>rate("denials", denied -> denied)).warmUp(500);
        List<Signal> onTheWhole = new ArrayList<>();
        DetectionEngine whole = Engines.telling(onTheWhole::add);
        watch(denials.by("region"));
        Engines.register(whole, guard, denials.named("score"));
        decide(20_000, () -> inRegion(random.nextInt(20), 0.3));
        assertThat(signals).isEmpty();
        decide(2_000, () -> {
            int region = random.nextInt(20);
            inRegion(region, region == 7 ? 0.8 : 0.3);
        });
        assertThat(signals)
                .isNotEmpty()
                .allMatch(signal -> signal.segment().equals(Optional.of(new Segment("region", "r7"))));
        assertThat(signals.get(0).sentence()).contains("'denials' of region=r7 rose from");
        assertThat(signals.get(0).evidence().baseline()).isBetween(0.2, 0.4);
        assertThat(onTheWhole).isEmpty();
    }

    private void inRegion(int region, double share) {
        Case next = new Case();
        next.region = "r" + region;
        next.denied = random.nextDouble() < share ? 1 : 0;
        next.decide();
    }

    /** An attribute of a million values costs the memory of 32. */
    @Test
    void segmentsBeyondTheBound_areNotWatched() {
        watch(quick(Detectors.<Boolean>rate("denials", denied -> denied))
                .warmUp(100)
                .by("region"));
        decide(10_000, () -> inRegion(random.nextInt(32), 0.1));
        decide(1_000, () -> inRegion(77, 0.1));
        decide(1_000, () -> inRegion(77, 1));
        assertThat(signals).isEmpty();
        decide(1_000, () -> inRegion(3, 1));
        assertThat(signals).isNotEmpty();
    }
}
