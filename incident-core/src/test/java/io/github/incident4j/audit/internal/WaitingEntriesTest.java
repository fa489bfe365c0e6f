// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Durability;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

    private static DecisionRecord about(String subject, @Nullable String input) {
        GuardInfo guard = GuardInfos.of(7, "model", List.of(), List.of(), Durability.GROUP);
        return DecisionRecord.answered(
                guard,
                1,
                2,
                3,
                0,
                0,
                -1,
                List.of(),
                List.of(),
                new String[0],
                new double[0],
                new CallFacts(subject, input, null, null, null, null, null, false, List.of()));
    }

    /** A subject cannot be cut, as its tag is over the whole, so a long one takes room like a payload. */
    @Test
    void subjectThatIsLong_takesRoomUntilItIsWritten() {
        DecisionRecord decision = about("x".repeat(10_000), null);
        assertThat(queue.offerDecision(decision, decision))
                .as("one may always wait")
                .isTrue();
        assertThat(queue.offerDecision(decision, decision)).isFalse();
        queue.remove();
        queue.free(decision);
        assertThat(queue.offerDecision(decision, decision)).isTrue();
        queue.free(decision);
        DecisionRecord ordinary = about("person-1", null);
        assertThat(ordinary.characters()).isZero();
    }

    @Test
    void payloadForWhichThereIsNoRoom_leavesTheCountRight() {
        assertThat(queue.reserve(10)).isTrue();
        DecisionRecord fitted = queue.fit(about("x".repeat(10_000), "y".repeat(10_000)), 10);
        assertThat(fitted.characters()).as("without the input").isEqualTo(10_000);
        assertThat(queue.offerReserved(fitted, fitted)).isTrue();
        queue.endReservation();
        queue.remove();
        queue.free(fitted);
        assertThat(queue.reserve(1_000)).isTrue();
        assertThat(queue.reserve(1_000))
                .as("the room of the first one is taken")
                .isFalse();
    }
}
