// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.BoundedCalls.Failure;
import io.github.incident4j.guardrails.internal.BoundedCalls.Limits;
import io.github.incident4j.guardrails.internal.BoundedCalls.Outcome;
import io.github.incident4j.guardrails.internal.BoundedCalls.Work;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedCallsTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Work<Integer, Integer> NEGATE =
            inputs -> inputs.stream().map(input -> -input).toList();

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<BoundedCalls<?, ?>> opened = new ArrayList<>();

    @AfterEach
    void end() {
        opened.forEach(BoundedCalls::close);
        callers.shutdownNow();
    }

    @Test
    void fullBatch_isOneCallAndEachCallerGetsItsOwnAnswer() throws Exception {
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        BoundedCalls<Integer, Integer> calls = open(
                inputs -> {
                    sizes.add(inputs.size());
                    return NEGATE.of(inputs);
                },
                LONG,
                8,
                LONG,
                1,
                1);
        List<Outcome<Integer>> outcomes = all(8, calls::call);
        for (int i = 0; i < 8; i++) {
            assertThat(outcomes.get(i).answer()).isEqualTo(-i);
        }
        assertThat(sizes).containsExactly(8);
        assertThat(calls.calls()).isEqualTo(1);
        assertThat(calls.pending()).isZero();
    }

    @Test
    void manyCallers_loseAndSwapNoAnswer() throws Exception {
        int rounds = Boolean.getBoolean("incident4j.full") ? 20_000 : 500;
        AtomicInteger seen = new AtomicInteger();
        BoundedCalls<Integer, Integer> calls = open(
                inputs -> {
                    seen.addAndGet(inputs.size());
                    return NEGATE.of(inputs);
                },
                LONG,
                5,
                Duration.ofMillis(1),
                3,
                64);
        List<Integer> wrong = all(16, caller -> {
            int bad = 0;
            for (int i = 0; i < rounds; i++) {
                int input = caller * rounds + i;
                bad += Integer.valueOf(-input).equals(calls.call(input).answer()) ? 0 : 1;
            }
            return bad;
        });
        assertThat(wrong).containsOnly(0);
        assertThat(seen).hasValue(16 * rounds);
        assertThat(calls.pending()).isZero();
    }

    @Test
    void batchThatDoesNotFill_goesAfterItsTime() {
        BoundedCalls<Integer, Integer> calls = open(NEGATE, LONG, 100, Duration.ofMillis(1), 1, 1);
        assertThat(calls.call(7).answer()).isEqualTo(-7);
    }

    @Test
    void callThatHangs_endsWithTheTimeLimitAndIsInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        BoundedCalls<Integer, Integer> calls = open(
                inputs -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return inputs;
                },
                SHORT,
                1,
                Duration.ZERO,
                1,
                1);
        assertThat(calls.call(1).failure()).isEqualTo(Failure.TIMED_OUT);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        until(() -> calls.pending() == 0);
    }

    @Test
    void interruptOfOneCall_doesNotReachTheNext() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean flagged = new AtomicBoolean(true);
        BoundedCalls<Integer, Integer> calls = open(
                inputs -> {
                    if (inputs.get(0) == 1) {
                        awaitDeaf(release);
                    } else {
                        flagged.set(Thread.currentThread().isInterrupted());
                    }
                    return inputs;
                },
                Duration.ofMillis(300),
                1,
                Duration.ZERO,
                1,
                1);
        assertThat(calls.call(1).failure()).isEqualTo(Failure.TIMED_OUT);
        release.countDown();
        until(() -> calls.pending() == 0);
        assertThat(calls.call(2).answer()).isEqualTo(2);
        assertThat(flagged).isFalse();
    }

    @Test
    void fullQueue_isSaidAtOnce() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        BoundedCalls<Integer, Integer> calls = open(
                inputs -> {
                    begun.countDown();
                    awaitDeaf(release);
                    return inputs;
                },
                LONG,
                1,
                Duration.ZERO,
                1,
                1);
        Future<Outcome<Integer>> runs = callers.submit(() -> calls.call(1));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        Future<Outcome<Integer>> waits = callers.submit(() -> calls.call(2));
        until(() -> calls.pending() == 2);
        assertThat(calls.call(3).failure()).isEqualTo(Failure.OVERLOADED);
        release.countDown();
        assertThat(runs.get().answer()).isEqualTo(1);
        assertThat(waits.get().answer()).isEqualTo(2);
    }

    @Test
    void callThatNobodyWaitsFor_isNotMade() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<Integer> made = Collections.synchronizedList(new ArrayList<>());
        BoundedCalls<Integer, Integer> calls = open(
                inputs -> {
                    made.addAll(inputs);
                    awaitDeaf(release);
                    return inputs;
                },
                SHORT,
                1,
                Duration.ZERO,
                1,
                1);
        assertThat(calls.call(1).failure()).isEqualTo(Failure.TIMED_OUT);
        for (int i = 2; i < 10; i++) { // a queue of one has room each time: what nobody waits for has left it
            assertThat(calls.call(i).failure()).isEqualTo(Failure.TIMED_OUT);
        }
        release.countDown();
        until(() -> calls.pending() == 0);
        assertThat(made).containsExactly(1);
    }

    @Test
    void interruptOfACaller_staysSetAndLeavesTheOthersTheirAnswers() throws Exception {
        for (int who = 0; who < 2; who++) { // the first opens the batch, the second joins it
            int interruptedOne = who;
            CountDownLatch release = new CountDownLatch(1);
            BoundedCalls<Integer, Integer> calls = open(
                    inputs -> {
                        awaitDeaf(release);
                        return NEGATE.of(inputs);
                    },
                    LONG,
                    3,
                    LONG.minusSeconds(1),
                    1,
                    1);
            List<Thread> threads = new ArrayList<>();
            List<Outcome<Integer>> outcomes = new ArrayList<>(Collections.nCopies(2, null));
            boolean[] flags = new boolean[2];
            for (int i = 0; i < 2; i++) {
                int index = i;
                Thread thread = new Thread(() -> {
                    outcomes.set(index, calls.call(index));
                    flags[index] = Thread.currentThread().isInterrupted();
                });
                threads.add(thread);
                thread.start();
                until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            }
            threads.get(interruptedOne).interrupt();
            threads.get(interruptedOne).join();
            assertThat(outcomes.get(interruptedOne).failure()).isEqualTo(Failure.INTERRUPTED);
            assertThat(flags[interruptedOne]).isTrue();
            int other = 1 - interruptedOne;
            release.countDown();
            if (interruptedOne == 1) {
                // The first one's batch still gathers: one more fills it, for the place of who left stays taken.
                assertThat(calls.call(2).answer()).isEqualTo(-2);
            }
            threads.get(other).join();
            assertThat(outcomes.get(other).answer()).isEqualTo(-other);
            assertThat(flags[other]).isFalse();
        }
    }

    @Test
    void callerThatIsInterruptedAlready_isNotMadeToWait() {
        BoundedCalls<Integer, Integer> calls = open(NEGATE, LONG, 10, LONG.minusSeconds(1), 1, 1);
        Thread.currentThread().interrupt();
        Outcome<Integer> outcome = calls.call(1);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome.failure()).isEqualTo(Failure.INTERRUPTED);
        assertThat(calls.calls()).isZero();
        assertThat(calls.pending()).isZero();
    }

    @Test
    void callerThatIsInterruptedWhileItGathersAlone_leavesNothingBehind() throws Exception {
        BoundedCalls<Integer, Integer> calls = open(NEGATE, LONG, 2, LONG.minusSeconds(1), 1, 1);
        Thread gathering = new Thread(() -> calls.call(1));
        gathering.start();
        until(() -> gathering.getState() == Thread.State.TIMED_WAITING);
        gathering.interrupt();
        gathering.join();
        assertThat(calls.calls()).isZero();
        assertThat(calls.pending()).isZero();
        assertThat(all(2, calls::call)).extracting(Outcome::answer).containsExactly(0, -1);
        assertThat(calls.calls()).isEqualTo(1);
    }

    @Test
    void close_tellsAllWhoWait() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        BoundedCalls<Integer, Integer> calls = open(
                inputs -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                    return inputs;
                },
                LONG,
                2,
                LONG.minusSeconds(1),
                1,
                4);
        List<Future<Outcome<Integer>>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) { // one batch runs, one is queued, one gathers
            int input = i;
            waiting.add(callers.submit(() -> calls.call(input)));
        }
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        until(() -> calls.pending() == 2);
        calls.close();
        for (Future<Outcome<Integer>> future : waiting) {
            assertThat(future.get(10, TimeUnit.SECONDS).failure()).isEqualTo(Failure.CLOSED);
        }
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(calls.call(9).failure()).isEqualTo(Failure.CLOSED);
        calls.close();
        until(() -> calls.pending() == 0);
    }

    @Test
    void callsWhileItIsClosed_allEnd() throws Exception {
        for (int round = 0; round < 50; round++) {
            BoundedCalls<Integer, Integer> calls = open(NEGATE, LONG, 3, Duration.ofMillis(1), 2, 16);
            Future<List<List<Failure>>> running = callers.submit(() -> all(4, caller -> {
                List<Failure> failures = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    Failure failure = calls.call(i).failure();
                    if (failure != null) {
                        failures.add(failure);
                    }
                }
                return failures;
            }));
            calls.close();
            // Which calls still came through is left to the race; none is lost, and none hangs.
            for (List<Failure> failures : running.get(30, TimeUnit.SECONDS)) {
                assertThat(failures).allMatch(failure -> failure == Failure.CLOSED);
            }
            assertThat(calls.call(0).failure()).isEqualTo(Failure.CLOSED);
            until(() -> calls.pending() == 0);
        }
    }

    @Test
    void hostsExecutor_mayRefuseThrowDropOrRunHere() {
        AtomicInteger made = new AtomicInteger();
        Work<Integer, Integer> work = inputs -> {
            made.incrementAndGet();
            return inputs;
        };
        Executor refuses = task -> {
            throw new RejectedExecutionException();
        };
        Executor breaks = task -> {
            throw new IllegalStateException();
        };
        for (Executor executor : List.of(Runnable::run, refuses, breaks)) {
            BoundedCalls<Integer, Integer> calls = open(work, LONG, executor);
            assertThat(calls.call(1).failure()).isEqualTo(Failure.OVERLOADED);
            assertThat(calls.pending()).isZero();
        }
        BoundedCalls<Integer, Integer> dropped = open(work, SHORT, task -> {});
        assertThat(dropped.call(1).failure()).isEqualTo(Failure.TIMED_OUT);
        assertThat(dropped.pending()).isZero();
        assertThat(made).hasValue(0);
        assertThat(open(work, LONG, callers).call(1).answer()).isEqualTo(1);
    }

    @Test
    void close_leavesTheHostsThreadsAlone() {
        BoundedCalls<Integer, Integer> calls = open(NEGATE, LONG, callers);
        calls.close();
        assertThat(calls.call(1).failure()).isEqualTo(Failure.CLOSED);
        assertThat(callers.isShutdown()).isFalse();
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void whatIsNoAnswer_isSaid() {
        List<Work<Integer, Integer>> nonsense = List.of(
                inputs -> List.of(), inputs -> List.of(1, 2), inputs -> Arrays.asList((Integer) null), inputs -> null);
        for (Work<Integer, Integer> work : nonsense) {
            Outcome<Integer> outcome = open(work, LONG, 1, Duration.ZERO, 1, 1).call(1);
            assertThat(outcome.failure()).isEqualTo(Failure.GARBAGE);
        }
        List<Work<Integer, Integer>> broken = List.of(
                inputs -> {
                    throw new java.io.IOException("the text was: secret");
                },
                inputs -> {
                    throw new StackOverflowError();
                },
                inputs -> new java.util.AbstractList<>() {
                    @Override
                    public Integer get(int index) {
                        throw new IllegalStateException();
                    }

                    @Override
                    public int size() {
                        return 1;
                    }
                });
        for (Work<Integer, Integer> work : broken) {
            Outcome<Integer> outcome = open(work, LONG, 1, Duration.ZERO, 1, 1).call(1);
            assertThat(outcome.failure()).isEqualTo(Failure.FAILED);
            assertThat(outcome.cause()).startsWith(" (java.").doesNotContain("secret");
        }
    }

    @Test
    void ownThreads_areDaemonsThatAreNamed() {
        List<Thread> seen = Collections.synchronizedList(new ArrayList<>());
        BoundedCalls<Integer, Integer> calls = open(
                inputs -> {
                    seen.add(Thread.currentThread());
                    return inputs;
                },
                LONG,
                1,
                Duration.ZERO,
                1,
                1);
        calls.call(1);
        assertThat(seen).singleElement().satisfies(thread -> {
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).isEqualTo("incident4j-test");
        });
        calls.close();
        until(() -> seen.stream().noneMatch(Thread::isAlive));
    }

    private BoundedCalls<Integer, Integer> open(
            Work<Integer, Integer> work, Duration limit, int batch, Duration gather, int threads, int queue) {
        return open(work, new Limits("test", limit, batch, gather, threads, queue, null, TimeSource.system()));
    }

    private BoundedCalls<Integer, Integer> open(Work<Integer, Integer> work, Duration limit, Executor executor) {
        return open(work, new Limits("test", limit, 1, Duration.ZERO, 1, 1, executor, TimeSource.system()));
    }

    private BoundedCalls<Integer, Integer> open(Work<Integer, Integer> work, Limits limits) {
        BoundedCalls<Integer, Integer> calls = new BoundedCalls<>(work, limits);
        opened.add(calls);
        return calls;
    }

    private interface Caller<R> {
        @Nullable
        R of(int caller) throws Exception;
    }

    private <R> List<R> all(int number, Caller<R> caller) throws Exception {
        List<Callable<R>> tasks = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            int index = i;
            tasks.add(() -> caller.of(index));
        }
        List<R> results = new ArrayList<>();
        for (Future<R> future : callers.invokeAll(tasks)) {
            results.add(future.get());
        }
        return results;
    }

    /** Waits, and heeds no interrupt. */
    private static void awaitDeaf(CountDownLatch release) {
        boolean interrupted = false;
        while (true) {
            try {
                release.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(200_000);
        }
    }
}
