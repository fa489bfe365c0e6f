// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.incident.internal.IncidentRules;
import io.github.incident4j.incident.internal.PlanState;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Containment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainingTest {
    private final IncidentDesk desk =
            new IncidentDesk(TimeSource.system(), IncidentRules.STANDARD, entry -> {}, event -> {});

    private Incident incident() {
        return desk.open().get(0);
    }

    private Containing containing(GuardInfo.Route... versions) {
        desk.raise(IncidentType.BIAS, Severity.P1, "something rose");
        GuardInfo guard = new GuardInfo(
                1, incident().model(), List.of(versions), List.of(), List.of(), GuardInfos.recording(Durability.GROUP));
        SwitchBoard switches = mock();
        return new Containing(
                desk,
                switches,
                name -> Optional.of(guard),
                name -> Optional.empty(),
                TimeSource.system(),
                Duration.ZERO);
    }

    @Test
    void loadOfAModelOfWhichNothingIsLeft_isNotTakenForReduced() {
        Containing containing = containing();
        Containment reduce = new Containment.ReduceLoad(Limit.toRate(1, Duration.ofSeconds(1)));
        assertThat(containing.apply(reduce, incident(), PlanState.WHOLE_MODEL))
                .isEqualTo(new Containing.Outcome(false, "no version of the model is left that answers"));
        assertThat(incident().last(TimelineEntry.Kind.CONTAINMENT)).isEmpty();
    }

    @Test
    void containmentThatNobodyApplies_isNotTakenForApplied() {
        Containing containing = containing(GuardInfos.route("v1", RouteKind.MODEL));
        Incident incident = incident();
        assertThatThrownBy(() -> containing.apply(new Containment.Monitor(), incident, "v1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Monitor");
    }
}
