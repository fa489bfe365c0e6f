// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.call.InFlight;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchState.Instead;
import io.github.incident4j.killswitch.internal.RateGate;
import io.github.incident4j.killswitch.internal.SwitchMemory;
import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a route may be called now, and for how long. The switch table is read once for each attempt.
 *
 * <p>What spends nothing is asked first: deadline, kills and shares, scope. Then the breaker, whose permit comes back
 * unused, and last the limits: a call that does not reach the model takes nothing from their rates.
 */
final class Admission<I, O> {
    private static final Failure CLOSED = new Failure.Closed();
    private static final Failure BREAKER_OPEN = new Failure.BreakerOpen();
    private static final Failure BREAKER_OPENED = new Failure.BreakerOpen(true);
    private static final Failure CANCELLED = new Failure.Cancelled();
    private static final Failure OUT_OF_SCOPE = new Failure.OutOfScope();

    private final GuardInfo info;
    private final Route<I, O>[] routes;
    private final long deadlineNanos;
    private final boolean finishing; // running calls are left alone, so nobody asks by which table they passed
    private final boolean cancelling; // running calls are asked about
    private final @Nullable String feature;
    private final @Nullable Function<? super I, @Nullable String> trafficKey;
    private final ModelLimits limits;
    private final SwitchMemory switches;
    private final TimeSource time;

    /** For each route a table that was found to have nothing for it. Threads race for it, and every value is right. */
    private final SwitchTable[] untouching;

    Admission(GuardSpec<I, O> spec, Route<I, O>[] routes, GuardServices services) {
        this.info = spec.info();
        this.routes = routes;
        this.untouching = new SwitchTable[routes.length];
        Arrays.fill(untouching, SwitchTable.OPEN);
        this.deadlineNanos = spec.deadlineNanos();
        this.finishing = spec.inFlight() == InFlight.FINISH;
        this.cancelling = spec.inFlight() == InFlight.CANCEL;
        this.feature = spec.feature();
        this.trafficKey = spec.trafficKey();
        this.limits = spec.limits();
        this.switches = services.switches().memory();
        this.time = services.time();
    }

    /** The failure of a call that has no time left. */
    Failure pastDeadline(boolean started) {
        return new Failure.TimedOut(Duration.ofNanos(deadlineNanos), started);
    }

    boolean hasDeadline() {
        return deadlineNanos != CallState.NO_DEADLINE;
    }

    /** Says why the route may not be called now, or acquires all its permits. */
    @Nullable
    Failure permission(int i, CallState<I> call) {
        Route<I, O> route = routes[i];
        call.beginAttempt(i);
        if (remaining(call) <= 0) {
            return pastDeadline(false);
        }
        SwitchTable table = switches.table();
        boolean waits = route.executor() != null; // and is asked about once more when it begins
        if (!finishing || waits) {
            call.letThroughBy(table);
        }
        boolean free = isFree(table, i);
        if (!free && table.isClosed()) {
            return CLOSED;
        }
        SwitchTable.Call known =
                free && !cancelling && !waits ? null : lookup(call); // before there is anything to give back
        if (call.passedOn() != null) {
            return CANCELLED; // by what reading its key has thrown
        }
        Switch stopping = free || known == null ? null : table.stopping(known, route.name());
        if (stopping != null) {
            return failureOf(stopping, call);
        }
        if (route.accepts() != null && !accepts(route.accepts(), call)) {
            return OUT_OF_SCOPE;
        }
        long now = hasRates(route, free) ? time.nanoTime() : 0; // the host's clock, read before anything is taken
        Breaker breaker = route.breaker();
        if (breaker != null && !breaker.tryAcquire(call)) {
            return breaker.isContained() ? BREAKER_OPENED : BREAKER_OPEN;
        }
        Failure limited = limited(route, call, free ? SwitchTable.OPEN : table, now);
        if (limited != null) {
            if (breaker != null) {
                breaker.release(call);
            }
            return limited;
        }
        if (breaker != null && Breaker.isProbing(call)) {
            noteProbe(route, call);
        }
        return null;
    }

