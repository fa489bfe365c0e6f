// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Skipped;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The record of one guarded call. The arrays belong to the record: nobody changes them after it was made. */
public final class DecisionRecord implements TrailEntry {
    private static final int REFUSED = -1;

    private final GuardInfo guard;
    private final long number;
    private final long startNanos;
    private final long latencyNanos;
    private final int route;
    private final @Nullable Failure refusal;
    private final @Nullable Details details; // most decisions have none, and should not pay for it
    private final @Nullable String[] segments;
    private final double[] values;

    /** What only some decisions have to tell. */
    private record Details(
            long staleForNanos,
            List<Skipped> skipped,
            List<Judgement> judgements,
            @Nullable Progress progress) {
        static @Nullable Details of(
                long staleForNanos, List<Skipped> skipped, List<Judgement> judgements, @Nullable Progress progress) {
            return staleForNanos < 0 && skipped.isEmpty() && judgements.isEmpty() && progress == null
                    ? null
                    : new Details(staleForNanos, skipped, judgements, progress);
        }
    }

    private DecisionRecord(
            GuardInfo guard,
            long number,
            long startNanos,
            long latencyNanos,
            int route,
            @Nullable Failure refusal,
            @Nullable Details details,
            @Nullable String[] segments,
            double[] values) {
        this.guard = guard;
        this.number = number;
        this.startNanos = startNanos;
        this.latencyNanos = latencyNanos;
        this.route = route;
        this.refusal = refusal;
        this.details = details;
        this.segments = segments;
        this.values = values;
    }

    /**
     * The record of a call that a route answered.
     *
     * @param guard what the model's decisions have in common
     * @param number the decision's number within the runtime
     * @param startNanos when the call began, on the monotonic clock
     * @param latencyNanos how long until the model had answered
     * @param route the index of the route that answered
     * @param staleForNanos how old the answer is, if it comes from a cache; else negative
     * @param skipped the routes before it
     * @param judgements the verdicts other than a pass
     * @param segments the values of the declared attributes, null where unknown
     * @param values the watched values, NaN where unknown
     * @return the record
     */
    public static DecisionRecord answered(
            GuardInfo guard,
            long number,
            long startNanos,
            long latencyNanos,
            int route,
            long staleForNanos,
            List<Skipped> skipped,
            List<Judgement> judgements,
            @Nullable String[] segments,
            double[] values) {
        return new DecisionRecord(
                guard,
                number,
                startNanos,
                latencyNanos,
                route,
                null,
                Details.of(staleForNanos, skipped, judgements, null),
                segments,
                values);
    }

    /**
     * The record of a call that nobody answered.
     *
     * @param guard what the model's decisions have in common
     * @param number the decision's number within the runtime
     * @param startNanos when the call began, on the monotonic clock
     * @param latencyNanos how long until it was refused
     * @param refusal why
     * @param skipped the routes that were considered
     * @param judgements the verdicts other than a pass
     * @param segments the values of the declared attributes, null where unknown
     * @return the record
     */
    public static DecisionRecord refused(
            GuardInfo guard,
            long number,
            long startNanos,
            long latencyNanos,
            Failure refusal,
            List<Skipped> skipped,
            List<Judgement> judgements,
            @Nullable String[] segments) {
        return new DecisionRecord(
                guard,
                number,
                startNanos,
                latencyNanos,
                REFUSED,
                refusal,
                Details.of(-1, skipped, judgements, null),
                segments,
                new double[0]);
    }

    /**
     * This record of a call that was answered by a stream.
     *
     * @param howFar how far the stream got
     * @return the record
     */
    public DecisionRecord ofStream(Progress howFar) {
        return new DecisionRecord(
                guard,
                number,
                startNanos,
                latencyNanos,
                route,
                refusal,
                Details.of(-1, skipped(), judgements(), howFar),
                segments,
                values);
    }

    @Override
    public String type() {
        return "decision";
    }

    @Override
    public long nanoTime() {
        return startNanos;
    }

