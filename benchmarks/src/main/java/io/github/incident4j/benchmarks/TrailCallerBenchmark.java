// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.audit.internal.Marker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.async.AsyncLoggerContext;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;
import org.apache.logging.log4j.message.MapMessage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a caller pays to hand over one decision of 25 fields. The peers write the same fields as JSON to a file.
 *
 * <p>The mean: each invocation is a burst of 4,096 records, fewer than any of the queues holds, and between two bursts
 * the writer gets the time to empty its queue: so nobody waits for the disk, and what is measured is the hand-over. The
 * percentiles: each invocation is one record, and between two of them the caller works for some twenty microseconds, as
 * no host makes nothing but decisions; the clock's own time is in each of them.
 */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {
            "-Dlog4j2.contextSelector=org.apache.logging.log4j.core.async.AsyncLoggerContextSelector",
            "-Dlog4j2.asyncLoggerRingBufferSize=16384",
            "-Dlog4j2.asyncLoggerWaitStrategy=Sleep",
            "-Dlog4j2.enableThreadlocals=true",
            "-Dchronicle.analytics.disable=true",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
            "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
            "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
        })
public class TrailCallerBenchmark {
    private static final int BURST = 4_096;

    /** All three, open; each benchmark uses one. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls the method that opens
    public static class Peers {
        private Path directory;
        private Journal journal;
        private LoggerContext context;
        private Logger logger;
        private ChronicleQueue queue;
        private ExcerptAppender appender;
        private long number;

        /** Opens all three; each benchmark uses one. */
        @Setup
        public void open() throws IOException {
            directory = Files.createTempDirectory("incident4j-trail");
            journal = Decisions.journal(directory);
            context = log4j(directory.resolve("log4j.json"));
            logger = context.getLogger("decisions");
            queue = ChronicleQueue.single(directory.resolve("chronicle").toString());
            appender = queue.createAppender();
        }

        private static LoggerContext log4j(Path file) {
            ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
            builder.setStatusLevel(Level.ERROR);
            builder.add(
                    builder.newAppender("file", "RandomAccessFile")
                            .addAttribute("fileName", file.toString())
                            .addAttribute("immediateFlush", false)
                            .add(
                                    builder.newLayout("JsonTemplateLayout")
                                            .addAttribute(
                                                    "eventTemplate",
                                                    "{\"time\":{\"$resolver\":\"timestamp\"},\"message\":{\"$resolver\":\"message\"}}")));
            builder.add(builder.newRootLogger(Level.INFO).add(builder.newAppenderRef("file")));
            AsyncLoggerContext context = new AsyncLoggerContext("trail");
            context.start(builder.build());
            if (context.getConfiguration().getAppender("file") == null) { // Log4j2 says so and goes on
                throw new IllegalStateException("Log4j2 has no appender, and so would write nothing");
            }
            return context;
        }

        /** Closes all and removes the files. */
        @TearDown
        public void close() throws IOException {
            journal.close();
            context.stop();
            queue.close();
            Decisions.remove(directory);
        }

        private void record(Blackhole hole) {
            hole.consume(journal.record(Decisions.decision(number++)));
        }

        private void log() {
            logger.info(message(number++));
        }

