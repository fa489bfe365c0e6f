// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.detect.internal.Diversion;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult.HeldBy;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiversionsTest {
    private static final Segment YOUNG = new Segment("age", "18-25");
    private static final GuardInfo GUARD = new GuardInfo(
            1,
            "credit",
            List.of(GuardInfos.route("v2", RouteKind.MODEL)),
            List.of("age"),
            List.of(),
            GuardInfos.recording(Durability.GROUP));

    private static Set<Diversion> by(Scope scope, SwitchState state) {
        Switch set = new Switch(scope, state, Cause.by("dana").because("bias"), Instant.EPOCH);
        return Diversions.by(List.of(new HeldBy("own", set))).apply(GUARD);
    }

    /** A step of a ramp is another mix of calls than the step before. */
    @Test
    void howMuchPasses_isAPartOfADiversion() {
        Scope young = Scope.model("credit").segment(YOUNG.attribute(), YOUNG.value());
        Diversion all = Diversion.of(YOUNG);
        assertThat(by(young, SwitchState.killed())).containsExactly(all);
        Set<Diversion> some = by(young, new SwitchState.Limited(Limit.toShare(0.05)));
        assertThat(some).containsExactly(all.but(Limit.toShare(0.05))).doesNotContain(all);
        assertThat(by(young, new SwitchState.Limited(Limit.toShare(0.25)))).isNotEqualTo(some);
    }

    @Test
    void wholeModel_keepsItsMix() {
        assertThat(by(Scope.model("credit"), SwitchState.killed())).isEmpty();
        assertThat(by(Scope.model("other").feature("chat"), SwitchState.killed()))
                .isEmpty();
        assertThat(by(Scope.model("credit").feature("chat"), SwitchState.killed()))
                .containsExactly(Diversion.ofFeature("chat"));
    }
}
