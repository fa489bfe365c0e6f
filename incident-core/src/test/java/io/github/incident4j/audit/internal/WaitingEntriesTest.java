// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Durability;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WaitingEntriesTest {
    private final WaitingEntries queue = new WaitingEntries(16, 1_024);

    /** Where a host takes a whole text for a segment, thousands of them would wait while the disk hangs. */
    @Test
    void valueOfASegment_waitsNoLongerThanItIsRecorded() {
        String text = "x".repeat(100_000);
        String[] segments = {"t", text};
        GuardInfo guard = GuardInfos.of(7, "model", List.of("tenant", "text"), List.of(), Durability.GROUP);
        DecisionRecord decision =
                DecisionRecord.answered(guard, 1, 2, 3, 0, 0, -1, List.of(), List.of(), segments, new double[0], null);
        assertThat(decision.segment(0)).isEqualTo("t");
        assertThat(decision.segment(1)).isEqualTo(Text.clean(text)).hasSize(4_096);
        assertThat(segments[1]).as("the call goes on with it").isSameAs(text);
    }

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
