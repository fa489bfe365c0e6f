// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.call.GuardedStream;
import io.github.incident4j.call.InFlight;
import io.github.incident4j.call.StreamGuardBuilder;
import io.github.incident4j.runtime.IncidentRuntime;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a stream costs for each token: a source to a reader directly, through a bare {@code Flow.Processor} that only
 * passes on, and through our guard with the switches alone: where they only keep streams from beginning (FINISH, no
 * deadline), and where a kill or the deadline ends them on their way. The reader puts the text together, as readers of
 * tokens do; the {@code Empty} ones do nothing with a token, so that the compiler makes one loop of source, processor
 * and reader: they show what is left of the guard when everything else costs nothing. A stream has {@value #TOKENS}
 * tokens; what it costs to open one is in the figures, divided by that.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@OperationsPerInvocation(StreamBenchmark.TOKENS)
@State(Scope.Benchmark)
public class StreamBenchmark {
    static final int TOKENS = 1_000;

    private final Flow.Publisher<String> source = source();
    private final StringBuilder text = new StringBuilder(16 * TOKENS);

    /** Our guard, by what may end its streams on their way. */
    @State(Scope.Benchmark)
    public static class Guarded {
        /** What becomes of running streams when their route is killed. */
        @Param({"FINISH", "DISCARD", "CANCEL"})
        @SuppressWarnings("NullAway.Init") // by JMH
        public InFlight inFlight;

        /** Whether they have a deadline, which is far away. */
        @Param({"false", "true"})
        public boolean deadline;

        @SuppressWarnings("NullAway.Init") // by open()
        private IncidentRuntime runtime;

        @SuppressWarnings("NullAway.Init")
        private GuardedStream<String, String> guard;

        /** Opens ours. */
        @Setup
        public void open() {
            Flow.Publisher<String> source = source();
            runtime = IncidentRuntime.builder().ephemeral().build();
            StreamGuardBuilder<String, String> builder = runtime.<String, String>guardStream("chat")
                    .route("v1", input -> source)
                    .inFlight(inFlight)
                    .withoutBreaker()
                    .withoutAuditTrail();
            guard = (deadline ? builder.deadline(Duration.ofHours(1)) : builder).build();
        }

        /** Closes it. */
        @TearDown
        public void close() {
            runtime.close();
        }
    }

    private static Flow.Publisher<String> source() {
        String[] tokens = new String[TOKENS];
        for (int i = 0; i < TOKENS; i++) {
            tokens[i] = "token-" + i;
        }
        return subscriber -> subscriber.onSubscribe(new Source(tokens, subscriber));
    }

    /** Sends all tokens when it is asked for all. */
    private static final class Source implements Flow.Subscription {
        private final String[] tokens;
        private final Flow.Subscriber<? super String> subscriber;
        private boolean cancelled;

        Source(String[] tokens, Flow.Subscriber<? super String> subscriber) {
            this.tokens = tokens;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            for (int i = 0; i < tokens.length && !cancelled; i++) {
                subscriber.onNext(tokens[i]);
            }
            subscriber.onComplete();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** Puts the text together. */
    private final class Reader implements Flow.Subscriber<String> {
        private final Blackhole blackhole;

        Reader(Blackhole blackhole) {
            this.blackhole = blackhole;
            text.setLength(0);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String token) {
            text.append(token);
        }

        @Override
        public void onError(Throwable thrown) {
            throw new IllegalStateException(thrown);
        }

        @Override
        public void onComplete() {
            blackhole.consume(text);
        }
    }

    /** Reads everything and does nothing with it. */
    private static final class EmptyReader implements Flow.Subscriber<String> {
        private final Blackhole blackhole;

        EmptyReader(Blackhole blackhole) {
            this.blackhole = blackhole;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String token) {
            blackhole.consume(token);
        }

        @Override
        public void onError(Throwable thrown) {
            throw new IllegalStateException(thrown);
        }

        @Override
        public void onComplete() {
            // nothing is left to do
        }
    }

    /** Passes everything on. */
    private static final class PassThrough implements Flow.Processor<String, String>, Flow.Subscription {
        private Flow.@Nullable Subscriber<? super String> downstream;
        private Flow.@Nullable Subscription upstream;

        @Override
        public void subscribe(Flow.Subscriber<? super String> subscriber) {
            downstream = subscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            upstream = subscription;
        }

        @Override
        public void request(long n) {
            if (upstream != null) {
                upstream.request(n);
            }
        }

        @Override
        public void cancel() {
            if (upstream != null) {
                upstream.cancel();
            }
        }

        @Override
        public void onNext(String token) {
            if (downstream != null) {
                downstream.onNext(token);
            }
        }

        @Override
        public void onError(Throwable thrown) {
            if (downstream != null) {
                downstream.onError(thrown);
            }
        }

        @Override
        public void onComplete() {
            if (downstream != null) {
                downstream.onComplete();
            }
        }
    }

    /** Without anything between. */
    @Benchmark
    public void direct(Blackhole blackhole) {
        source.subscribe(new Reader(blackhole));
    }

    /** Through a processor that only passes on. */
    @Benchmark
    public void passThrough(Blackhole blackhole) {
        PassThrough processor = new PassThrough();
        source.subscribe(processor);
        processor.subscribe(new Reader(blackhole));
    }

    /** Through our guard. */
    @Benchmark
    public void guarded(Guarded ours, Blackhole blackhole) {
        ours.guard.open("hello").subscribe(new Reader(blackhole));
    }

    /** Through a processor that only passes on, to a reader that does nothing. */
    @Benchmark
    public void passThroughEmpty(Blackhole blackhole) {
        PassThrough processor = new PassThrough();
        source.subscribe(processor);
        processor.subscribe(new EmptyReader(blackhole));
    }

    /** Through our guard, to a reader that does nothing. */
    @Benchmark
    public void guardedEmpty(Guarded ours, Blackhole blackhole) {
        ours.guard.open("hello").subscribe(new EmptyReader(blackhole));
    }
}
