// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.RefusedException;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Skipped;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuardedCallTest extends CallTestBase {
    private static final Finding FINDING = new Finding("rule", "category", "message");

    @Test
    void soundPrimary_answersAndIsRecorded() {
        GuardedModel<String, String> model = guard().route("v2", input -> input + "!")
                .fallback("v1", input -> "old")
                .build();
        Decision<String> decision = model.decide("a");
        Decision.Answered<String> answered = (Decision.Answered<String>) decision;
        assertThat(answered.route()).isEqualTo("v2");
        assertThat(answered.output()).isEqualTo("a!");
        assertThat(answered.skipped()).isEmpty();
        assertThat(records("decision"))
                .singleElement()
                .satisfies(each -> assertThat(each.members())
                        .containsEntry("id", decision.id().toString())
                        .containsEntry("outcome", "answered")
                        .containsEntry("route", "v2"));
    }

    /** As an HTTP client's. */
    private static final class ConnectTimeoutException extends InterruptedIOException {
        private static final long serialVersionUID = 1L;
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalStateException("broken"),
                new IOException("checked"),
                new SocketTimeoutException("slow"),
                new InterruptedIOException("timeout"), // as HTTP clients tell of their own time-outs
                new ConnectTimeoutException(),
                new AssertionError("an error"),
                new NoClassDefFoundError("missing"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failingPrimary_isReplacedByTheFallback(Throwable failure) {
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw thrown(failure);
                })
                .fallback("v1", input -> "old")
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        assertThat(model.decide("a").skipped()).containsExactly(new Skipped("v2", new Failure.ModelError(failure)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void nobodyAnswers_hostsOwnExceptionSurfacesUnchanged(Throwable failure) {
        IllegalArgumentException second = new IllegalArgumentException("second");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw thrown(failure);
                })
                .fallback("v1", input -> {
                    throw second;
                })
                .build();
        assertThatThrownBy(() -> model.call("a")).isSameAs(failure).hasSuppressedException(second);
    }

    @Test
    void oneSharedException_doesNotGrowWithoutBound() {
        RuntimeException shared = new RuntimeException("shared");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw shared;
                })
                .fallback("v1", input -> {
                    throw new RuntimeException("fresh");
                })
                .withoutBreaker()
                .build();
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> model.call("a")).isSameAs(shared);
        }
        assertThat(shared.getSuppressed()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void virtualMachineError_isPassedOnAtOnceAndRecorded() {
        OutOfMemoryError error = new OutOfMemoryError("simulated");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw error;
                })
                .fallback("v1", input -> "old")
                .build();
        assertThatThrownBy(() -> model.call("a")).isSameAs(error);
        assertThat(records("decision"))
                .singleElement()
                .satisfies(each -> assertThat(each.members()).containsEntry("outcome", "refused"));
    }

    @Test
    void nullAnswer_isAFailure() {
        GuardedModel<String, String> model = guard().route("v2", input -> missing())
                .fallback("v1", input -> "old")
                .build();
        assertThat(model.decide("a").skipped())
                .containsExactly(new Skipped("v2", new Failure.NoAnswer("the model call returned null")));
    }

    @SuppressWarnings("NullAway") // that a model breaks its contract is what is tested
    private static String missing() {
        return null;
    }

    @Test
    void kills_ofEveryScopeAreObeyed() {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old")
                .segment("size", input -> input.length() > 3 ? "long" : "short")
                .segment("tenant")
                .build();
        Scope route = Scope.model("model").route("v2");
        runtime.switches().kill(route, CAUSE);
        assertThat(model.call("a")).isEqualTo("old");
        runtime.switches().restore(route, CAUSE);
        assertThat(model.call("a")).isEqualTo("new");

        Scope segment = route.segment("size", "long");
        runtime.switches().kill(segment, CAUSE);
        assertThat(model.call("long input")).isEqualTo("old");
        assertThat(model.call("a")).isEqualTo("new");

        runtime.switches().kill(Scope.model("model").segment("tenant", "acme"), CAUSE);
        assertThat(model.decide("a", CallContext.of("tenant", "acme"))).isInstanceOf(Decision.Refused.class);
        assertThat(model.decide("a", CallContext.of("tenant", "other"))).isInstanceOf(Decision.Answered.class);

        runtime.switches().kill(Scope.everything(), CAUSE);
        assertThatThrownBy(() -> model.call("a")).isInstanceOfSatisfying(RefusedException.class, refused -> {
            assertThat(refused.failure()).isInstanceOf(Failure.Killed.class);
            assertThat(refused.getStackTrace()).isEmpty();
            assertThat(refused).hasMessageContaining("killed by test because: a test");
        });
    }

    @Test
    void killDuringTheCall_stopsTheNextRoute() {
        AtomicInteger called = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    runtime.switches().kill(Scope.model("model").route("v1"), CAUSE);
                    throw new IllegalStateException("broken");
                })
                .fallback("v1", input -> "old " + called.incrementAndGet())
                .build();
        assertThatThrownBy(() -> model.call("a")).hasMessage("broken");
        assertThat(called).hasValue(0);
    }

    @Test
    void inputGuardrails_blockRewriteAndFlag() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .input(rail(value -> value.equals("bad") ? Verdict.block(FINDING) : Verdict.pass()))
                .input(rail(value -> value.equals("raw") ? Verdict.rewrite("cooked", FINDING) : Verdict.pass()))
                .input(rail(value -> value.equals("odd") ? Verdict.flag(FINDING) : Verdict.pass()))
                .build();
        assertThat(((Decision.Refused<String>) model.decide("bad")).failure()).isInstanceOf(Failure.InputBlocked.class);
        assertThat(model.call("raw")).isEqualTo("cooked");
        assertThat(model.decide("odd").judgements()).hasSize(1);
        assertThat(model.decide("fine").judgements()).isEmpty();
    }

    @Test
    void outputGuardrails_blockToTheNextRouteAndRetryOnce() {
        AtomicInteger answers = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> "answer " + answers.incrementAndGet())
                .fallback("v1", input -> "old")
                .output(rail(value -> value.equals("answer 1") ? Verdict.retry(FINDING) : Verdict.pass()))
                .output(rail(value -> value.equals("answer 3") ? Verdict.block(FINDING) : Verdict.pass()))
                .build();
        assertThat(model.call("a")).isEqualTo("answer 2");
        assertThat(model.call("a")).isEqualTo("old");

        answers.set(0);
        GuardedModel<String, String> insisting = runtime.<String, String>guard("insisting")
                .route("v2", input -> "answer " + answers.incrementAndGet())
                .fallback("v1", input -> "old")
                .output(rail(value -> value.startsWith("answer") ? Verdict.retry(FINDING) : Verdict.pass()))
                .build();
        assertThat(insisting.call("a")).isEqualTo("old");
        assertThat(answers).as("asked once more, and no more often").hasValue(2);
    }

    @Test
    void brokenGuardrail_hasBlocked() {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old")
                .output(rail(value -> {
                    if (value.equals("new")) {
                        throw new IllegalStateException("a broken guardrail");
                    }
                    return Verdict.pass();
                }))
                .build();
        assertThat(model.call("a")).isEqualTo("old");
    }

    /** A model that fails when a guardrail has it asked again must not hang the call. */
    @Test
    void failureOfTheSecondAnswer_goesToTheNextRoute() {
        AtomicInteger asked = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    if (asked.getAndIncrement() > 0) {
                        throw new IOException("the provider is down");
                    }
                    return "unfit";
                })
                .fallback("v1", input -> "old")
                .output(rail(value -> value.equals("unfit") ? Verdict.retry(FINDING) : Verdict.pass()))
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        assertThat(asked).hasValue(2);
    }

    @Test
    void killBetweenAnswerAndSecondAnswer_isObeyed() {
        AtomicInteger asked = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> "answer " + asked.incrementAndGet())
                .fallback("v1", input -> "old")
                .output(rail(value -> {
                    if (value.equals("old")) {
                        return Verdict.pass();
                    }
                    runtime.switches().kill(Scope.model("model").route("v2"), CAUSE);
                    return Verdict.retry(FINDING);
                }))
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        assertThat(asked).hasValue(1);
    }

    @Test
    void guardrails_runInTheOrderInWhichTheyWereAdded() {
        List<String> order = new java.util.ArrayList<>();
        GuardBuilder<String, String> builder = guard().route("v2", input -> input);
        for (String name : List.of("a", "b", "c")) {
            builder.input(rail(value -> {
                        order.add("in " + name);
                        return Verdict.pass();
                    }))
                    .output(rail(value -> {
                        order.add("out " + name);
                        return Verdict.pass();
                    }));
        }
        builder.build().call("x");
        assertThat(order).containsExactly("in a", "in b", "in c", "out a", "out b", "out c");
    }

    @Test
    void interruptedGuardrail_triesNoOtherRoute() {
        AtomicInteger calls = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old " + calls.incrementAndGet())
                .output(rail(value -> {
                    throw thrown(new InterruptedException("stop"));
                }))
                .build();
        assertThatThrownBy(() -> model.call("a")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(0);
        assertThat(records("decision")).hasSize(1);
    }

    @Test
    void switchesOfOthers_leaveAModelAloneUntilOneIsItsOwn() {
        AtomicInteger calls = new AtomicInteger();
        GuardedModel<String, String> bare = runtime.<String, String>guard("bare")
                .route("v2", input -> "new " + calls.incrementAndGet())
                .withoutAuditTrail()
                .withoutBreaker()
                .build();
        runtime.switches().kill(Scope.model("other"), CAUSE);
        assertThat(bare.call("a")).isEqualTo("new 1");
        assertThat(bare.call("a")).isEqualTo("new 2");
        runtime.switches().kill(Scope.model("bare").route("v2"), CAUSE);
        assertThatThrownBy(() -> bare.call("a")).isInstanceOf(RefusedException.class);
        runtime.switches().restore(Scope.model("bare").route("v2"), CAUSE);
        assertThat(bare.call("a")).isEqualTo("new 3");
        runtime.switches().kill(Scope.everything().feature("chat"), CAUSE);
        assertThat(bare.call("a")).isEqualTo("new 4");
        runtime.switches().kill(Scope.everything(), CAUSE);
        assertThatThrownBy(() -> bare.call("a")).isInstanceOf(RefusedException.class);
        assertThat(calls).hasValue(4);
    }

    @Test
    void killOfAnAttributeThatNoGuardDeclares_stopsTheCallsThatCarryIt() {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old")
                .build();
        Scope acme = Scope.everything().segment("tenant", "acme");
        assertThat(runtime.switches().kill(acme, CAUSE).message())
                .contains("no guarded model of this runtime declares a segment attribute 'tenant'");
        assertThat(failureOf(model.decide("a", CallContext.of("tenant", "acme"))))
                .isInstanceOf(Failure.Killed.class);
        assertThat(routeOf(model.decide("a", CallContext.of("tenant", "other"))))
                .isEqualTo("v2");
        assertThat(routeOf(model.decide("a"))).isEqualTo("v2");
        runtime.switches().restore(acme, CAUSE);
        runtime.switches().kill(Scope.model("model").route("v2").segment("tenant", "acme"), CAUSE);
        assertThat(routeOf(model.decide("a", CallContext.of("tenant", "acme")))).isEqualTo("v1");
        assertThat(records("decision"))
                .allSatisfy(each -> assertThat(each.members()).doesNotContainKey("segments"));
        runtime.<String, String>guard("other")
                .route("v1", input -> "new")
                .segment("tenant")
                .build();
        assertThat(runtime.switches().kill(acme, CAUSE).message()).isEmpty();
    }

    @Test
    void segmentThatCannotBeRead_isStoppedByEveryKillOnItsAttribute() {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .segment("size", input -> Integer.toString(Integer.parseInt(input)))
                .build();
        assertThat(routeOf(model.decide("not a number"))).isEqualTo("v2");
        runtime.switches().kill(Scope.everything().segment("tenant", "acme"), CAUSE);
        assertThat(routeOf(model.decide("not a number")))
                .as("another attribute")
                .isEqualTo("v2");
        Scope seven = Scope.model("model").segment("size", "7");
        runtime.switches().kill(seven, CAUSE);
        assertThat(failureOf(model.decide("not a number"))).isInstanceOf(Failure.Killed.class);
        assertThat(routeOf(model.decide("8"))).isEqualTo("v2");
        runtime.switches().restore(seven, CAUSE);
        assertThat(routeOf(model.decide("not a number"))).isEqualTo("v2");
        assertThat(records("decision")).hasSize(5);
    }

    @Test
    void closedRuntime_letsNothingThrough() {
        AtomicInteger calls = new AtomicInteger();
        GuardedModel<String, String> model =
                guard().route("v2", input -> "new " + calls.incrementAndGet()).build();
        GuardedModel<String, String> bare = runtime.<String, String>guard("bare")
                .route("v2", input -> "new " + calls.incrementAndGet())
                .withoutAuditTrail()
                .withoutBreaker()
                .build();
        runtime.close();
        assertThat(((Decision.Refused<String>) model.decide("a")).failure()).isEqualTo(new Failure.Closed());
        assertThatThrownBy(() -> bare.call("a")).isInstanceOf(RefusedException.class);
        assertThat(calls).hasValue(0);
    }

    private static Guardrail<String> rail(Guardrail<String> rail) {
        return rail;
    }

    private static <X extends Throwable> RuntimeException thrown(Throwable failure) throws X {
        @SuppressWarnings("unchecked") // thrown as it is, whatever it is
        X unchecked = (X) failure;
        throw unchecked;
    }

    @Test
    void killThatPrefersARouteThatIsNot_saysSo() {
        guard().route("v2", input -> "new")
                .fallback("manual", input -> "by hand")
                .build();
        Scope route = Scope.model("model").route("v2");
        assertThat(runtime.switches()
                        .kill(route, SwitchState.killedPreferring("manaul"), CAUSE)
                        .message())
                .contains("'manaul'", "own rules choose");
        assertThat(runtime.switches()
                        .kill(route, SwitchState.killedPreferring("manual"), CAUSE)
                        .message())
                .isEmpty();
    }

    /** Who wants the answer alone may have a tenant, too. */
    @Test
    void callWithAContext_isStoppedByAKillOnWhatTheContextCarries() {
        GuardedModel<String, String> model = guard().route("v1", input -> input).build();
        runtime.switches().kill(Scope.everything().segment("tenant", "acme"), CAUSE);
        assertThat(model.call("a")).isEqualTo("a");
        assertThat(model.call("a", CallContext.of("tenant", "other"))).isEqualTo("a");
        assertThatThrownBy(() -> model.call("a", CallContext.of("tenant", "acme")))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.failure()).isInstanceOf(Failure.Killed.class));
    }
}
