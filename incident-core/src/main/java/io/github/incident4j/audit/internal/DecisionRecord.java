// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.PayloadKind;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.model.TokenUsage;
import io.github.incident4j.model.TraceContext;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The record of one guarded call. The arrays belong to the record: nobody changes them after it was made. */
public final class DecisionRecord implements TrailEntry, Erasable {
    private static final int REFUSED = -1;

    private final GuardInfo guard;
    private final long number;
    private final long startNanos;
    private final long latencyNanos;
    private final int route;
    private final int switches;
    private final @Nullable Failure refusal;
    private final @Nullable Details details; // most decisions have none, and should not pay for it
    private final @Nullable String[] labels; // the segments, then the categories
    private final double[] values;

    /** What only some decisions have to tell. */
    private record Details(
            long staleForNanos,
            List<Skipped> skipped,
            List<Judgement> judgements,
            @Nullable CallFacts facts) {
        static @Nullable Details of(
                long staleForNanos, List<Skipped> skipped, List<Judgement> judgements, @Nullable CallFacts facts) {
            return staleForNanos < 0 && skipped.isEmpty() && judgements.isEmpty() && facts == null
                    ? null
                    : new Details(staleForNanos, skipped, judgements, facts);
        }
    }

    private DecisionRecord(
            GuardInfo guard,
            long number,
            long startNanos,
            long latencyNanos,
            int route,
            int switches,
            @Nullable Failure refusal,
            @Nullable Details details,
            @Nullable String[] labels,
            double[] values) {
        this.guard = guard;
        this.number = number;
        this.startNanos = startNanos;
        this.latencyNanos = latencyNanos;
        this.route = route;
        this.switches = switches;
        this.refusal = refusal;
        this.details = details;
        this.labels = fitting(labels);
        this.values = values;
    }

    /** Thousands may wait while the disk hangs, so none waits whole of which a part alone is recorded. */
    private static @Nullable String[] fitting(@Nullable String[] labels) {
        for (String value : labels) {
            if (value != null && value.length() > Text.MAX_LENGTH) {
                return cut(labels);
            }
        }
        return labels;
    }

    private static @Nullable String[] cut(@Nullable String[] labels) {
        @Nullable String[] cut = labels.clone();
        for (int i = 0; i < cut.length; i++) {
            String value = cut[i];
            cut[i] = value == null ? null : Text.clean(value);
        }
        return cut;
    }

    /**
     * The record of a call that a route answered.
     *
     * @param guard what the model's decisions have in common
     * @param number the decision's number within the runtime
     * @param startNanos when the call began, on the monotonic clock
     * @param latencyNanos how long until the model had answered
     * @param route the index of the route that answered
     * @param switches the number of the switch table in force; 0 if no switch was set
     * @param staleForNanos how old the answer is, if it comes from a cache; else negative
     * @param skipped the routes before it
     * @param judgements the verdicts other than a pass
     * @param labels the values of the declared attributes, then the watched categories, null where unknown
     * @param values the watched values, NaN where unknown
     * @param facts what else is recorded of this call
     * @return the record
     */
    public static DecisionRecord answered(
            GuardInfo guard,
            long number,
            long startNanos,
            long latencyNanos,
            int route,
            int switches,
            long staleForNanos,
            List<Skipped> skipped,
            List<Judgement> judgements,
            @Nullable String[] labels,
            double[] values,
            @Nullable CallFacts facts) {
        return new DecisionRecord(
                guard,
                number,
                startNanos,
                latencyNanos,
                route,
                switches,
                null,
                Details.of(staleForNanos, skipped, judgements, facts),
                labels,
                values);
    }

