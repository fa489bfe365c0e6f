// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.runtime.IncidentRuntime;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long from the beginning of a flip until another thread, which calls without pause, has seen it: a volatile
 * boolean as the floor, and our kill with its switches in memory. It includes the other thread's call that is under
 * way, and what it takes to hand the news back. Both sides run in the same way: the benchmark thread flips and waits
 * for the other thread's answer.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class FlipBenchmark {
    private static final Cause CAUSE = Cause.by("benchmark").because("flip");
    private static final io.github.incident4j.model.Scope SCOPE = io.github.incident4j.model.Scope.model("model");

    @SuppressWarnings("NullAway.Init") // by open()
    private IncidentRuntime runtime;

    @SuppressWarnings("NullAway.Init")
    private KillSwitches switches;

    private volatile boolean flag;
    private volatile boolean seenFlag;
    private volatile boolean seenKill;
    private volatile boolean ending;

    @SuppressWarnings("NullAway.Init")
    private Thread caller;

    /** Starts the thread that calls. */
    @Setup(Level.Trial)
    public void open() {
        runtime = IncidentRuntime.builder().ephemeral().build();
        switches = runtime.switches();
        GuardedModel<Integer, Integer> guard = runtime.<Integer, Integer>guard("model")
                .route("v1", value -> value + 1)
                .withoutBreaker()
                .withoutAuditTrail()
                .build();
        caller = new Thread(() -> {
            while (!ending) {
                seenFlag = flag;
                seenKill = guard.decide(7) instanceof Decision.Refused;
            }
        });
        caller.setDaemon(true);
        caller.start();
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
        ending = true;
        caller.join();
        runtime.close();
    }

    /** A volatile boolean, on and off again. */
    @Benchmark
    public void volatileFlag() {
        flag = true;
        while (!seenFlag) {
            Thread.onSpinWait();
        }
        flag = false;
        while (seenFlag) {
            Thread.onSpinWait();
        }
    }

    /** A kill and a restore; recorded, in a store in memory. */
    @Benchmark
    public void killSwitch() {
        switches.kill(SCOPE, CAUSE);
        while (!seenKill) {
            Thread.onSpinWait();
        }
        switches.restore(SCOPE, CAUSE);
        while (seenKill) {
            Thread.onSpinWait();
        }
    }

    /** The same without waiting for the other thread, to tell the change from its being seen. */
    @Benchmark
    public void killSwitchUnseen() {
        switches.kill(SCOPE, CAUSE);
        switches.restore(SCOPE, CAUSE);
    }
}
