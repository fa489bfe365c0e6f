// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Guardrail.Cost;
import io.github.incident4j.guardrail.Remark;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Judgement.Action;
import io.github.incident4j.model.Judgement.Stage;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RailOptionsTest extends CallTestBase {
    private static final Finding FINDING = new Finding("rule", "category", "message");
    private static final RailOptions MONITORED = RailOptions.options().monitorOnly();
    private static final RailOptions OPEN = RailOptions.options().failOpen();
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private static String answer(Decision<String> decision) {
        assertThat(decision).isInstanceOf(Decision.Answered.class);
        return ((Decision.Answered<String>) decision).output();
    }

    private static Judgement only(Decision<?> decision) {
        assertThat(decision.judgements()).hasSize(1);
        return decision.judgements().get(0);
    }

    // ---- monitor only -----------------------------------------------------------------------------------------

    static Stream<Guardrail<String>> acting() {
        return Stream.of(
                value -> Verdict.rewrite("rewritten", FINDING),
                value -> Verdict.flag(FINDING),
                value -> Verdict.block(FINDING),
                value -> Verdict.retry(FINDING),
                value -> {
                    throw new IllegalStateException("broken");
                });
    }

    @ParameterizedTest
    @MethodSource("acting")
    void monitored_neverChangesAValueAndIsOnRecord(Guardrail<String> rail) {
        AtomicInteger asked = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> input + asked.incrementAndGet())
                .input(rail.named("in"), MONITORED)
                .output(rail.named("out"), MONITORED)
                .build();
        Decision<String> decision = model.decide("a");
        assertThat(answer(decision)).isEqualTo("a1");
        assertThat(decision.judgements()).extracting(Judgement::guardrail).containsExactly("in", "out");
        assertThat(decision.judgements()).allMatch(Judgement::monitored);
        assertThat(records("decision"))
                .singleElement()
                .satisfies(each -> assertThat((List<?>) each.members().get("guardrails"))
                        .hasSize(2)
                        .allSatisfy(verdict -> assertThat(((Map<?, ?>) verdict).get("monitored"))
                                .isEqualTo(true)));
        assertThat(runtime.trail().query().guardrail("out").count()).isEqualTo(1);
        assertThat(runtime.trail().query().category("no-such-category").count()).isZero();
    }

    @Test
    void monitoredBesideOneThatActs_keepsWhatTheOtherDid() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(value -> Verdict.rewrite(value + "!", FINDING))
                .output(value -> Verdict.rewrite("never", FINDING), MONITORED)
                .output(value -> value.equals("a!") ? Verdict.pass() : Verdict.block(FINDING))
                .build();
        assertThat(model.call("a")).isEqualTo("a!");
    }

    @Test
    void blockAfterMonitoredFindings_isTheReasonOfTheRefusal() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .input(Guardrail.<String>require("watched", value -> false, "watched"), MONITORED)
                .input(Guardrail.<String>require("acting", value -> false, "acting"))
                .build();
        assertThat(failureOf(model.decide("a")))
                .isInstanceOfSatisfying(
                        Failure.InputBlocked.class,
                        blocked -> assertThat(blocked.judgement().guardrail()).isEqualTo("acting"));
    }

    @Test
    void monitoredOnElements_passesEachOn() throws Exception {
        GuardedStream<String, String> stream = runtime.<String, String>guardStream("chat")
                .callbackRoute("v2", (input, sink) -> {
                    sink.next("one");
                    sink.next("two");
                    sink.complete();
                })
                .input(input -> Verdict.block(FINDING), MONITORED)
                .element(element -> Verdict.block(FINDING), MONITORED)
                .build();
        List<String> got = new CopyOnWriteArrayList<>();
        Decision<StreamSummary> decision = stream.forEach("a", CallContext.empty(), got::add);
        assertThat(got).containsExactly("one", "two");
        assertThat(decision.judgements()).hasSize(3).allMatch(Judgement::monitored);
    }

    @Test
    void interruptionInAMonitoredGuardrail_endsTheCallAllTheSame() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(
                        value -> {
                            throw RailOptionsTest.<RuntimeException>sneaky(new InterruptedException("stop"));
                        },
                        MONITORED.failOpen())
                .build();
        assertThatThrownBy(() -> model.call("a")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // throws a checked exception undeclared
    private static <E extends Throwable> E sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    // ---- failing ----------------------------------------------------------------------------------------------

    static Stream<Guardrail<String>> failing() {
        return Stream.of(
                value -> {
                    throw new IllegalStateException("broken");
                },
                value -> {
                    throw new AssertionError("broken");
                },
                new Guardrail<>() {
                    @Override
                    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // a broken host's guardrail
                    public Verdict<String> check(String value) {
                        return null;
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("failing")
    void failing_blocksUnlessItFailsOpen(Guardrail<String> rail) {
        GuardedModel<String, String> closed =
                guard().route("v2", input -> input).output(rail).build();
        assertThat(failureOf(closed.decide("a"))).isInstanceOf(Failure.OutputBlocked.class);
        GuardedModel<String, String> open = runtime.<String, String>guard("open")
                .route("v2", input -> input)
                .output(rail, OPEN)
                .build();
        Decision<String> decision = open.decide("a");
        assertThat(answer(decision)).isEqualTo("a");
        assertThat(only(decision).action()).isEqualTo(Action.FLAG);
        assertThat(only(decision).finding().category()).isEqualTo("guardrail-failure");
        assertThat(only(decision).monitored()).isFalse();
    }

    @Test
    void blockOfOneThatFailsOpen_stillBlocks() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(value -> Verdict.block(FINDING), OPEN)
                .build();
        assertThat(failureOf(model.decide("a"))).isInstanceOf(Failure.OutputBlocked.class);
    }

    @Test
    void errorOfTheVirtualMachine_isNoFailureToBeOpenAbout() {
        OutOfMemoryError error = new OutOfMemoryError("simulated");
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(
                        value -> {
                            throw error;
                        },
                        OPEN)
                .build();
        assertThatThrownBy(() -> model.call("a")).isSameAs(error);
    }

    // ---- time -------------------------------------------------------------------------------------------------

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));

    /** A guardrail that takes so long, by the injected clock. */
    private Guardrail<String> taking(Duration time, Verdict<String> verdict) {
        return value -> {
            now.updateAndGet(before -> before.plus(time));
            return verdict;
        };
    }

    private GuardBuilder<String, String> timed(String name) {
        runtime.close();
        runtime = IncidentRuntime.builder()
                .directory(directory)
                .time(TimeSource.following(now::get))
                .build();
        return runtime.<String, String>guard(name).route("v2", input -> input);
    }

    @Test
    void withinItsLimit_isNoNews() {
        GuardedModel<String, String> model = timed("model")
                .output(
                        taking(MILLISECOND, Verdict.pass()),
                        RailOptions.options().within(MILLISECOND))
                .build();
        Decision<String> decision = model.decide("a");
        assertThat(answer(decision)).isEqualTo("a");
        assertThat(decision.judgements()).isEmpty();
    }

    @Test
    void tooSlow_hasFailedWhateverItSays() {
        RailOptions limited = RailOptions.options().within(MILLISECOND);
        GuardedModel<String, String> model = timed("model")
                .output(taking(MILLISECOND.plusNanos(1_000), Verdict.pass()).named("slow"), limited)
                .build();
        assertThat(failureOf(model.decide("a"))).isInstanceOfSatisfying(Failure.OutputBlocked.class, blocked -> {
            assertThat(blocked.judgement().finding().rule()).isEqualTo("guardrail-late");
            assertThat(blocked.judgement().finding().category()).isEqualTo("guardrail-failure");
            assertThat(blocked.message()).contains("1001 µs").contains("1000 µs");
        });
    }

    @Test
    void tooSlowAndOpen_isFlaggedAndItsVerdictHolds() {
        RailOptions open = OPEN.within(MILLISECOND);
        Duration slow = Duration.ofMillis(7);
        GuardedModel<String, String> model = timed("model")
                .output(taking(slow, Verdict.pass()), open)
                .output(taking(slow, Verdict.rewrite("rewritten", FINDING)), open)
                .build();
        Decision<String> decision = model.decide("a");
        assertThat(answer(decision)).isEqualTo("rewritten");
        assertThat(decision.judgements())
                .extracting(each -> each.action() + " " + each.finding().rule())
                .containsExactly("FLAG guardrail-late", "FLAG guardrail-late", "REWRITE rule");
    }

    @Test
    void tooSlowAndMonitored_doesNothing() {
        GuardedModel<String, String> model = timed("model")
                .output(taking(MILLISECOND.multipliedBy(2), Verdict.block(FINDING)), MONITORED.within(MILLISECOND))
                .build();
        Decision<String> decision = model.decide("a");
        assertThat(answer(decision)).isEqualTo("a");
        assertThat(decision.judgements()).allMatch(Judgement::monitored);
        assertThat(decision.judgements())
                .extracting(each -> each.action() + " " + each.finding().rule())
                .containsExactly("FLAG guardrail-late", "BLOCK rule");
    }

    @Test
    void hangingGuardrail_isCutOff() {
        CountDownLatch never = new CountDownLatch(1);
        List<Thread> interrupted = new CopyOnWriteArrayList<>();
        Guardrail<String> hangs = value -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.add(Thread.currentThread());
            }
            return Verdict.pass();
        };
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .input(hangs.named("in"), OPEN.cutOffAfter(Duration.ofMillis(100)))
                .output(hangs.named("out"), RailOptions.options().cutOffAfter(Duration.ofMillis(100)))
                .build();
        Decision<String> decision = model.decide("a");
        assertThat(failureOf(decision)).isInstanceOf(Failure.OutputBlocked.class);
        assertThat(decision.judgements())
                .extracting(each -> each.guardrail() + " " + each.action() + " "
                        + each.finding().category())
                .containsExactly("in FLAG guardrail-failure", "out BLOCK guardrail-failure");
        Eventually.until(() -> interrupted.size() == 2);
        assertThat(interrupted)
                .allSatisfy(each -> assertThat(each.getName()).isEqualTo("incident4j-guardrail"))
                .allMatch(Thread::isDaemon);
    }

    /** Those that mind no interrupt hold their threads; the callers go on, and so do checks once threads are free. */
    @Test
    void moreHangingGuardrailsThanThreads_holdUpNobody() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        Guardrail<String> hangs = value -> {
            begun.incrementAndGet();
            while (value.equals("hang") && release.getCount() > 0) {
                Thread.onSpinWait();
            }
            return Verdict.rewrite("checked", FINDING);
        };
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(hangs, OPEN.cutOffAfter(MILLISECOND))
                .build();
        for (int i = 0; i < 20; i++) {
            assertThat(model.call("hang")).isEqualTo("hang");
        }
        assertThat(begun).as("so many threads there are").hasValueLessThanOrEqualTo(8);
        release.countDown();
        Eventually.until(() -> model.call("a").equals("checked"));
    }

    @Test
    void cutOffCheckThatEndsInTime_judgesAsEver() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(
                        value -> Verdict.rewrite(value + "!", FINDING),
                        RailOptions.options().cutOffAfter(LIMIT))
                .output(
                        value -> {
                            throw new IllegalStateException("broken");
                        },
                        OPEN.cutOffAfter(LIMIT))
                .build();
        Decision<String> decision = model.decide("a");
        assertThat(answer(decision)).isEqualTo("a!");
        assertThat(decision.judgements()).extracting(Judgement::action).containsExactly(Action.REWRITE, Action.FLAG);
    }

    @Test
    void callerThatIsInterruptedWhileItWaits_endsAtOnce() {
        CountDownLatch over = new CountDownLatch(1);
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    Thread.currentThread().interrupt();
                    return input;
                })
                .output(
                        value -> {
                            waitFor(over); // or it may be done before anybody waits
                            return Verdict.pass();
                        },
                        OPEN.cutOffAfter(LIMIT))
                .build();
        assertThatThrownBy(() -> model.call("a")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        over.countDown();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- severity, order, faults ------------------------------------------------------------------------------

    @Test
    void severity_isThatOfEachFinding() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(value -> Verdict.flag(FINDING), RailOptions.options().severity(Severity.P1))
                .build();
        assertThat(only(model.decide("a")).finding().severity()).isEqualTo(Severity.P1);
        assertThat(records("decision").get(0).members().toString()).contains("severity=P1");
        assertThat(runtime.trail().query().category("category").count()).isEqualTo(1);
    }

    // ---- remarks ----------------------------------------------------------------------------------------------

    private static String recordOf(Judgement judgement) {
        return judgement.action() + " " + judgement.finding().category() + " "
                + judgement.finding().severity() + (judgement.monitored() ? " monitored" : "");
    }

    private static Verdict<String> blockWithRemarks() {
        return Verdict.block(
                FINDING,
                List.of(
                        new Remark(new Finding("address", "pii", "an address"), true),
                        new Remark(new Finding("attack", "injection", "an attack", Severity.P2), false)));
    }

    @Test
    void remarks_areJudgementsBeforeTheOneThatDecided() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(value -> blockWithRemarks())
                .build();
        Decision<String> decision = model.decide("a");
        assertThat(decision.judgements())
                .extracting(RailOptionsTest::recordOf)
                .containsExactly("REWRITE pii P3", "FLAG injection P2", "BLOCK category P3");
        assertThat(decision.skipped().get(0).failure())
                .isInstanceOfSatisfying(
                        Failure.OutputBlocked.class,
                        blocked -> assertThat(blocked.judgement().finding()).isEqualTo(FINDING));
        assertThat(records("decision")).hasSize(1);
        assertThat(runtime.trail().query().category("injection").count()).isEqualTo(1);
    }

    @Test
    void remarksOfARailWithOptions_haveItsSeverityAndAreMonitoredWithIt() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(
                        value -> blockWithRemarks(),
                        RailOptions.options().monitorOnly().severity(Severity.P1))
                .build();
        assertThat(model.decide("a").judgements())
                .extracting(RailOptionsTest::recordOf)
                .containsExactly(
                        "REWRITE pii P1 monitored", "FLAG injection P1 monitored", "BLOCK category P1 monitored");
    }

    private static Guardrail<String> noting(List<String> order, String name, Cost cost) {
        return new Guardrail<>() {
            @Override
            public Verdict<String> check(String value) {
                order.add(name);
                return Verdict.pass();
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public Cost cost() {
                return cost;
            }
        };
    }

    private static final Cost[] COSTS = Cost.values();

    @Test
    void twentyGuardrailsOfMixedCost_runTheCheapestFirstAndElseInOrder() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        GuardBuilder<String, String> builder =
                guard().route("v2", input -> input).cheapestFirst();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            builder.output(noting(order, "rail-" + i, COSTS[(i * 7 + 2) % 3]).named("rail-" + i));
        }
        for (Cost cost : COSTS) {
            for (int i = 0; i < 20; i++) {
                if (COSTS[(i * 7 + 2) % 3] == cost) {
                    expected.add("rail-" + i);
                }
            }
        }
        builder.build().call("a");
        assertThat(order).containsExactlyElementsOf(expected);
        assertThat(records("guard.built").get(0).members().toString())
                .as("the configuration has the order in which they run")
                .contains(String.join(", ", expected));
    }

    @Test
    void withoutTheOption_theOrderIsTheHosts() {
        List<String> order = new ArrayList<>();
        guard().route("v2", input -> input)
                .input(noting(order, "a", Cost.EXPENSIVE))
                .input(noting(order, "b", Cost.CHEAP))
                .build()
                .call("a");
        assertThat(order).containsExactly("a", "b");
    }

    @Test
    void guardrailInPlace_isPassedByNone() {
        List<String> order = new ArrayList<>();
        guard().route("v2", input -> input)
                .cheapestFirst()
                .input(noting(order, "a", Cost.EXPENSIVE))
                .input(noting(order, "b", Cost.MODERATE))
                .input(
                        noting(order, "redacts", Cost.MODERATE),
                        RailOptions.options().inPlace())
                .input(noting(order, "c", Cost.EXPENSIVE))
                .input(noting(order, "d", Cost.EXPENSIVE), RailOptions.options().cost(Cost.CHEAP))
                .build()
                .call("a");
        assertThat(order).containsExactly("b", "a", "redacts", "d", "c");
    }

    @Property(tries = 200)
    void ordered_isAPermutationThatIsStableWithinACost(@ForAll List<Boolean> fixed, @ForAll long seed) {
        java.util.Random random = new java.util.Random(seed);
        List<RailDraft<String>> drafts = new ArrayList<>();
        for (int i = 0; i < fixed.size(); i++) {
            RailOptions options = RailOptions.options().cost(COSTS[random.nextInt(3)]);
            drafts.add(new RailDraft<>(
                    noting(new ArrayList<>(), "r" + i, Cost.CHEAP), fixed.get(i) ? options.inPlace() : options));
        }
        List<RailDraft<String>> ordered = RailDraft.ordered(drafts, true);
        assertThat(ordered).containsExactlyInAnyOrderElementsOf(drafts);
        for (int i = 0; i < drafts.size(); i++) {
            if (fixed.get(i)) {
                assertThat(ordered.get(i)).as("in place").isSameAs(drafts.get(i));
            }
        }
        for (int i = 1; i < ordered.size(); i++) {
            RailDraft<String> before = ordered.get(i - 1);
            RailDraft<String> after = ordered.get(i);
            if (!before.options().isFixed() && !after.options().isFixed()) {
                int byCost = before.options()
                        .cost()
                        .orElseThrow()
                        .compareTo(after.options().cost().orElseThrow());
                assertThat(byCost).isLessThanOrEqualTo(0);
                if (byCost == 0) {
                    assertThat(drafts.indexOf(before)).isLessThan(drafts.indexOf(after));
                }
            }
        }
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // what a host may do wrong
    void wrongOptions_areAllReportedAtOnce() {
        assertThatThrownBy(() -> guard().route("v2", input -> input)
                        .input(value -> Verdict.pass(), RailOptions.options().within(Duration.ZERO))
                        .output(value -> Verdict.pass(), null)
                        .output(
                                value -> Verdict.pass(),
                                RailOptions.options().cost(null).severity(null).cutOffAfter(null))
                        .output(null)
                        .output(Guardrail.<String>require("not legal", value -> true, ""))
                        .build())
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        thrown -> assertThat(thrown.getMessage())
                                .contains("a time limit of 0 s is out of range; use 1 µs to 1 min")
                                .contains("the options are null")
                                .contains("the cost is null")
                                .contains("the severity is null")
                                .contains("a time limit of null")
                                .contains("an output guardrail is null")
                                .contains("'not legal'"));
        assertThatThrownBy(() -> runtime.<String, String>guardStream("chat")
                        .route("v2", input -> subscriber -> {})
                        .element(value -> Verdict.pass(), RailOptions.options().within(Duration.ofHours(1)))
                        .element(null)
                        .build())
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        thrown -> assertThat(thrown.getMessage())
                                .contains("element guardrail 'guardrail': a time limit of 1 h")
                                .contains("an element guardrail is null"));
    }

    @Test
    void options_areInTheConfigurationAndItsDigest() {
        guard().route("v2", input -> input)
                .output(value -> Verdict.pass(), MONITORED.failOpen().within(MILLISECOND))
                .build();
        runtime.<String, String>guard("plain")
                .route("v2", input -> input)
                .output(value -> Verdict.pass())
                .build();
        List<String> built = records("guard.built").stream()
                .map(each -> each.members().toString())
                .toList();
        assertThat(built.get(0)).contains("monitored=true", "fails_open=true", "within_ns=1000000");
        assertThat(built.get(1)).doesNotContain("_options");
    }

    @Test
    void stageOfFindings_isThatOfTheirSide() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .input(value -> Verdict.flag(FINDING), MONITORED)
                .output(value -> Verdict.flag(FINDING), OPEN)
                .build();
        assertThat(model.decide("a").judgements())
                .extracting(Judgement::stage)
                .containsExactly(Stage.INPUT, Stage.OUTPUT);
    }

    /** Its thread is ours: nobody has interrupted the caller. */
    @Test
    void interruptionOnTheThreadOfACutOffGuardrail_isAFailureOfTheGuardrail() {
        Guardrail<String> interrupted = value -> {
            throw RailOptionsTest.<RuntimeException>undeclared(new InterruptedException("its own"));
        };
        GuardedModel<String, String> closed = guard().route("v2", input -> input)
                .output(interrupted, RailOptions.options().cutOffAfter(LIMIT))
                .build();
        assertThat(failureOf(closed.decide("a"))).isInstanceOf(Failure.OutputBlocked.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // thrown as it is, whatever it is
    private static <X extends Throwable> X undeclared(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
