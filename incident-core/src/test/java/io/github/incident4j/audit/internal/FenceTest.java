// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.AuditSigner;
import io.github.incident4j.audit.AuditSigners;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.MerkleTree;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody writes to a directory that is not ours any more. */
@Timeout(60)
class FenceTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private final AtomicBoolean other = new AtomicBoolean();
    private final Fence fence = new Fence(() -> {
        if (other.get()) {
            throw new TakenOverException("process 4711 has it");
        }
    });

    /** A signer that answers when it is told to. */
    private static final class SlowSigner implements AuditSigner {
        private final AuditSigner signer;
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch answering = new CountDownLatch(1);
        private final CompletableFuture<Thread> thread = new CompletableFuture<>();

        SlowSigner(Path key) throws IOException {
            this.signer = AuditSigners.file(key);
        }

        @Override
        public String name() {
            return signer.name();
        }

        @Override
        public byte[] publicKey() {
            return signer.publicKey();
        }

        @Override
        public byte[] sign(byte[] message) throws IOException {
            thread.complete(Thread.currentThread());
            asked.countDown();
            await(answering);
            return signer.sign(message);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Another one may have had the directory for as long as the signature took. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void checkpointThatIsSignedTooLate_isNeitherWrittenNorPublished(boolean closed) throws Exception {
        TrailFiles files = new TrailFiles(Files.createDirectories(directory.resolve("trail")));
        SlowSigner signer = new SlowSigner(directory.resolve("audit.key"));
        BlockingQueue<String> published = new LinkedBlockingQueue<>();
        Attestor attestor = new Attestor(
                files, List.of(signer), List.of(published::add), null, fence, TimeUnit.MINUTES.toNanos(1), 1);
        attestor.start();
        MerkleTree tree = new MerkleTree((level, index, tile) -> {});
        tree.append(new byte[Hashes.SIZE]);
        attestor.offer(tree, true);
        await(signer.asked);
        if (closed) {
            attestor.close();
        } else {
            other.set(true);
        }
        signer.answering.countDown();
        signer.thread.get().join(30_000);
        assertThat(signer.thread.get().isAlive()).as("it ends, too").isFalse();
        assertThat(files.checkpoint()).doesNotExist();
        assertThat(files.verifierKey()).doesNotExist();
        assertThat(files.hasTiles()).isFalse();
        assertThat(published).isEmpty();
    }

    @Test
    void shut_waitsForTheWriteThatIsUnderWay() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<String> written = new CompletableFuture<>();
        Thread writer = new Thread(() -> {
            try {
                fence.pass(() -> {
                    writing.countDown();
                    await(goOn);
                    written.complete("whole");
                });
            } catch (IOException e) {
                written.completeExceptionally(e);
            }
        });
        writer.start();
        await(writing);
        Thread closer = new Thread(fence::shut);
        closer.start();
        while (closer.getState() != Thread.State.BLOCKED) {
            assertThat(closer.isAlive()).isTrue();
        }
        goOn.countDown();
        closer.join(30_000);
        assertThat(written).isCompletedWithValue("whole");
        assertThatThrownBy(() -> fence.pass(() -> {})).isInstanceOf(TakenOverException.class);
    }

    private final AtomicLong days = new AtomicLong();
    private final TimeSource time = TimeSource.following(() -> START.plus(Duration.ofDays(days.get())));

    private record Note(long nanoTime) implements TrailEntry {
        @Override
        public String type() {
            return "test.note";
        }

        @Override
        public void writeMembers(JsonGenerator json) {}
    }

    private Journal journal(Retention retention, List<RetentionHold> holds) throws IOException {
        Journal journal = Journal.open(
                directory,
                new TrailSettings(1_024, 1 << 20, Duration.ofSeconds(10), List.of(), List.of(), retention),
                time,
                stored -> {},
                holds,
                Ownership.UNDISPUTED,
                new JournalObserver() {
                    @Override
                    public void passed(TrailEntry entry, long epochNanos) {}

                    @Override
                    public void writingFailed(IOException cause) {}

                    @Override
                    public void writingResumed(long lost) {}
                });
        journal.start();
        return journal;
    }

    private void twoSegments(Retention retention) throws IOException {
        try (Journal journal = journal(retention, List.of())) {
            for (int year = 0; year < 2; year++) {
                assertThat(journal.appendAndAwait(new Note(time.nanoTime()))).isTrue();
                days.addAndGet(400);
            }
        }
    }

    @Test
    void retention_removesNothingOfSomebodyElses() throws Exception {
        Retention retention = Retention.upTo(Duration.ofDays(200));
        twoSegments(retention);
        TrailFiles files = new TrailFiles(directory.resolve("trail"));
        List<Path> before = files.segments();
        assertThat(before).hasSizeGreaterThan(1);
        Retirement retirement = new Retirement(
                files, retention, List.of(), time, entry -> true, () -> 0, fence, what -> {}, Files::deleteIfExists);
        retirement.sweep(new SmallTrail(directory, time).checkpoint());
        other.set(true);
        retirement.sweep(new SmallTrail(directory, time).checkpoint());
        assertThat(files.segments()).isEqualTo(before);
        other.set(false);
        days.incrementAndGet();
        retirement.sweep(new SmallTrail(directory, time).checkpoint());
        retirement.sweep(new SmallTrail(directory, time).checkpoint());
        assertThat(files.segments()).as("when it is ours").hasSizeLessThan(before.size());
    }

    /** What is about to be dropped is put on record first, for which nobody is there any more at the end. */
    @Test
    void retentionThatIsAtWork_doesNotHoldUpTheClose() throws Exception {
        Retention retention = Retention.upTo(Duration.ofDays(200));
        twoSegments(retention);
        CompletableFuture<Journal> opened = new CompletableFuture<>();
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        CompletableFuture<Boolean> refused = new CompletableFuture<>();
        RetentionHold hold = () -> {
            looking.countDown();
            await(ending);
            boolean taken = true;
            while (taken) {
                taken = opened.join().appendAndAwait(new Note(time.nanoTime()));
            }
            refused.complete(true);
            return Optional.empty();
        };
        Journal journal = journal(retention, List.of(hold));
        opened.complete(journal);
        assertThat(journal.appendAndAwait(new Note(time.nanoTime()))).isTrue();
        await(looking);
        Thread closer = new Thread(journal::close);
        long start = System.nanoTime();
        closer.start();
        ending.countDown();
        closer.join(30_000);
        assertThat(refused).isCompletedWithValue(true);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("and not when it is left behind")
                .isLessThan(Duration.ofSeconds(4));
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }
}
