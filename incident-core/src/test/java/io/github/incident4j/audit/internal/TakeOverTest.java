// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditTrail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory that is, or may be, another process's is written and acknowledged no more. */
class TakeOverTest extends FaultyTrail {
    /** A thread that was stopped for long between write and acknowledgement looks first whose the directory is. */
    @Test
    void directoryThatIsTakenOverDuringAPause_isWrittenNoMore() throws Exception {
        AtomicLong ticker = new AtomicLong();
        AtomicBoolean other = new AtomicBoolean();
        Ownership ownership = () -> {
            if (other.get()) {
                throw new TakenOverException("process 4711 has it");
            }
        };
        Journal journal = open(directory, disk, ownership, ticker::get);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        disk.beforeForce(() -> {
            other.set(true);
            ticker.addAndGet(TimeUnit.HOURS.toNanos(1));
        });
        assertThat(journal.recordAndAwait(decision(1))).isFalse();
        await(journal);
        assertThat(failures).as("it was told").hasValue(1);
        Path segment = directory.resolve("trail/log/00000000000000000000.jsonl");
        byte[] before = Files.readAllBytes(segment);
        assertThat(journal.reserve(0)).isFalse();
        assertThat(journal.recordAndAwait(decision(2))).isFalse();
        assertThat(journal.record(decision(3))).as("others fail open").isTrue();
        other.set(false);
        ticker.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(journal.recordAndAwait(decision(4))).as("for good").isFalse();
        journal.close();
        assertThat(Files.readAllBytes(segment))
                .as("not even its end is cut off")
                .isEqualTo(before);
        assertThat(journal.dropped()).isEqualTo(3);
    }

    /** Who is out of file descriptors cannot tell whether another process has come, which waits two seconds only. */
    @ParameterizedTest
    @ValueSource(strings = {"it is ours", "it is another's", "closed before anybody knows"})
    void directoryOfWhichNobodyCanTellWhoseItIs_isWrittenAndAcknowledgedNoMore(String end) throws Exception {
        AtomicLong ticker = new AtomicLong();
        AtomicReference<@Nullable IOException> answer = new AtomicReference<>();
        Ownership ownership = () -> {
            IOException failure = answer.get();
            if (failure != null) {
                throw failure;
            }
        };
        Journal journal = open(directory, disk, ownership, ticker::get);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        disk.beforeForce(() -> {
            answer.compareAndSet(null, new IOException("Too many open files (injected)"));
            ticker.addAndGet(Ownership.LOOK_NANOS);
            disk.beforeForce(() -> {});
        });
        assertThat(journal.recordAndAwait(decision(1))).isFalse();
        Eventually.until(() -> failures.get() == 1);
        assertThat(journal.reserve(0)).isFalse();
        Path segment = directory.resolve("trail/log/00000000000000000000.jsonl");
        byte[] before = Files.readAllBytes(segment);
        ticker.addAndGet(Ownership.LOOK_NANOS);
        assertThat(journal.recordAndAwait(decision(2)))
                .as("nor is it tried in vain")
                .isFalse();
        assertThat(Files.readAllBytes(segment)).isEqualTo(before);
        if (end.equals("it is ours")) {
            answer.set(null);
            ticker.addAndGet(Ownership.LOOK_NANOS);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(journal.recordAndAwait(decision(3))).isTrue();
            journal.close();
            assertThat(numbers(directory)).containsExactly(0L, 1L, 2L, 3L);
            assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
            return;
        }
        if (end.equals("it is another's")) {
            answer.set(new TakenOverException("process 4711 has it"));
            ticker.addAndGet(Ownership.LOOK_NANOS);
            Eventually.until(() -> failures.get() == 2);
        }
        journal.close();
        assertThat(Files.readAllBytes(segment))
                .as("not even its end is cut off")
                .isEqualTo(before);
    }

    /** Listing a folder fails with an exception of its own. */
    @Test
    void lookThatFailsUnexpectedlyWhileTheJournalEnds_leavesNoFileOpen() throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        Ownership ownership = () -> {
            if (fails.get()) {
                throw new UncheckedIOException(new IOException("Input/output error (injected)"));
            }
        };
        Journal journal = open(directory, disk, ownership, () -> 0);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        fails.set(true);
        journal.close();
        assertThat(disk.open()).isZero();
    }

    /** What a look has seen at its beginning says little when it took as long as another process needs to come in. */
    @Test
    void lookThatTakesLong_isRepeatedBeforeAnythingIsAcknowledged() throws Exception {
        AtomicLong ticker = new AtomicLong();
        AtomicInteger looks = new AtomicInteger();
        Ownership ownership = () -> {
            if (looks.incrementAndGet() == 1) {
                ticker.addAndGet(2 * Ownership.LOOK_NANOS);
            } else {
                throw new TakenOverException("process 4711 has it");
            }
        };
        Journal journal = open(directory, disk, ownership, ticker::get);
        disk.beforeForce(() -> ticker.compareAndSet(0, Ownership.LOOK_NANOS));
        assertThat(journal.recordAndAwait(decision(0))).isFalse();
        assertThat(looks).hasValue(2);
        journal.close();
    }
}
