// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchSnapshot.Lift;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchState.Instead;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches as JSON, the same in the switch file and in the trail. People edit it: what is missing has a default; what
 * is unknown is refused.
 */
final class SwitchJson {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchJson.class);
    private static final int OLDEST = 2;
    private static final int WITH_LIFTS = 3;
    private static final String READ = "read";
    private static final ObjectMapper MAPPER = Json.mapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private SwitchJson() {}

    /** The file says what this library does not know yet; it is no more corrupt than one that cannot be reached. */
    static final class NewerFormatException extends IOException {
        private static final long serialVersionUID = 1L;

        NewerFormatException(String message) {
            super(message);
        }
    }

    // ---- the whole file ---------------------------------------------------------------------------------------

    static byte[] write(SwitchSnapshot snapshot) throws IOException {
        return MAPPER.writeValueAsBytes(json(snapshot));
    }

    /** Writes a state with the time at which it was read. */
    static byte[] write(SwitchSnapshot snapshot, Instant at) throws IOException {
        return MAPPER.writeValueAsBytes(json(snapshot).put(READ, at.toString()));
    }

    /** In the oldest format that can say it, so that an older library reads whatever it can understand. */
    private static ObjectNode json(SwitchSnapshot snapshot) {
        int format = snapshot.lifts().isEmpty() ? OLDEST : WITH_LIFTS;
        ObjectNode root = MAPPER.createObjectNode().put("v", format).put("version", snapshot.version());
        snapshot.freeze().ifPresent(cause -> write(root.putObject("freeze"), cause));
        ArrayNode all = root.putArray("switches");
        snapshot.switches().forEach(each -> write(all.addObject(), each));
        if (!snapshot.lifts().isEmpty()) {
            ArrayNode lifted = root.putArray("lifted");
            snapshot.lifts().forEach(each -> write(lifted.addObject(), each));
        }
        return root;
    }

    /** When the state in a file was read, if the file says it. */
    static Optional<Instant> readAt(byte[] bytes) throws IOException {
        try {
            return Optional.of(Instant.parse(MAPPER.readTree(bytes).path(READ).asText()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a whole file.
     *
     * @param bytes what is in it
     * @param now since when a switch is set that does not say it
     * @throws NewerFormatException if it was written by a newer library
     * @throws IOException if anything in it is not what it should be; nothing of it may then be used
     */
    static SwitchSnapshot read(byte[] bytes, Instant now) throws IOException {
        try {
            JsonNode root = MAPPER.readTree(bytes);
            JsonNode all = root.path("switches");
            int format = root.path("v").asInt();
            if (format > WITH_LIFTS) {
                throw new NewerFormatException("its format \"v\": " + format
                        + " is of a newer version of this library; this one reads up to " + WITH_LIFTS);
            }
            if (format < OLDEST || !all.isArray()) {
                throw new IOException("it is no switch file: an object with \"v\": " + OLDEST
                        + " and an array \"switches\" is expected");
            }
            SwitchShape.check(root);
            List<Switch> switches = new ArrayList<>();
            Set<Map.Entry<Scope, Boolean>> places = new HashSet<>();
            for (JsonNode each : all) {
                Switch set = read(each, now);
                boolean kill = set.state() instanceof SwitchState.Killed;
                if (!places.add(Map.entry(set.scope(), kill))) {
                    throw new IOException(
                            "two " + (kill ? "kills" : "limits") + " have the scope " + set.scope() + "; keep one");
                }
                switches.add(set);
            }
            Optional<Cause> freeze =
                    root.hasNonNull("freeze") ? Optional.of(readCause(root.get("freeze"))) : Optional.empty();
            return new SwitchSnapshot(
                    Math.max(1, root.path("version").asLong()), switches, freeze, readLifts(root.path("lifted")));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(firstLine(e), e);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("it is not readable");
    }

    // ---- one switch -------------------------------------------------------------------------------------------

    static void write(ObjectNode json, Switch set) {
        write(json.putObject("scope"), set.scope());
        SwitchState state = set.state();
        if (state instanceof SwitchState.Limited limited) {
            json.put("state", "limited");
            Limit limit = limited.limit();
            if (limit.share() < 1) {
                json.put("share", limit.share());
            }
            limit.rate()
                    .ifPresent(rate -> json.put("calls", rate.calls())
                            .put("per", rate.period().toString()));
        } else {
            json.put("state", "killed");
        }
        if (state.instead() instanceof Instead.Refuse) {
            json.put("instead", "refuse");
        }
        state.instead().preferred().ifPresent(route -> json.put("prefer", route));
        write(json, set.cause());
        json.put("since", set.since().toString());
    }

    static void write(ObjectNode json, Cause cause) {
        json.put("by", Text.clean(cause.by()));
        json.put("because", Text.clean(cause.because()));
        cause.until().ifPresent(end -> json.put("until", end.toString()));
    }

    private static void write(ObjectNode json, Lift lift) {
        lift.scope().ifPresent(scope -> write(json.putObject("scope"), scope));
        json.put("by", Text.clean(lift.cause().by()));
        json.put("because", Text.clean(lift.cause().because()));
        json.put("at", lift.at().toString());
    }

    private static void write(ObjectNode at, Scope scope) {
        scope.model().ifPresent(name -> at.put("model", name));
        scope.route().ifPresent(name -> at.put("route", name));
        scope.feature().ifPresent(name -> at.put("feature", name));
        scope.segment()
                .ifPresent(
                        segment -> at.put("attribute", segment.attribute()).put("value", Text.clean(segment.value())));
        if (scope.share() < 1) {
            at.put("share", scope.share());
        }
    }

    /** Reads a switch; IllegalArgumentException if it is not one. */
    static Switch read(JsonNode json, Instant now) {
        try {
            return new Switch(
                    readScope(json.path("scope")),
                    readState(json),
                    readCause(json),
                    json.hasNonNull("since") ? Instant.parse(json.get("since").asText()) : now);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a switch has no readable time: " + e.getMessage(), e);
        }
    }

    /** Only says who lifted what is gone anyway: what is wrong with one must not cost a kill. */
    private static List<Lift> readLifts(JsonNode json) {
        List<Lift> lifts = new ArrayList<>();
        for (JsonNode each : json) {
            try {
                lifts.add(readLift(each));
            } catch (IllegalArgumentException e) {
                LOG.warn("who lifted a switch is left out of what is read: {}", firstLine(e));
            }
        }
        return lifts;
    }

    private static Lift readLift(JsonNode json) {
        SwitchShape.checkLift(json);
        try {
            return new Lift(
                    json.has("scope") ? Optional.of(readScope(json.get("scope"))) : Optional.empty(),
                    readCause(json),
                    Instant.parse(json.path("at").asText()));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("what was lifted has no readable time: " + e.getMessage(), e);
        }
    }

    static Cause readCause(JsonNode json) {
        Cause cause =
                Cause.by(json.path("by").asText()).because(json.path("because").asText());
        try {
            return json.hasNonNull("until")
                    ? cause.until(Instant.parse(json.get("until").asText()))
                    : cause;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "\"until\" is no time such as 2026-11-20T21:41:00Z: " + e.getMessage(), e);
        }
    }

    private static SwitchState readState(JsonNode json) {
        String state = json.path("state").asText("killed");
        switch (state) {
            case "killed" -> {
                return new SwitchState.Killed(readInstead(json));
            }
            case "limited" -> {
                return new SwitchState.Limited(readLimit(json), readInstead(json));
            }
            default ->
                throw new IllegalArgumentException("a switch has the state \"" + state + "\"; use killed or limited");
        }
    }

    private static Instead readInstead(JsonNode json) {
        if (json.hasNonNull("prefer")) {
            return new Instead.Prefer(json.get("prefer").asText());
        }
        return json.path("instead").asText().equals("refuse") ? new Instead.Refuse() : new Instead.ByRule();
    }

    private static Limit readLimit(JsonNode json) {
        Limit limit = Limit.toShare(json.path("share").asDouble(1));
        if (!json.hasNonNull("calls")) {
            if (!json.hasNonNull("share")) {
                throw new IllegalArgumentException("a limited switch has neither \"share\" nor \"calls\" and \"per\"");
            }
            return limit;
        }
        return limit.andRate(
                json.get("calls").asLong(), Duration.parse(json.path("per").asText()));
    }

    private static Scope readScope(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("a switch has no object \"scope\"; {} is everything");
        }
        Optional<Segment> segment = json.has("attribute")
                ? Optional.of(new Segment(
                        json.path("attribute").asText(), json.path("value").asText()))
                : Optional.empty();
        return new Scope(
                text(json, "model"),
                text(json, "route"),
                text(json, "feature"),
                segment,
                json.path("share").asDouble(1));
    }

    private static Optional<String> text(JsonNode json, String member) {
        return json.has(member) ? Optional.of(json.path(member).asText()) : Optional.empty();
    }
}
