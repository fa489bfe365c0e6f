// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Judgement.Action;
import io.github.incident4j.model.Judgement.Stage;
import org.jspecify.annotations.Nullable;

/** Has guardrails judge a value: an input, an answer, or an element of a stream. */
final class Rails {
    private Rails() {}

    /**
     * Passes a value through guardrails in their order.
     *
     * @return what may be used; null if a guardrail has blocked, and the trace's last judgement then says so, or if the
     *     model is to be asked again, which the call's state then says
     */
    static <T> @Nullable T judge(Guardrail<T>[] rails, Stage stage, T value, CallState<?> call, boolean mayAskAgain) {
        T judged = value;
        for (Guardrail<T> rail : rails) {
            Verdict<T> verdict = check(rail, judged, call);
            if (verdict instanceof Verdict.Pass) {
                continue;
            }
            call.judge(judgementOf(rail.name(), stage, verdict));
            if (verdict instanceof Verdict.Rewrite<T> rewrite) {
                judged = rewrite.value();
            } else if (!(verdict instanceof Verdict.Flag)) {
                call.askAgain = verdict instanceof Verdict.Retry && mayAskAgain && call.passedOn() == null;
                return null;
            }
        }
        return judged;
    }

    /** One that throws has blocked. Interruption, cancellation and what breaks the JVM is noted, to be passed on. */
    private static <T> Verdict<T> check(Guardrail<T> rail, T value, CallState<?> call) {
        try {
            Verdict<T> verdict = rail.check(value);
            return verdict != null ? verdict : broken("returned no verdict");
        } catch (Throwable e) { // checked ones too, which some languages throw undeclared
            if (Interruptions.isInterruption(e)) {
                Interruptions.keep(e);
                call.passOn(e);
            } else if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
                call.passOn(e);
            }
            return broken("threw " + e.getClass().getName());
        }
    }

    private static <T> Verdict<T> broken(String how) {
        return Verdict.block(new Finding(
                "guardrail-failure",
                "guardrail-failure",
                "the guardrail " + how + "; what was not checked is blocked"));
    }

    private static Judgement judgementOf(String rail, Stage stage, Verdict<?> verdict) {
        if (verdict instanceof Verdict.Rewrite<?> rewrite) {
            return new Judgement(rail, stage, Action.REWRITE, rewrite.finding());
        } else if (verdict instanceof Verdict.Flag<?> flag) {
            return new Judgement(rail, stage, Action.FLAG, flag.finding());
        } else if (verdict instanceof Verdict.Block<?> block) {
            return new Judgement(rail, stage, Action.BLOCK, block.finding());
        } else if (verdict instanceof Verdict.Retry<?> retry) {
            return new Judgement(rail, stage, Action.RETRY, retry.finding());
        }
        throw new IllegalArgumentException("a pass is no judgement");
    }
}
