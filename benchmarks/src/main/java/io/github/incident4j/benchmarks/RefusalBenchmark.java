// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.RefusedException;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to be refused: ours by a kill switch, as an exception and as a decision; resilience4j's by an open
 * breaker, as it comes and with its stack traces switched off. Without records, which the peer does not make.
 *
 * <p>The breaker stays open for longer than the benchmark runs. Nobody reads a message: the peer makes its message with
 * the exception, ours is made when it is asked for. A stack trace costs by the depth of the stack, which is some ten
 * frames here and more in a service.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class RefusalBenchmark {
    private final CircuitBreaker open = opened(true);
    private final CircuitBreaker openWithoutTraces = opened(false);

    @SuppressWarnings("NullAway.Init") // by open()
    private IncidentRuntime runtime;

    @SuppressWarnings("NullAway.Init")
    private GuardedModel<Integer, Integer> guard;

    private static CircuitBreaker opened(boolean traces) {
        CircuitBreaker breaker = CircuitBreaker.of(
                "peer",
                CircuitBreakerConfig.custom()
                        .writableStackTraceEnabled(traces)
                        .waitDurationInOpenState(Duration.ofDays(1))
                        .build());
        breaker.transitionToOpenState();
        return breaker;
    }

    /** Opens ours and kills the model. */
    @Setup
    public void open() {
        runtime = IncidentRuntime.builder().ephemeral().build();
        guard = runtime.<Integer, Integer>guard("model")
                .route("v1", value -> value + 1)
                .withoutBreaker()
                .withoutAuditTrail()
                .build();
        runtime.switches()
                .kill(
                        io.github.incident4j.model.Scope.model("model"),
                        Cause.by("benchmark").because("refusals"));
    }

    /** Closes it. */
    @TearDown
    public void close() {
        runtime.close();
    }

    /** Ours as an exception. */
    @Benchmark
    public Object guardCall() {
        try {
            return guard.call(7);
        } catch (RefusedException refused) {
            return refused;
        }
    }

    /** Ours as a decision. */
    @Benchmark
    public Decision<Integer> guardDecide() {
        return guard.decide(7);
    }

    /** resilience4j as it comes. */
    @Benchmark
    public Object resilience4j() {
        try {
            return open.executeSupplier(() -> 8);
        } catch (CallNotPermittedException refused) {
            return refused;
        }
    }

    /** resilience4j without stack traces. */
    @Benchmark
    public Object resilience4jWithoutStackTraces() {
        try {
            return openWithoutTraces.executeSupplier(() -> 8);
        } catch (CallNotPermittedException refused) {
            return refused;
        }
    }
}
