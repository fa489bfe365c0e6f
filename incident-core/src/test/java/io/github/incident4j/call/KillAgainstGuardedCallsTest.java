// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.model.Cause;
import io.github.incident4j.model.RefusedException;
import io.github.incident4j.model.Scope;
import io.github.incident4j.runtime.IncidentRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills against calls of guarded models, as threads happen to meet: what {@code KillAgainstCalls} shows of the switches
 * holds for the whole way of a call, by the short way of a guard of which nothing is asked but its switch, by what a
 * guard remembers of the tables that have nothing for it, and by the list of running calls.
 */
class KillAgainstGuardedCallsTest {
    private static final Cause CAUSE = Cause.by("test").because("a stress test");
    private static final Scope ROUTE = Scope.model("model").route("v2");
    private static final Scope MODEL = Scope.model("model");
    private static final Scope OTHER = Scope.model("other").route("v2");
    private static final int ROUNDS = Boolean.getBoolean("incident4j.full") ? 20_000 : 100;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final IncidentRuntime runtime =
            IncidentRuntime.builder().ephemeral().build();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
    private final List<Thread> callers = new ArrayList<>();

    // Even while nothing changes: 0 for open, 2 for killed, and so on in turn.
    private final AtomicInteger phase = new AtomicInteger();
    private final AtomicLong seenOpen = new AtomicLong();
    private final AtomicLong seenKilled = new AtomicLong();

    @AfterEach
    void end() throws InterruptedException {
        over.set(true);
        for (Thread caller : callers) {
            caller.interrupt();
            caller.join(1_000); // one that hangs has failed the test already
        }
        runtime.close();
    }

    /** How often a call has reached the model. */
    private static final class Asked {
        private int times;

        String model() {
            times++;
            return "new";
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callThatBeginsAfterAKill_doesNotReachTheModel(boolean bare) throws Throwable {
        GuardBuilder<Asked, String> builder =
                runtime.<Asked, String>guard("model").route("v2", Asked::model);
        GuardedModel<Asked, String> model = bare
                ? builder.withoutBreaker().withoutAuditTrail().build()
                : builder.fallback("v1", input -> "old").build();
        for (int i = 0; i < 2; i++) {
            call(() -> callOnce(model));
        }
        for (int round = 0; round < ROUNDS; round++) {
            Scope scope = round % 2 == 0 ? ROUTE : MODEL;
            next(() -> runtime.switches().kill(scope, CAUSE), seenKilled);
            if (round % 4 == 1) { // so that nothing being set, and something that is not about it, take turns
                runtime.switches().kill(OTHER, CAUSE);
            } else if (round % 4 == 3) {
                runtime.switches().restore(OTHER, CAUSE);
            }
            next(() -> runtime.switches().restore(scope, CAUSE), seenOpen);
        }
    }

    /** Changes the switches, and lets a call see it that begins thereafter. */
    private void next(Runnable change, AtomicLong seen) throws Throwable {
        phase.incrementAndGet();
        change.run();
        phase.incrementAndGet();
        long before = seen.get();
        awaitCallers(() -> seen.get() > before);
    }

    private void callOnce(GuardedModel<Asked, String> model) {
        Asked asked = new Asked();
        int before = phase.get();
        try {
            model.call(asked);
        } catch (RefusedException e) {
            assertThat(asked.times).isZero();
        }
        if (before % 2 == 0 && before == phase.get()) { // nothing has changed while it ran
            boolean killed = before % 4 == 2;
            assertThat(asked.times).as("in phase %s", before).isEqualTo(killed ? 0 : 1);
            (killed ? seenKilled : seenOpen).incrementAndGet();
        }
    }

    /** The model never answers: only a kill ends such a call, however the two meet. */
    @Test
    void callThatMeetsAKill_isStoppedOrNeverBegins() throws Throwable {
        RouteOptions<String> idempotent = RouteOptions.<String>options().idempotent();
        CountDownLatch never = new CountDownLatch(1);
        GuardedModel<String, String> sync = runtime.<String, String>guard("model")
                .route(
                        "v2",
                        input -> {
                            never.await();
                            return "new";
                        },
                        idempotent)
                .fallback("v1", input -> "old")
                .inFlight(InFlight.CANCEL)
                .withoutBreaker()
                .build();
        GuardedModel<String, String> async = runtime.<String, String>guard("other")
                .asyncRoute("v2", input -> new CompletableFuture<>(), idempotent)
                .fallback("v1", input -> "old")
                .inFlight(InFlight.CANCEL)
                .withoutBreaker()
                .build();
        AtomicLong ended = new AtomicLong();
        AtomicLong endedAsync = new AtomicLong();
        call(() -> {
            assertThat(sync.call("a")).isEqualTo("old");
            ended.incrementAndGet();
        });
        call(() -> {
            assertThat(CallTestBase.routeOf(async.decideAsync("a").join())).isEqualTo("v1");
            endedAsync.incrementAndGet();
        });
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            for (int spins = random.nextInt(2_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            runtime.switches().kill(ROUTE, CAUSE);
            runtime.switches().kill(OTHER, CAUSE);
            long before = ended.get();
            long beforeAsync = endedAsync.get();
            awaitCallers(() -> ended.get() > before + 1 && endedAsync.get() > beforeAsync + 1);
            runtime.switches().restore(ROUTE, CAUSE);
            runtime.switches().restore(OTHER, CAUSE);
        }
        runtime.switches().kill(Scope.everything(), CAUSE); // for those that have begun since
    }

    /** The predicate is asked after the switches, and before the call is one of those that run and can be stopped. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callThatIsKilledOnItsWayIn_isStopped(boolean async) throws Throwable {
        CountDownLatch never = new CountDownLatch(1);
        RouteOptions<String> killing = RouteOptions.<String>options()
                .idempotent()
                .accepting(input -> runtime.switches().kill(ROUTE, CAUSE).inForce());
        GuardBuilder<String, String> builder = runtime.guard("model");
        GuardedModel<String, String> model = (async
                        ? builder.asyncRoute("v2", input -> new CompletableFuture<>(), killing)
                        : builder.route(
                                "v2",
                                input -> {
                                    never.await();
                                    return "new";
                                },
                                killing))
                .fallback("v1", input -> "old")
                .inFlight(InFlight.CANCEL)
                .build();
        AtomicLong ended = new AtomicLong();
        call(() -> {
            assertThat(async ? model.decideAsync("a").join() : model.decide("a"))
                    .satisfies(decision ->
                            assertThat(CallTestBase.routeOf(decision)).isEqualTo("v1"));
            ended.incrementAndGet();
        });
        awaitCallers(() -> ended.get() > 0);
    }

    private void call(Runnable once) {
        Thread caller = new Thread(() -> {
            try {
                while (!over.get()) {
                    once.run();
                }
            } catch (Throwable e) {
                wrong.compareAndSet(null, e);
            }
        });
        caller.setDaemon(true);
        callers.add(caller);
        caller.start();
    }

    private void awaitCallers(BooleanSupplier condition) throws Throwable {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            Throwable thrown = wrong.get();
            if (thrown != null) {
                throw thrown;
            }
            assertThat(System.nanoTime())
                    .as("a call runs on although it is killed")
                    .isLessThan(end);
            LockSupport.parkNanos(10_000); // who waits politely is woken soon, however busy the machine is
        }
    }
}
