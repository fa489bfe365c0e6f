// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Containment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainingTest {
    @Test
    void containmentThatNobodyApplies_isNotTakenForApplied() {
        IncidentDesk desk = new IncidentDesk(TimeSource.system(), entry -> {}, event -> {});
        desk.raise(IncidentType.BIAS, Severity.P1, "something rose");
        Incident incident = desk.open().get(0);
        GuardInfo guard = GuardInfos.of(1, incident.model(), List.of(), List.of(), Durability.GROUP);
        SwitchBoard switches = mock();
        Containing containing = new Containing(desk, switches, name -> Optional.of(guard), name -> Optional.empty());
        assertThatThrownBy(() -> containing.apply(new Containment.Monitor(), incident))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Monitor");
    }
}