        private void enqueue() {
            long id = number++;
            appender.writeDocument(wire -> wire.write("seq")
                    .int64(id)
                    .write("v")
                    .int32(2)
                    .write("time")
                    .int64(System.nanoTime())
                    .write("type")
                    .text("decision")
                    .write("id")
                    .int64(id)
                    .write("model")
                    .text("credit-risk")
                    .write("outcome")
                    .text("answered")
                    .write("route")
                    .text("v8")
                    .write("route_kind")
                    .text("model")
                    .write("latency_ns")
                    .int64(5_000)
                    .write("tenant")
                    .text("acme")
                    .write("region")
                    .text("eu")
                    .write("age")
                    .text("18-25")
                    .write("channel")
                    .text("web")
                    .write("product")
                    .text("loan")
                    .write("tier")
                    .text("gold")
                    .write("origin")
                    .text("partner")
                    .write("score")
                    .float64(0.31)
                    .write("limit")
                    .float64(12_000)
                    .write("income")
                    .float64(43_000)
                    .write("ratio")
                    .float64(0.28)
                    .write("term")
                    .float64(36)
                    .write("rate")
                    .float64(0.045)
                    .write("margin")
                    .float64(0.02)
                    .write("years")
                    .float64(23));
        }
    }

    /** Lets everybody empty their queues after each burst, unmeasured. */
    @State(Scope.Thread)
    public static class Drained {
        /** Waits. */
        @TearDown(org.openjdk.jmh.annotations.Level.Invocation)
        public void drain(Peers peers) throws Exception {
            Marker marker = new Marker();
            peers.journal.append(marker);
            marker.passed().get(30, TimeUnit.SECONDS);
            Thread.sleep(30);
        }
    }

    /** Has the caller do something else between two records, unmeasured. */
    @State(Scope.Thread)
    public static class Paced {
        /** Works. */
        @Setup(org.openjdk.jmh.annotations.Level.Invocation)
        public void pace() {
            Blackhole.consumeCPU(10_000);
        }
    }

    private static MapMessage<?, Object> message(long i) {
        MapMessage<?, Object> fields = new MapMessage<>(32);
        fields.with("seq", i);
        fields.with("v", 2);
        fields.with("type", "decision");
        fields.with("id", i);
        fields.with("model", "credit-risk");
        fields.with("outcome", "answered");
        fields.with("route", "v8");
        fields.with("route_kind", "model");
        fields.with("latency_ns", 5_000L);
        fields.with("tenant", "acme");
        fields.with("region", "eu");
        fields.with("age", "18-25");
        fields.with("channel", "web");
        fields.with("product", "loan");
        fields.with("tier", "gold");
        fields.with("origin", "partner");
        fields.with("score", 0.31);
        fields.with("limit", 12_000.0);
        fields.with("income", 43_000.0);
        fields.with("ratio", 0.28);
        fields.with("term", 36.0);
        fields.with("rate", 0.045);
        fields.with("margin", 0.02);
        fields.with("years", 23.0);
        return fields;
    }

    /** Ours. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 60)
    @Measurement(iterations = 60)
    @OperationsPerInvocation(BURST)
    public void incident4j(Peers peers, Drained drained, Blackhole hole) {
        for (int i = 0; i < BURST; i++) {
            peers.record(hole);
        }
    }

    /** Log4j2, asynchronous loggers, JSON template layout. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 60)
    @Measurement(iterations = 60)
    @OperationsPerInvocation(BURST)
    public void log4j2AsyncJson(Peers peers, Drained drained, Blackhole hole) {
        for (int i = 0; i < BURST; i++) {
            peers.log();
        }
    }

    /** Chronicle Queue, which encodes on the caller's thread into mapped memory. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 60)
    @Measurement(iterations = 60)
    @OperationsPerInvocation(BURST)
    public void chronicleQueue(Peers peers, Drained drained, Blackhole hole) {
        for (int i = 0; i < BURST; i++) {
            peers.enqueue();
        }
    }

    /** Ours, one record. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @Warmup(iterations = 5, time = 2)
    @Measurement(iterations = 5, time = 2)
    public void incident4jOne(Peers peers, Paced paced, Blackhole hole) {
        peers.record(hole);
    }

    /** Log4j2, one record. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @Warmup(iterations = 5, time = 2)
    @Measurement(iterations = 5, time = 2)
    public void log4j2AsyncJsonOne(Peers peers, Paced paced, Blackhole hole) {
        peers.log();
    }

    /** Chronicle Queue, one record. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @Warmup(iterations = 5, time = 2)
    @Measurement(iterations = 5, time = 2)
    public void chronicleQueueOne(Peers peers, Paced paced, Blackhole hole) {
        peers.enqueue();
    }
}
