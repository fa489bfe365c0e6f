// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an entry for which there is no memory, beside the log. */
class JournalWriterTest {
    private static final JournalObserver NOBODY = new JournalObserver() {
        @Override
        public void passed(TrailEntry entry, long epochNanos) {
            if (entry instanceof Marker marker) {
                marker.passed().complete(null);
            }
        }

        @Override
        public void writingFailed(IOException cause) {}

        @Override
        public void writingResumed(long lost) {}
    };

    @TempDir
    Path home;

    private final SmallTrail small = new SmallTrail(Path.of("."), TimeSource.system());
    private final WaitingEntries queue = new WaitingEntries(1_024, 1 << 20);
    private final AtomicBoolean scarce = new AtomicBoolean(true);
    private final AtomicLong ticker = new AtomicLong();
    private final AtomicBoolean ours = new AtomicBoolean(true);
    private volatile long forceTakes;

    /** Has no memory for the first one. */
    private final class Waiting extends ArrayList<Awaited> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean add(Awaited awaited) {
            if (scarce.getAndSet(false)) {
                throw new OutOfMemoryError("injected");
            }
            return super.add(awaited);
        }
    }

    /** Has no memory for the first one. */
    private final class Held extends ArrayDeque<JournalWriter.Timed> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean add(JournalWriter.Timed timed) {
            if (scarce.getAndSet(false)) {
                throw new OutOfMemoryError("injected");
            }
            return super.add(timed);
        }
    }

    private JournalWriter writer(GroupCommit group, ArrayDeque<JournalWriter.Timed> held) throws IOException {
        TrailSettings settings =
                new TrailSettings(1_024, 1 << 20, Duration.ofSeconds(10), List.of(), List.of(), Retention.forever());
        Opening opened =
                Opening.of(home, settings, TimeSource.system(), stored -> {}, Ownership.UNDISPUTED, this::open);
        JournalWriter writer = new JournalWriter(
                "here",
                opened.log(),
                queue,
                TimeSource.system(),
                () -> {
                    if (!ours.get()) {
                        throw new IOException("nobody can tell whose it is (injected)");
                    }
                },
                NOBODY,
                ticker::get,
                group,
                held);
        writer.start();
        return writer;
    }

    private SegmentChannel open(Path file) throws IOException {
        SegmentChannel real = SegmentChannel.of(file);
        return new SegmentChannel() {
            @Override
            public void write(ByteBuffer bytes, long position) throws IOException {
                real.write(bytes, position);
            }

            @Override
            public void force() throws IOException {
                real.force();
                ticker.addAndGet(forceTakes);
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

    private void await(JournalWriter writer) throws Exception {
        Marker marker = new Marker();
        assertThat(queue.offerControl(marker)).isTrue();
        writer.wake();
        marker.passed().get(30, TimeUnit.SECONDS);
    }

    @Test
    void whoCannotBeKeptAmongThoseWhoWait_isToldSoAndTheEntryIsRecorded() throws Exception {
        JournalWriter writer = writer(new GroupCommit(new Waiting()), new ArrayDeque<>());
        Awaited first = new Awaited(small.text("first", 1));
        Awaited second = new Awaited(small.text("second", 1));
        for (Awaited each : List.of(first, second)) {
            assertThat(queue.offerControl(each)).isTrue();
            writer.wake();
            assertThat(each.await(TimeUnit.SECONDS.toNanos(30))).isEqualTo(each == second);
        }
        writer.close();
        assertThat(scarce).as("it has happened").isFalse();
        assertThat(queue.dropped()).isZero();
        assertThat(new SmallTrail(home, TimeSource.system()).records("first")).hasSize(1);
    }

    @Test
    void whoWaitsForTheRestOfAGroup_costsNoProcessor() throws Exception {
        forceTakes = TimeUnit.SECONDS.toNanos(4); // so that the group after it has a second to come together
        List<Awaited> pair = List.of(new Awaited(small.text("first", 1)), new Awaited(small.text("first", 1)));
        pair.forEach(each -> assertThat(queue.offerControl(each)).isTrue());
        Set<Thread> others = Thread.getAllStackTraces().keySet();
        JournalWriter writer = writer(new GroupCommit(new ArrayList<>()), new ArrayDeque<>());
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals("incident4j-journal") && !others.contains(each))
                .findFirst()
                .orElseThrow();
        for (Awaited each : pair) {
            assertThat(each.await(TimeUnit.SECONDS.toNanos(30))).isTrue();
        }
        Awaited early = new Awaited(small.text("second", 1));
        assertThat(queue.offerControl(early)).isTrue();
        writer.wake();
        Eventually.until(() -> queue.isEmpty() && thread.getState() == Thread.State.TIMED_WAITING); // it rests
        assertThat(early.await(1)).as("its group is not complete").isFalse();
        Awaited late = new Awaited(small.text("second", 1));
        assertThat(queue.offerControl(late)).isTrue();
        writer.wake();
        for (Awaited each : List.of(early, late)) {
            assertThat(each.await(TimeUnit.SECONDS.toNanos(30))).isTrue();
        }
        writer.close();
    }

    @Test
    void whatCannotBeHeldInAnOutage_isCounted() throws Exception {
        JournalWriter writer = writer(new GroupCommit(new ArrayList<>()), new Held());
        await(writer);
        ours.set(false);
        ticker.addAndGet(Ownership.LOOK_NANOS);
        await(writer);
        assertThat(writer.isFailing()).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(queue.offerControl(small.text("held", 1))).isTrue();
        }
        await(writer);
        ours.set(true);
        ticker.addAndGet(TimeUnit.SECONDS.toNanos(2));
        while (writer.isFailing()) {
            await(writer);
        }
        writer.close();
        SmallTrail trail = new SmallTrail(home, TimeSource.system());
        assertThat(queue.dropped()).isEqualTo(1);
        assertThat(trail.records("held")).hasSize(2);
        assertThat(trail.records("trail.gap"))
                .singleElement()
                .satisfies(gap -> assertThat(gap.members()).containsEntry("lost", 1));
    }
}