    /**
     * Why the call is refused whatever it asks, before its guardrails look at it: kills leave it no route, or the first
     * one's wants none to answer. Each route is then noted as killed.
     */
    @Nullable
    Failure killed(SwitchTable table, CallState<I> call) {
        if (isFree(table, 0)) {
            return null;
        }
        SwitchTable.Call known = lookup(call);
        int killed = 0;
        boolean refused = false;
        while (killed < routes.length && !refused) {
            Switch kill = call.passedOn() != null ? null : table.killing(known, routes[killed].name());
            if (kill == null) {
                return null;
            }
            refused = killed == 0 && kill.state().instead() instanceof Instead.Refuse;
            killed++;
        }
        for (int i = 0; i < killed; i++) {
            String route = routes[i].name();
            Switch kill = Objects.requireNonNull(table.killing(known, route));
            call.skip(route, new Failure.Killed(kill.scope(), kill.cause()));
        }
        return call.refusal();
    }

    private void noteProbe(Route<I, O> route, CallState<I> call) {
        try {
            call.probing();
        } catch (Throwable e) {
            release(route, call);
            throw e;
        }
    }

    /** Whether no switch can touch a route: a comparison or two, until the switches change. */
    boolean isFree(SwitchTable table, int i) {
        if (table == SwitchTable.OPEN || table == untouching[i]) {
            return true;
        }
        if (table.mayTouch(info.model(), routes[i].name())) {
            return false;
        }
        untouching[i] = table;
        return true;
    }

    private static <I> boolean accepts(Predicate<? super I> scope, CallState<I> call) {
        try {
            return scope.test(call.input);
        } catch (Throwable e) { // the host's call must not suffer for it, but where it says that nobody waits
            Rails.endsCall(e, call);
            return false;
        }
    }

    private boolean hasRates(Route<I, O> route, boolean free) {
        return !free || route.gate() != null || (route.isModel() && !limits.isNone());
    }

    private @Nullable Failure limited(Route<I, O> route, CallState<I> call, SwitchTable table, long now) {
        boolean ofModel = route.isModel() && !limits.isNone();
        return route.permits() == null && !ofModel && route.gate() == null && table == SwitchTable.OPEN
                ? null // as of most
                : overLimits(route, call, table, ofModel, now);
    }

    /** Takes from all limits, or from none: what refuses, or throws, has those before it given back. */
    private @Nullable Failure overLimits(
            Route<I, O> route, CallState<I> call, SwitchTable table, boolean ofModel, long now) {
        Permits permits = route.permits();
        boolean elsewhere =
                route.executor() != null || route.async() != null; // with more between taking and giving back
        if (elsewhere && (permits != null || (ofModel && limits.hasPermits()))) {
            Permits.makeSureOfRoom();
        }
        if (permits != null && !permits.tryAcquire()) {
            return new Failure.Limited("the number of calls of route '" + route.name() + "' at once");
        }
        @Nullable String[] segments = call.segments; // what no handler is given, C2 need not allocate
        String over = null;
        try {
            over = ofModel ? limits.acquire(segments, now) : null;
        } catch (Throwable e) {
            giveBack(permits);
            throw e;
        }
        if (over != null) {
            giveBack(permits);
            return new Failure.Limited(over);
        }
        Failure spent;
        try {
            spent = overRates(route, call, table, ofModel, now);
        } catch (Throwable e) {
            release(route, segments);
            throw e;
        }
        if (spent != null) {
            release(route, segments);
        }
        return spent;
    }

    private static void giveBack(@Nullable Permits permits) {
        if (permits != null) {
            permits.release();
        }
    }

    /** Takes from the rates of the route and of the switches, or has those of the model given back. */
    private @Nullable Failure overRates(
            Route<I, O> route, CallState<I> call, SwitchTable table, boolean ofModel, long now) {
        RateGate gate = route.gate();
        boolean passes = gate == null || gate.tryPass(now);
        Switch usedUp = passes && table != SwitchTable.OPEN ? table.take(lookup(call), route.name(), now) : null;
        if (passes && usedUp == null) {
            return null;
        }
        if (passes && gate != null) {
            gate.giveBack();
        }
        if (ofModel) {
            limits.giveBackRates(call.segments);
        }
        return usedUp != null
                ? failureOf(usedUp, call)
                : new Failure.Limited("the rate of route '" + route.name() + "'");
    }

    /** Gives back what limits the number of calls at once. */
    void release(Route<I, O> route, CallState<I> call) {
        release(route, call.segments);
    }

