// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.RefusedException;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.incident4j.runtime.RuntimeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
 * How long until another thread, which calls without pause, is refused: after a volatile boolean was flipped, the
 * floor, and after a route was killed. Both sides wait in the same way, and what they measure includes the other
 * thread's call that is under way and the way of the news back.
 *
 * <ol>
 *   <li>{@link #volatileFlag}, {@link #kill} and {@link #killInMemory} measure from the return of the flip: the flip
 *       itself is outside of the measured time. A kill is in force before it is on the disk, and returns when it is on
 *       the disk, so {@link #kill} finds that the other thread was refused before. Each fork prints how often that was
 *       so. What {@link #kill} still takes is what a core takes to get going after it waited for a disk.
 *   <li>{@link #volatileFlagFromBegin} and {@link #killInMemoryFromBegin} measure from the begin of the flip, so they
 *       contain the flip. With a disk that would be a measurement of the disk.
 * </ol>
 *
 * Every flip also checks the promise: the tear-down waits for a call that began after the return, and the benchmark
 * fails if such a call was answered.
 *
 * <p>Needs two cores. The median says what a flip takes; the mean and the high percentiles say how often the system
 * took the core from one of the two threads.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FlipBenchmark {

    /** Something to flip, and a thread that asks it without pause. */
    @State(Scope.Benchmark)
    public abstract static class Flip {
        /** What the calls answered, so that none of them can be left out. */
        int sum;

        private long flips;
        private long seenBeforeReturn;

        @SuppressWarnings("NullAway.Init") // by start()
        private Thread caller;

        private volatile boolean returned;
        private volatile boolean refused;
        private volatile boolean beganAfterReturn;
        private volatile boolean ending;
        private volatile @Nullable Throwable failure;

        abstract void set();

        abstract void lift();

        /** Makes one call; returns whether it was refused. */
        abstract boolean call();

        void end() throws IOException {}

        /** Starts the thread. */
        @Setup(Level.Trial)
        public void start() {
            caller = new Thread(this::callOn, "caller");
            caller.setDaemon(true);
            caller.start();
        }

        private void callOn() {
            try {
                while (!ending) {
                    boolean after = returned;
                    boolean no = call();
                    if (after && !no) {
                        throw new IllegalStateException("a call that began after the return of the flip was answered");
                    }
                    refused = no;
                    beganAfterReturn = after;
                }
            } catch (Throwable thrown) { // or the benchmark would wait for ever
                failure = thrown;
            }
        }

        void flip() {
            set();
            if (refused) {
                seenBeforeReturn++;
            }
            flips++;
            returned = true;
        }

        void awaitRefusal() {
            while (!refused) {
                pause();
            }
        }

        private void pause() {
            Throwable thrown = failure;
            if (thrown != null) {
                throw new IllegalStateException("the calling thread has ended", thrown);
            }
            Thread.onSpinWait();
        }

        /** Waits until a call that began after the return was checked, and lifts what was set. */
        @TearDown(Level.Invocation)
        public void reset() {
            returned = true;
            while (!beganAfterReturn) {
                pause();
            }
            returned = false;
            while (beganAfterReturn) {
                pause(); // a call that knows of the return must not meet the lift
            }
            lift();
            while (refused) {
                pause();
            }
        }

        /** Ends the thread. */
        @TearDown(Level.Trial)
        public void stop() throws InterruptedException, IOException {
            ending = true;
            caller.join();
            end();
            if (flips > 0) {
                System.out.printf("%n# refused before the return of the flip: %,d of %,d%n", seenBeforeReturn, flips);
            }
        }
    }

    /** A volatile boolean. */
    public static class Flag extends Flip {
        private final Integer input = 7;
        private volatile boolean killed;

        @Override
        void set() {
            killed = true;
        }

        @Override
        void lift() {
            killed = false;
        }

        @Override
        boolean call() {
            if (killed) {
                return true;
            }
            sum += input;
            return false;
        }
    }

    /** A kill switch of a route, in memory. */
    public static class InMemory extends Flip {
        private static final Cause CAUSE = Cause.by("benchmark").because("flip");
        private static final io.github.incident4j.model.Scope ROUTE =
                io.github.incident4j.model.Scope.model("model").route("v1");

        private final IncidentRuntime runtime;
        private final GuardedModel<Integer, Integer> guard;

        /** Opens the runtime. */
        public InMemory() {
            this(IncidentRuntime.builder().ephemeral());
        }

        InMemory(RuntimeBuilder builder) {
            runtime = builder.build();
            guard = runtime.<Integer, Integer>guard("model")
                    .route("v1", value -> value + 1)
                    .withoutBreaker()
                    .withoutAuditTrail()
                    .build();
        }

        @Override
        void set() {
            check(runtime.switches().kill(ROUTE, CAUSE));
        }

        @Override
        void lift() {
            check(runtime.switches().restore(ROUTE, CAUSE));
        }

        void check(SwitchResult result) {
            if (!result.inForce()) {
                throw new IllegalStateException("the flip did not take effect: " + result);
            }
        }

        @Override
        boolean call() {
            try {
                sum += guard.call(7);
                return false;
            } catch (RefusedException e) {
                return true;
            }
        }

        @Override
        void end() throws IOException {
            runtime.close();
        }
    }

    /** The same on the disk: in the system's directory for temporary files, unless that is none. */
    public static class OnDisk extends InMemory {
        private final Path directory;

        /** Opens the runtime. */
        public OnDisk() {
            this(temporary());
        }

        private OnDisk(Path directory) {
            super(IncidentRuntime.builder().directory(directory));
            this.directory = directory;
        }

        private static Path temporary() {
            try {
                return Files.createTempDirectory("incident4j-flip");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        void check(SwitchResult result) {
            super.check(result);
            if (!result.durable()) {
                throw new IllegalStateException("the flip is not on the disk: " + result);
            }
        }

        @Override
        void end() throws IOException {
            super.end();
            try (Stream<Path> below = Files.walk(directory)) {
                for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** A volatile boolean that has just been flipped. */
    public static class FlippedFlag extends Flag {
        /** Flips it. */
        @Setup(Level.Invocation)
        public void flipBefore() {
            flip();
        }
    }

    /** A route that has just been killed, in memory. */
    public static class KilledInMemory extends InMemory {
        /** Kills it. */
        @Setup(Level.Invocation)
        public void flipBefore() {
            flip();
        }
    }

    /** A route that has just been killed, on the disk. */
    public static class KilledOnDisk extends OnDisk {
        /** Kills it. */
        @Setup(Level.Invocation)
        public void flipBefore() {
            flip();
        }
    }

    /** From the return of the flip of a volatile boolean. */
    @Benchmark
    public void volatileFlag(FlippedFlag flag) {
        flag.awaitRefusal();
    }

    /** From the return of a kill that is on the disk. */
    @Benchmark
    public void kill(KilledOnDisk route) {
        route.awaitRefusal();
    }

    /** From the return of a kill in memory. */
    @Benchmark
    public void killInMemory(KilledInMemory route) {
        route.awaitRefusal();
    }

    /** From the begin of the flip of a volatile boolean. */
    @Benchmark
    public void volatileFlagFromBegin(Flag flag) {
        flag.set();
        flag.awaitRefusal();
    }

    /** From the begin of a kill in memory. */
    @Benchmark
    public void killInMemoryFromBegin(InMemory route) {
        route.set();
        route.awaitRefusal();
    }
}
