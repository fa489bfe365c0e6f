// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ResponsePlanTest {
    @Test
    void standardPlan_containsProportionately() {
        ResponsePlan plan = ResponsePlan.standard();
        assertThat(plan.stepsFor(Severity.P1, IncidentType.BIAS))
                .containsExactly(new Containment.RollBack(), new Containment.ReviewSegment());
        for (IncidentType type : IncidentType.values()) {
            assertThat(plan.stepsFor(Severity.P0, type)).containsExactly(new Containment.KillModel());
            assertThat(plan.stepsFor(Severity.P2, type)).containsExactly(new Containment.Monitor());
            assertThat(plan.stepsFor(Severity.P3, type)).containsExactly(new Containment.Monitor());
            if (type != IncidentType.BIAS) {
                assertThat(plan.stepsFor(Severity.P1, type)).containsExactly(new Containment.RollBack());
            }
        }
    }

    @Test
    void ownSteps_replaceThoseOfTheStandardPlan() {
        ResponsePlan plan = ResponsePlan.builder()
                .on(Severity.P1, IncidentType.BIAS)
                .on(Severity.P2, IncidentType.SECURITY, new Containment.KillModel())
                .build();
        assertThat(plan.stepsFor(Severity.P1, IncidentType.BIAS)).isEmpty();
        assertThat(plan.stepsFor(Severity.P2, IncidentType.SECURITY)).containsExactly(new Containment.KillModel());
        assertThat(plan.stepsFor(Severity.P2, IncidentType.BIAS)).containsExactly(new Containment.Monitor());
    }

    @Test
    void faults_areReportedTogether() {
        ResponsePlan.Builder builder =
                ResponsePlan.builder().grace(Duration.ofSeconds(-1)).watch(0);
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("grace of -1 s is out of range")
                .hasMessageContaining("watch of 0 decisions");
    }

    @Test
    void namesOfSwaps_areChecked() {
        assertThatThrownBy(() -> ResponsePlan.builder()
                        .onAny(
                                Severity.P1,
                                new Containment.SwapGuardrail("not legal", "on"),
                                new Containment.AskFirst(new Containment.SwapGuardrail("terms", "")))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("guardrail name 'not legal'")
                .hasMessageContaining("rule set version ''");
    }

    @Test
    void stepThatAsksFirst_mustAct() {
        Containment twice = new Containment.AskFirst(new Containment.AskFirst(new Containment.KillModel()));
        Containment forNothing = new Containment.AskFirst(new Containment.Monitor());
        assertThatThrownBy(() -> ResponsePlan.builder()
                        .onAny(Severity.P1, twice, forNothing)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(twice + " proposes nothing that acts")
                .hasMessageContaining(forNothing + " proposes nothing that acts");
    }

    @Test
    void nullSettings_areFaultsToo() {
        assertThatThrownBy(ResponsePlanTest::planOfNulls)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the grace is null")
                .hasMessageContaining("a containment for P1 is null")
                .hasMessageContaining("the limit of a reduced load is null");
    }

    @SuppressWarnings("NullAway") // what happens to a host that breaks the contract is what is tested
    private static ResponsePlan planOfNulls() {
        return ResponsePlan.builder()
                .grace(null)
                .onAny(Severity.P1, (Containment) null)
                .onAny(Severity.P2, new Containment.ReduceLoad(null))
                .build();
    }
}
