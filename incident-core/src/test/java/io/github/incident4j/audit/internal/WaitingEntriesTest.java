// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class WaitingEntriesTest {
    private final WaitingEntries queue = new WaitingEntries(16, 1_024);

    @Test
    void markerThatComesAfterTheEnd_isNoLostEntry() {
        Marker marker = new Marker();
        Erasing erasing = new Erasing("s-1", Set.of());
        assertThat(queue.offerControl(marker)).isTrue();
        assertThat(queue.offerControl(erasing)).isTrue();
        queue.dropAll();
        assertThat(marker.passed()).as("nobody waits for it").isCancelled();
        assertThat(erasing.done()).isCompletedExceptionally();
        assertThat(queue.dropped()).as("the erasure alone").isEqualTo(1);
    }
}