    /**
     * The record of a call that nobody answered.
     *
     * @param guard what the model's decisions have in common
     * @param number the decision's number within the runtime
     * @param startNanos when the call began, on the monotonic clock
     * @param latencyNanos how long until it was refused
     * @param switches the number of the switch table in force; 0 if no switch was set
     * @param refusal why
     * @param skipped the routes that were considered
     * @param judgements the verdicts other than a pass
     * @param segments the values of the declared attributes, null where unknown
     * @param facts what else is recorded of this call
     * @return the record
     */
    public static DecisionRecord refused(
            GuardInfo guard,
            long number,
            long startNanos,
            long latencyNanos,
            int switches,
            Failure refusal,
            List<Skipped> skipped,
            List<Judgement> judgements,
            @Nullable String[] segments,
            @Nullable CallFacts facts) {
        return new DecisionRecord(
                guard,
                number,
                startNanos,
                latencyNanos,
                REFUSED,
                switches,
                refusal,
                Details.of(-1, skipped, judgements, facts),
                segments,
                new double[0]);
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

    /** {@return what has left of each route of a stream; empty for calls, and where no guardrail judges it} */
    public List<LetOut> letOut() {
        CallFacts facts = facts();
        Progress progress = facts == null ? null : facts.progress();
        return progress == null ? List.of() : progress.letOut();
    }

    /** {@return whether it is of a stream, of which a part may have left before anything was refused} */
    public boolean isOfAStream() {
        CallFacts facts = facts();
        return facts != null && facts.progress() != null;
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

    private @Nullable CallFacts facts() {
        return details == null ? null : details.facts();
    }

    /** {@return this record without its payload, which it says} */
    DecisionRecord withoutPayload() {
        CallFacts known = facts();
        if (details == null || known == null) {
            return this;
        }
        Details fewer =
                new Details(details.staleForNanos(), details.skipped(), details.judgements(), known.withoutPayload());
        return new DecisionRecord(
                guard, number, startNanos, latencyNanos, route, switches, refusal, fewer, labels, values);
    }

    /** {@return what detectors ask of an answer once its label has come: route, segments, values and categories} */
    public DecisionRecord bare() {
        return details == null
                ? this
                : new DecisionRecord(
                        guard, number, startNanos, latencyNanos, route, switches, refusal, null, labels, values);
    }

    /** {@return how many characters of payload it holds, for those who bound memory} */
    public long characters() {
        CallFacts known = facts();
        return known == null ? 0 : known.characters();
    }

    /** {@return the verdicts other than a pass} */
    public List<Judgement> judgements() {
        return details == null ? List.of() : details.judgements();
    }

    /**
     * The value of a declared segment attribute.
     *
     * @param index the attribute's index in {@link GuardInfo#segments()}
     * @return the value, or null if the call had none
     */
    public @Nullable String segment(int index) {
        return labels[index];
    }

    /**
     * A watched category.
     *
     * @param index the category's index in {@link GuardInfo#categories()}
     * @return the category, or null if it could not be had, or the call was refused
     */
    public @Nullable String category(int index) {
        int at = guard.segments().size() + index;
        return at < labels.length ? labels[at] : null;
    }

    /** {@return how long until the model had answered, or the call was refused} */
    public long latencyNanos() {
        return latencyNanos;
    }

    /** {@return how many tokens the call took; negative if unknown} */
    public long tokens() {
        CallFacts facts = facts();
        TokenUsage usage = facts == null ? null : facts.usage();
        if (usage == null || (usage.inputTokens() < 0 && usage.outputTokens() < 0)) {
            return -1;
        }
        return Math.max(0, usage.inputTokens()) + Math.max(0, usage.outputTokens());
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
            String requestModel = guard.routes().get(route).requestModel();
            if (requestModel != null) {
                json.writeStringField("gen_ai.request.model", requestModel);
            }
        }
        json.writeNumberField("latency_ns", latencyNanos);
        if (switches > 0) {
            json.writeNumberField("switches", switches);
        }
        if (!guard.recording().hash().isEmpty()) {
            json.writeStringField("config", guard.recording().hash());
        }
        if (details != null) {
            writeDetails(json, details);
        }
        if (refusal != null) {
            writeFailure(json, refusal);
        }
        writeAttempts(json);
    }

    private static void writeDetails(JsonGenerator json, Details details) throws IOException {
        if (details.staleForNanos() >= 0) {
            json.writeNumberField("stale_for_ns", details.staleForNanos());
        }
        CallFacts facts = details.facts();
        if (facts != null) {
            writeFacts(json, facts);
        }
    }

    private static void writeFacts(JsonGenerator json, CallFacts facts) throws IOException {
        if (facts.probe()) {
            json.writeStringField("breaker", "half_open");
        }
        Progress progress = facts.progress();
        if (progress != null) {
            json.writeNumberField("elements", progress.elements());
            if (progress.firstNanos() >= 0) {
                json.writeNumberField("first_element_ns", progress.firstNanos());
            }
        }
        if (!facts.rules().isEmpty()) {
            json.writeObjectFieldStart("rule_sets");
            for (RuleSetUsed used : facts.rules()) {
                json.writeStringField(used.guardrail(), used.version());
            }
            json.writeEndObject();
        }
        if (facts.payloadFault() != null) {
            json.writeStringField("payload_fault", Text.clean(facts.payloadFault()));
        }
        TokenUsage usage = facts.usage();
        if (usage != null) {
            writeKnown(json, "gen_ai.usage.input_tokens", usage.inputTokens());
            writeKnown(json, "gen_ai.usage.output_tokens", usage.outputTokens());
        }
        TraceContext trace = facts.trace();
        if (trace != null) {
            json.writeStringField("trace_id", trace.traceId());
            json.writeStringField("span_id", trace.spanId());
        }
    }

    private static void writeKnown(JsonGenerator json, String member, long number) throws IOException {
        if (number >= 0) {
            json.writeNumberField(member, number);
        }
    }

    @Override
    public @Nullable Erasable erasable() {
        CallFacts facts = facts();
        boolean erasable = labels.length > 0
                || values.length > 0
                || (facts != null && facts.isErasable())
                || ((refusal != null || details != null) && !segmentScopes().isEmpty());
        return erasable ? this : null;
    }

    @Override
    public @Nullable String subject() {
        CallFacts facts = facts();
        return facts == null ? null : facts.subject();
    }

    @Override
    public void writeSide(JsonGenerator json) throws IOException {
        int segments = guard.segments().size();
        writeLabels(json, "segments", guard.segments(), 0, segments);
        writeLabels(json, "categories", guard.categories(), segments, labels.length);
        writeValues(json);
        List<String> scopes = refusal == null && details == null ? List.of() : segmentScopes();
        if (!scopes.isEmpty()) {
            json.writeArrayFieldStart("scopes");
            for (String scope : scopes) {
                json.writeString(Text.clean(scope));
            }
            json.writeEndArray();
        }
        CallFacts facts = facts();
        if (facts != null) {
            writePayload(json, "input", guard.recording().input(), facts.input());
            writePayload(json, "output", guard.recording().output(), facts.output());
        }
    }

    private static void writePayload(JsonGenerator json, String member, PayloadKind kind, @Nullable String text)
            throws IOException {
        if (text != null && kind.keepsText()) {
            json.writeStringField(member, Text.whole(text));
            if (kind == PayloadKind.REDACTED) {
                json.writeBooleanField(member + "_redacted", true);
            }
        }
    }

    @Override
    public void writeDigests(JsonGenerator json, UnaryOperator<String> digest) throws IOException {
        CallFacts facts = facts();
        if (facts != null) {
            writeDigest(json, "input_digest", guard.recording().input(), facts.input(), digest);
            writeDigest(json, "output_digest", guard.recording().output(), facts.output(), digest);
        }
    }

    private static void writeDigest(
            JsonGenerator json, String member, PayloadKind kind, @Nullable String text, UnaryOperator<String> digest)
            throws IOException {
        if (text != null && kind == PayloadKind.DIGEST) {
            json.writeStringField(member, digest.apply(text));
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
                if (judgement.finding().severity() != Severity.P3) {
                    json.writeStringField(
                            "severity", judgement.finding().severity().name());
                }
                if (judgement.monitored()) {
                    json.writeBooleanField("monitored", true);
                }
                if (judgement.times() > 1) {
                    json.writeNumberField("times", judgement.times());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static void writeFailure(JsonGenerator json, Failure failure) throws IOException {
        json.writeStringField("failure", failure.code());
        if (failure instanceof Failure.ModelError error) {
            json.writeStringField("error.type", error.exception().getClass().getName());
        } else if (failure instanceof Failure.Killed killed) {
            json.writeStringField(
                    "scope", Text.clean(withoutSegment(killed.scope()).toString()));
        }
    }

    private static Scope withoutSegment(Scope scope) {
        return scope.segment().isEmpty()
                ? scope
                : new Scope(scope.model(), scope.route(), scope.feature(), Optional.empty(), scope.share());
    }

    /** The scopes with a segment that stopped the call, whole; the log has them without it. */
    private List<String> segmentScopes() {
        return Stream.concat(Stream.ofNullable(refusal), skipped().stream().map(Skipped::failure))
                .filter(failure -> failure instanceof Failure.Killed killed
                        && killed.scope().segment().isPresent())
                .map(failure -> ((Failure.Killed) failure).scope().toString())
                .distinct()
                .toList();
    }

    private void writeLabels(JsonGenerator json, String member, List<String> names, int from, int until)
            throws IOException {
        if (from == until) {
            return;
        }
        json.writeObjectFieldStart(member);
        for (int i = from; i < until; i++) {
            String label = labels[i];
            if (label != null) {
                json.writeStringField(names.get(i - from), Text.clean(label));
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
