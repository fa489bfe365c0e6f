// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Skipped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened on the way of one call beside the answer; made only when there is something to tell. */
final class Trace {
    private static final int MAX_JUDGEMENTS = 64;

    private final List<Skipped> skipped = new ArrayList<>(2);
    private final List<Judgement> judgements = new ArrayList<>(2);
    private @Nullable Throwable passedOn;

    static Trace of(@Nullable Trace trace) {
        return trace == null ? new Trace() : trace;
    }

    static List<Skipped> skipped(@Nullable Trace trace) {
        return trace == null ? List.of() : List.copyOf(trace.skipped);
    }

    static List<Judgement> judgements(@Nullable Trace trace) {
        return trace == null ? List.of() : List.copyOf(trace.judgements);
    }

    /** The routes that were tried, not copied. */
    List<Skipped> attempts() {
        return skipped;
    }

    /** The failure of the route that was tried last. */
    Skipped last() {
        return skipped.get(skipped.size() - 1);
    }

    /** The failure of the route that was tried last, if one was. */
    Failure lastOr(Failure otherwise) {
        return skipped.isEmpty() ? otherwise : last().failure();
    }

    Trace skip(String route, Failure failure) {
        skipped.add(new Skipped(route, failure));
        return this;
    }

    Trace judge(Judgement judgement) {
        if (judgements.size() == MAX_JUDGEMENTS) { // a stream may be flagged at every element; the last one counts
            judgements.remove(MAX_JUDGEMENTS - 1);
        }
        judgements.add(judgement);
        return this;
    }

    /** Puts a judgement in the place of an earlier one; adds it if that is not there. */
    Trace judgeInstead(@Nullable Judgement earlier, Judgement judgement) {
        int at = judgements.lastIndexOf(earlier);
        if (at < 0) {
            return judge(judgement);
        }
        judgements.set(at, judgement);
        return this;
    }

    Judgement lastJudgement() {
        return judgements.get(judgements.size() - 1);
    }

    /** Notes a throwable that must reach the caller at once and selects no other route. */
    Trace passOn(Throwable thrown) {
        passedOn = thrown;
        return this;
    }

    @Nullable
    Throwable passedOn() {
        return passedOn;
    }
}
