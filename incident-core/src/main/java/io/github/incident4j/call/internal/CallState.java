// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.RuleSetUsed;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.killswitch.SwitchState.Instead;
import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call on its way through a guard. Used by one thread at a time; asynchronous calls hand it on safely. */
public final class CallState<I> {
    static final long NOT_RESERVED = -1;
    static final long NO_DEADLINE = Long.MAX_VALUE;
    private static final @Nullable String[] NO_SEGMENTS = new String[0];

    final long number;
    final long start;
    final CallContext context;
    final @Nullable String[] segments;

    final I original; // what the caller asked
    I input; // what the routes see, which input guardrails may have rewritten
    long end; // when the last attempt ended
    int tried; // one bit for each route
    boolean askAgain; // a guardrail wants the model asked again
    long reserved = NOT_RESERVED; // so much payload has room in the journal, and the record
    boolean recorded; // or never will be

    @Nullable
    Trace trace;

    Breaker.@Nullable Seen permit; // of the route's circuit breaker, for the present attempt

    private @Nullable Extra extra; // most calls need nothing of it, and should not pay for it

    /** What only some calls need. */
    private static final class Extra {
        SwitchTable table = SwitchTable.OPEN;
        SwitchTable.@Nullable Call lookup;
        boolean @Nullable [] unreadable;

        @Nullable
        CallNotes notes;

        int @Nullable [] retries;
        long waitNanos;

        @Nullable
        Instead instead;

        @Nullable
        Failure stopped;

        boolean midway;

        @Nullable
        String noAnswer;

        long staleForNanos = -1;

        @Nullable
        String cachedOf;

        List<RuleSetUsed> rules = List.of();

        @Nullable
        Leaving leaving;
    }

    CallState(long number, long start, I input, CallContext context, int segments) {
        this.number = number;
        this.start = start;
        this.end = start;
        this.original = input;
        this.input = input;
        this.context = context;
        this.segments = segments == 0 ? NO_SEGMENTS : new String[segments];
    }

    private Extra extra() {
        Extra known = extra;
        if (known == null) {
            known = new Extra();
            extra = known;
        }
        return known;
    }

    void beginAttempt(int route) {
        tried |= 1 << route;
        askAgain = false;
        Extra known = extra;
        if (known != null) {
            if (known.notes != null) {
                known.notes.probe = false;
            }
            known.stopped = null;
            known.midway = false;
            known.noAnswer = null;
            known.staleForNanos = -1;
            known.cachedOf = null;
            if (known.leaving != null) {
                known.leaving.begin();
            }
        }
    }

    boolean isUntried(int route) {
        return (tried & (1 << route)) == 0;
    }

    /** The switch table by which the present attempt was let through, where that matters later. */
    SwitchTable table() {
        return extra == null ? SwitchTable.OPEN : extra.table;
    }

    void letThroughBy(SwitchTable table) {
        if (table != table()) {
            extra().table = table;
        }
    }

    /** What the switch table needs to know of the call; made when there is a switch at all. */
    SwitchTable.Call lookup(Supplier<SwitchTable.Call> made) {
        Extra known = extra();
        SwitchTable.Call lookup = known.lookup;
        if (lookup == null) {
            lookup = made.get();
            known.lookup = lookup;
        }
        return lookup;
    }

    /** Notes that the value of a segment attribute is unknown, as reading it failed. */
    void unreadable(int segment) {
        Extra known = extra();
        boolean[] unreadable = known.unreadable == null ? new boolean[segments.length] : known.unreadable;
        unreadable[segment] = true;
        known.unreadable = unreadable;
    }

    boolean @Nullable [] unreadable() {
        return extra == null ? null : extra.unreadable;
    }

    /** Counts a retry that a rule allows; returns which one it is, or 0 if it allows no more. */
    int retry(int rule, int rules, int allowed) {
        Extra known = extra();
        int[] retries = known.retries;
        if (retries == null) {
            retries = new int[rules];
            known.retries = retries;
        }
        return retries[rule] < allowed ? ++retries[rule] : 0;
    }

    /** How long to wait before the next attempt. */
    long waitNanos() {
        return extra == null ? 0 : extra.waitNanos;
    }

    void waitBeforeNext(long nanos) {
        if (nanos != waitNanos()) {
            extra().waitNanos = nanos;
        }
    }

