// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static io.github.incident4j.call.FallbackRule.when;
import static io.github.incident4j.call.FallbackRule.whenThrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FallbackRuleTest extends CallTestBase {
    private final List<String> called = new ArrayList<>();

    private ModelCall<String, String> failing(String route, Exception failure) {
        return input -> {
            called.add(route);
            throw failure;
        };
    }

    private ModelCall<String, String> answering(String route) {
        return input -> {
            called.add(route);
            return route;
        };
    }

    @Test
    void firstRuleThatMatches_decides() {
        GuardedModel<String, String> model = guard().route("v3", failing("v3", new FileNotFoundException("gone")))
                .fallback("v2", answering("v2"))
                .fallback("v1", answering("v1"))
                .rule(whenThrown(FileNotFoundException.class).to("v1"))
                .rule(whenThrown(IOException.class).to("v2"))
                .build();
        assertThat(routeOf(model.decide("a"))).isEqualTo("v1");
        assertThat(called).containsExactly("v3", "v1");
    }

    @Test
    void refuse_triesNoOtherRoute() {
        GuardedModel<String, String> model = guard().route("v2", answering("v2"))
                .fallback("v1", answering("v1"))
                .output(value -> Verdict.block(new Finding("rule", "pii", "a number")))
                .rule(when(
                                Failure.OutputBlocked.class,
                                blocked ->
                                        blocked.judgement().finding().category().equals("pii"))
                        .refuse())
                .build();
        assertThat(failureOf(model.decide("a"))).isInstanceOf(Failure.OutputBlocked.class);
        assertThat(called).containsExactly("v2");
    }

    @Test
    void retries_areCountedOverTheWholeCall() {
        GuardedModel<String, String> model = guard().route("v2", failing("v2", new IOException("busy")))
                .fallback("v1", failing("v1", new IOException("busy too")))
                .constantFallback("last", "constant")
                .rule(whenThrown(IOException.class).retry(2, Backoff.none()).thenToNext())
                .withoutBreaker()
                .build();
        assertThat(model.call("a")).isEqualTo("constant");
        assertThat(called).as("the fallback gets no retries anew").containsExactly("v2", "v2", "v2", "v1");
    }

    @Test
    void rulesThatPointInACircle_end() {
        GuardedModel<String, String> model = guard().route("v2", failing("v2", new IOException("broken")))
                .fallback("v1", failing("v1", new IOException("broken too")))
                .fallback("v0", failing("v0", new IOException("broken as well")))
                .rule(when(Failure.class).on("v1").to("v0"))
                .rule(when(Failure.class).on("v0").to("v1"))
                .build();
        assertThatThrownBy(() -> model.call("a")).hasMessage("broken");
        assertThat(called).containsExactly("v2", "v1", "v0");
    }

    @Test
    void testThatThrows_hasNotMatched() {
        GuardedModel<String, String> model = guard().route("v2", failing("v2", new IOException("broken")))
                .fallback("v1", answering("v1"))
                .rule(when(Failure.class, failure -> {
                            throw new IllegalStateException("a broken rule");
                        })
                        .refuse())
                .build();
        assertThat(model.call("a")).isEqualTo("v1");
    }

    @ParameterizedTest
    @MethodSource("rulesThatNeverRun")
    void ruleThatNeverRuns_isAFaultOfTheConfiguration(FallbackRule.When condition, String why) {
        GuardBuilder<String, String> builder = guard().route("v2", answering("v2"))
                .constantFallback("safe", "safe")
                .rule(condition.to("safe"));
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("rule 1 (" + condition + ", to 'safe'): it never runs, since ")
                .hasMessageContaining(why)
                .hasMessageContaining("leave it out");
    }

    static List<Arguments> rulesThatNeverRun() {
        return List.of(
                Arguments.of(when(Failure.InputBlocked.class), "before any route is tried"),
                Arguments.of(when(Failure.InputBlocked.class, blocked -> true).on("v2"), "before any route is tried"),
                Arguments.of(when(Failure.Closed.class), "a closed runtime"),
                Arguments.of(when(Failure.TrailRefused.class), "unrecorded"),
                Arguments.of(when(Failure.Cancelled.class), "nobody waits"),
                Arguments.of(whenThrown(OutOfMemoryError.class), "reaches the caller"),
                Arguments.of(whenThrown(InterruptedException.class), "reaches the caller"),
                Arguments.of(whenThrown(ClosedByInterruptException.class), "reaches the caller"),
                Arguments.of(whenThrown(CancellationException.class), "reaches the caller"));
    }

    /** They decide about the others of their sort. */
    @Test
    void widerRule_isNone() {
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new AssertionError("broken");
                })
                .constantFallback("safe", "safe")
                .rule(whenThrown(Error.class).to("safe"))
                .rule(when(Failure.class).refuse())
                .build();
        assertThat(model.call("a")).isEqualTo("safe");
    }

    @Test
    void killThatPrefersAFallback_outranksTheRules() {
        GuardedModel<String, String> model = guard().route("v3", answering("v3"))
                .fallback("v2", answering("v2"))
                .fallback("v1", answering("v1"))
                .rule(when(Failure.Killed.class).to("v2"))
                .build();
        Scope route = Scope.model("model").route("v3");
        runtime.switches().kill(route, SwitchState.killedPreferring("v1"), CAUSE);
        assertThat(model.call("a")).isEqualTo("v1");
        runtime.switches().kill(route, SwitchState.killedPreferring("unknown"), CAUSE);
        assertThat(model.call("a")).as("an unknown one leaves it to the rules").isEqualTo("v2");
        runtime.switches().kill(route, SwitchState.killedRefusing(), CAUSE);
        assertThat(failureOf(model.decide("a"))).isInstanceOf(Failure.Killed.class);
    }

    static List<Scope> scopesWithoutARoute() {
        return List.of(
                Scope.everything(),
                Scope.model("model"),
                Scope.model("model").feature("loan"),
                Scope.everything().segment("tenant", "acme"),
                Scope.model("model").share(0.999_999_999));
    }

    /** Such a scope covers all routes of the guard, but the one that is to answer instead. */
    @ParameterizedTest
    @MethodSource("scopesWithoutARoute")
    void killWithoutARoute_letsTheFallbackAnswerThatItPrefers(Scope scope) {
        GuardedModel<String, String> model = guard().route("v2", answering("v2"))
                .fallback("v1", answering("v1"))
                .ruleFallback("person", input -> "person")
                .build();
        CallContext context = CallContext.of("tenant", "acme").feature("loan").key("user");
        runtime.switches().kill(scope, SwitchState.killedPreferring("person"), CAUSE);
        Decision<String> decision = model.decide("a", context);
        assertThat(routeOf(decision)).isEqualTo("person");
        assertThat(skippedCodes(decision)).containsExactly("killed");
        runtime.switches().restore(scope, CAUSE);
        runtime.switches()
                .limit(
                        scope,
                        new SwitchState.Limited(Limit.toShare(0), new SwitchState.Instead.Prefer("person")),
                        CAUSE);
        assertThat(routeOf(model.decide("a", context))).as("a limit").isEqualTo("person");
        runtime.switches().kill(Scope.everything(), CAUSE);
        assertThat(failureOf(model.decide("a", context))).as("another kill").isInstanceOf(Failure.Killed.class);
    }

    /** A kill that prefers another fallback must not be a way to revive what is stopped. */
    @Test
    void killsWithoutARoute_reviveNothing() {
        GuardedModel<String, String> model = guard().route("v3", answering("v3"))
                .fallback("v2", answering("v2"))
                .fallback("v1", answering("v1"))
                .build();
        Scope all = Scope.model("model");
        runtime.switches().kill(all, SwitchState.killedPreferring("v1"), CAUSE);
        SwitchResult other = runtime.switches().kill(all, SwitchState.killedPreferring("v2"), CAUSE);
        assertThat(other.message()).contains("the kill of test prefers another fallback, so none of the two answers");
        assertThat(failureOf(model.decide("a")))
                .as("each has stopped the other's")
                .isInstanceOf(Failure.Killed.class);
        runtime.switches().restore(all, CAUSE);
        runtime.switches().kill(all, SwitchState.killedPreferring("v1"), CAUSE);
        runtime.switches().kill(all, CAUSE);
        assertThat(failureOf(model.decide("a"))).as("a full stop").isInstanceOf(Failure.Killed.class);
        runtime.switches().restore(all, CAUSE);
        runtime.switches().limit(all, Limit.toShare(0), CAUSE);
        SwitchResult over = runtime.switches().kill(all, SwitchState.killedPreferring("v1"), CAUSE);
        assertThat(over.message()).contains("stays for what answers instead");
        assertThat(failureOf(model.decide("a"))).as("the limit").isInstanceOf(Failure.class);
        runtime.switches().restore(all, CAUSE);
        assertThat(runtime.switches()
                        .kill(all, SwitchState.killedPreferring("v3"), CAUSE)
                        .message())
                .contains("'v3' is the first route of 'model'");
        assertThat(routeOf(model.decide("a"))).isEqualTo("v3");
    }

    /** Who kills in an emergency reads it there and then, and not in the refusals that follow. */
    @Test
    void killsThatDoOtherThanTheyLookLike_saySo() {
        guard().route("v2", answering("v2")).fallback("v1", answering("v1")).build();
        Scope all = Scope.model("model");
        Scope route = all.route("v1");
        runtime.switches().kill(route, CAUSE);
        assertThat(runtime.switches()
                        .kill(all, SwitchState.killedPreferring("v1"), CAUSE)
                        .message())
                .isEqualTo("'v1', which it prefers, is itself killed by 'runtime' (model/v1)");
        runtime.switches().restore(route, CAUSE);
        assertThat(runtime.switches()
                        .kill(all, CAUSE.until(Instant.now().plusSeconds(3_600)))
                        .message())
                .contains("which ends only when it is restored; until then 'v1' is stopped, too");
    }

    @Test
    void preferredFallbackThatFails_isFollowedByWhatStandsBehindIt() {
        GuardedModel<String, String> model = guard().route("v3", answering("v3"))
                .fallback("v2", answering("v2"))
                .fallback("v1", failing("v1", new IOException("broken")))
                .constantFallback("safe", "safe")
                .build();
        runtime.switches().kill(Scope.model("model").route("v3"), SwitchState.killedPreferring("v1"), CAUSE);
        assertThat(routeOf(model.decide("a"))).isEqualTo("safe");
        assertThat(called).containsExactly("v1");
    }

    /** They may be other models, and cost what a kill is to save. */
    @Test
    void callThatKillsLeaveNoRoute_reachesNoGuardrail() {
        List<String> judged = new ArrayList<>();
        GuardedModel<String, String> model = guard().route("v2", answering("v2"))
                .constantFallback("safe", "safe")
                .input(input -> {
                    judged.add(input);
                    return Verdict.block(new Finding("rule", "pii", "an address"));
                })
                .build();
        runtime.switches().kill(Scope.model("model"), CAUSE);
        Decision<String> decision = model.decide("a");
        assertThat(failureOf(decision)).isInstanceOf(Failure.Killed.class);
        assertThat(skippedCodes(decision)).containsExactly("killed", "killed");
        assertThat(judged).isEmpty();
        runtime.switches().restore(Scope.model("model"), CAUSE);
        runtime.switches().kill(Scope.model("model").route("v2"), SwitchState.killedRefusing(), CAUSE);
        assertThat(failureOf(model.decide("b"))).isInstanceOf(Failure.Killed.class);
        assertThat(judged).isEmpty();
        runtime.switches().restore(Scope.model("model").route("v2"), CAUSE);
        runtime.switches().kill(Scope.model("model").route("v2"), CAUSE);
        assertThat(failureOf(model.decide("c"))).as("a route is left").isInstanceOf(Failure.InputBlocked.class);
        assertThat(judged).containsExactly("c");
    }

    @Test
    void faultyRules_areReportedTogether() {
        GuardBuilder<String, String> builder = guard().route("v2", answering("v2"))
                .fallback("v1", answering("v1"))
                .rule(when(Failure.class).on("v2").toNext())
                .rule(when(Failure.TimedOut.class).on("v2").to("v1"))
                .rule(when(Failure.Killed.class).to("v0"))
                .rule(when(Failure.Limited.class).on("v9").refuse())
                .rule(when(Failure.OutOfScope.class).on("v1").to("v1"))
                .rule(whenThrown(IOException.class).retry(1_000, Backoff.none()).thenRefuse())
                .rule(whenThrown(FileNotFoundException.class).refuse());
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("rule 2 (when TimedOut on 'v2', to 'v1'): it is never reached, since rule 1")
                .hasMessageContaining("no route of the name 'v0'")
                .hasMessageContaining("no route of the name 'v9'")
                .hasMessageContaining("a route cannot be its own fallback")
                .hasMessageContaining("1000 retries are out of range")
                .hasMessageContaining("rule 7 (when FileNotFoundException, refuse): it is never reached");
    }

    @Test
    void backoff_growsWithinItsBounds() {
        Backoff backoff = Backoff.doubling(Duration.ofMillis(10), Duration.ofMillis(50));
        assertThat(backoff.nanosBefore(1, 1)).isEqualTo(10_000_000);
        assertThat(backoff.nanosBefore(1, 0)).isEqualTo(5_000_000);
        assertThat(backoff.nanosBefore(2, 1)).isEqualTo(20_000_000);
        assertThat(backoff.nanosBefore(99, 1)).isEqualTo(50_000_000);
        assertThatThrownBy(() -> Backoff.fixed(Duration.ofHours(1))).hasMessageContaining("out of range");
    }

    /** Also one that no signature declares, as other languages throw it. */
    @ParameterizedTest
    @MethodSource("mistakes")
    void hostsPredicateThatThrows_costsNeitherRecordNorPermit(Throwable mistake) {
        GuardedModel<String, String> model = guard().route(
                        "v3",
                        failing("v3", new IOException("broken")),
                        RouteOptions.<String>options().accepting(input -> {
                            throw FallbackRuleTest.<RuntimeException>undeclared(mistake);
                        }))
                .fallback("v2", failing("v2", new IOException("broken")))
                .fallback("v1", answering("v1"))
                .rule(when(Failure.ModelError.class, failure -> {
                            throw FallbackRuleTest.<RuntimeException>undeclared(mistake);
                        })
                        .refuse())
                .trafficKey(input -> {
                    throw FallbackRuleTest.<RuntimeException>undeclared(mistake);
                })
                .inFlight(InFlight.CANCEL)
                .maxConcurrent(1)
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(skippedCodes(model.decide("a"))).containsExactly("out-of-scope", "model-error");
        }
        assertThat(records("decision")).hasSize(3);
    }

    static List<Throwable> mistakes() {
        return List.of(new IllegalStateException("m"), new AssertionError("m"), new IOException("undeclared"));
    }

    /** What means that nobody waits, or that the virtual machine is broken, is no matter of a predicate. */
    @Test
    void endOfTheCallInAPredicate_selectsNoOtherRoute() {
        List<Throwable> ends = List.of(new OutOfMemoryError("m"), new CancellationException("m"));
        for (Throwable end : ends) {
            GuardedModel<String, String> scoped = runtime.<String, String>guard("scoped-" + ends.indexOf(end))
                    .route("v2", answering("v2"), RouteOptions.<String>options().accepting(input -> {
                        throw FallbackRuleTest.<RuntimeException>undeclared(end);
                    }))
                    .fallback("v1", answering("v1"))
                    .build();
            assertThatThrownBy(() -> scoped.decide("a")).isSameAs(end);
            GuardedModel<String, String> ruled = runtime.<String, String>guard("ruled-" + ends.indexOf(end))
                    .route("v2", failing("v2", new IOException("broken")))
                    .fallback("v1", answering("v1"))
                    .rule(when(Failure.class, failure -> {
                                throw FallbackRuleTest.<RuntimeException>undeclared(end);
                            })
                            .refuse())
                    .build();
            assertThatThrownBy(() -> ruled.decide("a")).isSameAs(end);
        }
        assertThat(called).containsOnly("v2");
        assertThat(records("decision")).hasSize(4);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // thrown as it is, whatever it is
    private static <X extends Throwable> X undeclared(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Test
    void ruleThatIsLeftNothing_isAFaultOfTheConfiguration() {
        GuardBuilder<String, String> builder = guard().route("v2", answering("v2"))
                .fallback("v1", answering("v1"))
                .rule(whenThrown(Throwable.class).refuse())
                .rule(when(Failure.ModelError.class).toNext())
                .rule(when(Failure.TimedOut.class).on("v2").refuse())
                .rule(when(Failure.TimedOut.class).on("v1").refuse())
                .rule(when(Failure.TimedOut.class).toNext())
                .rule(when(Failure.Limited.class).to("v2"));
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("rule 2 (when ModelError, next route): it is never reached, since rule 1")
                .hasMessageContaining("rule 5 (when TimedOut, next route): it is never reached, since the rules")
                .hasMessageContaining("rule 6 (when Limited, to 'v2'): the primary route is tried first");
    }

    /** An executor is the host's, too: what it throws has not taken the call. */
    @ParameterizedTest
    @MethodSource("mistakes")
    void hostsExecutorThatThrows_costsNeitherRecordNorPermit(Throwable mistake) throws Exception {
        Executor throwing = task -> {
            throw FallbackRuleTest.<RuntimeException>undeclared(mistake);
        };
        GuardedModel<String, String> model = guard().route(
                        "v2", answering("v2"), RouteOptions.<String>options().executor(throwing))
                .fallback("v1", answering("v1"))
                .shadow("v3", answering("v3"), throwing, Object::equals)
                .maxConcurrent(1)
                .inFlight(InFlight.CANCEL)
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(skippedCodes(model.decide("a"))).containsExactly("limited");
            assertThat(skippedCodes(model.decideAsync("a").get(30, TimeUnit.SECONDS)))
                    .containsExactly("limited");
        }
        assertThat(records("decision")).hasSize(6);
    }

    /** A queue that is full may wait, and be interrupted: then nobody waits for another route either. */
    @Test
    void interruptInTheExecutor_endsTheCall() {
        GuardedModel<String, String> model = guard().route(
                        "v2", answering("v2"), RouteOptions.<String>options().executor(task -> {
                            throw FallbackRuleTest.<RuntimeException>undeclared(new InterruptedException("put"));
                        }))
                .fallback("v1", answering("v1"))
                .build();
        assertThatThrownBy(() -> model.decide("a")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(called).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(InFlight.class)
    void endOfTheCallInAKey_selectsNoOtherRoute(InFlight inFlight) {
        OutOfMemoryError end = new OutOfMemoryError("m");
        GuardedModel<String, String> model = guard().route("v2", answering("v2"))
                .fallback("v1", answering("v1"))
                .trafficKey(input -> {
                    throw end;
                })
                .inFlight(inFlight)
                .build();
        if (inFlight != InFlight.CANCEL) { // which reads the key of each call
            runtime.switches().kill(Scope.model("model").route("v2").share(0.5), CAUSE);
        }
        assertThatThrownBy(() -> model.decide("a")).isSameAs(end);
        assertThat(called).isEmpty();
        assertThat(records("decision")).hasSize(1);
    }

    /** Each is right where the guard can come to it. */
    @Test
    void rulesAboutWhatNoRouteCanComeTo_areFaults() {
        FallbackRule[] rules = {
            when(Failure.BreakerOpen.class).refuse(),
            when(Failure.TimedOut.class).toNext(),
            when(Failure.OutOfScope.class).to("v1"),
            when(Failure.OutputBlocked.class).refuse(),
            whenThrown(IOException.class).on("last").refuse()
        };
        GuardBuilder<String, String> without = guard().route("v2", input -> input)
                .fallback("v1", input -> "old")
                .cachedFallback("last", input -> input, Duration.ofMinutes(1), 10)
                .withoutBreaker();
        GuardBuilder<String, String> with = runtime.<String, String>guard("with")
                .route(
                        "v2",
                        input -> input,
                        RouteOptions.<String>options()
                                .accepting(input -> true)
                                .timeLimit(Duration.ofSeconds(1))
                                .interruptible())
                .fallback("v1", input -> "old")
                .fallback("last", input -> "older")
                .output(value -> Verdict.pass());
        for (FallbackRule rule : rules) {
            without.rule(rule);
            with.rule(rule);
        }
        assertThatThrownBy(without::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "no route that it is about has a circuit breaker",
                        "has a time limit, nor the guard a deadline",
                        "no route that it is about says what it accepts",
                        "the guard has no output guardrail",
                        "a cache throws nothing");
        assertThat(with.build()).isNotNull();
    }

    /** A name that a missing configuration leaves null would make of to(…) the next route, and of on(…) all routes. */
    @Test
    void rulesOfNulls_areFaults() {
        GuardBuilder<String, String> guard = guard().route("v2", input -> input)
                .fallback("v1", input -> "old")
                .deadline(Duration.ofSeconds(1));
        rulesOfNulls().forEach(guard::rule);
        assertThatThrownBy(guard::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "rule 1: to(…) was given null; give it a value, or leave it out",
                        "rule 2: thenTo(…) was given null",
                        "rule 3: on(…) was given null",
                        "rule 4: the backoff of retry(…) was given null",
                        "rule 5: when(…) was given null",
                        "rule 6: the test of when(…) was given null",
                        "rule 7: whenThrown(…) was given null")
                .hasMessageNotContaining("never");
    }

    @SuppressWarnings("NullAway") // what happens to a host that breaks the contract is what is tested
    private static List<FallbackRule> rulesOfNulls() {
        return List.of(
                when(Failure.TimedOut.class).to(null),
                when(Failure.ModelError.class).retry(1, Backoff.none()).thenTo(null),
                when(Failure.NoAnswer.class).on(null).refuse(),
                when(Failure.NoAnswer.class).retry(2, null).thenToNext(),
                when((Class<? extends Failure>) null).refuse(),
                when(Failure.Limited.class, null).toNext(),
                whenThrown(null).refuse());
    }
}
