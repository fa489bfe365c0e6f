// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Remark;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Judgement.Action;
import io.github.incident4j.model.Judgement.Stage;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The guardrails of one place in a guard, in their order: on inputs, on answers, or on elements of a stream. */
final class Rails<T> {
    static final String FAILURE = "guardrail-failure";

    private final Stage stage;
    private final Guardrail<T>[] rails;
    private final @Nullable TermedRail<T> @Nullable [] termed; // beside the rails; most guards have none

    @SuppressWarnings("unchecked") // a rail only consumes T, so one for a wider type serves as well
    Rails(Stage stage, List<Rail<T>> built, TimeSource time, CutOff cutOff) {
        this.stage = stage;
        this.rails = (Guardrail<T>[]) built.stream().map(Rail::guardrail).toArray(Guardrail<?>[]::new);
        this.termed = built.stream().allMatch(Rail::isPlain)
                ? null
                : (TermedRail<T>[]) built.stream()
                        .map(rail -> rail.isPlain() ? null : new TermedRail<>(rail, stage, time, cutOff))
                        .toArray(TermedRail<?>[]::new);
    }

    boolean isEmpty() {
        return rails.length == 0;
    }

    /**
     * Passes a value through the guardrails in their order.
     *
     * @return what may be used; null if a guardrail has blocked, and the trace's last judgement then says so, or if the
     *     model is to be asked again, which the call's state then says
     */
    @Nullable
    T judge(T value, CallState<?> call, boolean mayAskAgain) {
        T judged = value;
        for (int i = 0; i < rails.length; i++) {
            TermedRail<T> terms = termed == null ? null : termed[i];
            Verdict<T> verdict = terms == null ? check(rails[i], judged, call, false) : terms.check(judged, call);
            if (verdict instanceof Verdict.Pass) {
                continue;
            }
            if (terms == null) {
                note(rails[i].name(), stage, verdict, false, null, call);
            } else {
                terms.note(verdict, call);
            }
            if (terms != null && terms.isWatchedOnly(call)) {
                continue;
            }
            if (verdict instanceof Verdict.Rewrite<T> rewrite) {
                judged = rewrite.value();
            } else if (!(verdict instanceof Verdict.Flag)) {
                call.askAgain = verdict instanceof Verdict.Retry && mayAskAgain && call.passedOn() == null;
                return null;
            }
        }
        return judged;
    }

    /** One that throws has failed. Interruption, cancellation and what breaks the JVM is noted, to be passed on. */
    static <T> Verdict<T> check(Guardrail<T> rail, T value, CallState<?> call, boolean failsOpen) {
        try {
            Verdict<T> verdict = rail.check(value);
            return verdict != null ? verdict : failed("returned no verdict", failsOpen);
        } catch (Throwable e) { // checked ones too, which some languages throw undeclared
            return thrown(e, call, failsOpen);
        }
    }

    /** What becomes of a value when its check threw; a call that ends by it passes nothing. */
    static <T> Verdict<T> thrown(Throwable e, CallState<?> call, boolean failsOpen) {
        boolean ends = endsCall(e, call);
        return failed("threw " + e.getClass().getName(), failsOpen && !ends);
    }

    /** Whether the call ends by what a check threw, which is then noted, to be passed on. */
    static boolean endsCall(Throwable e, CallState<?> call) {
        if (Interruptions.isInterruption(e)) {
            Interruptions.keep(e);
        } else if (!(e instanceof VirtualMachineError) || e instanceof StackOverflowError) {
            return false;
        }
        call.passOn(e);
        return true;
    }

    /** What becomes of a value that was not judged: blocked, unless the guardrail fails open. */
    static <T> Verdict<T> failed(String how, boolean failsOpen) {
        return failsOpen
                ? Verdict.flag(new Finding(FAILURE, FAILURE, "the guardrail " + how + "; the value passed unchecked"))
                : Verdict.block(
                        new Finding(FAILURE, FAILURE, "the guardrail " + how + "; what was not checked is blocked"));
    }

    /** Puts on record what a verdict says, what decided last; all with one severity, or null for their own. */
    static void note(
            String rail,
            Stage stage,
            Verdict<?> verdict,
            boolean monitored,
            @Nullable Severity severity,
            CallState<?> call) {
        for (Remark remark : verdict.remarks()) {
            call.judge(new Judgement(rail, stage, actionOf(remark), of(severity, remark.finding()), monitored));
        }
        call.judge(new Judgement(rail, stage, actionOf(verdict), of(severity, findingOf(verdict)), monitored));
    }

    static Finding of(@Nullable Severity severity, Finding finding) {
        return severity == null ? finding : finding.severity(severity);
    }

    static Action actionOf(Remark remark) {
        return remark.rewritten() ? Action.REWRITE : Action.FLAG;
    }

    private static Action actionOf(Verdict<?> verdict) {
        if (verdict instanceof Verdict.Rewrite) {
            return Action.REWRITE;
        } else if (verdict instanceof Verdict.Flag) {
            return Action.FLAG;
        }
        return verdict instanceof Verdict.Block ? Action.BLOCK : Action.RETRY;
    }

    private static Finding findingOf(Verdict<?> verdict) {
        if (verdict instanceof Verdict.Rewrite<?> rewrite) {
            return rewrite.finding();
        } else if (verdict instanceof Verdict.Flag<?> flag) {
            return flag.finding();
        } else if (verdict instanceof Verdict.Block<?> block) {
            return block.finding();
        } else if (verdict instanceof Verdict.Retry<?> retry) {
            return retry.finding();
        }
        throw new IllegalArgumentException("a pass is no judgement");
    }
}
