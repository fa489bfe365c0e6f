// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.audit.internal.Progress;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.call.InFlight;
import io.github.incident4j.call.ModelCall;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchState.Instead;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement.Stage;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Carries out guarded calls. All configuration is in final fields; the only thing that changes is the switch table,
 * which is read once for each attempt at a route.
 *
 * <p>A call is a row of attempts. What an attempt needs before ({@link #permission}) and after ({@link #settle}), and
 * which route follows a failure ({@link #next}), is the same for calls on the caller's thread, which run here, and for
 * those that are answered later, which {@link AsyncRun} carries out.
 */
public final class Guard<I, O> implements GuardedModel<I, O>, RouteControl {
    private static final @Nullable String[] NO_SEGMENTS = new String[0];
    private static final double[] NO_VALUES = new double[0];
    private static final Failure CLOSED = new Failure.Closed();
    private static final Failure BREAKER_OPEN = new Failure.BreakerOpen();
    private static final Failure NULL_ANSWER = new Failure.NoAnswer("the model call returned null");
    private static final Failure CANCELLED = new Failure.Cancelled();
    private static final Failure OUT_OF_SCOPE = new Failure.OutOfScope();
    private static final Failure TRAIL_REFUSED = new Failure.TrailRefused();

    private final GuardInfo info;
    private final Route<I, O>[] routes;
    private final SegmentSource<I>[] segments;
    private final Guardrail<I>[] inputRails;
    private final Guardrail<O>[] outputRails;
    private final Detection<I, O>[] detections;
    private final Rule[] rules;
    private final boolean recorded;
    private final boolean trailRequired;
    private final long deadlineNanos;
    private final InFlight inFlight;
    private final @Nullable String feature;
    private final @Nullable Function<? super I, @Nullable String> trafficKey;
    private final @Nullable UnaryOperator<Runnable> contextHook;
    private final ModelLimits limits;
    private final @Nullable CachedAnswers<I, O> cache;
    private final @Nullable Shadow<I, O> shadow;
    private final @Nullable ModelCall<? super I, ? extends O> bare; // where nothing is configured but the switch
    private final SwitchBoard switches;
    private final Journal journal;
    private final TimeSource time;
    private final CallTimer timer;
    private final AtomicLong numbers;
    private final Set<Stoppable> running = ConcurrentHashMap.newKeySet(); // only where running calls are cancelled
    private final Attempts<I, O> attempts;

    /** A table that was found to have nothing for this model. Threads race for it, and every value is right. */
    private SwitchTable untouching = SwitchTable.OPEN;

    private final Outcome<O, O> plain = new Outcome.Plain<>();
    private final Outcome<O, Decision<O>> whole = new Outcome.Whole<>();

    /**
     * Creates a guard.
     *
     * @param spec what was configured
     * @param services what it needs of its runtime
     */
    @SuppressWarnings("unchecked") // rails and detections only consume I and O, so a wider type serves as well
    public Guard(GuardSpec<I, O> spec, GuardServices services) {
        this.info = spec.info();
        this.routes = (Route<I, O>[]) spec.routes().toArray(new Route<?, ?>[0]);
        this.segments = (SegmentSource<I>[]) spec.segments().toArray(new SegmentSource<?>[0]);
        this.inputRails = (Guardrail<I>[]) spec.inputRails().toArray(new Guardrail<?>[0]);
        this.outputRails = (Guardrail<O>[]) spec.outputRails().toArray(new Guardrail<?>[0]);
        this.detections = (Detection<I, O>[]) spec.detections().toArray(new Detection<?, ?>[0]);
        this.rules = spec.rules().toArray(new Rule[0]);
        this.recorded = spec.recorded();
        this.trailRequired = spec.trailRequired();
        this.deadlineNanos = spec.deadlineNanos();
        this.inFlight = spec.inFlight();
        this.feature = spec.feature();
        this.trafficKey = spec.trafficKey();
        this.contextHook = spec.contextHook();
        this.limits = spec.limits();
        this.cache = spec.cache();
        this.shadow = spec.shadow();
        this.switches = services.switches();
        this.journal = services.journal();
        this.time = services.time();
        this.timer = services.timer();
        this.numbers = services.numbers();
        boolean switchOnly = !recorded
                && inputRails.length == 0
                && outputRails.length == 0
                && routes.length == 1
                && rules.length == 0
                && deadlineNanos == CallState.NO_DEADLINE
                && inFlight == InFlight.FINISH
                && limits.isNone()
                && shadow == null
                && isBare(routes[0]);
        this.bare = switchOnly && routes[0].answering() instanceof FunctionAnswering<I, O> function
                ? function.function()
                : null;
        this.attempts = new Attempts<>(this, timer, contextHook);
        if (inFlight == InFlight.CANCEL) {
            switches.onRestriction(this::stopKilled);
        }
    }

    private static boolean isBare(Route<?, ?> route) {
        return route.breaker() == null
                && route.answering() != null
                && route.executor() == null
                && route.timeLimitNanos() == CallState.NO_DEADLINE
                && route.gate() == null
                && route.permits() == null
                && route.accepts() == null;
    }

    @Override
    public String name() {
        return info.model();
    }

    @Override
    public O call(I input) {
        ModelCall<? super I, ? extends O> function = bare;
        if (function != null && isFree(switches.table())) {
            return callBare(function, input);
        }
        return run(input, CallContext.empty(), plain);
    }

    @Override
    public Decision<O> decide(I input, CallContext context) {
        return run(input, context, whole);
    }

    @Override
    public CompletableFuture<Decision<O>> decideAsync(I input, CallContext context) {
        return new AsyncRun<>(this, begin(input, context), timer, Carrier.capture(contextHook)).start();
    }

    @Override
    public boolean openBreaker(String route) {
        int i = numberOf(route);
        Breaker breaker = i < 0 ? null : routes[i].breaker();
        if (breaker != null) {
            breaker.open();
        }
        return breaker != null;
    }

    /** Nothing is configured and nothing is set: the call costs what the one volatile read before it costs. */
    private O callBare(ModelCall<? super I, ? extends O> function, I input) {
        @Nullable O output;
        try {
            output = function.call(input);
        } catch (Throwable thrown) {
            if (Interruptions.isInterruption(thrown)) {
                Interruptions.keep(thrown);
            }
            throw Sneaky.rethrow(thrown);
        }
        if (output == null) {
            return plain.refused(info, numbers.getAndIncrement(), NULL_ANSWER, 0, null, null);
        }
        return output;
    }

    private <R> R run(I input, CallContext context, Outcome<O, R> outcome) {
        CallState<I> call = begin(input, context);
        Failure refusal = admit(call);
        if (refusal != null) {
            return refuse(call, refusal, outcome);
        }
        int i = 0;
        while (i >= 0) {
            @Nullable O output = attempt(i, call);
            if (output != null) {
                return answer(call, i, output, outcome);
            }
            i = next(i, call);
            if (call.waitNanos() > 0) {
                i = attempts.pause(call, i);
            }
        }
        return refuse(call, call.refusal(), outcome);
    }

    CallState<I> begin(I input, CallContext context) {
        long start = time.nanoTime();
        return new CallState<>(numbers.getAndIncrement(), start, input, context, segmentsOf(input, context));
    }

    /** Checks the input; returns why the whole call is refused, or null. */
    @Nullable
    Failure admit(CallState<I> call) {
        if (switches.table().isClosed()) {
            return CLOSED;
        }
        I checked = inputRails.length == 0 ? call.input : Rails.judge(inputRails, Stage.INPUT, call.input, call, false);
        if (checked == null) {
            return new Failure.InputBlocked(Trace.of(call.trace).lastJudgement());
        }
        call.input = checked;
        return null;
    }

    // ---- one attempt ------------------------------------------------------------------------------------------

    /**
     * Tries a route on this thread, once more if a guardrail asks for it; returns null if the trace holds a failure.
     */
    private @Nullable O attempt(int i, CallState<I> call) {
        Route<I, O> route = routes[i];
        boolean again = false;
        while (true) {
            long start = call.end;
            Failure stop = permission(i, call);
            if (stop != null) {
                call.skip(route.name(), stop);
                return null;
            }
            @Nullable O output = null;
            Throwable thrown = null;
            try {
                output = route.answering() != null && isPlain(route)
                        ? route.answering().answer(call.input, call)
                        : attempts.run(route, call);
            } catch (Throwable caught) { // becomes a failure on record, or is passed on
                thrown = caught;
            } finally {
                if (attempts.endsHere(route)) {
                    release(route, call);
                }
            }
            output = settle(i, call, output, thrown, start, !again);
            if (!call.askAgain) {
                return output;
            }
            again = true;
        }
    }

    private boolean isPlain(Route<I, O> route) {
        return route.executor() == null
                && inFlight != InFlight.CANCEL
                && (!route.interruptible()
                        || (route.timeLimitNanos() == CallState.NO_DEADLINE && deadlineNanos == CallState.NO_DEADLINE));
    }

    /** Says why the route may not be called now, or acquires all its permits. */
    @Nullable
    Failure permission(int i, CallState<I> call) {
        Route<I, O> route = routes[i];
        call.beginAttempt(i);
        if (remaining(call) <= 0) {
            return new Failure.TimedOut(Duration.ofNanos(deadlineNanos), false);
        }
        SwitchTable table = switches.table();
        if (inFlight != InFlight.FINISH) {
            call.letThroughBy(table);
        }
        if (!isFree(table)) {
            if (table.isClosed()) {
                return CLOSED;
            }
            Switch stopping = table.stopping(lookup(call), route.name(), time.nanoTime());
            if (stopping != null) {
                return failureOf(stopping, call);
            }
        }
        if (route.accepts() != null && !accepts(route, call.input)) {
            return OUT_OF_SCOPE;
        }
        Failure limited = limited(route, call);
        if (limited != null) {
            return limited;
        }
        Breaker breaker = route.breaker();
        if (breaker != null && !breaker.tryAcquire()) {
            release(route, call);
            return BREAKER_OPEN;
        }
        return null;
    }

    /** Whether no switch can touch this model: one comparison, until the switches change. */
    private boolean isFree(SwitchTable table) {
        if (table == SwitchTable.OPEN || table == untouching) {
            return true;
        }
        if (table.mayTouch(info.model())) {
            return false;
        }
        untouching = table;
        return true;
    }

    private static <I> boolean accepts(Route<I, ?> route, I input) {
        try {
            return route.accepts() == null || route.accepts().test(input);
        } catch (RuntimeException | Error e) {
            return false; // the host's call must not suffer for it
        }
    }

    private @Nullable Failure limited(Route<I, O> route, CallState<I> call) {
        if (route.isModel() && !limits.isNone()) {
            String over = limits.acquire(call.segments, time.nanoTime());
            if (over != null) {
                return new Failure.Limited(over);
            }
        }
        Semaphore permits = route.permits();
        if (permits != null && !permits.tryAcquire()) {
            releaseOfModel(route, call);
            return new Failure.Limited("the number of calls of route '" + route.name() + "' at once");
        }
        if (route.gate() != null && !route.gate().tryPass(time.nanoTime())) {
            release(route, call);
            return new Failure.Limited("the rate of route '" + route.name() + "'");
        }
        return null;
    }

    /** Gives back what limits the number of calls at once. */
    void release(Route<I, O> route, CallState<I> call) {
        if (route.permits() != null) {
            route.permits().release();
        }
        releaseOfModel(route, call);
    }

    private void releaseOfModel(Route<I, O> route, CallState<I> call) {
        if (route.isModel() && limits.hasPermits()) {
            limits.release(call.segments);
        }
    }

    private Failure failureOf(Switch stopping, CallState<I> call) {
        if (stopping.state() instanceof SwitchState.Killed killed) {
            call.instead(killed.instead());
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
                keyOf(call),
                call.number));
    }

    private @Nullable String keyOf(CallState<I> call) {
        if (call.context.key().isPresent() || trafficKey == null) {
            return call.context.key().orElse(null);
        }
        try {
            return trafficKey.apply(call.input);
        } catch (RuntimeException | Error e) {
            return null; // the call then falls on a side by itself
        }
    }

    /**
     * Takes what an attempt has brought: gives the breaker's permit back, looks whether the answer may be used, and
     * lets the guardrails judge it.
     *
     * @return what may be answered; null if a guardrail wants the model asked again, or the trace holds a failure
     */
    @Nullable
    O settle(
            int i,
            CallState<I> call,
            @Nullable O output,
            @Nullable Throwable thrown,
            long attemptStart,
            boolean mayAskAgain) {
        Route<I, O> route = routes[i];
        long end = time.nanoTime();
        call.end = end;
        Failure stopped = call.stopped();
        if (stopped != null) {
            stopped(route, stopped, end - attemptStart, call);
            return null;
        }
        if (output == null) {
            failed(route, thrown, end - attemptStart, call);
            return null;
        }
        Breaker breaker = route.breaker();
        if (breaker != null) {
            breaker.succeeded(end - attemptStart, output);
        }
        if (inFlight != InFlight.FINISH && isKilledMeanwhile(route, call)) {
            return null;
        }
        if (outputRails.length == 0) {
            return output;
        }
        O judged = Rails.judge(outputRails, Stage.OUTPUT, output, call, mayAskAgain);
        if (judged == null && !call.askAgain) {
            call.skip(
                    route.name(), new Failure.OutputBlocked(Trace.of(call.trace).lastJudgement()));
        }
        return judged;
    }

    void stopped(Route<I, O> route, Failure why, long nanos, CallState<I> call) {
        Breaker breaker = route.breaker();
        if (breaker != null) {
            if (why instanceof Failure.TimedOut) {
                breaker.failed(nanos, new FailureException("timed out"));
            } else {
                breaker.release(); // it says nothing of the model's health
            }
        }
        call.skip(route.name(), why);
    }

    /** Gives the breaker's permit back in one way or the other, and puts the failure on the trace. */
    void failed(Route<I, O> route, @Nullable Throwable thrown, long nanos, CallState<I> call) {
        Breaker breaker = route.breaker();
        if (thrown == null) {
            Failure failure = call.whyNoAnswer() == null ? NULL_ANSWER : new Failure.NoAnswer(call.whyNoAnswer());
            if (breaker != null) {
                breaker.failed(nanos, new FailureException("no answer"));
            }
            call.skip(route.name(), failure);
            return;
        }
        if (Interruptions.isInterruption(thrown)) {
            Interruptions.keep(thrown);
            if (breaker != null) {
                breaker.release(); // it says nothing of the model's health
            }
            call.skip(route.name(), CANCELLED);
            call.passOn(thrown);
            return;
        }
        if (breaker != null) {
            breaker.failed(nanos, thrown);
        }
        call.skip(route.name(), new Failure.ModelError(thrown));
        if (thrown instanceof VirtualMachineError) {
            call.passOn(thrown);
        }
    }

    /** Whether a kill that came during the call makes its answer void; the trace then holds the failure. */
    private boolean isKilledMeanwhile(Route<I, O> route, CallState<I> call) {
        Failure kill = killedMeanwhile(route.name(), lookup(call), call.table());
        if (kill == null) {
            return false;
        }
        call.skip(route.name(), kill);
        return true;
    }

    private @Nullable Failure killedMeanwhile(String route, SwitchTable.Call lookup, @Nullable SwitchTable before) {
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

    // ---- running calls ----------------------------------------------------------------------------------------

    /** Notes a running call, if running calls are cancelled; stops it at once if a kill was faster. */
    void started(Stoppable call, SwitchTable by) {
        if (inFlight == InFlight.CANCEL) {
            running.add(call);
            stopIfKilled(call, by);
        }
    }

    void ended(Stoppable call) {
        if (inFlight == InFlight.CANCEL) {
            running.remove(call);
        }
    }

    boolean isCancelling() {
        return inFlight == InFlight.CANCEL;
    }

    private void stopKilled() {
        for (Stoppable call : running) {
            stopIfKilled(call, null);
        }
    }

    private void stopIfKilled(Stoppable call, @Nullable SwitchTable by) {
        SwitchTable.Call lookup = call.lookup();
        Failure kill = lookup == null ? null : killedMeanwhile(call.route(), lookup, by);
        if (kill != null) {
            call.stop(kill);
        }
    }

    /** How long an attempt may take from now on. */
    long limitOf(Route<I, O> route, CallState<I> call) {
        return Math.min(route.timeLimitNanos(), Math.max(0, remaining(call)));
    }

    /** How long until the call's deadline. */
    long remaining(CallState<I> call) {
        return deadlineNanos == CallState.NO_DEADLINE
                ? CallState.NO_DEADLINE
                : call.start + deadlineNanos - time.nanoTime();
    }

    Route<I, O> route(int i) {
        return routes[i];
    }

    static <I, O> Answering<I, O> answering(Route<I, O> route) {
        Answering<I, O> answering = route.answering();
        if (answering == null) {
            throw new IllegalStateException("route '" + route.name() + "' answers later");
        }
        return answering;
    }

    // ---- what follows a failure -------------------------------------------------------------------------------

    /**
     * Decides what follows the failure of a route, which the trace holds: the next route's number, the same one for a
     * retry, or a negative number if the call is refused. What to wait before is in the call's state.
     */
    int next(int i, CallState<I> call) {
        call.waitBeforeNext(0);
        if (call.passedOn() != null) {
            return Rule.REFUSE;
        }
        Failure failure = Trace.of(call.trace).last().failure();
        if (failure instanceof Failure.Closed) {
            return Rule.REFUSE;
        }
        Instead instead = call.takeInstead();
        if (failure instanceof Failure.Killed && instead != null) {
            if (instead instanceof Instead.Refuse) {
                return Rule.REFUSE;
            }
            int preferred = instead.preferred().map(this::numberOf).orElse(Rule.REFUSE);
            if (preferred >= 0 && call.isUntried(preferred)) {
                return preferred;
            }
        }
        for (int r = 0; r < rules.length; r++) {
            Rule rule = rules[r];
            if (rule.matches().test(routes[i].name(), failure)) {
                return byRule(r, rule, i, call);
            }
        }
        boolean unsafe = failure instanceof Failure.TimedOut timedOut && timedOut.started() && !routes[i].idempotent();
        return unsafe ? Rule.REFUSE : nextUntried(i, call);
    }

    private int byRule(int r, Rule rule, int i, CallState<I> call) {
        int retry = rule.retries() == 0 ? 0 : call.retry(r, rules.length, rule.retries());
        if (retry > 0) {
            call.waitBeforeNext(rule.backoffNanos().applyAsLong(retry));
            return i;
        }
        return switch (rule.then()) {
            case Rule.NEXT -> nextUntried(i, call);
            case Rule.REFUSE -> Rule.REFUSE;
            default -> call.isUntried(rule.then()) ? rule.then() : Rule.REFUSE;
        };
    }

    private int nextUntried(int i, CallState<I> call) {
        for (int k = i + 1; k < routes.length; k++) {
            if (call.isUntried(k)) {
                return k;
            }
        }
        return Rule.REFUSE;
    }

    private int numberOf(String route) {
        for (int i = 0; i < routes.length; i++) {
            if (routes[i].name().equals(route)) {
                return i;
            }
        }
        return Rule.REFUSE;
    }

    // ---- values and records -----------------------------------------------------------------------------------

    private @Nullable String[] segmentsOf(I input, CallContext context) {
        if (segments.length == 0) {
            return NO_SEGMENTS;
        }
        @Nullable String[] values = new String[segments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = segments[i].valueFor(input, context);
        }
        return values;
    }

    private double[] valuesOf(I input, O output) {
        if (detections.length == 0) {
            return NO_VALUES;
        }
        double[] values = new double[detections.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = detections[i].valueOf(input, output);
        }
        return values;
    }

    /** Ends a call with an answer: records it, keeps it, compares it. */
    <R> R answer(CallState<I> call, int i, O output, Outcome<O, R> outcome) {
        long latency = call.end - call.start;
        if (recorded) {
            boolean taken = journal.record(answered(call, i, output));
            if (!taken && trailRequired) {
                return outcome.refused(info, call.number, TRAIL_REFUSED, latency, null, call.trace);
            }
        }
        if (routes[i].isModel()) {
            if (cache != null) {
                cache.keep(call.input, output);
            }
            if (shadow != null) {
                runShadow(shadow, call, i, output);
            }
        }
        return outcome.answered(info, call.number, i, output, latency, call.staleForNanos(), call.trace);
    }

    private DecisionRecord answered(CallState<I> call, int i, O output) {
        return DecisionRecord.answered(
                info,
                call.number,
                call.start,
                call.end - call.start,
                i,
                call.staleForNanos(),
                Trace.skipped(call.trace),
                Trace.judgements(call.trace),
                call.segments,
                valuesOf(call.input, output));
    }

    private DecisionRecord refused(CallState<I> call, long end, Failure failure) {
        return DecisionRecord.refused(
                info,
                call.number,
                call.start,
                end - call.start,
                failure,
                Trace.skipped(call.trace),
                Trace.judgements(call.trace),
                call.segments);
    }

    private void runShadow(Shadow<I, O> beside, CallState<I> call, int i, O output) {
        SwitchTable table = switches.table();
        if (isFree(table)
                || (!table.isClosed() && table.stopping(lookup(call), beside.name(), time.nanoTime()) == null)) {
            beside.run(info, call.number, i, call.input, output, journal, time);
        }
    }

    /** Ends a call without an answer; throws what must reach the caller as it is. */
    <R> R refuse(CallState<I> call, Failure failure, Outcome<O, R> outcome) {
        long end = time.nanoTime();
        Throwable passedOn = call.passedOn();
        Failure recordedAs = passedOn == null || call.trace == null ? failure : call.trace.lastOr(failure);
        if (recorded) {
            journal.record(refused(call, end, recordedAs));
        }
        if (passedOn != null) {
            throw Sneaky.rethrow(passedOn);
        }
        return outcome.refused(info, call.number, failure, end - call.start, null, call.trace);
    }

    // ---- streams ----------------------------------------------------------------------------------------------

    /** The stream of a route has come to its end. */
    Decision<O> streamed(CallState<I> call, int i, O summary, Progress progress, long attemptStart) {
        call.end = time.nanoTime();
        Breaker breaker = routes[i].breaker();
        if (breaker != null) {
            breaker.succeeded(call.end - attemptStart, summary);
        }
        if (recorded) {
            journal.record(answered(call, i, summary).ofStream(progress));
        }
        return whole.answered(info, call.number, i, summary, call.end - call.start, -1, call.trace);
    }

    /** A stream has ended without coming to its end. */
    Decision<O> cut(CallState<I> call, Failure failure, O partial, Progress progress) {
        long end = time.nanoTime();
        if (recorded) {
            journal.record(refused(call, end, failure).ofStream(progress));
        }
        return whole.refused(info, call.number, failure, end - call.start, partial, call.trace);
    }

    /** What is thrown where a whole call would throw: the model's own exception, or a refusal. */
    Throwable thrownFor(CallState<I> call, Failure failure) {
        try {
            plain.refused(info, call.number, failure, 0, null, call.trace);
            return new IllegalStateException("a refusal is always thrown");
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    /** The switch that kills a running stream's route, seen by one volatile read where nothing has changed. */
    @Nullable
    Failure killed(String route, CallState<I> call) {
        return switches.table() == call.table() ? null : killedMeanwhile(route, lookup(call), call.table());
    }

    InFlight inFlight() {
        return inFlight;
    }

    Outcome<O, Decision<O>> whole() {
        return whole;
    }

    TimeSource time() {
        return time;
    }

    List<String> routeNames() {
        return info.routes().stream().map(GuardInfo.Route::name).toList();
    }
}
