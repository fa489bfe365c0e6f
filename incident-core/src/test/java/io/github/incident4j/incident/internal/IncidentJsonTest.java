// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.detect.Interval;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Handling;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IncidentJsonTest {
    private static final Interval INTERVAL = new Interval(0.07, 0.18, 0.99);

    private static Incident incident(Optional<Interval> interval) {
        return new Incident(
                "inc-1",
                "credit/bias",
                "credit",
                IncidentType.BIAS,
                Severity.P1,
                IncidentState.DETECTED,
                false,
                Optional.empty(),
                "denials",
                "approvals fell",
                Optional.of(new Signal.Evidence(12, 10, 0.61, 0.12, 100, interval)),
                Instant.EPOCH,
                500,
                Instant.EPOCH.plusSeconds(60),
                740,
                3,
                Handling.NONE,
                List.of());
    }

    @Test
    void evidence_isReadWithItsInterval() {
        Incident incident = incident(Optional.of(INTERVAL));
        assertThat(IncidentJson.read(IncidentJson.write(incident))).isEqualTo(incident);
    }

    @Test
    void evidenceOfEarlierBuilds_isReadWithoutOne() {
        ObjectNode json = IncidentJson.write(incident(Optional.of(INTERVAL)));
        ((ObjectNode) json.path("evidence")).remove(List.of("current_low", "current_high", "level"));
        assertThat(IncidentJson.read(json)).isEqualTo(incident(Optional.empty()));
    }
}
