// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.call.AuditOptions;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many durable decisions come through, against the limit of the disk: a loop, written by hand, that writes as many
 * lines as there are producers into reserved space and forces them at once. Both per record.
 */
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DurableAckBenchmark {
    private static final int LINE = 300;
    private static final long RESERVED = 64L << 20;

    /** A guard whose answers wait for the disk. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the method that opens
    public static class Ours {
        private Path directory;
        private IncidentRuntime runtime;
        private GuardedModel<String, String> model;

        /** Opens it. */
        @Setup
        public void open() throws IOException {
            directory = Files.createTempDirectory("incident4j-durable");
            runtime = IncidentRuntime.builder().directory(directory).build();
            model = runtime.<String, String>guard("model")
                    .route("v1", input -> input)
                    .durability(Durability.DURABLE)
                    .build();
        }

        /** Closes it and removes the files. */
        @TearDown
        public void close() throws IOException {
            runtime.close();
            Decisions.remove(directory);
        }
    }

    /** The same with a subject and a segment, so that each answer waits for the log and for side records. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the method that opens
    public static class Sealed {
        private Path directory;
        private IncidentRuntime runtime;
        private GuardedModel<String, String> model;

        /** Opens it. */
        @Setup
        public void open() throws IOException {
            directory = Files.createTempDirectory("incident4j-sealed");
            runtime = IncidentRuntime.builder().directory(directory).build();
            model = runtime.<String, String>guard("model")
                    .route("v1", input -> input)
                    .segment("tenant", input -> input)
                    .audit(AuditOptions.<String, String>options().subject(input -> input))
                    .durability(Durability.DURABLE)
                    .build();
        }

        /** Closes it and removes the files. */
        @TearDown
        public void close() throws IOException {
            runtime.close();
            Decisions.remove(directory);
        }
    }

    /** A file with reserved space. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls the method that opens
    public static class ByHand {
        @Param({"1", "4", "16"})
        int producers;

        private Path file;
        private FileChannel channel;
        private ByteBuffer lines;
        private long position;

        /** Opens it. */
        @Setup
        public void open() throws IOException {
            file = Files.createTempFile("by-hand", ".jsonl");
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
            byte[] padding = new byte[1 << 20];
            Arrays.fill(padding, (byte) '\n');
            for (long at = 0; at < RESERVED; at += padding.length) {
                channel.write(ByteBuffer.wrap(padding), at);
            }
            channel.force(true);
            byte[] bytes = new byte[LINE * producers];
            Arrays.fill(bytes, (byte) 'x');
            lines = ByteBuffer.wrap(bytes);
        }

        /** Closes it and removes it. */
        @TearDown
        public void close() throws IOException {
            channel.close();
            Files.delete(file);
        }
    }

    /** One producer. */
    @Benchmark
    @Threads(1)
    public String incident4j1(Ours ours) {
        return ours.model.call("a");
    }

    /** Four producers. */
    @Benchmark
    @Threads(4)
    public String incident4j4(Ours ours) {
        return ours.model.call("a");
    }

    /** Sixteen producers. */
    @Benchmark
    @Threads(16)
    public String incident4j16(Ours ours) {
        return ours.model.call("a");
    }

    /** Four producers, with side records. */
    @Benchmark
    @Threads(4)
    public String sealed4(Sealed ours) {
        return ours.model.call("a");
    }

    /** One group of lines, one force; divide by the number of producers for the cost of a record. */
    @Benchmark
    @Threads(1)
    public long byHandGroup(ByHand file) throws IOException {
        file.lines.clear();
        if (file.position + file.lines.capacity() > RESERVED) {
            file.position = 0;
        }
        file.position += file.channel.write(file.lines, file.position);
        file.channel.force(false);
        return file.position;
    }
}
