// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpPagerTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    @Test
    void event_posted_isReceivedAsJson() throws Exception {
        try (LoopbackReceiver receiver = LoopbackReceiver.start()) {
            HttpPager pager = new HttpPager(receiver.address());

            pager.on(event(Kind.OPENED, "approvals \"fell\"\nfar"));
            pager.on(event(Kind.SIGNAL, "again"));
            pager.on(event(Kind.CONTAINMENT, "rolled back"));

            assertThat(receiver.pages()).hasSize(2);
            JsonNode page = new ObjectMapper().readTree(receiver.pages().get(0));
            assertThat(page.path("incident").asText()).isEqualTo("inc-9");
            assertThat(page.path("event").asText()).isEqualTo("opened");
            assertThat(page.path("severity").asText()).isEqualTo("P1");
            assertThat(page.path("segment").asText()).isEqualTo("ageBand=18-25");
            assertThat(page.path("time").asText()).isEqualTo("2026-03-02T12:00:00Z");
            assertThat(page.path("what").asText()).isEqualTo("approvals \"fell\"\nfar");
        }
    }

    @Test
    void receiverThatRefuses_isAnException() throws Exception {
        try (LoopbackReceiver receiver = LoopbackReceiver.start()) {
            HttpPager tooMuch = new HttpPager(receiver.address());
            assertThatThrownBy(() -> tooMuch.on(event(Kind.OPENED, "x".repeat(70_000))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("413");
            HttpPager elsewhere = new HttpPager(receiver.address().resolve("/nothing-here"));
            assertThatThrownBy(() -> elsewhere.on(event(Kind.OPENED, "x")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("404");
            assertThat(receiver.pages()).isEmpty();
        }
    }

    private static IncidentEvent event(Kind kind, String what) {
        TimelineEntry entry = new TimelineEntry(1, NOON, kind, "test", what);
        Incident incident = new Incident(
                "inc-9",
                "credit-risk/bias/ageBand=18-25",
                "credit-risk",
                IncidentType.BIAS,
                Severity.P1,
                IncidentState.DETECTED,
                Optional.of(new Segment("ageBand", "18-25")),
                "ageBand-disparity",
                "finding",
                Optional.empty(),
                NOON,
                1,
                NOON,
                2,
                1,
                List.of(entry));
        return new IncidentEvent(incident, entry);
    }
}
