// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.PayloadKind;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Durable answers where a force takes a constant time, so that the journal is measured and not the disk: against a loop
 * by hand that writes as many lines as there are producers and forces them, and against group commit by hand. They take
 * turns. A program of its own, in this package, as the journal takes another disk only here.
 */
public final class DurableProbe {
    private static final int LINE = 300;
    private static final int ROOM = 1 << 20;
    private static final int WARM = 5;
    private static final int TURNS = 30;
    private static final long TURN_MILLIS = 100;

    private DurableProbe() {}

    /** Writes a record, and returns when it is forced. */
    @FunctionalInterface
    private interface Appender {
        void append() throws IOException, InterruptedException;
    }

    /** Blocks for a while in a thread of its own: who forces is not to be woken by who hands something over. */
    private static final class Disk {
        private final SynchronousQueue<Long> asked = new SynchronousQueue<>();
        private final SynchronousQueue<Long> done = new SynchronousQueue<>();
        private final AtomicInteger forces;
        private final long nanos;

        Disk(long nanos, AtomicInteger forces) {
            this.nanos = nanos;
            this.forces = forces;
            Thread thread = new Thread(this::run, "disk");
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                while (true) {
                    long end = asked.take() + nanos;
                    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    done.put(end);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void force() throws IOException {
            try {
                asked.put(System.nanoTime());
                done.take();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            forces.incrementAndGet();
        }
    }

    /** A file of which a force takes as long as the disk wants; only those of the log count. */
    private static SegmentChannel open(Path file, long nanos, AtomicInteger forces) throws IOException {
        SegmentChannel real = SegmentChannel.of(file);
        boolean ofLog = DurableFiles.parentOf(file).endsWith("log");
        Disk disk = new Disk(nanos, ofLog ? forces : new AtomicInteger());
        return new SegmentChannel() {
            @Override
            public void write(ByteBuffer bytes, long position) throws IOException {
                real.write(bytes, position);
            }

            @Override
            public void force() throws IOException {
                disk.force();
            }

            @Override
            public void truncate(long size) throws IOException {
                real.truncate(size);
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    /** What one contestant has shown. */
    private static final class Shown {
        private final List<Double> perSecond = new ArrayList<>();
        private final List<Long> waits = new ArrayList<>();
        private long late; // that waited for more than one force
    }

    private static void turn(Shown shown, Appender appender, int threads, int recordsAtOnce, AtomicInteger forces)
            throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        List<List<Long>> waits = new ArrayList<>();
        AtomicLong late = new AtomicLong();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            List<Long> own = new ArrayList<>();
            waits.add(own);
            Thread caller = new Thread(() -> {
                try {
                    while (!stop.get()) {
                        int before = forces.get();
                        long start = System.nanoTime();
                        appender.append();
                        own.add(System.nanoTime() - start);
                        late.addAndGet(forces.get() - before > 1 ? 1 : 0); // one of them may have been under way
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            callers.add(caller);
        }
        long start = System.nanoTime();
        callers.forEach(Thread::start);
        TimeUnit.MILLISECONDS.sleep(TURN_MILLIS);
        stop.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        waits.forEach(shown.waits::addAll);
        shown.perSecond.add(recordsAtOnce * waits.stream().mapToInt(List::size).sum() / seconds);
        shown.late += late.get();
    }

    private static Appender loop(SegmentChannel file, int lines) {
        byte[] bytes = new byte[LINE * lines];
        Arrays.fill(bytes, (byte) 'x');
        return () -> {
            file.write(ByteBuffer.wrap(bytes), 0);
            file.force();
        };
    }

    private static Appender group(SegmentChannel file) {
        BlockingQueue<CompletableFuture<Void>> queue = new LinkedBlockingQueue<>();
        Thread writer = new Thread(() -> {
            List<CompletableFuture<Void>> group = new ArrayList<>();
            try {
                while (true) {
                    group.add(queue.take());
                    queue.drainTo(group);
                    file.write(ByteBuffer.allocate(LINE * group.size()), 0);
                    file.force();
                    group.forEach(each -> each.complete(null));
                    group.clear();
                }
            } catch (IOException | InterruptedException e) {
                group.forEach(each -> each.completeExceptionally(e));
            }
        });
        writer.setDaemon(true);
        writer.start();
        return () -> {
            CompletableFuture<Void> durable = new CompletableFuture<>();
            queue.add(durable);
            durable.join();
        };
    }

    private static Appender ours(Journal journal, TimeSource time) {
        GuardInfo guard = new GuardInfo(
                7,
                "model",
                List.of(new GuardInfo.Route("v1", RouteKind.MODEL, null)),
                List.of(),
                List.of(),
                new Recording(Durability.DURABLE, false, PayloadKind.NONE, PayloadKind.NONE, "{}", ""));
        AtomicLong number = new AtomicLong();
        CallFacts facts = new CallFacts(null, null, null, null, null, null, null, false, List.of());
        return () -> {
            DecisionRecord decision = DecisionRecord.answered(
                    guard,
                    number.incrementAndGet(),
                    time.nanoTime(),
                    5,
                    0,
                    0,
                    -1,
                    List.of(),
                    List.of(),
                    new String[0],
                    new double[0],
                    facts);
            if (!journal.reserve(0) || !journal.recordReserved(decision, true, 0)) {
                throw new IOException("a record is not durable");
            }
        };
    }

    private static double quantile(List<? extends Number> values, double share) {
        double[] sorted =
                values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
    }

    private static void compare(Path directory, long micros, int producers) throws IOException, InterruptedException {
        AtomicInteger forces = new AtomicInteger();
        long nanos = TimeUnit.MICROSECONDS.toNanos(micros);
        SegmentChannel.Opener opener = file -> open(file, nanos, forces);
        Files.createDirectories(directory.resolve("log"));
        TimeSource time = TimeSource.system();
        try (SegmentChannel first = opener.open(directory.resolve("log/loop"));
                SegmentChannel second = opener.open(directory.resolve("log/group"));
                Journal journal = Journal.open(
                        directory.resolve("ours"),
                        new TrailSettings(
                                8_192, ROOM, Duration.ofSeconds(30), List.of(), List.of(), Retention.forever()),
                        time,
                        stored -> {},
                        List.of(),
                        Ownership.UNDISPUTED,
                        new Observer(),
                        opener,
                        System::nanoTime)) {
            journal.start();
            Map<String, Appender> contestants = new LinkedHashMap<>();
            contestants.put("loop", loop(first, producers));
            contestants.put("group", group(second));
            contestants.put("ours", ours(journal, time));
            Map<String, Shown> shown = new LinkedHashMap<>();
            for (int turn = -WARM; turn < TURNS; turn++) {
                for (Map.Entry<String, Appender> each : contestants.entrySet()) {
                    boolean loop = each.getKey().equals("loop");
                    Shown to = turn < 0 ? new Shown() : shown.computeIfAbsent(each.getKey(), name -> new Shown());
                    turn(to, each.getValue(), loop ? 1 : producers, loop ? producers : 1, forces);
                }
            }
            tell(micros, producers, shown);
        }
    }

    private static void tell(long micros, int producers, Map<String, Shown> shown) {
        Shown loop = shown.values().iterator().next();
        double limit = quantile(loop.perSecond, 0.5);
        double force = quantile(loop.waits, 0.5);
        shown.forEach((name, each) -> System.out.printf(
                Locale.ROOT,
                "force %d us, %2d producers, %-5s %.2f x of the loop (%.2f to %.2f); wait, in forces: 50 %% %.2f, 99 %% %.2f;"
                        + " more than one force: %.2f %%%n",
                micros,
                producers,
                name,
                quantile(each.perSecond, 0.5) / limit,
                quantile(each.perSecond, 0.1) / limit,
                quantile(each.perSecond, 0.9) / limit,
                quantile(each.waits, 0.5) / force,
                quantile(each.waits, 0.99) / force,
                100.0 * each.late / each.waits.size()));
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Ends with the first failure. */
    private static final class Observer implements JournalObserver {
        @Override
        public void passed(TrailEntry entry, long epochNanos) {}

        @Override
        public void writingFailed(IOException cause) {
            throw new UncheckedIOException(cause);
        }

        @Override
        public void writingResumed(long lost) {}
    }

    /**
     * Compares them with 1, 4 and 16 producers.
     *
     * @param args how many microseconds a force takes, each in turn; 2000 and 300 where nothing is said
     * @throws IOException if the files cannot be written
     * @throws InterruptedException if somebody stops it
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        long[] forces = args.length == 0
                ? new long[] {2_000, 300}
                : Stream.of(args).mapToLong(Long::parseLong).toArray();
        for (long micros : forces) {
            for (int producers : new int[] {1, 4, 16}) {
                Path directory = Files.createTempDirectory("incident4j-durable");
                try {
                    compare(directory, micros, producers);
                } finally {
                    remove(directory);
                }
            }
        }
    }
}
