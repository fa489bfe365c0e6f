// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.LogOutput;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AsideTest {
    private static final int THREADS = 2;
    private static final int WAITING = 3;

    @RegisterExtension
    final LogOutput log = new LogOutput();

    private final Aside aside = new Aside("the cancels of a test", THREADS, WAITING);
    private final CountDownLatch hang = new CountDownLatch(1);
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void end() {
        hang.countDown();
        aside.shutdown();
    }

    private int complaints() {
        return log.text().split("the cancels of a test hang", -1).length - 1;
    }

    /** Has all threads hang and the queue full. */
    private void fill(CountDownLatch until) throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            aside.run(() -> {
                hanging.countDown();
                waitFor(until);
            });
        }
        assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < WAITING; i++) {
            aside.run(ran::incrementAndGet);
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void fullQueue_refusesTheRestSaysSoOnceAndRecovers() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        fill(first);
        assertThat(complaints()).isZero();
        for (int i = 0; i < 10; i++) {
            aside.run(ran::incrementAndGet);
        }
        assertThat(complaints()).as("once, however many").isEqualTo(1);
        first.countDown();

        Eventually.until(() -> ran.get() >= WAITING);
        CountDownLatch again = new CountDownLatch(1);
        aside.run(again::countDown);
        assertThat(again.await(30, TimeUnit.SECONDS)).as("it works again").isTrue();
        assertThat(ran).as("what was refused is not done later").hasValue(WAITING);
    }

    @Test
    void taskThatThrows_keepsNoOtherFromRunning() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        aside.run(() -> {
            throw new AssertionError("of the host's");
        });
        aside.run(done::countDown);
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
