// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.incident.internal.PlanState.Standing;
import io.github.incident4j.incident.internal.PlanState.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where a response plan stands as JSON in the trail, beside the incident. */
final class PlanJson {
    private static final ObjectMapper MAPPER = Json.mapper();

    private PlanJson() {}

    static ObjectNode write(PlanState plan) {
        ObjectNode json = MAPPER.createObjectNode();
        plan.due().ifPresent(version -> json.put("due", version));
        plan.contained().ifPresent(since -> json.put("contained", since.toString()));
        json.put("proposals", plan.proposals());
        ArrayNode steps = json.putArray("steps");
        for (Step step : plan.steps()) {
            ObjectNode one = steps.addObject()
                    .put("index", step.index())
                    .put("containment", step.containment())
                    .put("route", step.route())
                    .put("standing", step.standing().name().toLowerCase(Locale.ROOT));
            if (step.proposal() > 0) {
                one.put("proposal", step.proposal());
            }
        }
        return json;
    }

    /** Reads a state; IllegalArgumentException or DateTimeException if it is not one. Earlier builds wrote none. */
    static PlanState read(JsonNode json) {
        List<Step> steps = new ArrayList<>();
        for (JsonNode step : json.path("steps")) {
            steps.add(new Step(
                    step.path("index").asInt(),
                    step.path("containment").asText(),
                    step.path("route").asText(),
                    Standing.valueOf(step.path("standing").asText().toUpperCase(Locale.ROOT)),
                    step.path("proposal").asInt()));
        }
        return new PlanState(
                Optional.ofNullable(json.get("due")).map(JsonNode::asText),
                List.copyOf(steps),
                Optional.ofNullable(json.get("contained")).map(since -> Instant.parse(since.asText())),
                json.path("proposals").asInt());
    }
}
