// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.internal.OtherTrailException;
import io.github.incident4j.detect.internal.DetectorThread;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JournalWatcherTest {
    private final DetectorThread detectors = new DetectorThread((entry, epochNanos) -> {}, () -> {});

    /** A host may have blocked the common pool, for good even. */
    @Test
    void alarm_needsNoThreadOfTheCommonPool() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try {
            for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism() + 1; i++) {
                ForkJoinPool.commonPool().execute(() -> awaitQuietly(end));
            }
            BlockingQueue<String> told = new LinkedBlockingQueue<>();
            new JournalWatcher(detectors, told::add).writingFailed(new IOException("no space left"));
            assertThat(told.poll(30, TimeUnit.SECONDS)).contains("cannot be written", "IOException");
        } finally {
            end.countDown();
        }
    }

    /** Whoever is called at night needs no log of the service to know what to do. */
    @Test
    void outageThatAPersonAloneCanEnd_isToldWithWhatToDo() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        new JournalWatcher(detectors, told::add).writingFailed(new OtherTrailException("put the trail back"));
        assertThat(told.poll(30, TimeUnit.SECONDS)).contains("cannot be written", "put the trail back");
    }

    @Test
    void alarmsThatCannotBeRecorded_areBounded() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        JournalWatcher watcher = new JournalWatcher(detectors, fault -> {
            begun.countDown();
            awaitQuietly(end);
            told.add(fault);
        });
        watcher.warned("the first");
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 100; i++) {
            watcher.warned("another");
        }
        end.countDown();
        for (int i = 0; i < 17; i++) {
            assertThat(told.poll(30, TimeUnit.SECONDS)).as("alarm %s", i).isNotNull();
        }
        assertThat(told).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
