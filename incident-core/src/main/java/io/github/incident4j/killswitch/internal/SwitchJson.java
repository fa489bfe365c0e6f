// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** A switch as JSON, the same in the switch file and in the trail. */
final class SwitchJson {
    private SwitchJson() {}

    static void write(ObjectNode json, Switch set) {
        write(json, set.scope());
        json.put("by", Text.clean(set.cause().by()));
        json.put("because", Text.clean(set.cause().because()));
        json.put("since", set.since().toString());
    }

    private static void write(ObjectNode json, Scope scope) {
        ObjectNode at = json.putObject("scope");
        scope.model().ifPresent(name -> at.put("model", name));
        scope.route().ifPresent(name -> at.put("route", name));
        scope.segment()
                .ifPresent(
                        segment -> at.put("attribute", segment.attribute()).put("value", Text.clean(segment.value())));
    }

    /** Reads a switch; IllegalArgumentException if it is not one. */
    static Switch read(JsonNode json) {
        try {
            return new Switch(
                    readScope(json.path("scope")),
                    new Cause(json.path("by").asText(), json.path("because").asText()),
                    Instant.parse(json.path("since").asText()));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a switch has no readable time", e);
        }
    }

    private static Scope readScope(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("a switch has no scope");
        }
        Optional<Segment> segment = json.has("attribute")
                ? Optional.of(new Segment(
                        json.path("attribute").asText(), json.path("value").asText()))
                : Optional.empty();
        return new Scope(text(json, "model"), text(json, "route"), segment);
    }

    private static Optional<String> text(JsonNode json, String member) {
        return json.has(member) ? Optional.of(json.path(member).asText()) : Optional.empty();
    }
}
