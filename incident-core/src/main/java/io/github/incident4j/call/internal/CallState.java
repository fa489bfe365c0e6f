// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.killswitch.SwitchState.Instead;
import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement;
import org.jspecify.annotations.Nullable;

/** One call on its way through a guard. Used by one thread at a time; asynchronous calls hand it on safely. */
public final class CallState<I> {
    static final long NO_DEADLINE = Long.MAX_VALUE;

    final long number;
    final long start;
    final CallContext context;
    final @Nullable String[] segments;

    I input;
    long deadline = NO_DEADLINE;
    long end; // when the last attempt ended

    @Nullable
    Trace trace;

    SwitchTable table = SwitchTable.OPEN; // by which the present attempt was let through
    SwitchTable.@Nullable Call lookup;
    long tried; // one bit for each route
    int @Nullable [] retries; // one count for each rule
    long waitNanos; // before the next attempt

    @Nullable
    Instead instead; // what the switch that stopped the last attempt says

    // Of the present attempt.
    @Nullable
    Failure stopped;

    @Nullable
    String noAnswer;

    boolean askAgain;
    long staleForNanos = -1;

    CallState(long number, long start, I input, CallContext context, @Nullable String[] segments) {
        this.number = number;
        this.start = start;
        this.end = start;
        this.input = input;
        this.context = context;
        this.segments = segments;
    }

    void beginAttempt() {
        stopped = null;
        noAnswer = null;
        askAgain = false;
        staleForNanos = -1;
    }

    /** What the switch table needs to know of the call; made when there is a switch at all. */
    SwitchTable.Call lookup(GuardInfo info, @Nullable String feature, @Nullable String key) {
        SwitchTable.Call known = lookup;
        if (known == null) {
            known = new SwitchTable.Call(info.model(), feature, info.segments(), segments, key, number);
            lookup = known;
        }
        return known;
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
        noAnswer = why;
    }

    /**
     * Says how old the answer is.
     *
     * @param nanos the age
     */
    public void staleFor(long nanos) {
        staleForNanos = Math.max(0, nanos);
    }

    void skip(String route, Failure failure) {
        trace = Trace.of(trace).skip(route, failure);
    }

    void judge(Judgement judgement) {
        trace = Trace.of(trace).judge(judgement);
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
        return Trace.skipped(trace).get(0).failure();
    }
}