    /** Notes what the switch that has just stopped an attempt says. */
    void instead(Instead instead) {
        extra().instead = instead;
    }

    /** What the switch that has just stopped an attempt says; asked once. */
    @Nullable
    Instead takeInstead() {
        Instead noted = extra == null ? null : extra.instead;
        if (noted != null) {
            extra().instead = null;
        }
        return noted;
    }

    /** Why the present attempt was stopped by us. */
    @Nullable
    Failure stopped() {
        return extra == null ? null : extra.stopped;
    }

    /** Notes that the present attempt was stopped on its way. */
    void stopped(@Nullable Failure why) {
        if (why != null) {
            extra().stopped = why;
            extra().midway = true;
        }
    }

    void stopped(StoppedException why) {
        extra().stopped = why.reason();
        extra().midway = why.began();
    }

    /** Whether the present attempt was stopped after its model call had begun. */
    boolean isStoppedMidway() {
        return extra != null && extra.midway;
    }

    /** The route that gave the answer of the present attempt once, if it is not new. */
    @Nullable
    String cachedOf() {
        return extra == null ? null : extra.cachedOf;
    }

    /** Says that the answer is not new. */
    void cachedOf(String route, long ageNanos) {
        extra().cachedOf = route;
        extra().staleForNanos = Math.max(0, ageNanos);
    }

    /** Why the present attempt has no answer, if the route said so. */
    @Nullable
    String whyNoAnswer() {
        return extra == null ? null : extra.noAnswer;
    }

    /** How old the answer of the present attempt is; negative if it is new. */
    long staleForNanos() {
        return extra == null ? -1 : extra.staleForNanos;
    }

    /** {@return the decision's number} */
    public long number() {
        return number;
    }

    /** {@return the values of the segment attributes} */
    public @Nullable String[] segments() {
        return segments;
    }

    /**
     * Says why the route has no answer.
     *
     * @param why in a few words
     */
    public void noAnswer(String why) {
        extra().noAnswer = why;
    }

    void skip(String route, Failure failure) {
        trace = Trace.of(trace).skip(route, failure);
    }

    void judge(Judgement judgement) {
        trace = Trace.of(trace).judge(judgement);
        found(judgement);
    }

    void judgeInstead(@Nullable Judgement earlier, Judgement judgement) {
        trace = Trace.of(trace).judgeInstead(earlier, judgement);
        found(judgement);
    }

    private void found(Judgement judgement) {
        Leaving leaving = leaving();
        if (leaving != null) {
            leaving.found(judgement);
        }
    }

    /** Has it noted which findings leave: of a stream, they need not be those of what was answered. */
    void noteWhatLeaves() {
        extra().leaving = new Leaving();
    }

    /** Which findings have left; null where nobody asks. */
    @Nullable
    Leaving leaving() {
        return extra == null ? null : extra.leaving;
    }

    /** Notes that the present attempt is one by which an open circuit breaker tries the model. */
    void probing() {
        CallNotes known = notes();
        known = known == null ? new CallNotes() : known;
        known.probe = true;
        notes(known);
    }

    /** Notes by which rules an exchangeable guardrail judges; the last ones count where it judges again. */
    void ruledBy(RuleSetUsed used) {
        Extra known = extra();
        if (known.rules.contains(used)) {
            return;
        }
        List<RuleSetUsed> more = new ArrayList<>(known.rules);
        more.removeIf(each -> each.guardrail().equals(used.guardrail()));
        more.add(used);
        known.rules = List.copyOf(more);
    }

    List<RuleSetUsed> rules() {
        return extra == null ? List.of() : extra.rules;
    }

    /** What is noted for the record; null where nothing of it is recorded. */
    @Nullable
    CallNotes notes() {
        return extra == null ? null : extra.notes;
    }

    void notes(CallNotes made) {
        extra().notes = made;
    }

    void passOn(Throwable thrown) {
        trace = Trace.of(trace).passOn(thrown);
    }

    @Nullable
    Throwable passedOn() {
        return trace == null ? null : trace.passedOn();
    }

    /** Why the call is refused: what kept the first route from answering. */
    Failure refusal() {
        return Trace.of(trace).attempts().get(0).failure();
    }
}
