// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Judgement.Action;
import io.github.incident4j.model.Judgement.Stage;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.Skipped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FindingMonitorTest {
    private static final GuardInfo GUARD = new GuardInfo(
            1,
            "chat",
            List.of(
                    GuardInfos.route("v2", RouteKind.MODEL),
                    GuardInfos.route("v1", RouteKind.MODEL),
                    GuardInfos.route("rule", RouteKind.RULE)),
            List.of(),
            List.of(),
            GuardInfos.recording(Durability.GROUP));
    private static final int NOBODY = -1;

    private final List<Signal> signals = new ArrayList<>();
    private final DetectionEngine engine = Engines.telling(signals::add);
    private long number;

    private void watch(Detection<?, ?> detection) {
        Engines.register(engine, GUARD, detection);
    }

    private static Detection<Object, Object> leaks() {
        return Detectors.findings("leaks", IncidentType.PRIVACY, "pii", "secret")
                .baseline(0.01, 10_000)
                .falseAlarmAtMostOncePer(10_000);
    }

    private static Judgement judgement(Stage stage, Action action, String category, Severity severity) {
        return new Judgement("rail", stage, action, new Finding("rule", category, "message", severity), false);
    }

    private void decide(int route, List<Skipped> skipped, Judgement... judgements) {
        number++;
        @Nullable String[] segments = new @Nullable String[0];
        engine.observe(
                route == NOBODY
                        ? DecisionRecord.refused(
                                GUARD,
                                number,
                                number,
                                1,
                                0,
                                new Failure.InputBlocked(judgements[0]),
                                skipped,
                                List.of(judgements),
                                segments,
                                null)
                        : DecisionRecord.answered(
                                GUARD,
                                number,
                                number,
                                1,
                                route,
                                0,
                                -1,
                                skipped,
                                List.of(judgements),
                                segments,
                                new double[0],
                                null),
                number);
    }

    private static Skipped blocked(String route, Judgement judgement) {
        return new Skipped(route, new Failure.OutputBlocked(judgement));
    }

    @Test
    void findingsOfOtherCategories_raiseNothing() {
        watch(leaks());
        for (int i = 0; i < 2_000; i++) {
            decide(0, List.of(), judgement(Stage.OUTPUT, Action.FLAG, "denied-term", Severity.P0));
        }
        assertThat(signals).isEmpty();
    }

    @Test
    void flaggedAnswers_areASignalOfTheCategorysType() {
        watch(leaks());
        while (signals.isEmpty() && number < 1_000) {
            decide(0, List.of(), judgement(Stage.OUTPUT, Action.FLAG, "pii", Severity.P3));
        }
        assertThat(signals).singleElement().satisfies(signal -> {
            assertThat(signal.type()).isEqualTo(IncidentType.PRIVACY);
            assertThat(signal.severity()).isEqualTo(Severity.P2);
            assertThat(signal.route()).isEqualTo("v2");
            assertThat(signal.sentence())
                    .contains("'leaks' rose from 1.0 % to 100.0 % (99 % interval ", "–100.0 %) of the decisions");
        });
        assertThat(number).as("decisions until the signal").isLessThan(50);
    }

    @Test
    void severityOfTheFinding_raisesThatOfTheSignal() {
        watch(leaks());
        for (int i = 0; i < 100; i++) {
            decide(
                    0,
                    List.of(),
                    judgement(Stage.OUTPUT, Action.FLAG, "denied-term", Severity.P0),
                    judgement(Stage.OUTPUT, Action.FLAG, "secret", Severity.P1),
                    judgement(Stage.OUTPUT, Action.FLAG, "pii", Severity.P3));
        }
        assertThat(signals).isNotEmpty().allMatch(signal -> signal.severity() == Severity.P1);
    }

    @Test
    void blockedAnswers_speakOfTheRouteThatGaveThem() {
        watch(leaks());
        Judgement pii = judgement(Stage.OUTPUT, Action.BLOCK, "pii", Severity.P3);
        for (int i = 0; i < 100; i++) {
            decide(1, List.of(blocked("v2", pii)), pii);
            decide(2, List.of(new Skipped("v2", new Failure.BreakerOpen()), blocked("v1", pii)), pii);
        }
        assertThat(signals).extracting(Signal::route).contains("v2", "v1");
    }

    private static final Judgement BLOCKED_INPUT = judgement(Stage.INPUT, Action.BLOCK, "secret", Severity.P3);

    @Test
    void blockedInputs_speakOfTheVersionThatHasAnsweredLast() {
        watch(leaks());
        decide(1, List.of());
        for (int i = 0; i < 100; i++) {
            decide(NOBODY, List.of(), BLOCKED_INPUT);
        }
        assertThat(signals).isNotEmpty().allMatch(signal -> signal.route().equals("v1"));
    }

    /** Of a hundred inputs one is blocked, as ever, whoever answers the others. */
    private void usual(int decisions, java.util.function.IntConsumer sound) {
        for (int i = 0; i < decisions; i++) {
            if (i % 100 == 99) {
                decide(NOBODY, List.of(), BLOCKED_INPUT);
            } else {
                sound.accept(i);
            }
        }
    }

    private static final Skipped KILLED = new Skipped(
            "v2",
            new Failure.Killed(Scope.model("chat").route("v2"), Cause.by("plan").because("it leaks")));

    @Test
    void usualInputsWhileTheFirstVersionIsKilled_areNoAttackOnIt() {
        watch(leaks());
        usual(5_000, i -> decide(1, List.of(KILLED)));
        assertThat(signals).isEmpty();
    }

    @Test
    void usualInputsWhileAVersionAnswersFew_areNoAttackOnIt() {
        watch(leaks());
        usual(20_000, i -> decide(i % 100 == 50 ? 0 : 1, List.of()));
        assertThat(signals).isEmpty();
    }

    @Test
    void usualInputsInAnOutage_areNoAttack() {
        watch(leaks());
        usual(1_000, i -> decide(0, List.of()));
        Skipped down = new Skipped("v2", new Failure.BreakerOpen());
        usual(5_000, i -> decide(2, List.of(down)));
        for (int i = 0; i < 100; i++) {
            decide(2, List.of(down), judgement(Stage.INPUT, Action.FLAG, "secret", Severity.P3));
        }
        assertThat(signals).isEmpty();
    }

    /** Where nine of ten answers are toxic, one of a hundred that names somebody is no more than it was. */
    @Test
    void answersThatAreBlockedForSomethingElse_countAsDecisions() {
        watch(leaks());
        Judgement toxic = judgement(Stage.OUTPUT, Action.BLOCK, "toxicity", Severity.P3);
        Judgement pii = judgement(Stage.OUTPUT, Action.FLAG, "pii", Severity.P3);
        for (int i = 0; i < 10_000; i++) {
            if (i % 100 == 99) {
                decide(0, List.of(), pii);
            } else if (i % 10 == 0) {
                decide(0, List.of());
            } else {
                decide(1, List.of(blocked("v2", toxic)), toxic);
            }
        }
        assertThat(signals).isEmpty();
    }

    @Test
    void findingsInARulesAnswer_areNotTheModels() {
        watch(leaks());
        Judgement pii = judgement(Stage.OUTPUT, Action.BLOCK, "pii", Severity.P3);
        for (int i = 0; i < 100; i++) {
            decide(NOBODY, List.of(blocked("rule", pii)), pii);
        }
        assertThat(signals).isEmpty();
    }

    @Test
    void findingsThatWereStopped_areNotLetThrough() {
        watch(Detectors.findingsLetThrough("leaks", IncidentType.PRIVACY, "pii")
                .baseline(0.01, 10_000)
                .falseAlarmAtMostOncePer(10_000));
        Judgement blocked = judgement(Stage.OUTPUT, Action.BLOCK, "pii", Severity.P3);
        Judgement flagged = judgement(Stage.OUTPUT, Action.FLAG, "pii", Severity.P3);
        for (int i = 0; i < 200; i++) {
            decide(0, List.of(), judgement(Stage.OUTPUT, Action.REWRITE, "pii", Severity.P3));
            decide(2, List.of(blocked("v2", blocked)), flagged, blocked);
            decide(NOBODY, List.of(blocked("v2", blocked)), flagged, blocked);
        }
        assertThat(signals).isEmpty();
        for (int i = 0; i < 200; i++) {
            decide(0, List.of(), flagged);
        }
        assertThat(signals).isNotEmpty().allMatch(signal -> signal.route().equals("v2"));
    }

    /** What stands beside a block, or before one, was in an answer that nobody got: another model answered. */
    @Test
    void flagsInAnAnswerThatWasRefused_areNotLetThroughByTheNextRoute() {
        watch(Detectors.findingsLetThrough("leaks", IncidentType.PRIVACY, "pii")
                .baseline(0.01, 10_000)
                .falseAlarmAtMostOncePer(10_000));
        Judgement flagged = judgement(Stage.OUTPUT, Action.FLAG, "pii", Severity.P3);
        Judgement blocked = judgement(Stage.OUTPUT, Action.BLOCK, "secret", Severity.P3);
        Judgement retried = judgement(Stage.OUTPUT, Action.RETRY, "secret", Severity.P3);
        for (int i = 0; i < 200; i++) {
            decide(1, List.of(blocked("v2", blocked)), flagged, blocked);
            decide(0, List.of(), flagged, retried);
        }
        assertThat(signals).isEmpty();
        Judgement input = judgement(Stage.INPUT, Action.FLAG, "pii", Severity.P3);
        for (int i = 0; i < 200; i++) {
            decide(1, List.of(blocked("v2", blocked)), input, flagged, blocked);
        }
        assertThat(signals).as("what was flagged in the input went to both").isNotEmpty();
    }

    @Test
    void monitoredFindings_areLetThroughWhateverTheyAskedFor() {
        watch(Detectors.findingsLetThrough("leaks", IncidentType.PRIVACY, "pii")
                .baseline(0.01, 10_000)
                .falseAlarmAtMostOncePer(10_000));
        Finding finding = new Finding("rule", "pii", "message");
        for (int i = 0; i < 100; i++) {
            decide(0, List.of(), new Judgement("rail", Stage.OUTPUT, Action.BLOCK, finding, true));
        }
        assertThat(signals).isNotEmpty();
    }

    /** The promise of the false alarm budget, at the baseline itself. */
    @Test
    void usualRate_raisesNothing() {
        watch(leaks());
        java.util.Random random = new java.util.Random(3);
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(100) == 0) {
                decide(0, List.of(), judgement(Stage.OUTPUT, Action.BLOCK, "pii", Severity.P3));
            } else {
                decide(0, List.of());
            }
        }
        assertThat(signals).isEmpty();
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // what a host may do wrong
    void wrongDetections_sayWhatIsWrong() {
        assertThat(Detectors.findings("leaks", IncidentType.PRIVACY).faults())
                .singleElement()
                .asString()
                .contains("the categories that it watches are []");
        assertThat(Detectors.findings("not legal", null, "pii", " ", null).faults())
                .hasSize(3);
        assertThat(leaks().faults()).isEmpty();
    }

    /** What is read again after a crash may be of a configuration before this one. */
    @Test
    void findingOnARouteThatIsNoMore_isNobodys() {
        watch(leaks());
        Judgement blocked = judgement(Stage.OUTPUT, Action.BLOCK, "pii", Severity.P2);
        for (int i = 0; i < 500; i++) {
            decide(2, List.of(new Skipped("v0", new Failure.OutputBlocked(blocked))), blocked);
        }
        assertThat(signals).isEmpty();
    }
}
