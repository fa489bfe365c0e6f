// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.audit.internal.Recording;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.call.internal.Rail;
import io.github.incident4j.call.internal.RailSlot;
import io.github.incident4j.call.internal.SegmentSource;
import io.github.incident4j.detect.Detection;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Describes a guard's configuration as JSON, so that the trail can say by which rules a decision was made. Every
 * decision names the description by a digest: two with the same digest were made under the same configuration, as far
 * as a configuration can be seen from outside (a lambda is opaque).
 */
final class GuardDescription {
    private static final int HASH_BYTES = 8;

    private GuardDescription() {}

    static Recording of(GuardBuilder<?, ?> guard) {
        String configuration = json(guard);
        return new Recording(
                guard.durability,
                guard.audit.subject() != null,
                guard.audit.input().kind(),
                guard.audit.output().kind(),
                configuration,
                hash(configuration));
    }

    private static String json(GuardBuilder<?, ?> guard) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.factory().createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("routes");
            for (RouteDraft<?, ?> route : guard.routes) {
                write(route, json);
            }
            json.writeEndArray();
            names(
                    json,
                    "segments",
                    guard.segments.stream().map(SegmentSource::attribute).toList());
            rails(json, "input_guardrails", RailDraft.ordered(guard.inputRails, guard.cheapestFirst));
            rails(json, "output_guardrails", RailDraft.ordered(guard.outputRails, guard.cheapestFirst));
            if (!guard.elementRails.isEmpty()) {
                rails(json, "element_guardrails", elementRails(guard));
            }
            if (!guard.streamRails.isEmpty()) {
                streamRails(json, guard.streamRails);
            }
            names(
                    json,
                    "detectors",
                    guard.detections.stream().map(Detection::name).toList());
            names(
                    json,
                    "rules",
                    guard.rules.stream().map(FallbackRule::toString).toList());
            if (guard.deadline != null) {
                json.writeNumberField("deadline_ms", guard.deadline.toMillis());
            }
            json.writeStringField("durability", lower(guard.durability));
            json.writeBooleanField("requires_trail", guard.trailRequired || guard.durability == Durability.DURABLE);
            json.writeBooleanField("subjects", guard.audit.subject() != null);
            json.writeStringField("input_payload", lower(guard.audit.input().kind()));
            json.writeStringField("output_payload", lower(guard.audit.output().kind()));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written", e);
        }
        return text.toString();
    }

    private static void write(RouteDraft<?, ?> route, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("route", route.name());
        json.writeStringField("kind", lower(route.kind()));
        String requestModel = route.options().requestModel();
        if (requestModel != null) {
            json.writeStringField("gen_ai.request.model", Text.clean(requestModel));
        }
        if (route.options().timeLimit().isPresent()) {
            json.writeNumberField(
                    "time_limit_ms", route.options().timeLimit().get().toMillis());
        }
        json.writeEndObject();
    }

    @SuppressWarnings("unchecked") // all are of one type, which nothing here depends on
    private static List<RailDraft<Object>> elementRails(GuardBuilder<?, ?> guard) {
        List<?> rails = guard.elementRails;
        return RailDraft.ordered((List<RailDraft<Object>>) rails, guard.cheapestFirst);
    }

    /** The names in the order in which they run; what was said of them in a member of its own. */
    private static <T> void rails(JsonGenerator json, String member, List<RailDraft<T>> rails) throws IOException {
        names(json, member, rails.stream().map(rail -> rail.guardrail().name()).toList());
        if (rails.stream().allMatch(RailDraft::isPlain)) {
            return;
        }
        json.writeArrayFieldStart(member + "_options");
        for (RailDraft<T> rail : rails) {
            json.writeStartObject();
            Rail.Terms terms = rail.options().terms();
            if (terms != null) {
                write(terms, json);
            }
            write(rail.slot(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void streamRails(JsonGenerator json, List<StreamRailDraft<?>> rails) throws IOException {
        names(
                json,
                "stream_guardrails",
                rails.stream().map(rail -> rail.guardrail().name()).toList());
        if (rails.stream().allMatch(StreamRailDraft::isPlain)) {
            return;
        }
        json.writeArrayFieldStart("stream_guardrails_options");
        for (StreamRailDraft<?> rail : rails) {
            json.writeStartObject();
            write(rail.build().terms(), json);
            write(rail.slot(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(Optional<RailSlot<?>> slot, JsonGenerator json) throws IOException {
        if (slot.isPresent()) {
            json.writeStringField("rule_set", Text.clean(slot.get().rules().version()));
        }
    }

    private static void write(Rail.Terms terms, JsonGenerator json) throws IOException {
        if (terms.monitored()) {
            json.writeBooleanField("monitored", true);
        }
        if (terms.failsOpen()) {
            json.writeBooleanField("fails_open", true);
        }
        if (terms.limitNanos() < Long.MAX_VALUE) {
            json.writeNumberField(terms.cutsOff() ? "cut_off_after_ns" : "within_ns", terms.limitNanos());
        }
        if (terms.severity() != null) {
            json.writeStringField("severity", terms.severity().name());
        }
    }

    private static void names(JsonGenerator json, String member, List<String> names) throws IOException {
        json.writeArrayFieldStart(member);
        for (String name : names) {
            json.writeString(Text.clean(name));
        }
        json.writeEndArray();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String hash(String configuration) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(configuration.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
