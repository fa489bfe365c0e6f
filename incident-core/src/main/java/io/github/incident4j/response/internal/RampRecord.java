// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import io.github.incident4j.response.Ramp;
import io.github.incident4j.response.RampPlan;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The record of something that happened to a ramp. It holds the whole ramp, so the newest one is its state.
 *
 * @param ramp the ramp after it
 * @param what what happened
 */
public record RampRecord(Ramp ramp, What what, long nanoTime) implements TrailEntry {
    static final String PREFIX = "ramp.";

    /** What happened. */
    public enum What {
        /** It was started. */
        STARTED,
        /** The next step has begun. */
        STEP,
        /** The step could not be shown to be safe. */
        INCONCLUSIVE,
        /** It was undone. */
        UNDONE,
        /** All of the traffic is back. */
        COMPLETED
    }

    @Override
    public String type() {
        return PREFIX + what.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        Scope scope = ramp.scope();
        json.writeStringField("ramp", ramp.id());
        json.writeStringField("model", scope.model().orElseThrow());
        json.writeStringField("route", scope.route().orElseThrow());
        if (scope.segment().isPresent()) {
            json.writeStringField("attribute", scope.segment().get().attribute());
            json.writeStringField("value", Text.clean(scope.segment().get().value()));
        }
        json.writeStringField("state", ramp.state().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("step", ramp.step());
        json.writeNumberField("share", ramp.share());
        json.writeStringField("since", ramp.since().toString());
        json.writeNumberField("decisions", ramp.decisions());
        json.writeStringField("by", Text.clean(ramp.cause().by()));
        json.writeStringField("because", Text.clean(ramp.cause().because()));
        if (ramp.incident().isPresent()) {
            json.writeStringField("incident", ramp.incident().get());
        }
        if (ramp.kill().instead() instanceof SwitchState.Instead.Refuse) {
            json.writeStringField("instead", "refuse");
        } else if (ramp.kill().instead() instanceof SwitchState.Instead.Prefer prefer) {
            json.writeStringField("prefer", prefer.route());
        }
        json.writeStringField("note", Text.clean(ramp.note()));
        RampPlan plan = ramp.plan();
        json.writeObjectFieldStart("plan");
        json.writeArrayFieldStart("shares");
        for (double share : plan.shares()) {
            json.writeNumber(share);
        }
        json.writeEndArray();
        json.writeNumberField("min_decisions", plan.minDecisions());
        json.writeStringField("min_time", plan.minTime().toString());
        json.writeStringField("patience", plan.patience().toString());
        json.writeStringField("when_inconclusive", plan.whenInconclusive().name());
        json.writeNumberField("failure_tolerance", plan.failureTolerance());
        json.writeEndObject();
    }

    /** Reads a ramp; IllegalArgumentException or DateTimeException if it is not one. */
    static Ramp read(JsonNode json) {
        Scope scope = Scope.model(json.path("model").asText())
                .route(json.path("route").asText());
        if (json.has("attribute")) {
            Segment segment = new Segment(
                    json.path("attribute").asText(), json.path("value").asText());
            scope = scope.segment(segment.attribute(), segment.value());
        }
        JsonNode plan = json.path("plan");
        List<Double> shares = new ArrayList<>();
        plan.path("shares").forEach(share -> shares.add(share.asDouble()));
        return new Ramp(
                json.path("ramp").asText(),
                scope,
                new RampPlan(
                        shares,
                        plan.path("min_decisions").asLong(),
                        Duration.parse(plan.path("min_time").asText()),
                        Duration.parse(plan.path("patience").asText()),
                        RampPlan.Inconclusive.valueOf(
                                plan.path("when_inconclusive").asText()),
                        plan.path("failure_tolerance")
                                .asDouble(RampPlan.standard().failureTolerance())),
                Cause.by(json.path("by").asText()).because(json.path("because").asText()),
                json.has("incident") ? Optional.of(json.path("incident").asText()) : Optional.empty(),
                killOf(json),
                Ramp.State.valueOf(json.path("state").asText().toUpperCase(Locale.ROOT)),
                json.path("step").asInt(),
                Instant.parse(json.path("since").asText()),
                0, // what was counted before a restart says nothing of the detectors' fresh state
                json.path("note").asText());
    }

    private static SwitchState.Killed killOf(JsonNode json) {
        if (json.has("prefer")) {
            return new SwitchState.Killed(
                    new SwitchState.Instead.Prefer(json.path("prefer").asText()));
        }
        return new SwitchState.Killed(
                json.path("instead").asText().equals("refuse")
                        ? new SwitchState.Instead.Refuse()
                        : new SwitchState.Instead.ByRule());
    }
}
