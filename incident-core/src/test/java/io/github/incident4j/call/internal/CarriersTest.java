// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CarriersTest {
    private final Carriers carriers = new Carriers();

    @AfterEach
    void end() {
        carriers.shutdown();
    }

    /** More than there are threads for: all who are done take what waits, not a few of them. */
    @Test
    void whatWaits_isTakenByAllThatAreDone() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(200); // as many at once as only the first threads can be
        CountDownLatch done = new CountDownLatch(256 + 200);
        AtomicInteger begun = new AtomicInteger();
        for (int i = 0; i < 256; i++) {
            carriers.execute(() -> {
                begun.incrementAndGet();
                await(goOn);
                done.countDown();
            });
        }
        for (int i = 0; i < 200; i++) {
            carriers.execute(() -> {
                second.countDown();
                await(second);
                done.countDown();
            });
        }
        goOn.countDown();
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(begun).hasValue(256);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
