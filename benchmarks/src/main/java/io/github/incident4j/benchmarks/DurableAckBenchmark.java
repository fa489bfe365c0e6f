// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.call.AuditOptions;
import io.github.incident4j.call.GuardBuilder;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
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
 * How many durable decisions come through. Against the limit of the disk: a loop, written by hand, that writes as many
 * lines as there are producers into reserved space and forces them at once; nobody hands anything to it or waits for
 * it. And against group commit as one writes it by hand: a queue, a thread that writes and forces what has come, a
 * future for each line. All per record.
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
        GuardedModel<String, String> model;

        /** Opens it. */
        @Setup
        public void open() throws IOException {
            directory = Files.createTempDirectory("incident4j-durable");
            runtime = IncidentRuntime.builder().directory(directory).build();
            model = guard(runtime.<String, String>guard("model")
                            .route("v1", input -> input)
                            .durability(Durability.DURABLE))
                    .build();
        }

        GuardBuilder<String, String> guard(GuardBuilder<String, String> bare) {
            return bare;
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
    public static class Sealed extends Ours {
        @Override
        GuardBuilder<String, String> guard(GuardBuilder<String, String> bare) {
            return bare.segment("tenant", input -> input)
                    .audit(AuditOptions.<String, String>options().subject(input -> input));
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
            channel = reserved(file);
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

    /** Group commit, with a thread of its own and the same lines and reserved space. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the method that opens
    public static class GroupByHand {
        private final BlockingQueue<CompletableFuture<Void>> lines = new LinkedBlockingQueue<>();
        private final byte[] line = new byte[LINE];
        private Path file;
        private FileChannel channel;
        private Thread writer;

        /** Opens it. */
        @Setup
        public void open() throws IOException {
            Arrays.fill(line, (byte) 'x');
            file = Files.createTempFile("by-hand", ".jsonl");
            channel = reserved(file);
            writer = new Thread(this::write);
            writer.start();
        }

        private void write() {
            List<CompletableFuture<Void>> group = new ArrayList<>();
            long position = 0;
            try {
                while (true) {
                    group.add(lines.take());
                    lines.drainTo(group);
                    ByteBuffer bytes = ByteBuffer.allocate(LINE * group.size());
                    group.forEach(each -> bytes.put(line));
                    position = position + bytes.capacity() > RESERVED ? 0 : position;
                    position += channel.write(bytes.flip(), position);
                    channel.force(false);
                    group.forEach(each -> each.complete(null));
                    group.clear();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the end
            } catch (IOException e) {
                group.forEach(each -> each.completeExceptionally(e));
            }
        }

        void append() {
            CompletableFuture<Void> durable = new CompletableFuture<>();
            lines.add(durable);
            durable.join();
        }

        /** Closes it and removes it. */
        @TearDown
        public void close() throws IOException, InterruptedException {
            writer.interrupt();
            writer.join();
            channel.close();
            Files.delete(file);
        }
    }

    private static FileChannel reserved(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        byte[] padding = new byte[1 << 20];
        Arrays.fill(padding, (byte) '\n');
        for (long at = 0; at < RESERVED; at += padding.length) {
            channel.write(ByteBuffer.wrap(padding), at);
        }
        channel.force(true);
        return channel;
    }

    /** One producer, group commit by hand. */
    @Benchmark
    @Threads(1)
    public void groupByHand1(GroupByHand group) {
        group.append();
    }

    /** Four producers, group commit by hand. */
    @Benchmark
    @Threads(4)
    public void groupByHand4(GroupByHand group) {
        group.append();
    }

    /** Sixteen producers, group commit by hand. */
    @Benchmark
    @Threads(16)
    public void groupByHand16(GroupByHand group) {
        group.append();
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
