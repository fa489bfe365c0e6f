// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.benchmarks.CreditModel.Application;
import io.github.incident4j.benchmarks.CreditModel.Score;
import io.github.incident4j.call.GuardedModel;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a guarded call costs beside the model call itself, feature by feature, with the floor and the peer in the same
 * run:
 *
 * <ol>
 *   <li>{@link #direct}: the model call alone.
 *   <li>{@link #volatileFlag}: the kill switch that one writes by hand, a volatile boolean checked before the call.
 *   <li>{@link #resilience4j}: {@code CircuitBreaker.executeSupplier} around the call. No listeners; the configuration
 *       is the one that a guard gives its breakers: the defaults (a count window of 100 behind a lock), and half a
 *       minute for a probe, which plays no part while the breaker is closed.
 *   <li>{@link #guardSwitchOnly}: our guard with nothing but the kill switches, the peer of the volatile flag.
 *   <li>{@link #guardBreaker}: plus the circuit breaker, the peer of resilience4j.
 *   <li>{@link #guardRails}: plus one input rail and one output rail, each of which checks a number and passes.
 *   <li>{@link #guardAudit}: plus the audit trail with the default settings, in the system's directory for temporary
 *       files. Where that is no disk, add {@code -jvmArgsAppend -Djava.io.tmpdir=DIR}.
 *   <li>{@link #guardEverything}: plus a segment attribute and three detectors: the rate of denials, drift of the
 *       score, and group disparity.
 *   <li>{@link #guardEverythingAndText}: plus an input rail that searches a text of some twenty characters for denied
 *       terms. By itself, because what a text rail costs depends on the text and not on the guard.
 * </ol>
 *
 * Each fork calls one guard only, so the compiler sees one class at each call site, ours and the peer's; a service with
 * many guards pays some nanoseconds for the calls through interfaces.
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar GuardOverhead -t 1 -prof gc \
 *     -prof io.github.incident4j.benchmarks.CallerAllocationProfiler
 * </pre>
 *
 * <h2>Bursts</h2>
 *
 * A decision on record takes the journal thread longer (it encodes, hashes and writes it) than the caller. A loop
 * without pause would fill the queue, and from then on the caller would wait for the journal: that measures
 * backpressure, not what a call costs. So one invocation here is a burst of {@value #BURST} calls, and before each one
 * the thread waits, outside of the measured time, until the journal and the detectors have done with the last. The
 * queue cannot fill: it has room for more than the bursts of all threads, which the set-up checks, and the tear-down
 * fails if the trail holds a gap all the same. During a burst the journal works at the same time, as it does under
 * load. All benchmarks, the peers too, run in the same bursts. With two threads both begin a burst together, so that
 * they do contend for the breaker and the queue.
 *
 * <h2>Allocation</h2>
 *
 * {@code gc.alloc.rate.norm} of {@code -prof gc} counts every thread, so it includes the journal and the detectors. The
 * {@link CallerAllocationProfiler} counts the callers alone.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
@OperationsPerInvocation(GuardOverheadBenchmark.BURST)
@State(Scope.Benchmark)
public class GuardOverheadBenchmark {
    static final int BURST = 4_096;

    private static final int QUEUE = 16_384; // how many decisions may wait by default
    private static final int MEETING_LIMIT_MS = 200;
    private static final int MASK = CreditModel.APPLICATIONS - 1;

    private final CreditModel model = new CreditModel();
    private final Application[] applications = CreditModel.applications();
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "peer",
            CircuitBreakerConfig.custom()
                    .maxWaitDurationInHalfOpenState(Duration.ofSeconds(30))
                    .build());
    private volatile boolean killed;

    @SuppressWarnings("NullAway.Init") // by open()
    private Guards guards;

    @SuppressWarnings("NullAway.Init")
    private CyclicBarrier meeting;

    /** Opens the runtime, which is there for the peers too, idle. */
    @Setup
    public void open(BenchmarkParams params) throws IOException {
        if (params.getThreads() * BURST > QUEUE) {
            throw new IllegalStateException(params.getThreads() + " bursts of " + BURST + " do not fit into the queue");
        }
        guards = new Guards(model);
        meeting = new CyclicBarrier(params.getThreads());
    }

    /** Closes the runtime; fails if a record was lost or an incident found. */
    @TearDown
    public void close() throws IOException {
        guards.close();
    }

    /** One thread that calls. */
    @State(Scope.Thread)
    public static class Caller {
        /** Waits until nothing of the last burst is left to do, and for the other callers. */
        @Setup(Level.Invocation)
        public void rest(GuardOverheadBenchmark benchmark) throws InterruptedException {
            benchmark.guards.awaitRest();
            try {
                benchmark.meeting.await(MEETING_LIMIT_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | BrokenBarrierException e) {
                benchmark.meeting.reset(); // the iteration is at its end, and the others have left
            }
        }
    }

    /** The model call alone: the floor. */
    @Benchmark
    public void direct(Caller caller, Blackhole hole) {
        for (int i = 0; i < BURST; i++) {
            hole.consume(model.score(applications[i & MASK]));
        }
    }

    /** The kill switch that one writes by hand. */
    @Benchmark
    public void volatileFlag(Caller caller, Blackhole hole) {
        for (int i = 0; i < BURST; i++) {
            if (killed) {
                throw new IllegalStateException("the model is switched off");
            }
            hole.consume(model.score(applications[i & MASK]));
        }
    }

    /** The circuit breaker alone. */
    @Benchmark
    public void resilience4j(Caller caller, Blackhole hole) {
        for (int i = 0; i < BURST; i++) {
            Application application = applications[i & MASK];
            hole.consume(breaker.executeSupplier(() -> model.score(application)));
        }
    }

    /** The kill switches alone. */
    @Benchmark
    public void guardSwitchOnly(Caller caller, Blackhole hole) {
        GuardedModel<Application, Score> guard = guards.switchOnly;
        for (int i = 0; i < BURST; i++) {
            hole.consume(guard.call(applications[i & MASK]));
        }
    }

    /** Plus the circuit breaker. */
    @Benchmark
    public void guardBreaker(Caller caller, Blackhole hole) {
        GuardedModel<Application, Score> guard = guards.withBreaker;
        for (int i = 0; i < BURST; i++) {
            hole.consume(guard.call(applications[i & MASK]));
        }
    }

    /** The kill switches and a time limit, at which the caller's thread would be interrupted. */
    @Benchmark
    public void guardTimeLimit(Caller caller, Blackhole hole) {
        GuardedModel<Application, Score> guard = guards.withTimeLimit;
        for (int i = 0; i < BURST; i++) {
            hole.consume(guard.call(applications[i & MASK]));
        }
    }

    /** Plus two guardrails. */
    @Benchmark
    public void guardRails(Caller caller, Blackhole hole) {
        GuardedModel<Application, Score> guard = guards.withRails;
        for (int i = 0; i < BURST; i++) {
            hole.consume(guard.call(applications[i & MASK]));
        }
    }

    /** Plus the audit trail. */
    @Benchmark
    public void guardAudit(Caller caller, Blackhole hole) {
        GuardedModel<Application, Score> guard = guards.withAudit;
        for (int i = 0; i < BURST; i++) {
            hole.consume(guard.call(applications[i & MASK]));
        }
    }

    /** Plus three detectors. */
    @Benchmark
    public void guardEverything(Caller caller, Blackhole hole) {
        GuardedModel<Application, Score> guard = guards.everything;
        for (int i = 0; i < BURST; i++) {
            hole.consume(guard.call(applications[i & MASK]));
        }
    }

    /** And the search of a text. */
    @Benchmark
    public void guardEverythingAndText(Caller caller, Blackhole hole) {
        GuardedModel<Application, Score> guard = guards.everythingAndText;
        for (int i = 0; i < BURST; i++) {
            hole.consume(guard.call(applications[i & MASK]));
        }
    }
}
