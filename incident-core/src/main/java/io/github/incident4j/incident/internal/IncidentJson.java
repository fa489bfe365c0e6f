// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.detect.Interval;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An incident as JSON in the trail. Every incident record holds the whole incident, so the newest one is its state. */
final class IncidentJson {
    private static final ObjectMapper MAPPER = Json.mapper();

    private IncidentJson() {}

    static ObjectNode write(Incident incident) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("id", incident.id())
                .put("fingerprint", Text.clean(incident.fingerprint()))
                .put("model", incident.model())
                .put("type", incident.type().name())
                .put("severity", incident.severity().name())
                .put("state", incident.state().name())
                .put("contained", incident.contained());
        incident.segment().ifPresent(segment -> write(segment, json));
        json.put("source", incident.source()).put("finding", Text.clean(incident.finding()));
        incident.evidence().ifPresent(evidence -> write(evidence, json.putObject("evidence")));
        json.put("onset", incident.onset().toString())
                .put("onset_decision", incident.onsetDecision())
                .put("detected", incident.detected().toString())
                .put("detected_decision", incident.detectedDecision())
                .put("signals", incident.signals());
        ObjectNode handling = HandlingJson.write(incident.handling());
        if (!handling.isEmpty()) {
            json.set("handling", handling);
        }
        ArrayNode timeline = json.putArray("timeline");
        for (TimelineEntry entry : incident.timeline()) {
            timeline.addObject()
                    .put("number", entry.number())
                    .put("time", entry.time().toString())
                    .put("kind", entry.kind().name())
                    .put("by", Text.clean(entry.by()))
                    .put("what", Text.clean(entry.what()));
        }
        return json;
    }

    static ObjectNode write(Harm harm) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("type", harm.type().name())
                .put("severity", harm.severity().name());
        harm.segment().ifPresent(segment -> write(segment, json));
        return json;
    }

    private static void write(Segment segment, ObjectNode json) {
        json.putObject("segment").put("attribute", segment.attribute()).put("value", Text.clean(segment.value()));
    }

    /** The harm of a record; earlier builds wrote none. */
    static Optional<Harm> readHarm(JsonNode json, Incident incident) {
        return json.isMissingNode()
                ? Harm.of(incident)
                : Optional.of(new Harm(
                        IncidentType.valueOf(json.path("type").asText()),
                        Severity.valueOf(json.path("severity").asText()),
                        readSegment(json)));
    }

    /** What an incident is about. */
    static String fingerprint(String model, IncidentType type, Optional<String> part) {
        String whole = model + "/" + type.name().toLowerCase(Locale.ROOT);
        return part.map(each -> whole + "/" + each).orElse(whole);
    }

    /** Reads an incident; IllegalArgumentException or DateTimeException if it is not one. */
    static Incident read(JsonNode json) {
        List<TimelineEntry> timeline = new ArrayList<>();
        for (JsonNode entry : json.path("timeline")) {
            timeline.add(new TimelineEntry(
                    entry.path("number").asInt(timeline.size() + 1),
                    Instant.parse(entry.path("time").asText()),
                    TimelineEntry.Kind.valueOf(entry.path("kind").asText()),
                    entry.path("by").asText(),
                    entry.path("what").asText()));
        }
        IncidentState state = IncidentState.valueOf(json.path("state").asText());
        return new Incident(
                json.path("id").asText(),
                json.has("fingerprint")
                        ? json.path("fingerprint").asText()
                        : fingerprint(
                                json.path("model").asText(),
                                IncidentType.valueOf(json.path("type").asText()),
                                readSegment(json).map(Segment::toString)),
                json.path("model").asText(),
                IncidentType.valueOf(json.path("type").asText()),
                Severity.valueOf(json.path("severity").asText()),
                state,
                json.path("contained").asBoolean(state == IncidentState.CONTAINED),
                readSegment(json),
                json.path("source").asText(),
                json.path("finding").asText(),
                readEvidence(json),
                Instant.parse(json.path("onset").asText()),
                json.path("onset_decision").asLong(),
                Instant.parse(json.path("detected").asText()),
                json.path("detected_decision").asLong(),
                json.path("signals").asLong(),
                HandlingJson.read(json.path("handling")),
                List.copyOf(timeline));
    }

    private static void write(Signal.Evidence evidence, ObjectNode json) {
        json.put("statistic", evidence.statistic())
                .put("threshold", evidence.threshold())
                .put("baseline", evidence.baseline())
                .put("current", evidence.current())
                .put("sample_size", evidence.sampleSize());
        evidence.interval()
                .ifPresent(interval -> json.put("current_low", interval.low())
                        .put("current_high", interval.high())
                        .put("level", interval.level()));
    }

    private static Optional<Segment> readSegment(JsonNode json) {
        JsonNode segment = json.get("segment");
        return segment == null
                ? Optional.empty()
                : Optional.of(new Segment(
                        segment.path("attribute").asText(),
                        segment.path("value").asText()));
    }

    private static Optional<Signal.Evidence> readEvidence(JsonNode json) {
        JsonNode evidence = json.get("evidence");
        return evidence == null
                ? Optional.empty()
                : Optional.of(new Signal.Evidence(
                        evidence.path("statistic").asDouble(),
                        evidence.path("threshold").asDouble(),
                        evidence.path("baseline").asDouble(),
                        evidence.path("current").asDouble(),
                        evidence.path("sample_size").asLong(),
                        readInterval(evidence)));
    }

    /** Earlier builds have not written any. */
    private static Optional<Interval> readInterval(JsonNode evidence) {
        return evidence.has("level")
                ? Optional.of(new Interval(
                        evidence.path("current_low").asDouble(),
                        evidence.path("current_high").asDouble(),
                        evidence.path("level").asDouble()))
                : Optional.empty();
    }
}