    /** {@return what the model's decisions have in common} */
    public GuardInfo guard() {
        return guard;
    }

    /** {@return the decision's number within the runtime} */
    public long number() {
        return number;
    }

    /** {@return the decision's id} */
    public DecisionId id() {
        return new DecisionId(guard.runtime(), number);
    }

    /** {@return whether a route answered} */
    public boolean isAnswered() {
        return route != REFUSED;
    }

    /** {@return the index of the route that answered, or -1} */
    public int route() {
        return route;
    }

    /** {@return the routes that were considered and did not answer} */
    public List<Skipped> skipped() {
        return details == null ? List.of() : details.skipped();
    }

    private List<Judgement> judgements() {
        return details == null ? List.of() : details.judgements();
    }

    /**
     * The value of a declared segment attribute.
     *
     * @param index the attribute's index in {@link GuardInfo#segments()}
     * @return the value, or null if the call had none
     */
    public @Nullable String segment(int index) {
        return segments[index];
    }

    /**
     * A watched value.
     *
     * @param index the value's index in {@link GuardInfo#values()}
     * @return the value; NaN if it could not be had, or the call was refused
     */
    public double value(int index) {
        return index < values.length ? values[index] : Double.NaN;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("id", id().toString());
        json.writeStringField("model", guard.model());
        if (route == REFUSED) {
            json.writeStringField("outcome", "refused");
        } else {
            json.writeStringField("outcome", "answered");
            json.writeStringField("route", guard.routes().get(route).name());
            json.writeStringField("route_kind", lower(guard.routes().get(route).kind()));
        }
        json.writeNumberField("latency_ns", latencyNanos);
        if (details != null) {
            writeDetails(json, details);
        }
        if (refusal != null) {
            writeFailure(json, refusal);
        }
        writeAttempts(json);
        writeSegments(json);
        writeValues(json);
    }

    private static void writeDetails(JsonGenerator json, Details details) throws IOException {
        Progress progress = details.progress();
        if (progress != null) {
            json.writeNumberField("elements", progress.elements());
            if (progress.firstNanos() >= 0) {
                json.writeNumberField("first_element_ns", progress.firstNanos());
            }
        }
        if (details.staleForNanos() >= 0) {
            json.writeNumberField("stale_for_ns", details.staleForNanos());
        }
    }

    private void writeAttempts(JsonGenerator json) throws IOException {
        if (!skipped().isEmpty()) {
            json.writeArrayFieldStart("skipped");
            for (Skipped skip : skipped()) {
                json.writeStartObject();
                json.writeStringField("route", skip.route());
                writeFailure(json, skip.failure());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (!judgements().isEmpty()) {
            json.writeArrayFieldStart("guardrails");
            for (Judgement judgement : judgements()) {
                json.writeStartObject();
                json.writeStringField("guardrail", judgement.guardrail());
                json.writeStringField("stage", lower(judgement.stage()));
                json.writeStringField("action", lower(judgement.action()));
                json.writeStringField("rule", Text.clean(judgement.finding().rule()));
                json.writeStringField("category", Text.clean(judgement.finding().category()));
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static void writeFailure(JsonGenerator json, Failure failure) throws IOException {
        json.writeStringField("failure", failure.code());
        if (failure instanceof Failure.ModelError error) {
            json.writeStringField("error", error.exception().getClass().getName());
        } else if (failure instanceof Failure.Killed killed) {
            json.writeStringField("scope", Text.clean(killed.scope().toString()));
        }
    }

    private void writeSegments(JsonGenerator json) throws IOException {
        if (segments.length == 0) {
            return;
        }
        json.writeObjectFieldStart("segments");
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            if (segment != null) {
                json.writeStringField(guard.segments().get(i), Text.clean(segment));
            }
        }
        json.writeEndObject();
    }

    private void writeValues(JsonGenerator json) throws IOException {
        if (values.length == 0) {
            return;
        }
        json.writeObjectFieldStart("values");
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                json.writeNumberField(guard.values().get(i), values[i]);
            }
        }
        json.writeEndObject();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
