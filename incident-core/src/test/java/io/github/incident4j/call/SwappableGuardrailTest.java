// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.RuleSet;
import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.runtime.IncidentRuntime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SwappableGuardrailTest extends CallTestBase {
    private static RuleSet<String> denying(String version, String term) {
        return RuleSet.of(
                version,
                Guardrail.<String>require("deny", value -> !value.contains(term), "has the term")
                        .named("deny"));
    }

    private static SwappableGuardrail<String> terms() {
        return SwappableGuardrail.of("terms", denying("v1", "wren"), denying("strict", "bird"));
    }

    private GuardedModel<String, String> model(SwappableGuardrail<String> terms) {
        return guard().route("v2", input -> input).output(terms).build();
    }

    private static boolean passes(GuardedModel<String, String> model, String text) {
        return model.decide(text) instanceof Decision.Answered;
    }

    private static @Nullable Object ruleSets(TrailRecord decision) {
        return decision.members().get("rule_sets");
    }

    @Test
    void replace_isInForceForTheNextCallAndOnRecord() {
        SwappableGuardrail<String> terms = terms();
        GuardedModel<String, String> model = model(terms);
        assertThat(passes(model, "wren")).isFalse();
        assertThat(terms.version()).isEqualTo("v1");
        terms.replace(denying("v2", "crow"), CAUSE);
        assertThat(terms.version()).isEqualTo("v2");
        assertThat(passes(model, "wren")).isTrue();
        assertThat(passes(model, "crow")).isFalse();
        assertThat(records("guardrail.replaced"))
                .singleElement()
                .satisfies(each -> assertThat(each.members())
                        .containsEntry("model", "model")
                        .containsEntry("guardrail", "terms")
                        .containsEntry("from", "v1")
                        .containsEntry("to", "v2")
                        .containsEntry("by", "test")
                        .containsEntry("because", "a test"));
        assertThat(records("decision"))
                .extracting(SwappableGuardrailTest::ruleSets)
                .containsExactly(Map.of("terms", "v1"), Map.of("terms", "v2"), Map.of("terms", "v2"));
    }

    @Test
    void use_standsInUntilItIsLiftedWhateverTheHostReplaces() {
        SwappableGuardrail<String> terms = terms();
        GuardedModel<String, String> model = model(terms);
        assertThat(terms.use("strict", CAUSE)).isEmpty();
        assertThat(passes(model, "bird")).isFalse();
        terms.replace(denying("v2", "crow"), CAUSE);
        assertThat(passes(model, "crow"))
                .as("the containment is still in force")
                .isTrue();
        assertThat(terms.use("strict", CAUSE))
                .hasValueSatisfying(problem -> assertThat(problem).contains("already"));
        assertThat(terms.lift(CAUSE)).isTrue();
        assertThat(terms.lift(CAUSE)).isFalse();
        assertThat(passes(model, "bird")).isTrue();
        assertThat(passes(model, "crow")).isFalse();
        assertThat(records("guardrail.used")).hasSize(1);
        assertThat(records("guardrail.lifted"))
                .singleElement()
                .satisfies(each -> assertThat(each.members())
                        .containsEntry("from", "strict")
                        .containsEntry("to", "v2"));
    }

    @Test
    void unknownRules_areRefusedAndThePresentOnesStay() {
        SwappableGuardrail<String> terms = terms();
        GuardedModel<String, String> model = model(terms);
        assertThat(terms.use("none-such", CAUSE))
                .hasValueSatisfying(problem -> assertThat(problem).contains("it knows strict"));
        assertThat(passes(model, "wren")).isFalse();
        assertThat(records("guardrail.used")).isEmpty();
    }

    @Test
    void guardrailAddedOnTheFly_beginsWithNoRules() {
        SwappableGuardrail<String> leaks = SwappableGuardrail.of("leaks", RuleSet.none(), denying("on", "secret"));
        GuardedModel<String, String> model = model(leaks);
        assertThat(passes(model, "secret")).isTrue();
        assertThat(leaks.use("on", CAUSE)).isEmpty();
        assertThat(passes(model, "secret")).isFalse();
    }

    @Test
    void faultsOfTheNextRules_areAllNamedAndRefuseTheSwap() {
        SwappableGuardrail<String> terms = terms();
        GuardedModel<String, String> model = model(terms);
        Guardrail<String> faulty = new Guardrail<>() {
            @Override
            public Verdict<String> check(String value) {
                return Verdict.pass();
            }

            @Override
            public List<String> faults() {
                return List.of("a term is blank; leave it out", "a limit of -1 is out of range; use 1 or more");
            }
        };
        assertThatThrownBy(() -> terms.replace(RuleSet.of("not legal", faulty), CAUSE.until(Instant.EPOCH)))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        thrown -> assertThat(thrown.getMessage())
                                .contains("guardrail 'terms'")
                                .contains("'not legal' is not a legal name")
                                .contains("a term is blank")
                                .contains("a limit of -1")
                                .contains("does not end by itself"));
        assertThatThrownBy(() -> terms.replace(denying("v1", "crow"), CAUSE)).hasMessageContaining("'v1' is taken");
        assertThatThrownBy(() -> terms.replace(denying("strict", "crow"), CAUSE))
                .hasMessageContaining("'strict' is taken");
        assertThat(passes(model, "wren")).isFalse();
        assertThat(records("guardrail.replaced")).isEmpty();
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // what a host may do wrong
    void wrongGuardrails_areFaultsOfTheGuard() {
        SwappableGuardrail<String> taken = terms();
        model(taken);
        SwappableGuardrail<String> twice = SwappableGuardrail.of("twice", denying("v1", "a"), denying("v1", "b"));
        assertThatThrownBy(() -> runtime.<String, String>guard("other")
                        .route("v2", input -> input)
                        .input(taken)
                        .output(twice)
                        .output(SwappableGuardrail.of("none", null, RuleSet.of("x", null)))
                        .output(SwappableGuardrail.of("same", denying("v1", "a")))
                        .input(SwappableGuardrail.of("same", denying("v1", "a")))
                        .build())
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        thrown -> assertThat(thrown.getMessage())
                                .contains("it belongs to another guard")
                                .contains("two rule sets have the version 'v1'")
                                .contains("a rule set is null")
                                .contains("the guardrail of rule set 'x' is null")
                                .contains("two of the name 'same'"));
    }

    @Test
    void guardrailWithoutAGuard_judgesAndRefusesSwaps() {
        SwappableGuardrail<String> terms = terms();
        assertThat(terms.check("wren")).isInstanceOf(Verdict.Block.class);
        assertThatThrownBy(() -> terms.replace(denying("v2", "crow"), CAUSE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("belongs to no guard yet");
        assertThatThrownBy(() -> terms.use("strict", CAUSE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> terms.lift(CAUSE)).isInstanceOf(IllegalStateException.class);
    }

    /** Rules whose verdict says twice which ones they are. */
    private static RuleSet<String> marking(int number) {
        String version = "v" + number;
        return RuleSet.of(
                version, value -> Verdict.rewrite(version, new Finding(version, "mark", "marked by " + version)));
    }

    @Test
    void swapsUnderLoad_areNeverSeenByHalf() throws Exception {
        SwappableGuardrail<String> marks = SwappableGuardrail.of("marks", marking(0));
        GuardedModel<String, String> model =
                guard().route("v2", input -> input).output(marks).build();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Long>> callers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                callers.add(threads.submit(() -> {
                    long calls = 0;
                    while (!done.get() || calls < 100) {
                        Decision.Answered<String> decision = (Decision.Answered<String>) model.decide("");
                        assertThat(decision.output())
                                .isEqualTo(
                                        decision.judgements().get(0).finding().rule());
                        calls++;
                    }
                    return calls;
                }));
            }
            List<Future<?>> swappers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int first = i;
                swappers.add(threads.submit(() -> {
                    for (int version = 1; version <= 200; version++) {
                        marks.replace(marking(2 * version + first), CAUSE);
                    }
                }));
            }
            for (Future<?> each : swappers) {
                each.get(30, TimeUnit.SECONDS);
            }
            done.set(true);
            for (Future<Long> each : callers) {
                assertThat(each.get(30, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(100);
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
        List<TrailRecord> swaps = records("guardrail.replaced");
        assertThat(swaps).hasSize(400);
        for (int i = 1; i < swaps.size(); i++) {
            assertThat(swaps.get(i).members().get("from"))
                    .as("the trail has the order in which they were in force")
                    .isEqualTo(swaps.get(i - 1).members().get("to"));
        }
        assertThat(records("decision"))
                .allSatisfy(each -> assertThat(ruleSets(each)).isNotNull());
    }

    @Test
    void swappableThatIsMonitored_isBoth() {
        SwappableGuardrail<String> terms = terms();
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(terms, RailOptions.options().monitorOnly())
                .build();
        assertThat(terms.use("strict", CAUSE)).isEmpty();
        Decision<String> decision = model.decide("bird");
        assertThat(decision).isInstanceOf(Decision.Answered.class);
        assertThat(decision.judgements()).singleElement().satisfies(each -> {
            assertThat(each.guardrail()).isEqualTo("terms");
            assertThat(each.monitored()).isTrue();
        });
        assertThat(ruleSets(records("decision").get(0))).isEqualTo(Map.of("terms", "strict"));
    }

    @Test
    void swapInTheMiddleOfAStream_judgesTheNextElement() throws Exception {
        SwappableGuardrail<String> terms = terms();
        GuardedStream<String, String> stream = runtime.<String, String>guardStream("chat")
                .callbackRoute("v2", (input, sink) -> {
                    sink.next("a bird");
                    terms.use("strict", CAUSE);
                    sink.next("a bird");
                    sink.complete();
                })
                .element(terms)
                .build();
        List<String> got = new ArrayList<>();
        Decision<StreamSummary> decision = stream.forEach("a", CallContext.empty(), got::add);
        assertThat(got).containsExactly("a bird");
        assertThat(failureOf(decision)).isInstanceOf(Failure.OutputBlocked.class);
        assertThat(ruleSets(records("decision").get(0))).isEqualTo(Map.of("terms", "strict"));
    }

    /** Judges all elements of a stream as one text when it has come to its end. */
    private static StreamGuardrail<String> joined(Guardrail<String> rules) {
        return new StreamGuardrail<>() {
            @Override
            public String name() {
                return rules.name();
            }

            @Override
            public List<String> faults() {
                return rules.name().equals("whole") ? List.of("it judges no streams; give others") : List.of();
            }

            @Override
            public Session<String> open() {
                StringBuilder text = new StringBuilder();
                return new Session<>() {
                    @Override
                    public Step<String> next(String element) {
                        text.append(element);
                        return Step.hold();
                    }

                    @Override
                    public Step<String> end() {
                        Verdict<String> verdict = rules.check(text.toString());
                        return verdict instanceof Verdict.Block<String> block
                                ? Step.<String>hold().block(block.finding())
                                : Step.pass(text.toString());
                    }
                };
            }
        };
    }

    private GuardedStream<String, String> stream(SwappableGuardrail<String> terms, Runnable between) {
        return runtime.<String, String>guardStream("model")
                .callbackRoute("v2", (input, sink) -> {
                    sink.next(input.substring(0, 2));
                    between.run();
                    sink.next(input.substring(2));
                    sink.complete();
                })
                .output(terms.overStream(SwappableGuardrailTest::joined))
                .build();
    }

    private static boolean passes(GuardedStream<String, String> stream, String text) throws InterruptedException {
        List<String> got = new ArrayList<>();
        boolean answered = stream.forEach(text, CallContext.empty(), got::add) instanceof Decision.Answered;
        assertThat(got).isEqualTo(answered ? List.of(text) : List.of());
        return answered;
    }

    @Test
    void swapBetweenStreams_holdsForTheNextOneAndIsOnRecord() throws Exception {
        SwappableGuardrail<String> terms = terms();
        GuardedStream<String, String> stream = stream(terms, () -> {});
        assertThat(passes(stream, "wren")).as("cut over two elements").isFalse();
        assertThat(passes(stream, "bird")).isTrue();
        assertThat(terms.use("strict", CAUSE)).isEmpty();
        assertThat(passes(stream, "wren")).isTrue();
        assertThat(passes(stream, "bird")).isFalse();
        terms.lift(CAUSE);
        terms.replace(denying("v2", "crow"), CAUSE);
        assertThat(passes(stream, "wren")).isTrue();
        assertThat(passes(stream, "crow")).isFalse();
        assertThat(records("decision"))
                .extracting(SwappableGuardrailTest::ruleSets)
                .containsExactly(
                        Map.of("terms", "v1"),
                        Map.of("terms", "v1"),
                        Map.of("terms", "strict"),
                        Map.of("terms", "strict"),
                        Map.of("terms", "v2"),
                        Map.of("terms", "v2"));
    }

    @Test
    void swapWhileAStreamRuns_leavesItItsRules() throws Exception {
        SwappableGuardrail<String> terms = terms();
        GuardedStream<String, String> stream = stream(terms, () -> terms.use("strict", CAUSE));
        assertThat(passes(stream, "bird")).isTrue();
        assertThat(passes(stream, "bird")).isFalse();
        assertThat(records("decision"))
                .extracting(SwappableGuardrailTest::ruleSets)
                .containsExactly(Map.of("terms", "v1"), Map.of("terms", "strict"));
    }

    @Test
    void swapBeforeTheFirstElement_leavesAStreamThatRunsItsRules() throws Exception {
        SwappableGuardrail<String> terms = terms();
        GuardedStream<String, String> stream = runtime.<String, String>guardStream("model")
                .callbackRoute("v2", (input, sink) -> {
                    terms.use("strict", CAUSE);
                    sink.next(input);
                    sink.complete();
                })
                .output(terms.overStream(SwappableGuardrailTest::joined))
                .build();
        assertThat(passes(stream, "bird")).isTrue();
        assertThat(passes(stream, "bird")).isFalse();
        assertThat(records("decision"))
                .extracting(SwappableGuardrailTest::ruleSets)
                .containsExactly(Map.of("terms", "v1"), Map.of("terms", "strict"));
    }

    @Test
    @SuppressWarnings("NullAway") // as a host may do
    void streamFunctionThatThrowsOrIsMissing_isAFault() throws Exception {
        SwappableGuardrail<String> terms = terms();
        SwappableGuardrail<String> none = SwappableGuardrail.of("none", denying("v1", "wren"));
        assertThatThrownBy(() -> runtime.<String, String>guardStream("other")
                        .callbackRoute("v2", (input, sink) -> sink.complete())
                        .output(terms.overStream(rules -> {
                            throw new ClassCastException("of the host");
                        }))
                        .output(none.overStream(null))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("stream guardrail 'terms': rule set 'v1': it could not be made for streams:"
                        + " java.lang.ClassCastException")
                .hasMessageContaining(
                        "stream guardrail 'none': what rules make of a stream is null; give overStream(…) a"
                                + " function");
    }

    @Test
    void streamGuardrailThatWasThrownAway_saysNothingOfLaterRules() throws Exception {
        SwappableGuardrail<String> terms = terms();
        GuardedStream<String, String> stream = stream(terms, () -> {});
        terms.overStream(rules -> {
            throw new IllegalStateException("nobody asked for it");
        });
        terms.replace(denying("v2", "crow"), CAUSE);
        assertThat(passes(stream, "crow")).isFalse();
    }

    @Test
    void streamGuardrailAddedOnTheFly_survivesARestart() throws Exception {
        for (int i = 0; i < 2; i++) {
            SwappableGuardrail<String> leaks = SwappableGuardrail.of("leaks", RuleSet.none(), denying("on", "secret"));
            List<String> got = new ArrayList<>();
            GuardedStream<String, String> stream = stream(leaks, () -> {});
            if (i == 0) {
                stream.forEach("secret", CallContext.empty(), got::add);
                assertThat(got).containsExactly("se", "cret");
                assertThat(leaks.use("on", CAUSE)).isEmpty();
            }
            assertThat(leaks.version()).isEqualTo("on");
            assertThat(passes(stream, "secret")).isFalse();
            restart();
        }
    }

    @Test
    void rulesThatJudgeNoStreams_areFaults_atFirstAndLater() throws Exception {
        Guardrail<String> whole =
                Guardrail.<String>require("deny", value -> false, "whole only").named("whole");
        SwappableGuardrail<String> wrong =
                SwappableGuardrail.of("wrong", denying("v1", "wren"), RuleSet.of("whole", whole));
        SwappableGuardrail<String> taken = terms();
        GuardedStream<String, String> stream = stream(taken, () -> {});
        assertThatThrownBy(() -> runtime.<String, String>guardStream("other")
                        .callbackRoute("v2", (input, sink) -> sink.complete())
                        .output(wrong.overStream(SwappableGuardrailTest::joined))
                        .output(taken.overStream(SwappableGuardrailTest::joined))
                        .element(SwappableGuardrail.of("wrong", denying("v1", "wren")))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("stream guardrail 'wrong': rule set 'whole': it judges no streams; give others")
                .hasMessageContaining("stream guardrail 'terms': it belongs to another guard")
                .hasMessageContaining("two of the name 'wrong'");
        assertThatThrownBy(() -> taken.replace(RuleSet.of("v2", whole), CAUSE))
                .hasMessageContaining("rule set 'v2': it judges no streams; give others");
        assertThat(passes(stream, "wren")).isFalse();
    }

    private void restart() {
        runtime.close();
        runtime = IncidentRuntime.builder().directory(directory).build();
    }

    @Test
    void restart_putsKnownRulesInForceAgain() {
        SwappableGuardrail<String> first = terms();
        model(first);
        assertThat(first.use("strict", CAUSE)).isEmpty();
        for (int i = 0; i < 2; i++) {
            restart();
            SwappableGuardrail<String> again = terms();
            GuardedModel<String, String> model = model(again);
            assertThat(again.version()).isEqualTo("strict");
            assertThat(passes(model, "bird")).isFalse();
            if (i == 1) {
                assertThat(again.lift(CAUSE)).isTrue();
            }
        }
        restart();
        SwappableGuardrail<String> lifted = terms();
        model(lifted);
        assertThat(lifted.version()).isEqualTo("v1");
        assertThat(records("guardrail.used"))
                .as("each run records anew what it has put in force")
                .hasSize(3)
                .allSatisfy(each -> assertThat(each.members()).containsEntry("because", "a test"));
        assertThat(runtime.incidents().all()).isEmpty();
    }

    @Test
    void restart_forgetsWhatTheHostReplaced() {
        SwappableGuardrail<String> first = terms();
        model(first);
        first.replace(denying("v2", "crow"), CAUSE);
        restart();
        SwappableGuardrail<String> again = terms();
        model(again);
        assertThat(again.version()).isEqualTo("v1");
        assertThat(runtime.incidents().all()).isEmpty();
    }

    @Test
    void restartWithoutTheRules_isAnIncident() {
        SwappableGuardrail<String> first = terms();
        model(first);
        assertThat(first.use("strict", CAUSE)).isEmpty();
        restart();
        SwappableGuardrail<String> again = SwappableGuardrail.of("terms", denying("v1", "wren"));
        model(again);
        assertThat(again.version()).isEqualTo("v1");
        assertThat(runtime.incidents().open())
                .singleElement()
                .extracting(Incident::finding)
                .asString()
                .contains("guardrail 'terms' of model 'model'", "'strict'", "by test because: a test");
    }
}
