// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CallTimerTest {
    /** A fallback may close the runtime; it would wait for itself. */
    @Test
    void drain_waitsForWhatFollowsInOtherCallsAndNotForItsOwnCaller() throws Exception {
        try (CallTimer timer = new CallTimer()) {
            CountDownLatch began = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            AtomicBoolean otherIsDone = new AtomicBoolean();
            CompletableFuture<Boolean> otherWasDone = new CompletableFuture<>();
            timer.continuation("model", () -> {
                        began.countDown();
                        awaitUninterruptibly(goOn);
                        otherIsDone.set(true);
                    })
                    .submit();
            assertThat(began.await(30, TimeUnit.SECONDS)).isTrue();
            timer.continuation("model", () -> {
                        timer.continuation("model", goOn::countDown); // has the other one end while this one drains
                        timer.drain(Duration.ofDays(1));
                        otherWasDone.complete(otherIsDone.get());
                    })
                    .submit();
            assertThat(otherWasDone.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
