// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class HoldKeeperTest {
    private final HoldKeeper keeper = new HoldKeeper(TimeSource.system(), entry -> true);

    /** An erasure may take minutes, and who signs checkpoints asks what is held. */
    @Test
    void whoOnlyLooks_waitsForNoErasure() throws IOException {
        int erased = keeper.unlessHeld(() -> {
            assertThat(inAnotherThread()).isEmpty();
            return 7;
        });
        assertThat(erased).isEqualTo(7);
        keeper.hold("case-9", Instant.EPOCH, Cause.by("legal").because("reported"));
        assertThat(keeper.heldSince()).contains(Instant.EPOCH);
    }

    /** Retention drops nothing that somebody is about to hold. */
    @Test
    void holdThatWaitsForAnErasure_isSeenMeanwhile() throws Exception {
        Thread holding = new Thread(
                () -> keeper.hold("case-9", Instant.EPOCH, Cause.by("legal").because("reported")));
        keeper.unlessHeld(() -> {
            holding.start();
            Eventually.until(() -> keeper.heldSince().isPresent());
            assertThat(holding.isAlive()).as("it waits").isTrue();
            return 1;
        });
        holding.join(30_000);
        assertThat(holding.isAlive()).isFalse();
    }

    private Optional<Instant> inAnotherThread() throws IOException {
        try {
            return CompletableFuture.supplyAsync(keeper::heldSince).get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IOException(e);
        }
    }
}