    private void release(Route<I, O> route, @Nullable String[] segments) {
        if (route.isModel() && limits.hasPermits()) {
            limits.release(segments); // first: it takes more of the stack, which may be full
        }
        giveBack(route.permits());
    }

    private Failure failureOf(Switch stopping, CallState<I> call) {
        if (!(stopping.state().instead() instanceof Instead.ByRule)) {
            call.instead(stopping.state().instead());
        }
        if (stopping.state() instanceof SwitchState.Killed) {
            return new Failure.Killed(stopping.scope(), stopping.cause());
        }
        return new Failure.Limited("switch " + stopping.scope() + " of "
                + stopping.cause().by() + " because: " + stopping.cause().because());
    }

    /** What the switch table needs to know of a call. */
    SwitchTable.Call lookup(CallState<I> call) {
        return call.lookup(() -> new SwitchTable.Call(
                info.model(),
                call.context.feature().orElse(feature),
                info.segments(),
                call.segments,
                call.unreadable(),
                call.context.attributes(),
                keyOf(call),
                call.number));
    }

    private @Nullable String keyOf(CallState<I> call) {
        if (call.context.key().isPresent() || trafficKey == null) {
            return call.context.key().orElse(null);
        }
        try {
            return trafficKey.apply(call.original); // as segments: a redaction must not make one user of all
        } catch (Throwable e) {
            Rails.endsCall(e, call);
            return null; // the call then falls on a side by itself
        }
    }

    /**
     * Whether a route that answers beside the others may run for this call. Where a rate covers it, it may not: what a
     * rate lets pass is for calls that are answered.
     */
    boolean mayRunBeside(String route, SwitchTable.Call lookup) {
        SwitchTable table = switches.table();
        if (!table.mayTouch(info.model(), route)) {
            return true;
        }
        return !table.isClosed() && table.stopping(lookup, route) == null && !table.isRated(lookup, route);
    }

    /** The switch that kills a running call's route, seen by one volatile read where nothing has changed. */
    @Nullable
    Failure killedMeanwhile(String route, CallState<I> call) {
        return switches.table() == call.table() ? null : killedMeanwhile(route, lookup(call), call.table());
    }

    /** The same for a call of which only the lookup is known. */
    @Nullable
    Failure killedMeanwhile(String route, SwitchTable.Call lookup, @Nullable SwitchTable before) {
        SwitchTable table = switches.table();
        if (table == before) {
            return null;
        }
        if (table.isClosed()) {
            return CLOSED;
        }
        Switch kill = table.killing(lookup, route);
        return kill == null ? null : new Failure.Killed(kill.scope(), kill.cause());
    }

    /** Notes what the switch that has killed a running call wants instead, as where it lets none begin. */
    void noteWish(String route, CallState<I> call) {
        Switch kill = switches.table().killing(lookup(call), route);
        if (kill != null) {
            failureOf(kill, call);
        }
    }

    /** The switch that kills a route for this call now, whenever it was set; nothing is spent. */
    @Nullable
    Failure killed(String route, CallState<I> call) {
        SwitchTable table = switches.table();
        return table.mayTouch(info.model(), route) ? killedMeanwhile(route, lookup(call), null) : null;
    }

    /** How long an attempt may take from now on. */
    long limitOf(Route<I, O> route, CallState<I> call) {
        return Math.min(route.timeLimitNanos(), Math.max(0, remaining(call)));
    }

    /**
     * The failure of an answer that came after its route's time limit, as nobody could stop it; null if it is in time.
     */
    @Nullable
    Failure late(Route<I, O> route, long start) {
        long limit = route.timeLimitNanos();
        return limit != CallState.NO_DEADLINE && time.nanoTime() - start > limit
                ? new Failure.TimedOut(Duration.ofNanos(limit), true)
                : null;
    }

    /** How long to wait before the next attempt: not beyond the call's deadline. */
    long waitOf(CallState<I> call) {
        return Math.min(call.waitNanos(), Math.max(0, remaining(call)));
    }

    /** Whether an attempt that has ended then is beyond the call's deadline. */
    boolean isLate(CallState<I> call, long end) {
        return hasDeadline() && end - call.start > deadlineNanos;
    }

    /** How long until the call's deadline. */
    long remaining(CallState<I> call) {
        return deadlineNanos == CallState.NO_DEADLINE
                ? CallState.NO_DEADLINE
                : call.start + deadlineNanos - time.nanoTime();
    }
}
