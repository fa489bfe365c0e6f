// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanProgressTest {
    private static PlanProgress after(Kind... kinds) {
        return PlanProgress.of(
                Arrays.stream(kinds).map(kind -> entry(kind, "what")).toList());
    }

    private static TimelineEntry entry(Kind kind, String what) {
        return new TimelineEntry(1, Instant.EPOCH, kind, "incident4j", what);
    }

    @Test
    void planWithoutAStep_hasNotBegun() {
        assertThat(after(Kind.OPENED, Kind.SIGNAL).hasBegun()).isFalse();
        assertThat(after(Kind.OPENED, Kind.CONTAINMENT_SKIPPED).hasBegun()).isFalse();
        assertThat(after(Kind.CONTAINMENT).hasBegun()).isTrue();
        assertThat(after(Kind.CONTAINMENT_PROPOSED).hasBegun()).isTrue();
        assertThat(after(Kind.PLAN_EXHAUSTED).hasBegun()).isTrue();
    }

    @Test
    void steps_countUntilThePlanBeginsAnew() {
        assertThat(after(Kind.CONTAINMENT_SKIPPED, Kind.CONTAINMENT, Kind.CONTAINMENT_INEFFECTIVE)
                        .taken())
                .isEqualTo(2);
        for (Kind anew : new Kind[] {Kind.SEVERITY_RAISED, Kind.CONTAINMENT_LIFTED}) {
            PlanProgress progress = after(Kind.CONTAINMENT, Kind.CONTAINMENT_PROPOSED, Kind.PLAN_EXHAUSTED, anew);
            assertThat(progress).isEqualTo(new PlanProgress(0, false, false, true));
        }
    }

    @Test
    void planThatGoesOnOnceItIsExhausted_hasBegunAnew() {
        Kind[] inVain = {Kind.CONTAINMENT_SKIPPED, Kind.CONTAINMENT_SKIPPED, Kind.PLAN_EXHAUSTED};
        assertThat(after(inVain)).isEqualTo(new PlanProgress(0, false, true, false));
        assertThat(after(inVain[0], inVain[1], inVain[2], Kind.CONTAINMENT_PROPOSED))
                .isEqualTo(new PlanProgress(0, true, false, false));
        assertThat(after(inVain[0], inVain[1], inVain[2], Kind.CONTAINMENT))
                .isEqualTo(new PlanProgress(1, false, false, true));
    }

    @Test
    void proposal_waitsUntilItsStepIsTakenOrSkipped() {
        assertThat(after(Kind.CONTAINMENT_PROPOSED, Kind.SIGNAL).waiting()).isTrue();
        assertThat(after(Kind.CONTAINMENT_PROPOSED, Kind.CONTAINMENT).waiting()).isFalse();
        assertThat(after(Kind.CONTAINMENT_PROPOSED, Kind.CONTAINMENT_SKIPPED).waiting())
                .isFalse();
    }

    /** It contains all the same. */
    @Test
    void rampThatWasUndone_isNoStepAndAnswersNoProposal() {
        TimelineEntry proposed = entry(Kind.CONTAINMENT_PROPOSED, "what");
        TimelineEntry undone = entry(Kind.CONTAINMENT, "the recovery ramp of v2 was undone: it is killed again");
        assertThat(PlanProgress.of(List.of(proposed, undone))).isEqualTo(new PlanProgress(0, true, false, true));
    }
}
