// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static io.github.incident4j.call.FallbackRule.whenThrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AsyncCallTest extends CallTestBase {
    private static final Finding FINDING = new Finding("rule", "category", "message");

    private static RouteOptions<String> options() {
        return RouteOptions.options();
    }

    private static Decision<String> get(CompletableFuture<Decision<String>> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    @Test
    void answerThatComesLater_holdsNoThread() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        GuardedModel<String, String> model =
                guard().asyncRoute("v2", input -> answer, options()).build();
        CompletableFuture<Decision<String>> decision = model.decideAsync("a");
        assertThat(decision).isNotDone();
        answer.complete("late");
        assertThat(((Decision.Answered<String>) get(decision)).output()).isEqualTo("late");
        assertThat(records("decision")).hasSize(1);
    }

    @Test
    void failuresOfEverySort_goTheSameWayAsOnTheCallersThread() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        GuardedModel<String, String> model = guard().asyncRoute(
                        "throws",
                        input -> {
                            throw new IOException("at once");
                        },
                        options())
                .asyncFallback(
                        "later",
                        input -> CompletableFuture.supplyAsync(() -> {
                            throw new IllegalStateException("later");
                        }),
                        options())
                .asyncFallback("null", input -> CompletableFuture.completedFuture(null), options())
                .asyncFallback(
                        "never",
                        input -> new CompletableFuture<>(),
                        options().timeLimit(Duration.ofMillis(20)).idempotent())
                .fallback("blocked", input -> "bad")
                .asyncFallback(
                        "again",
                        input -> CompletableFuture.completedFuture(asked.getAndIncrement() == 0 ? "retry" : "good"),
                        options())
                .output(value -> value.equals("bad")
                        ? Verdict.block(FINDING)
                        : value.equals("retry") ? Verdict.retry(FINDING) : Verdict.pass())
                .build();
        Decision<String> later = get(model.decideAsync("a"));
        assertThat(routeOf(later)).isEqualTo("again");
        assertThat(skippedCodes(later))
                .containsExactly("model-error", "model-error", "no-answer", "timed-out", "output-blocked");
        assertThat(asked).hasValue(2);
        asked.set(0);
        Decision<String> waited = model.decide("a");
        assertThat(routeOf(waited)).isEqualTo("again");
        assertThat(skippedCodes(waited)).isEqualTo(skippedCodes(later));
        assertThat(later.skipped().get(1).failure())
                .as("the model's own exception, not the future's wrapper")
                .isInstanceOfSatisfying(
                        Failure.ModelError.class,
                        error -> assertThat(error.exception()).isInstanceOf(IllegalStateException.class));
        assertThat(records("decision")).hasSize(2);
    }

    @Test
    void cancelledDecision_cancelsTheModelCallAndTriesNoOtherRoute() {
        CompletableFuture<String> running = new CompletableFuture<>();
        AtomicInteger fallbacks = new AtomicInteger();
        GuardedModel<String, String> model = guard().asyncRoute("v2", input -> running, options())
                .fallback("v1", input -> "old " + fallbacks.incrementAndGet())
                .build();
        CompletableFuture<Decision<String>> decision = model.decideAsync("a");
        decision.cancel(true);
        Eventually.until(running::isCancelled);
        Eventually.until(() -> records("decision").size() == 1);
        assertThat(records("decision").get(0).members())
                .containsEntry("outcome", "refused")
                .containsEntry("failure", "cancelled");
        assertThat(fallbacks).hasValue(0);
    }

    @Test
    void modelThatCancelsItself_isPassedOn() {
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> CompletableFuture.failedFuture(new CancellationException("by itself")),
                        options())
                .fallback("v1", input -> "old")
                .build();
        assertThatThrownBy(() -> model.decideAsync("a").get(30, TimeUnit.SECONDS))
                .isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> model.decide("a")).isInstanceOf(CancellationException.class);
        assertThat(records("decision")).hasSize(2);
    }

    /** The thread of a pool that the host has shut down, say: not that of the one who waits for the answer. */
    @Test
    void interruptOfTheHostsThread_isALimitAndNotTheCallers() throws Exception {
        Queue<Exception> failures = new ConcurrentLinkedQueue<>(
                List.of(new InterruptedException("the pool"), new IOException("a"), new IOException("b")));
        AtomicReference<@Nullable CompletableFuture<String>> running = new AtomicReference<>();
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> {
                            CompletableFuture<String> future = new CompletableFuture<>();
                            running.set(future);
                            return future;
                        },
                        options())
                .fallback(
                        "v1", input -> "interrupted: " + Thread.currentThread().isInterrupted())
                .build();
        Runnable interrupt = () -> {
            Eventually.until(() -> {
                CompletableFuture<String> future = running.get();
                return future != null && future.getNumberOfDependents() > 0; // or the caller's thread is told
            });
            Objects.requireNonNull(running.getAndSet(null)).completeExceptionally(failures.remove());
        };
        CompletableFuture<Decision<String>> later = model.decideAsync("a");
        Thread pool = new Thread(() -> {
            interrupt.run();
            Thread.currentThread().interrupt(); // and what fails there now fails by something else
            interrupt.run();
            interrupt.run();
        });
        pool.start();
        Decision<String> first = get(later);
        Decision<String> second = model.decide("a");
        Decision<String> third = get(model.decideAsync("a"));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        for (Decision<String> decision : List.of(first, second, third)) {
            assertThat(skippedCodes(decision)).containsExactly("limited");
            assertThat(((Decision.Answered<String>) decision).output()).isEqualTo("interrupted: false");
        }
        pool.join();
    }

    /** Whether the stage has failed before or after it was returned decides nothing. */
    @Test
    void interruptOfTheHostsThreadBeforeTheStageIsReturned_isALimitToo() throws Exception {
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2", input -> CompletableFuture.failedFuture(new InterruptedException("the pool")), options())
                .fallback("v1", input -> "old")
                .build();
        for (Decision<String> decision : List.of(model.decide("a"), get(model.decideAsync("a")))) {
            assertThat(routeOf(decision)).isEqualTo("v1");
            assertThat(skippedCodes(decision)).containsExactly("limited");
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /** A pool that is shut down while its task answers all the same: what follows is not interrupted by that. */
    @Test
    void answerOnAnInterruptedThread_countsAndWhatFollowsIsNotInterrupted() throws Exception {
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> CompletableFuture.supplyAsync(
                                () -> {
                                    Thread.currentThread().interrupt();
                                    return input;
                                },
                                task -> new Thread(() -> {
                                            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                                            task.run();
                                        })
                                        .start()),
                        options())
                .fallback("v1", input -> {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("the fallback");
                    }
                    return "old";
                })
                .output(
                        value -> value.equals("bad") ? Verdict.block(FINDING) : Verdict.pass(),
                        RailOptions.options().cutOffAfter(Duration.ofSeconds(30)))
                .build();
        assertThat(((Decision.Answered<String>) get(model.decideAsync("good"))).output())
                .isEqualTo("good");
        Decision<String> bad = get(model.decideAsync("bad"));
        assertThat(routeOf(bad)).isEqualTo("v1");
        assertThat(skippedCodes(bad)).containsExactly("output-blocked");
    }

    /** One thread that asks and later answers, as of an event loop. */
    @Test
    void interruptOfTheThreadThatHasAsked_isALimitToo() throws Exception {
        Queue<Runnable> loop = new ConcurrentLinkedQueue<>();
        CompletableFuture<String> answer = new CompletableFuture<>();
        GuardedModel<String, String> model = guard().asyncRoute("v2", input -> answer, options())
                .fallback(
                        "v1", input -> "interrupted: " + Thread.currentThread().isInterrupted())
                .build();
        AtomicReference<@Nullable CompletableFuture<Decision<String>>> asked = new AtomicReference<>();
        loop.add(() -> asked.set(model.decideAsync("a")));
        loop.add(() -> {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(new IOException("the loop is shut down"));
        });
        Thread thread = new Thread(() -> loop.forEach(Runnable::run));
        thread.start();
        thread.join();
        Decision<String> decision = get(Objects.requireNonNull(asked.get()));
        assertThat(skippedCodes(decision)).containsExactly("limited");
        assertThat(((Decision.Answered<String>) decision).output()).isEqualTo("interrupted: false");
    }

    /** Ways in which a fallback answers on the host's thread that has brought the failure. */
    static List<UnaryOperator<GuardBuilder<String, String>>> fallbacksThere() {
        ModelCall<String, String> interrupted = input -> {
            throw new InterruptedException("the pool");
        };
        ModelCall<String, String> flagged = input -> {
            Thread.currentThread().interrupt();
            throw new IOException("the pool is shut down");
        };
        return List.of(
                guard -> guard.fallback("v1", interrupted),
                guard -> guard.fallback("v1", flagged),
                guard -> guard.fallback("v1", interrupted, options().interruptible()),
                guard -> guard.fallback("v1", interrupted).inFlight(InFlight.CANCEL),
                guard -> guard.fallback("v1", interrupted, options().executor(Runnable::run)),
                guard -> guard.asyncFallback(
                        "v1", input -> CompletableFuture.completedFuture(interrupted.call(input)), options()),
                guard -> guard.asyncFallback(
                        "v1",
                        input -> {
                            Thread.currentThread().interrupt();
                            return CompletableFuture.failedFuture(new IOException("the pool is shut down"));
                        },
                        options()));
    }

    /** Nobody has interrupted the one who waits: a pool of the host's is shut down while a fallback runs on it. */
    @ParameterizedTest
    @MethodSource("fallbacksThere")
    void interruptOfTheHostsThreadInAFallback_isALimitToo(UnaryOperator<GuardBuilder<String, String>> fallback)
            throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        GuardedModel<String, String> model = fallback.apply(guard().asyncRoute("v2", input -> answer, options()))
                .fallback("last", input -> "interrupted: " + Thread.interrupted())
                .build();
        CompletableFuture<Decision<String>> decision = model.decideAsync("a");
        AtomicBoolean keptIt = new AtomicBoolean();
        Thread pool = new Thread(() -> {
            answer.completeExceptionally(new IOException("down"));
            keptIt.set(Thread.currentThread().isInterrupted());
        });
        pool.start();
        assertThat(skippedCodes(get(decision))).containsExactly("model-error", "limited");
        assertThat(((Decision.Answered<String>) get(decision)).output()).isEqualTo("interrupted: false");
        pool.join();
        assertThat(keptIt).as("the host's thread keeps its interrupt").isTrue();
    }

    @ParameterizedTest
    @MethodSource("fallbacksThere")
    void interruptOfTheCallersThreadInAFallback_isTheCallers(UnaryOperator<GuardBuilder<String, String>> fallback) {
        GuardedModel<String, String> model = fallback.apply(guard().asyncRoute(
                                "v2", input -> CompletableFuture.failedFuture(new IOException("down")), options()))
                .fallback("last", input -> "never asked")
                .build();
        CompletableFuture<Decision<String>> decision = model.decideAsync("a");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(decision).isCompletedExceptionally();
        assertThat(records("decision").get(0).members()).containsEntry("failure", "cancelled");
    }

    /** A fallback that answers all the same, of which the guardrails and the next route are not interrupted. */
    @Test
    void answerOfAFallbackOnAnInterruptedThread_countsAndWhatFollowsIsNotInterrupted() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        GuardedModel<String, String> model = guard().asyncRoute("v2", input -> answer, options())
                .fallback("v1", input -> {
                    Thread.currentThread().interrupt();
                    return "bad";
                })
                .fallback("last", input -> "interrupted: " + Thread.interrupted())
                .output(value -> value.equals("bad") ? Verdict.block(FINDING) : Verdict.pass())
                .build();
        CompletableFuture<Decision<String>> decision = model.decideAsync("a");
        Thread pool = new Thread(() -> answer.completeExceptionally(new IOException("down")));
        pool.start();
        pool.join();
        assertThat(skippedCodes(get(decision))).containsExactly("model-error", "output-blocked");
        assertThat(((Decision.Answered<String>) get(decision)).output()).isEqualTo("interrupted: false");
    }

    private static final class OnThreadOfTheGuard {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch never = new CountDownLatch(1);
        final CompletableFuture<String> end = new CompletableFuture<>();

        String hang(String input) throws InterruptedException {
            begun.countDown();
            try {
                never.await();
                return "late";
            } catch (InterruptedException e) {
                end.complete("interrupted");
                throw e;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(InFlight.class)
    void cancelledDecision_stopsAnInterruptibleFallback(InFlight inFlight) throws Exception {
        OnThreadOfTheGuard fallback = new OnThreadOfTheGuard();
        AtomicInteger more = new AtomicInteger();
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> new CompletableFuture<>(),
                        options().timeLimit(Duration.ofMillis(5)).idempotent())
                .fallback("v1", fallback::hang, options().interruptible().idempotent())
                .fallback("last", input -> "old " + more.incrementAndGet())
                .inFlight(inFlight)
                .build();
        CompletableFuture<Decision<String>> decision = model.decideAsync("a");
        assertThat(fallback.begun.await(30, TimeUnit.SECONDS)).isTrue();
        decision.cancel(true);
        assertThat(fallback.end.get(30, TimeUnit.SECONDS)).isEqualTo("interrupted");
        Eventually.until(() -> records("decision").size() == 1);
        assertThat(records("decision").get(0).members()).containsEntry("outcome", "refused");
        assertThat(String.valueOf(records("decision").get(0).members().get("skipped")))
                .contains("cancelled")
                .doesNotContain("limited");
        assertThat(more).hasValue(0);
    }

    @Test
    void timeLimitOfAFallback_isNoInterruptOfItsThread() throws Exception {
        OnThreadOfTheGuard fallback = new OnThreadOfTheGuard();
        RouteOptions<String> soon = options().timeLimit(Duration.ofMillis(5)).idempotent();
        GuardedModel<String, String> model = guard().asyncRoute("v2", input -> new CompletableFuture<>(), soon)
                .fallback("v1", fallback::hang, soon.interruptible())
                .fallback("last", input -> "interrupted: " + Thread.interrupted())
                .build();
        Decision<String> decision = get(model.decideAsync("a"));
        assertThat(skippedCodes(decision)).containsExactly("timed-out", "timed-out");
        assertThat(((Decision.Answered<String>) decision).output()).isEqualTo("interrupted: false");
    }

    /** Of a route that cannot be stopped: nobody has got its answer. */
    @Test
    void answerAfterTheDecisionWasCancelled_isOnRecordAsCancelled() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> new CompletableFuture<>(),
                        options().timeLimit(Duration.ofMillis(5)).idempotent())
                .fallback("v1", input -> {
                    begun.countDown();
                    cancelled.await();
                    return "old";
                })
                .build();
        CompletableFuture<Decision<String>> decision = model.decideAsync("a");
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        decision.cancel(true);
        cancelled.countDown();
        Eventually.until(() -> records("decision").size() == 1);
        assertThat(records("decision").get(0).members())
                .containsEntry("outcome", "refused")
                .doesNotContainKey("route");
    }

    @Test
    void retries_waitWithoutAThread() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> asked.incrementAndGet() < 3
                                ? CompletableFuture.failedFuture(new CompletionException(new IOException("busy")))
                                : CompletableFuture.completedFuture("third time"),
                        options())
                .rule(whenThrown(IOException.class)
                        .retry(5, Backoff.fixed(Duration.ofMillis(5)))
                        .thenRefuse())
                .build();
        assertThat(((Decision.Answered<String>) get(model.decideAsync("a"))).output())
                .isEqualTo("third time");
    }

    @Test
    void closedRuntime_refusesAtOnce() throws Exception {
        GuardedModel<String, String> model = guard().asyncRoute("v2", input -> new CompletableFuture<>(), options())
                .build();
        runtime.close();
        assertThat(failureOf(get(model.decideAsync("a")))).isEqualTo(new Failure.Closed());
    }

    /** Nothing of a call is left behind: what waits goes on at once, is refused, and leaves its record. */
    @Test
    void callThatWaitsForItsRetry_endsWithTheRuntime() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> {
                            asked.incrementAndGet();
                            return CompletableFuture.failedFuture(new IOException("busy"));
                        },
                        options())
                .rule(whenThrown(IOException.class)
                        .retry(5, Backoff.fixed(Duration.ofMinutes(10)))
                        .thenRefuse())
                .build();
        CompletableFuture<Decision<String>> decision = model.decideAsync("a");
        assertThat(asked).hasValue(1);
        assertThat(decision).isNotDone();
        runtime.close();
        assertThat(decision).as("ended before close() returned").isDone();
        assertThat(skippedCodes(get(decision))).containsExactly("model-error", "closed");
        assertThat(asked).hasValue(1);
        openRuntime();
        assertThat(records("decision")).hasSize(1);
    }

    private GuardBuilder<String, String> busy(Duration wait) {
        return guard().asyncRoute("v2", input -> CompletableFuture.failedFuture(new IOException("busy")), options())
                .rule(whenThrown(IOException.class)
                        .retry(5, Backoff.fixed(wait))
                        .thenRefuse());
    }

    @Test
    void waitForARetry_endsWithTheDeadline() throws Exception {
        GuardedModel<String, String> model =
                busy(Duration.ofMinutes(5)).deadline(Duration.ofMillis(50)).build();
        assertThat(skippedCodes(get(model.decideAsync("a")))).containsExactly("model-error", "timed-out");
    }

    @Test
    void callThatIsCancelledWhileItWaitsForARetry_isRecordedAtOnce() {
        GuardedModel<String, String> model = busy(Duration.ofMinutes(5)).build();
        model.decideAsync("a").cancel(true);
        Eventually.until(() -> records("decision").size() == 1);
        assertThat(records("decision").get(0).members()).containsEntry("failure", "cancelled");
    }

    @Test
    void futureThatHasFailed_isNotCancelled() throws Exception {
        AtomicInteger cancels = new AtomicInteger();
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> {
                            CompletableFuture<String> failed = new CompletableFuture<>() {
                                @Override
                                public boolean cancel(boolean mayInterrupt) {
                                    cancels.incrementAndGet();
                                    return super.cancel(mayInterrupt);
                                }
                            };
                            failed.completeExceptionally(new IOException("no"));
                            return failed;
                        },
                        options())
                .withoutBreaker()
                .build();
        for (int i = 0; i < 100; i++) {
            assertThat(failureOf(get(model.decideAsync("a")))).isInstanceOf(Failure.ModelError.class);
        }
        runtime.close(); // and what is done aside has come to its end
        assertThat(cancels).hasValue(0);
    }

    /** However many attempts fail at once, they do not stand on one another. */
    @Test
    void thousandAttemptsThatFailAtOnce_needNoDeepStack() throws Exception {
        GuardBuilder<String, String> builder =
                guard().asyncRoute("r0", input -> CompletableFuture.failedFuture(new IOException("broken")), options());
        builder.rule(whenThrown(IOException.class)
                .on("r0")
                .retry(100, Backoff.none())
                .thenToNext());
        for (int i = 1; i < 12; i++) {
            builder.asyncFallback(
                            "r" + i, input -> CompletableFuture.failedFuture(new IOException("broken")), options())
                    .rule(whenThrown(IOException.class)
                            .on("r" + i)
                            .retry(100, Backoff.none())
                            .thenToNext());
        }
        GuardedModel<String, String> model = builder.withoutBreaker().build();
        CompletableFuture<Decision<String>> decision = new CompletableFuture<>();
        Runnable call = () -> {
            var unused = model.decideAsync("a").whenComplete((made, thrown) -> decision.complete(made));
        };
        Thread smallStack = new Thread(null, call, "small", 256 << 10);
        smallStack.start();
        assertThat(get(decision).skipped()).hasSize(12 * 101);
        assertThat(records("decision")).hasSize(1);
    }

    /**
     * What follows a time-out is the host's code, which may block: its own guard's calls may wait for it, no other's.
     */
    @Test
    void fallbacksThatBlock_holdUpNoOtherModel() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        RouteOptions<String> soon =
                AsyncCallTest.options().timeLimit(Duration.ofMillis(5)).idempotent();
        GuardedModel<String, String> blocked = guard().asyncRoute("v2", input -> new CompletableFuture<>(), soon)
                .fallback("v1", input -> {
                    over.await();
                    return "old";
                })
                .build();
        GuardedModel<String, String> other = runtime.<String, String>guard("other")
                .asyncRoute("v2", input -> new CompletableFuture<>(), soon)
                .fallback("v1", input -> "old")
                .build();
        List<CompletableFuture<Decision<String>>> waiting =
                Stream.generate(() -> blocked.decideAsync("a")).limit(40).toList();
        assertThat(routeOf(get(other.decideAsync("a")))).isEqualTo("v1");
        over.countDown();
        for (CompletableFuture<Decision<String>> each : waiting) {
            assertThat(routeOf(get(each))).isEqualTo("v1");
        }
    }
}
