// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.guardrail.Remark;
import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.guardrail.StreamGuardrail.Session;
import io.github.incident4j.guardrail.StreamGuardrail.Step;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Judgement.Action;
import io.github.incident4j.model.Judgement.Stage;
import io.github.incident4j.model.Severity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the guardrails on the whole of a stream make of one attempt of a route: what one lets out goes into the next.
 * Used by one thread at a time.
 */
final class StreamCheck<T> {
    private static final int MOST_NOTED = 32; // findings of one guardrail
    private static final int MOST_KINDS = 30; // of further ones

    private final List<Link> links;
    private final CallState<?> call;
    private @Nullable Judgement block;

    StreamCheck(List<StreamRail<T>> rails, CallState<?> call) {
        this.call = call;
        this.links = rails.stream().map(Link::new).toList();
    }

    /** Takes an element, and adds what may be passed on. */
    void next(T element, Queue<T> out) {
        next(0, element, out);
    }

    /** The stream has come to its end; adds what may still be passed on. */
    void end(Queue<T> out) {
        for (int i = 0; i < links.size() && block == null; i++) {
            pass(i, links.get(i).step(null), out);
        }
    }

    /** Why nothing may follow what was added; null as long as something may. */
    @Nullable
    Judgement block() {
        return block;
    }

    private void next(int i, T element, Queue<T> out) {
        if (i == links.size()) {
            out.add(element);
        } else {
            pass(i, links.get(i).step(element), out);
        }
    }

    private void pass(int i, Step<T> step, Queue<T> out) {
        for (T element : step.elements()) {
            if (block != null) {
                return;
            }
            next(i + 1, element, out);
        }
        Finding finding = step.block().orElse(null);
        if (block == null && finding != null) {
            Judgement judgement = links.get(i).judgement(Action.BLOCK, finding);
            call.judge(judgement);
            block = judgement;
        }
    }

    /** One guardrail in the row. It opens its session when it is first asked, by the rules of when the stream began. */
    private final class Link {
        private final StreamGuardrail<T> guardrail;
        private final Supplier<@Nullable Session<T>> opener;
        private final Rail.Terms terms;
        private @Nullable Session<T> session;
        private boolean left; // it is not asked any more, and everything passes
        private final Map<List<Object>, Judgement> rest = new HashMap<>(); // stand for those not noted one by one
        private int noted;

        Link(StreamRail<T> rail) {
            this.guardrail = rail.guardrail();
            this.opener = guardrail instanceof SlottedStream<?, T> slotted ? slotted.opener(call) : guardrail::open;
            this.terms = rail.terms();
        }

        /** The step for an element, or for the end. */
        Step<T> step(@Nullable T element) {
            Step<T> untouched = element == null ? Step.hold() : Step.pass(element);
            if (left) {
                return untouched;
            }
            Step<T> step = checked(element, untouched);
            for (Remark remark : step.remarks()) {
                note(judgement(Rails.actionOf(remark), remark.finding()));
            }
            if (!isWatchedOnly()) {
                return step;
            }
            step.block().ifPresent(finding -> {
                left = true;
                note(judgement(Action.BLOCK, finding));
            });
            return untouched;
        }

        private Step<T> checked(@Nullable T element, Step<T> untouched) {
            try {
                Session<T> open = session == null ? opener.get() : session;
                session = open;
                if (open == null) {
                    return failed("opened no session", false, untouched);
                }
                Step<T> step = element == null ? open.end() : open.next(element);
                return step != null ? step : failed("returned no step", false, untouched);
            } catch (Throwable e) { // checked ones too, which some languages throw undeclared
                return failed("threw " + e.getClass().getName(), Rails.endsCall(e, call), untouched);
            }
        }

        /** Whatever it has held back is lost with its memory. */
        private Step<T> failed(String how, boolean endsCall, Step<T> untouched) {
            if (!endsCall && (terms.failsOpen() || terms.monitored())) {
                left = true;
                return untouched.flag(new Finding(
                        Rails.FAILURE,
                        Rails.FAILURE,
                        "the guardrail " + how + "; the rest of the stream passes unchecked"));
            }
            return Step.<T>hold()
                    .block(new Finding(
                            Rails.FAILURE,
                            Rails.FAILURE,
                            "the guardrail " + how + "; what was not checked is blocked"));
        }

        private boolean isWatchedOnly() {
            return terms.monitored() && call.passedOn() == null;
        }

        Judgement judgement(Action action, Finding finding) {
            return new Judgement(
                    guardrail.name(), Stage.OUTPUT, action, Rails.of(terms.severity(), finding), isWatchedOnly());
        }

        /** The first ones go on record one by one, then those of a kind as one: a long stream has a short record. */
        private void note(Judgement judgement) {
            if (noted < MOST_NOTED) {
                noted++;
                call.judge(judgement);
                return;
            }
            Finding finding = judgement.finding();
            List<Object> kind = List.of(judgement.action(), finding.rule(), finding.category());
            List<Object> key = rest.size() < MOST_KINDS || rest.containsKey(kind) ? kind : List.of();
            Judgement before = rest.get(key);
            Judgement last = key.isEmpty() ? ofManyKinds(judgement, before) : judgement;
            Judgement all = before == null ? last : more(last, before.times());
            call.judgeInstead(before, all);
            rest.put(key, all);
        }

        /** What stands for all kinds that are one too many: the last of them, as severe as the most severe. */
        private static Judgement ofManyKinds(Judgement last, @Nullable Judgement before) {
            Finding finding = last.finding();
            Severity severity = before != null && before.finding().severity().compareTo(finding.severity()) < 0
                    ? before.finding().severity()
                    : finding.severity();
            return new Judgement(
                    last.guardrail(),
                    last.stage(),
                    last.action(),
                    new Finding(
                            "further-findings",
                            finding.category(),
                            "the stream has findings of more than " + MOST_KINDS
                                    + " further kinds, the last of the rule " + finding.rule(),
                            severity),
                    last.monitored());
        }

        private Judgement more(Judgement judgement, int before) {
            return new Judgement(
                    judgement.guardrail(),
                    judgement.stage(),
                    judgement.action(),
                    judgement.finding(),
                    judgement.monitored(),
                    before == Integer.MAX_VALUE ? before : before + 1);
        }
    }
}
