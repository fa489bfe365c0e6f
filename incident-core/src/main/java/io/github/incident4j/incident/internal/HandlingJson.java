// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.incident.Assessment;
import io.github.incident4j.incident.Handling;
import io.github.incident4j.incident.Impact;
import io.github.incident4j.incident.IncidentClock;
import io.github.incident4j.incident.Role;
import io.github.incident4j.incident.RootCause;
import io.github.incident4j.model.IncidentType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What people make of an incident, as JSON in the trail. */
final class HandlingJson {
    private static final ObjectMapper MAPPER = Json.mapper();

    private HandlingJson() {}

    static ObjectNode write(Handling handling) {
        ObjectNode json = MAPPER.createObjectNode();
        handling.acknowledgedBy().ifPresent(person -> json.put("acknowledged_by", Text.clean(person)));
        if (!handling.roles().isEmpty()) {
            ObjectNode roles = json.putObject("roles");
            new EnumMap<>(handling.roles()).forEach((role, person) -> roles.put(role.name(), Text.clean(person)));
        }
        handling.assessment().ifPresent(assessment -> json.set("assessment", write(assessment)));
        handling.rootCause().ifPresent(why -> json.put("root_cause", why.name()));
        handling.mergedInto().ifPresent(whole -> json.put("merged_into", whole));
        if (!handling.clocks().isEmpty()) {
            ArrayNode clocks = json.putArray("clocks");
            handling.clocks().forEach(clock -> write(clock, clocks.addObject()));
        }
        return json;
    }

    private static ObjectNode write(Assessment assessment) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("technical", assessment.technical().name())
                .put("harm", assessment.harm().name())
                .put("ongoing", assessment.isOngoing())
                .put("irreversible", assessment.isIrreversible())
                .put("public", assessment.isPublic())
                .put("notifiable", assessment.isNotifiable());
        assessment.affected().ifPresent(people -> json.put("affected", people));
        assessment.type().ifPresent(type -> json.put("type", type.name()));
        assessment.subType().ifPresent(kind -> json.put("sub_type", Text.clean(kind)));
        assessment.model().ifPresent(model -> json.put("model", Text.clean(model)));
        return json;
    }

    private static void write(IncidentClock clock, ObjectNode json) {
        json.put("kind", clock.kind().name())
                .put("what", Text.clean(clock.what()))
                .put("since", clock.since().toString());
        clock.due().ifPresent(due -> json.put("due", due.toString()));
        json.put("missed", clock.missed());
    }

    static Handling read(JsonNode json) {
        Map<Role, String> roles = new EnumMap<>(Role.class);
        json.path("roles")
                .properties()
                .forEach(each ->
                        roles.put(Role.valueOf(each.getKey()), each.getValue().asText()));
        List<IncidentClock> clocks = new ArrayList<>();
        json.path("clocks").forEach(each -> clocks.add(readClock(each)));
        return new Handling(
                text(json, "acknowledged_by"),
                roles,
                json.has("assessment") ? Optional.of(readAssessment(json.path("assessment"))) : Optional.empty(),
                text(json, "root_cause").map(RootCause::valueOf),
                text(json, "merged_into"),
                clocks);
    }

    private static Assessment readAssessment(JsonNode json) {
        return new Assessment(
                Impact.valueOf(json.path("technical").asText()),
                Impact.valueOf(json.path("harm").asText()),
                json.path("ongoing").asBoolean(),
                json.path("irreversible").asBoolean(),
                json.path("public").asBoolean(),
                json.path("notifiable").asBoolean(),
                json.has("affected") ? OptionalLong.of(json.path("affected").asLong()) : OptionalLong.empty(),
                text(json, "type").map(IncidentType::valueOf),
                text(json, "sub_type"),
                text(json, "model"));
    }

    private static IncidentClock readClock(JsonNode json) {
        return new IncidentClock(
                IncidentClock.Kind.valueOf(json.path("kind").asText()),
                json.path("what").asText(),
                Instant.parse(json.path("since").asText()),
                text(json, "due").map(Instant::parse),
                json.path("missed").asInt());
    }

    private static Optional<String> text(JsonNode json, String name) {
        return Optional.ofNullable(json.get(name)).map(JsonNode::asText);
    }
}
