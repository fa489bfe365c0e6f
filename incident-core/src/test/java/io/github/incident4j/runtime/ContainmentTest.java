// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.call.GuardBuilder;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.call.RailOptions;
import io.github.incident4j.call.SwappableGuardrail;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.RuleSet;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.ResponsePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a change of the model to what the response plan makes of it, through the whole house. */
class ContainmentTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** A synthetic applicant: which group, and what the model would score. */
    private record Applicant(String group, double score) {}

    @TempDir
    Path directory;

    private final Random random = new Random(7);
    private @Nullable IncidentRuntime opened;
    private volatile boolean changed;

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private IncidentRuntime open(ResponsePlan.Builder plan) {
        IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(directory)
                .responsePlan(plan.grace(Duration.ZERO).watch(200).build())
                .build();
        opened = runtime;
        return runtime;
    }

    /** Every version denies the young once the pipeline has changed. */
    private Boolean approves(Applicant applicant) {
        return applicant.score() > 0.3 && !(changed && applicant.group().equals("young"));
    }

    private GuardBuilder<Applicant, Boolean> guard(IncidentRuntime runtime) {
        return runtime.<Applicant, Boolean>guard("credit")
                .route("v2", this::approves)
                .segment("age", Applicant::group)
                .withoutBreaker();
    }

    private static void disparity(GuardBuilder<Applicant, Boolean> guard) {
        guard.detect(Detectors.<Boolean>groupDisparity("age", approved -> approved)
                .warmUp(2_000)
                .tolerance(0.1)
                .falseAlarmAtMostOncePer(10_000));
    }

    private void run(IncidentRuntime runtime, GuardedModel<Applicant, Boolean> model, int decisions) {
        for (int i = 0; i < decisions; i++) {
            model.decide(new Applicant(random.nextInt(4) == 0 ? "young" : "old", random.nextDouble()));
            if (i % 10 == 0) {
                assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            }
        }
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
    }

    private Incident harm(IncidentRuntime runtime, GuardedModel<Applicant, Boolean> model) {
        run(runtime, model, 3_000);
        assertThat(runtime.incidents().all()).as("before the change").isEmpty();
        changed = true;
        run(runtime, model, 1_500);
        return runtime.incidents().open().get(0);
    }

    private static List<Kind> told(Incident incident) {
        return incident.timeline().stream()
                .map(TimelineEntry::kind)
                .filter(kind -> kind != Kind.SIGNAL)
                .toList();
    }

    @Test
    void biasOnEveryVersion_isRolledBackInVainAndThenReviewed() {
        IncidentRuntime runtime = open(ResponsePlan.builder());
        GuardBuilder<Applicant, Boolean> guard =
                guard(runtime).fallback("v1", this::approves).reviewFallback("person", applicant -> true);
        disparity(guard);
        GuardedModel<Applicant, Boolean> model = guard.build();
        Incident incident = harm(runtime, model);
        assertThat(runtime.incidents().all()).hasSize(1);
        assertThat(incident.type()).isEqualTo(IncidentType.BIAS);
        assertThat(incident.severity()).isEqualTo(Severity.P1);
        assertThat(incident.segment()).contains(new Segment("age", "young"));
        assertThat(incident.onsetDecision()).isBetween(2_900L, 3_100L);
        assertThat(told(incident))
                .as("no version follows the second one")
                .containsExactly(
                        Kind.OPENED,
                        Kind.CONTAINMENT,
                        Kind.CONTAINMENT_INEFFECTIVE,
                        Kind.CONTAINMENT_SKIPPED,
                        Kind.CONTAINMENT,
                        Kind.CONTAINED);
        assertThat(incident.state()).isEqualTo(IncidentState.CONTAINED);
        assertThat(model.decide(new Applicant("young", 0.9)))
                .isInstanceOfSatisfying(
                        Decision.Answered.class,
                        answered -> assertThat(answered.route()).isEqualTo("person"));
        assertThat(model.decide(new Applicant("old", 0.9)))
                .isInstanceOfSatisfying(
                        Decision.Answered.class,
                        answered -> assertThat(answered.route()).isEqualTo("v1"));
    }

    @Test
    void stepsThatCannotBeTaken_areSkippedAndAPersonIsAsked() {
        IncidentRuntime runtime = open(ResponsePlan.builder());
        GuardBuilder<Applicant, Boolean> guard = guard(runtime);
        disparity(guard);
        Incident incident = harm(runtime, guard.build());
        assertThat(told(incident))
                .containsExactly(Kind.OPENED, Kind.CONTAINMENT_SKIPPED, Kind.CONTAINMENT_SKIPPED, Kind.PLAN_EXHAUSTED);
        assertThat(incident.state()).isEqualTo(IncidentState.DETECTED);
        assertThat(incident.timeline().get(1).what()).contains("no other version of the model");
        assertThat(runtime.switches().active()).as("nothing was shut down").isEmpty();
    }

    @Test
    void anotherGroupThanTheAffected_isNotTouched() {
        IncidentRuntime runtime =
                open(ResponsePlan.builder().on(Severity.P1, IncidentType.BIAS, new Containment.ReviewSegment()));
        GuardBuilder<Applicant, Boolean> guard = guard(runtime).ruleFallback("rule", applicant -> true);
        disparity(guard);
        GuardedModel<Applicant, Boolean> model = guard.build();
        harm(runtime, model);
        assertThat(((Decision.Answered<Boolean>) model.decide(new Applicant("old", 0.9))).route())
                .isEqualTo("v2");
        assertThat(((Decision.Answered<Boolean>) model.decide(new Applicant("young", 0.1))).route())
                .isEqualTo("rule");
    }

    @Test
    void reviewByARouteThatIsKilled_isNoContainment() {
        IncidentRuntime runtime =
                open(ResponsePlan.builder().on(Severity.P1, IncidentType.BIAS, new Containment.ReviewSegment()));
        GuardBuilder<Applicant, Boolean> guard = guard(runtime).ruleFallback("rule", applicant -> true);
        disparity(guard);
        GuardedModel<Applicant, Boolean> model = guard.build();
        runtime.switches()
                .kill(Scope.model("credit").route("rule"), Cause.by("on-call").because("wrong since May"));
        Incident incident = harm(runtime, model);
        assertThat(told(incident)).containsExactly(Kind.OPENED, Kind.CONTAINMENT_SKIPPED, Kind.PLAN_EXHAUSTED);
        assertThat(runtime.switches().active()).as("no group was shut out").hasSize(1);
    }

    @Test
    void outputDriftOfImmediateHarm_killsTheModel() {
        IncidentRuntime runtime = open(ResponsePlan.builder());
        GuardedModel<Applicant, Double> model = runtime.<Applicant, Double>guard("credit")
                .route("v2", applicant -> changed ? 0.2 * applicant.score() : applicant.score())
                .detect(Detectors.<Double>outputDrift(score -> score)
                        .warmUp(1_000)
                        .severity(Severity.P0)
                        .falseAlarmAtMostOncePer(10_000))
                .build();
        for (int i = 0; i < 2_000; i++) {
            model.call(new Applicant("old", random.nextDouble()));
        }
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        assertThat(runtime.incidents().all()).isEmpty();
        changed = true;
        int answered = 0;
        while (answered < 500 && model.decide(new Applicant("old", random.nextDouble())) instanceof Decision.Answered) {
            answered++;
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        }
        assertThat(answered).as("decisions until the model was killed").isBetween(5, 200);
        assertThat(runtime.incidents().open()).singleElement().satisfies(incident -> {
            assertThat(incident.severity()).isEqualTo(Severity.P0);
            assertThat(incident.last(Kind.CONTAINMENT))
                    .hasValueSatisfying(last -> assertThat(last.what()).isEqualTo("the model was killed"));
        });
    }

    @Test
    void openBreaker_isAContainmentThatComesBackByItself() {
        IncidentRuntime runtime = open(ResponsePlan.builder().onAny(Severity.P2, new Containment.OpenBreaker()));
        GuardedModel<Applicant, Boolean> model = runtime.<Applicant, Boolean>guard("credit")
                .route("v2", this::approves)
                .fallback("v1", applicant -> true)
                .segment("age", Applicant::group)
                .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                        .baseline(0.3, 10_000)
                        .falseAlarmAtMostOncePer(1_000))
                .build();
        for (int i = 0; i < 100; i++) {
            model.call(new Applicant("old", 0.1));
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        }
        assertThat(runtime.incidents().open())
                .singleElement()
                .satisfies(incident -> assertThat(incident.last(Kind.CONTAINMENT))
                        .hasValueSatisfying(
                                last -> assertThat(last.what()).isEqualTo("the circuit breaker of v2 was opened")));
        assertThat(((Decision.Answered<Boolean>) model.decide(new Applicant("old", 0.1))).route())
                .isEqualTo("v1");
        assertThat(runtime.switches().active()).isEmpty();
        try (var records = runtime.trail().records()) {
            assertThat(records.filter(each -> each.type().equals("breaker.changed")))
                    .singleElement()
                    .satisfies(each -> assertThat(each.members()).containsEntry("reason", "detector"));
        }
    }

    @Test
    void stepThatAsksFirst_waitsForAPerson() {
        IncidentRuntime runtime = open(ResponsePlan.builder()
                .onAny(
                        Severity.P2,
                        new Containment.AskFirst(new Containment.ReduceLoad(Limit.toShare(0))),
                        new Containment.KillModel()));
        GuardedModel<Applicant, Boolean> model = runtime.<Applicant, Boolean>guard("credit")
                .route("v2", applicant -> false)
                .ruleFallback("rule", applicant -> true)
                .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                        .baseline(0.3, 10_000)
                        .falseAlarmAtMostOncePer(1_000))
                .build();
        run(runtime, model, 200);
        Incident incident = runtime.incidents().open().get(0);
        assertThat(told(incident)).containsExactly(Kind.OPENED, Kind.CONTAINMENT_PROPOSED);
        assertThat(runtime.switches().active()).isEmpty();
        runtime.responses().approve("inc-9", Cause.by("lead").because("another one"));
        runtime.responses().approve(incident.id(), Cause.by("lead").because("agreed"));
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        assertThat(told(runtime.incidents().open().get(0)))
                .containsExactly(Kind.OPENED, Kind.CONTAINMENT_PROPOSED, Kind.CONTAINMENT, Kind.CONTAINMENT_APPROVED);
        assertThat(model.call(new Applicant("old", 0.1)))
                .as("the rule answers all of the traffic")
                .isTrue();
    }

    private GuardedModel<String, String> leaking(IncidentRuntime runtime, SwappableGuardrail<String> filter) {
        return runtime.<String, String>guard("chat")
                .route("v2", text -> text)
                .output(
                        Guardrail.<String>require("watch", text -> !text.contains("secret"), "it has a secret"),
                        RailOptions.options().monitorOnly().severity(Severity.P1))
                .output(filter)
                .detect(Detectors.findingsLetThrough("leaks", IncidentType.PRIVACY, "requirement")
                        .baseline(0.01, 10_000)
                        .falseAlarmAtMostOncePer(1_000))
                .build();
    }

    private static SwappableGuardrail<String> filter() {
        return SwappableGuardrail.of(
                "filter",
                RuleSet.none(),
                RuleSet.of("on", Guardrail.<String>require("filter", text -> !text.contains("secret"), "a secret")));
    }

    /** From monitored findings to a guardrail that is added on the fly, kept over a restart and lifted by a person. */
    @Test
    void guardrailAddedByAContainment_survivesARestartUntilItIsLifted() {
        ResponsePlan.Builder plan = ResponsePlan.builder()
                .on(Severity.P1, IncidentType.PRIVACY, new Containment.SwapGuardrail("filter", "on"));
        IncidentRuntime runtime = open(plan);
        GuardedModel<String, String> model = leaking(runtime, filter());
        int answered = 0;
        while (answered < 200 && model.decide("a secret") instanceof Decision.Answered) {
            answered++;
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        }
        assertThat(answered).as("decisions until the filter was added").isBetween(2, 100);
        Incident incident = runtime.incidents().open().get(0);
        assertThat(incident.type()).isEqualTo(IncidentType.PRIVACY);
        assertThat(incident.severity()).isEqualTo(Severity.P1);
        assertThat(incident.last(Kind.CONTAINMENT))
                .hasValueSatisfying(
                        last -> assertThat(last.what()).isEqualTo("guardrail 'filter' judges by rule set 'on'"));
        assertThat(runtime.switches().active()).isEmpty();
        for (int i = 0; i < 500; i++) {
            model.decide(i % 2 == 0 ? "a secret" : "a word");
        }
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        assertThat(told(runtime.incidents().open().get(0)))
                .as("what is blocked speaks against nothing, and the silence of the rest shows that it helped")
                .containsExactly(Kind.OPENED, Kind.CONTAINMENT, Kind.CONTAINED);
        runtime.close();

        IncidentRuntime again = open(plan);
        SwappableGuardrail<String> filter = filter();
        GuardedModel<String, String> restarted = leaking(again, filter);
        assertThat(restarted.decide("a secret")).isInstanceOf(Decision.Refused.class);
        assertThat(restarted.decide("a word")).isInstanceOf(Decision.Answered.class);
        assertThat(filter.lift(Cause.by("lead").because("the model is repaired")))
                .isTrue();
        assertThat(restarted.decide("a secret")).isInstanceOf(Decision.Answered.class);
        for (int i = 0; i < 100; i++) {
            restarted.decide("a secret");
            assertThat(again.awaitQuiet(LIMIT)).isTrue();
        }
        assertThat(told(again.incidents().open().get(0)))
                .as("the harm came back after the containment was lifted, so it is contained anew")
                .startsWith(Kind.OPENED, Kind.CONTAINMENT, Kind.CONTAINED, Kind.CONTAINMENT_LIFTED, Kind.CONTAINMENT);
        assertThat(filter.version()).isEqualTo("on");
    }

    @Test
    void guardrailThatIsNotThere_isAStepThatIsSkipped() {
        IncidentRuntime runtime = open(ResponsePlan.builder()
                .on(
                        Severity.P1,
                        IncidentType.PRIVACY,
                        new Containment.SwapGuardrail("no-such", "on"),
                        new Containment.SwapGuardrail("filter", "no-such"),
                        new Containment.SwapGuardrail("filter", "on")));
        SwappableGuardrail<String> filter = filter();
        GuardedModel<String, String> model = leaking(runtime, filter);
        for (int i = 0; i < 50; i++) {
            model.decide("a secret");
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        }
        assertThat(told(runtime.incidents().open().get(0)))
                .startsWith(Kind.OPENED, Kind.CONTAINMENT_SKIPPED, Kind.CONTAINMENT_SKIPPED, Kind.CONTAINMENT);
        assertThat(filter.version()).isEqualTo("on");
    }

    /** Five groups of different rates: what is done for one must not look like harm to the others. */
    @Test
    void reviewOfOneGroup_raisesNoAlarmAboutTheOthers() {
        IncidentRuntime runtime =
                open(ResponsePlan.builder().on(Severity.P1, IncidentType.BIAS, new Containment.ReviewSegment()));
        String[] names = {"young", "b", "c", "d", "e"};
        GuardBuilder<Applicant, Boolean> guard = runtime.<Applicant, Boolean>guard("credit")
                .route("v2", applicant -> {
                    boolean young = applicant.group().equals("young");
                    return applicant.score() > (young ? (changed ? 0.95 : 0.6) : 0.25);
                })
                .reviewFallback("person", applicant -> true)
                .segment("age", Applicant::group)
                .withoutBreaker();
        guard.detect(Detectors.<Boolean>groupDisparity("age", approved -> approved)
                .warmUp(8_000)
                .tolerance(0.06)
                .falseAlarmAtMostOncePer(1_000_000));
        GuardedModel<Applicant, Boolean> model = guard.build();
        for (int i = 0; i < 30_000; i++) {
            changed = i >= 10_000;
            model.decide(new Applicant(names[random.nextInt(names.length)], random.nextDouble()));
            if (i % 20 == 0) {
                assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            }
        }
        assertThat(runtime.incidents().all())
                .singleElement()
                .satisfies(incident -> assertThat(incident.segment()).contains(new Segment("age", "young")));
        assertThat(runtime.switches().active())
                .allSatisfy(set -> assertThat(set.scope().segment()).contains(new Segment("age", "young")));
    }

    /** What rules and people answer is no news of the model. */
    @Test
    void answersOfRulesAndPeople_raiseNothing() {
        IncidentRuntime runtime = open(ResponsePlan.builder());
        GuardedModel<Applicant, Boolean> model = runtime.<Applicant, Boolean>guard("credit")
                .route("v2", applicant -> {
                    throw new IllegalStateException("broken");
                })
                .reviewFallback("person", applicant -> false)
                .withoutBreaker()
                .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                        .baseline(0.1, 10_000)
                        .falseAlarmAtMostOncePer(1_000))
                .build();
        run(runtime, model, 500);
        assertThat(runtime.incidents().all()).isEmpty();
    }

    /** Each value of the attribute costs memory, so there is an end to them. */
    @Test
    void endlessGroups_areBoundedAndTheWatchedOnesStayWatched() {
        IncidentRuntime runtime = open(ResponsePlan.builder());
        int[] calls = {0};
        GuardBuilder<Applicant, Boolean> guard = runtime.<Applicant, Boolean>guard("credit")
                .route("v2", this::approves)
                .segment("age", applicant -> calls[0]++ % 10 == 9 ? "g" + calls[0] : applicant.group())
                .withoutBreaker();
        disparity(guard);
        Incident incident = harm(runtime, guard.build());
        assertThat(incident.segment()).contains(new Segment("age", "young"));
    }

    @Test
    void functionsThatThrow_costNoCallAndNoRecord() {
        IncidentRuntime runtime = open(ResponsePlan.builder());
        GuardedModel<Applicant, Boolean> model = runtime.<Applicant, Boolean>guard("credit")
                .route("v2", this::approves)
                .segment("age", applicant -> {
                    throw new AssertionError("a segment function that is broken");
                })
                .detect(Detectors.<Boolean>rate("denials", approved -> {
                            throw new NoClassDefFoundError("a value function that is broken");
                        })
                        .baseline(0.1, 10_000))
                .build();
        assertThat(model.call(new Applicant("old", 0.9))).isTrue();
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        try (var records = runtime.trail().records()) {
            assertThat(records.filter(each -> each.type().equals("decision")))
                    .singleElement()
                    .satisfies(each -> assertThat(each.members().toString()).doesNotContain("young", "old"));
        }
    }
}
