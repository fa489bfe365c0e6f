// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A call that does not reach the model takes nothing from what limits the calls that do. */
class SpentLimitsTest extends CallTestBase {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final CircuitBreakerConfig OPENS_AT_ONCE = CircuitBreakerConfig.custom()
            .slidingWindowSize(1)
            .minimumNumberOfCalls(1)
            .waitDurationInOpenState(HOUR)
            .build();

    private static int answeredBy(String route, GuardedModel<String, String> model, int calls) {
        return answeredBy(route, model, calls, CallContext.empty());
    }

    private static int answeredBy(String route, GuardedModel<String, String> model, int calls, CallContext context) {
        int answered = 0;
        for (int i = 0; i < calls; i++) {
            answered += routeOf(model.decide("a", context)).equals(route) ? 1 : 0;
        }
        return answered;
    }

    @Test
    void shadow_takesNothingFromTheRateOfASwitch() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        AtomicInteger shadowed = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .ruleFallback("rule", input -> "rule")
                .shadow(
                        "v3",
                        input -> {
                            shadowed.incrementAndGet();
                            return input;
                        },
                        executor,
                        Object::equals)
                .build();
        Scope scope = Scope.model("model").route("v2");
        runtime.switches().limit(scope, Limit.toRate(10, HOUR), CAUSE);
        assertThat(answeredBy("v2", model, 30)).isEqualTo(10);
        executor.submit(() -> {}).get(30, TimeUnit.SECONDS); // what waits there would not begin beside the next limit
        runtime.switches().restore(scope, CAUSE);
        runtime.switches().limit(Scope.model("model"), Limit.toRate(11, HOUR), CAUSE);
        for (int i = 0; i < 11; i++) {
            assertThat(model.call("a")).isEqualTo("a");
        }
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(shadowed)
                .as("beside a limit of the other route, not of its own")
                .hasValue(10);
    }

    /** A share of the traffic is no number of calls that it could use up. */
    @Test
    void shadow_runsForTheShareOfTheTraffic() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        AtomicInteger shadowed = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .shadow(
                        "v3",
                        input -> {
                            shadowed.incrementAndGet();
                            return input;
                        },
                        executor,
                        Object::equals)
                .build();
        runtime.switches().limit(Scope.model("model").route("v3"), Limit.toShare(0.5), CAUSE);
        int passed = 0;
        for (int i = 0; i < 40; i++) {
            int before = shadowed.get();
            model.decide("a", CallContext.empty().key("user-" + i));
            executor.submit(() -> {}).get(30, TimeUnit.SECONDS); // behind the shadow's own task
            passed += shadowed.get() - before;
        }
        executor.shutdown();
        assertThat(passed).isBetween(5, 35);
    }

    @Test
    void openBreaker_takesNothingFromTheRateOfTheModel() {
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .fallback("v1", input -> "old")
                .constantFallback("constant", "none")
                .breaker(OPENS_AT_ONCE)
                .rateLimit(new Limit.Rate(12, HOUR))
                .build();
        assertThat(model.call("a")).as("takes two, and opens the breaker").isEqualTo("old");
        assertThat(answeredBy("v1", model, 30)).isEqualTo(10);
    }

    /** Or the breaker would wait for a probe that was never made. */
    @Test
    void limit_takesNoPermitOfTheBreaker() {
        AtomicInteger asked = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IOException("broken");
                    }
                    return "new";
                })
                .constantFallback("constant", "none")
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(Duration.ofMillis(1))
                        .build())
                .build();
        Scope scope = Scope.model("model").route("v2");
        runtime.switches().limit(scope, Limit.toRate(1, HOUR), CAUSE);
        assertThat(skippedCodes(model.decide("a"))).as("opens the breaker").containsExactly("model-error");
        Eventually.until(() -> skippedCodes(model.decide("a")).contains("limited"));
        for (int i = 0; i < 5; i++) {
            assertThat(skippedCodes(model.decide("a"))).containsExactly("limited");
        }
        runtime.switches().restore(scope, CAUSE);
        assertThat(model.call("a")).as("the one probe is still to be made").isEqualTo("new");
    }

    @Test
    void share_isAskedBeforeAnyRateIsSpent() {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old")
                .constantFallback("constant", "none")
                .build();
        runtime.switches().limit(Scope.model("model"), Limit.toRate(10, HOUR), CAUSE);
        runtime.switches().limit(Scope.model("model").route("v2"), Limit.toShare(0), CAUSE);
        int old = 0;
        for (int i = 0; i < 30; i++) {
            old += model.decide("a") instanceof Decision.Answered<String> answered
                            && answered.route().equals("v1")
                    ? 1
                    : 0;
        }
        assertThat(old).isEqualTo(10);
    }

    /** What one rate refuses is not missing from another. */
    @Test
    void rates_areSpentTogetherOrNotAtAll() {
        GuardedModel<String, String> model = guard().route(
                        "v2", input -> "new", RouteOptions.<String>options().rateLimit(new Limit.Rate(2, HOUR)))
                .fallback("v1", input -> "old")
                .constantFallback("constant", "none")
                .segment("tenant")
                .rateLimit(new Limit.Rate(8, HOUR))
                .rateLimitPer("tenant", new Limit.Rate(6, HOUR))
                .build();
        CallContext acme = CallContext.of("tenant", "acme");
        assertThat(answeredBy("v2", model, 2, acme)).isEqualTo(2);
        assertThat(answeredBy("v1", model, 9, acme))
                .as("six of a tenant, also where v2 was over its own rate before")
                .isEqualTo(4);
        assertThat(answeredBy("v1", model, 9, CallContext.of("tenant", "other")))
                .as("eight of the model")
                .isEqualTo(2);
    }

    @Test
    void ratesOfSwitches_areSpentTogetherOrNotAtAll() {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old")
                .ruleFallback("rule", input -> "rule")
                .build();
        Scope v2 = Scope.model("model").route("v2");
        Scope rule = Scope.model("model").route("rule");
        runtime.switches().limit(Scope.model("model"), Limit.toRate(5, HOUR), CAUSE);
        runtime.switches().limit(v2, Limit.toRate(2, HOUR), CAUSE);
        runtime.switches().kill(rule, CAUSE);
        assertThat(answeredBy("v2", model, 2)).isEqualTo(2);
        assertThat(answeredBy("v1", model, 3))
                .as("what v2's rate refuses is not missing from the model's")
                .isEqualTo(3);
        assertThat(skippedCodes(model.decide("a"))).containsExactly("limited", "limited", "killed");
    }

    @Test
    void rateOfASwitch_isSpentWithTheGuardsOwnOrNotAtAll() {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .constantFallback("constant", "none")
                .rateLimit(new Limit.Rate(5, HOUR))
                .build();
        Scope scope = Scope.model("model").route("v2");
        runtime.switches().limit(scope, Limit.toRate(2, HOUR), CAUSE);
        assertThat(answeredBy("v2", model, 20)).isEqualTo(2);
        runtime.switches().restore(scope, CAUSE);
        assertThat(answeredBy("v2", model, 20)).isEqualTo(3);
    }
}
