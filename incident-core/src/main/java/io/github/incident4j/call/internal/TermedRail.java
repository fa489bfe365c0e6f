// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement.Stage;
import io.github.incident4j.model.TimeSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A guardrail of which the host has said how it is run: with exchangeable rules, with a time limit, failing open, or
 * only to be watched.
 */
final class TermedRail<T> {
    private final Guardrail<T> rail;
    private final Rail.Terms terms;
    private final boolean passesUnchecked;
    private final @Nullable RailSlot<T> slot;
    private final Stage stage;
    private final TimeSource time;
    private final CutOff cutOff;

    @SuppressWarnings("unchecked") // a rail only consumes T, so one for a wider type serves as well
    TermedRail(Rail<T> built, Stage stage, TimeSource time, CutOff cutOff) {
        this.rail = (Guardrail<T>) built.guardrail();
        this.terms = built.terms() == null ? Rail.Terms.NONE : built.terms();
        this.passesUnchecked = terms.failsOpen() || terms.monitored();
        this.slot = (RailSlot<T>) built.slot();
        this.stage = stage;
        this.time = time;
        this.cutOff = cutOff;
    }

    /** Whether a verdict is put on record and nothing more; that a call ends now is no verdict. */
    boolean isWatchedOnly(CallState<?> call) {
        return terms.monitored() && call.passedOn() == null;
    }

    void note(Verdict<?> verdict, CallState<?> call) {
        Rails.note(rail.name(), stage, verdict, isWatchedOnly(call), terms.severity(), call);
    }

    Verdict<T> check(T value, CallState<?> call) {
        Guardrail<T> rules = rail;
        if (slot != null) {
            RailSlot.InForce<T> inForce = slot.inForce(); // one read: a check never sees half of an exchange
            call.ruledBy(inForce.used());
            rules = inForce.rules().guardrail();
        }
        if (terms.limitNanos() == Long.MAX_VALUE) {
            return Rails.check(rules, value, call, passesUnchecked);
        }
        return terms.cutsOff()
                ? cutOff.check(rules, value, terms.limitNanos(), call, passesUnchecked)
                : timed(rules, value, call);
    }

    /** Nobody can stop a pure function, so its time is measured when it has ended. */
    private Verdict<T> timed(Guardrail<T> rules, T value, CallState<?> call) {
        long start = time.nanoTime();
        Verdict<T> verdict = Rails.check(rules, value, call, passesUnchecked);
        long took = time.nanoTime() - start;
        if (took <= terms.limitNanos() || call.passedOn() != null) {
            return verdict;
        }
        Finding late = new Finding(
                "guardrail-late",
                Rails.FAILURE,
                "the guardrail took " + TimeUnit.NANOSECONDS.toMicros(took) + " µs, more than its limit of "
                        + TimeUnit.NANOSECONDS.toMicros(terms.limitNanos()) + " µs");
        if (!passesUnchecked) {
            return Verdict.block(late);
        }
        if (verdict instanceof Verdict.Pass) {
            return Verdict.flag(late);
        }
        note(Verdict.flag(late), call);
        return verdict; // what is known is not thrown away
    }
}
