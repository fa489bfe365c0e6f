// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.model.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a decision back from the trail, as far as detectors ask for it: not its payload, its trace, its stream. */
public final class StoredDecision {
    private StoredDecision() {}

    /**
     * Reads a record.
     *
     * @param guard the guard of today; a route that it has no more is unknown
     * @param record a record of the type {@code decision}, unsealed
     * @return the decision; empty if it was answered by a route that the guard does not have, or cannot be understood
     */
    public static Optional<DecisionRecord> read(GuardInfo guard, TrailRecord record) {
        try {
            return Optional.ofNullable(decision(guard, record));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // one decision less is seen
        }
    }

    private static @Nullable DecisionRecord decision(GuardInfo guard, TrailRecord record) {
        Map<String, Object> members = record.members();
        DecisionId id = DecisionId.parse(text(members, "id"));
        List<Judgement> judgements = judgements(members);
        List<Skipped> skipped = new ArrayList<>();
        for (Map<String, Object> each : maps(members, "skipped")) {
            skipped.add(new Skipped(text(each, "route"), failure(text(each, "failure"), judgements)));
        }
        long latency = number(members, "latency_ns", 0);
        @Nullable String[] labels = labels(guard, record);
        CallFacts facts = facts(members);
        if (!text(members, "outcome").equals("answered")) {
            Failure refusal = failure(text(members, "failure"), judgements);
            return DecisionRecord.refused(
                    guard, id.number(), 0, latency, 0, refusal, skipped, judgements, labels, facts);
        }
        int route = guard.routeNames().indexOf(text(members, "route"));
        return route < 0
                ? null
                : DecisionRecord.answered(
                        guard,
                        id.number(),
                        0,
                        latency,
                        route,
                        0,
                        number(members, "stale_for_ns", -1),
                        skipped,
                        judgements,
                        labels,
                        values(guard, record),
                        facts);
    }

    private static @Nullable String[] labels(GuardInfo guard, TrailRecord record) {
        int segments = guard.segments().size();
        @Nullable
        String[] labels = new @Nullable String[segments + guard.categories().size()];
        for (int i = 0; i < labels.length; i++) {
            Object label = i < segments
                    ? record.segments().get(guard.segments().get(i))
                    : record.categories().get(guard.categories().get(i - segments));
            labels[i] = label instanceof String known ? known : null;
        }
        return labels;
    }

    private static double[] values(GuardInfo guard, TrailRecord record) {
        double[] values = new double[guard.values().size()];
        for (int i = 0; i < values.length; i++) {
            Object value = record.values().get(guard.values().get(i));
            values[i] = value instanceof Number known ? known.doubleValue() : Double.NaN;
        }
        return values;
    }

    private static @Nullable CallFacts facts(Map<String, Object> members) {
        TokenUsage usage = new TokenUsage(
                number(members, "gen_ai.usage.input_tokens", -1), number(members, "gen_ai.usage.output_tokens", -1));
        return usage.inputTokens() < 0 && usage.outputTokens() < 0
                ? null
                : new CallFacts(null, null, null, null, usage, null, null, false, List.of());
    }

    private static List<Judgement> judgements(Map<String, Object> members) {
        List<Judgement> judgements = new ArrayList<>();
        for (Map<String, Object> each : maps(members, "guardrails")) {
            Finding finding = new Finding(
                    text(each, "rule"),
                    text(each, "category"),
                    "",
                    each.containsKey("severity") ? Severity.valueOf(text(each, "severity")) : Severity.P3);
            judgements.add(new Judgement(
                    text(each, "guardrail"),
                    Judgement.Stage.valueOf(text(each, "stage").toUpperCase(Locale.ROOT)),
                    Judgement.Action.valueOf(text(each, "action").toUpperCase(Locale.ROOT)),
                    finding,
                    Boolean.TRUE.equals(each.get("monitored"))));
        }
        return judgements;
    }

    /** A failure by its code. Of a time-out it is taken that the model was at work, since that is so but for a few. */
    private static Failure failure(String code, List<Judgement> judgements) {
        return switch (code) {
            case "killed" ->
                new Failure.Killed(Scope.everything(), Cause.by("the trail").because("as it tells"));
            case "breaker-open" -> new Failure.BreakerOpen();
            case "breaker-opened" -> new Failure.BreakerOpen(true);
            case "model-error" -> new Failure.ModelError(new IllegalStateException("as the trail tells"));
            case "no-answer" -> new Failure.NoAnswer("as the trail tells");
            case "timed-out" -> new Failure.TimedOut(Duration.ZERO, true);
            case "limited" -> new Failure.Limited("as the trail tells");
            case "out-of-scope" -> new Failure.OutOfScope();
            case "trail-refused" -> new Failure.TrailRefused();
            case "input-blocked" -> new Failure.InputBlocked(refusing(judgements, Judgement.Stage.INPUT));
            case "output-blocked" -> new Failure.OutputBlocked(refusing(judgements, Judgement.Stage.OUTPUT));
            case "cancelled" -> new Failure.Cancelled();
            case "closed" -> new Failure.Closed();
            default -> throw new IllegalArgumentException("the trail names a failure that nobody knows: " + code);
        };
    }

    private static Judgement refusing(List<Judgement> judgements, Judgement.Stage stage) {
        for (Judgement judgement : judgements) {
            boolean refuses =
                    judgement.action() == Judgement.Action.BLOCK || judgement.action() == Judgement.Action.RETRY;
            if (judgement.stage() == stage && refuses && !judgement.monitored()) {
                return judgement;
            }
        }
        throw new IllegalArgumentException("the trail names no guardrail that has blocked");
    }

    private static String text(Map<String, Object> members, String name) {
        return members.get(name) instanceof String text ? text : "";
    }

    private static long number(Map<String, Object> members, String name, long otherwise) {
        return members.get(name) instanceof Number number ? number.longValue() : otherwise;
    }

    @SuppressWarnings("unchecked") // the names of a JSON object's members are strings
    private static List<Map<String, Object>> maps(Map<String, Object> members, String name) {
        List<Map<String, Object>> maps = new ArrayList<>();
        if (members.get(name) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> map) {
                    maps.add((Map<String, Object>) map);
                }
            }
        }
        return maps;
    }
}
