// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.CallFacts;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Progress;
import io.github.incident4j.call.AsyncModelCall;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.call.InFlight;
import io.github.incident4j.call.ModelCall;
import io.github.incident4j.killswitch.internal.RateGate;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.killswitch.internal.SwitchMemory;
import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement.Stage;
import io.github.incident4j.model.TimeSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Carries out guarded calls. All configuration is in final fields; the only thing that changes is the switch table,
 * which is read once for each attempt at a route.
 *
 * <p>A call is a row of attempts. What an attempt needs before ({@link Admission}) and after ({@link #settle}), and
 * which route follows a failure ({@link Succession}), is the same for calls on the caller's thread, which run here, for
 * those that are answered later, which {@link AsyncRun} carries out, and for streams ({@link StreamRun}).
 */
public final class Guard<I, O> implements GuardedModel<I, O>, RouteControl {
    /**
     * What signatures on a call's way name and a plain call never makes. C2 inlines no method whose signature names a
     * class that nothing has loaded yet, and then allocates the {@link CallState} that it hands over.
     */
    @SuppressWarnings("unused") // that they are loaded is all
    private static final List<Class<?>> IN_SIGNATURES = List.of(
            CallNotes.class,
            Progress.class,
            CallFacts.class,
            RateGate.class,
            AsyncModelCall.class,
            Permits.class,
            Executor.class);

    private static final Failure CLOSED = new Failure.Closed();
    private static final Failure NULL_ANSWER = new Failure.NoAnswer("the model call returned null");
    private static final Failure CANCELLED = new Failure.Cancelled();
    private static final Failure TRAIL_REFUSED = new Failure.TrailRefused();

    private final GuardInfo info;
    private final Route<I, O>[] routes;
    private final Rails<I> inputRails;
    private final Rails<O> outputRails;
    private final List<RailSlot<?>> slots;
    private final InFlight inFlight;
    private final boolean timesModelsAlone; // somebody minds slow calls: a reading of the clock more
    private final @Nullable UnaryOperator<Runnable> contextHook;
    private final @Nullable CachedAnswers<I, O> cache;
    private final @Nullable Shadow<I, O> shadow;
    private final @Nullable ModelCall<? super I, ? extends O> bare; // where nothing is configured but the switch
    private final SwitchMemory switches;
    private final TimeSource time;
    private final CallTimer timer;
    private final AtomicLong numbers;
    private final Admission<I, O> admission;
    private final Succession succession;
    private final RunningCalls running;
    private final Attempts<I, O> attempts;
    private final DecisionWriter<I, O> writer;

    private final Outcome<O, O> plain = new Outcome.Plain<>();
    private final Outcome<O, Decision<O>> whole = new Outcome.Whole<>();

    /**
     * Creates a guard.
     *
     * @param spec what was configured
     * @param services what it needs of its runtime
     */
    @SuppressWarnings("unchecked") // an array of a generic type
    public Guard(GuardSpec<I, O> spec, GuardServices services) {
        this.info = spec.info();
        this.routes = (Route<I, O>[]) spec.routes().toArray(new Route<?, ?>[0]);
        CutOff cutOff = new CutOff();
        this.inputRails = new Rails<>(Stage.INPUT, spec.inputRails(), services.time(), cutOff);
        this.outputRails = new Rails<>(Stage.OUTPUT, spec.outputRails(), services.time(), cutOff);
        this.slots = spec.slots();
        this.inFlight = spec.inFlight();
        this.timesModelsAlone = spec.routes().stream().anyMatch(Route::mindsSlowCalls);
        this.contextHook = spec.contextHook();
        this.cache = spec.cache();
        this.shadow = spec.shadow();
        this.switches = services.switches().memory();
        this.time = services.time();
        this.timer = services.timer();
        this.numbers = services.numbers();
        this.admission = new Admission<>(spec, routes, services);
        this.succession = new Succession(routes, spec.rules());
        this.running = new RunningCalls(inFlight == InFlight.CANCEL, admission);
        this.attempts = new Attempts<>(this, timer, this::carrier, flight -> {});
        this.writer = new DecisionWriter<>(spec, services, this::killedMeanwhile);
        this.bare = spec.isSwitchOnly() && routes[0].answering() instanceof FunctionAnswering<I, O> function
                ? function.function()
                : null;
        if (running.isCancelling()) {
            services.switches().onRestriction(running::stopKilled);
        }
    }

    @Override
    public String name() {
        return info.model();
    }

    @Override
    public O call(I input) {
        ModelCall<? super I, ? extends O> function = bare;
        if (function != null) {
            SwitchTable table = switches.table();
            if (table == SwitchTable.OPEN || admission.isFree(table, 0)) { // the first is all that most calls pay for
                return callBare(function, input);
            }
        }
        return call(input, CallContext.empty());
    }

    @Override
    public O call(I input, CallContext context) {
        return run(input, context, plain);
    }

    @Override
    public Decision<O> decide(I input, CallContext context) {
        return run(input, context, whole);
    }

    @Override
    public CompletableFuture<Decision<O>> decideAsync(I input, CallContext context) {
        return new AsyncRun<>(this, begin(input, context), timer, carrier()).start();
    }

    @Override
    public boolean openBreaker(String route) {
        Breaker breaker = breakerOf(route);
        if (breaker != null) {
            breaker.open();
        }
        return breaker != null;
    }

    @Override
    public boolean hasBreaker(String route) {
        return breakerOf(route) != null;
    }

    private @Nullable Breaker breakerOf(String route) {
        int i = succession.numberOf(route);
        return i < 0 ? null : routes[i].breaker();
    }

    private Optional<RailSlot<?>> slotOf(String guardrail) {
        return slots.stream().filter(slot -> slot.name().equals(guardrail)).findFirst();
    }

    @Override
    public Optional<String> whyNotRules(String guardrail, String ruleSet) {
        return slotOf(guardrail)
                .map(slot -> slot.whyNot(ruleSet))
                .orElseGet(() -> RouteControl.super.whyNotRules(guardrail, ruleSet));
    }

    @Override
    public Optional<String> useRules(String guardrail, String ruleSet, Cause cause) {
        return slotOf(guardrail)
                .map(slot -> slot.use(ruleSet, cause))
                .orElseGet(() -> RouteControl.super.useRules(guardrail, ruleSet, cause));
    }

    @Override
    public Optional<RulesInstead> rulesInstead(String guardrail) {
        return slotOf(guardrail).flatMap(RailSlot::instead);
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
        try {
            return carryOut(call, outcome);
        } catch (Throwable thrown) {
            giveBack(call.permit);
            if (!call.recorded) {
                writer.brokenOff(
                        call.number, call.start, call.end, call.segments, call.trace, call.reserved, null, thrown);
            }
            throw thrown;
        }
    }

    /** Something that nobody expects has ended a call: an error of the JVM, or a mistake of ours. */
    void brokenOff(CallState<I> call, Throwable thrown) {
        brokenOff(call, null, thrown);
    }

    /** Of the last attempt's circuit breaker, if its permit has not come back. */
    private static void giveBack(Breaker.@Nullable Seen permit) {
        if (permit != null) {
            permit.release();
        }
    }

    private void brokenOff(CallState<I> call, @Nullable Progress progress, Throwable thrown) {
        giveBack(call.permit);
        call.permit = null;
        if (!call.recorded) {
            call.recorded = true;
            writer.brokenOff(
                    call.number, call.start, call.end, call.segments, call.trace, call.reserved, progress, thrown);
        }
    }

    private <R> R carryOut(CallState<I> call, Outcome<O, R> outcome) {
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
            i = succession.next(i, call);
            if (call.waitNanos() > 0) {
                i = attempts.pause(call, i);
            }
        }
        return refuse(call, call.refusal(), outcome);
    }

    CallState<I> begin(I input, CallContext context) {
        Objects.requireNonNull(context, "the context is null; use CallContext.empty()");
        long start = time.nanoTime();
        CallState<I> call = new CallState<>(numbers.getAndIncrement(), start, input, context, writer.segments());
        writer.readSegments(call);
        writer.begin(call);
        return call;
    }

    /** Looks for kills that leave no route, and checks the input; returns why the whole call is refused, or null. */
    @Nullable
    Failure admit(CallState<I> call) {
        SwitchTable table = switches.table();
        if (table.isClosed()) {
            return CLOSED;
        }
        // Where neither guardrails nor the trail are asked first, the first attempt shows what kills.
        boolean isFree = table == SwitchTable.OPEN || (inputRails.isEmpty() && !writer.isRequired());
        Failure killed = isFree ? null : admission.killed(table, call);
        if (killed != null) {
            return killed; // nor is kept what they have not seen
        }
        Failure refusal = check(call);
        if (timesModelsAlone && (!inputRails.isEmpty() || call.notes() != null)) {
            call.end = time.nanoTime(); // what the host's own code took is not the model's time
        }
        return refusal;
    }

    private @Nullable Failure check(CallState<I> call) {
        I checked = inputRails.isEmpty() ? call.input : inputRails.judge(call.input, call, false);
        if (checked == null) {
            writer.saw(call);
            return new Failure.InputBlocked(Trace.of(call.trace).lastJudgement());
        }
        call.input = checked;
        writer.saw(call);
        return writer.reserve(call) ? null : TRAIL_REFUSED;
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
            Failure stop = admission.permission(i, call);
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
                    admission.release(route, call);
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
                && !running.isCancelling()
                && (!route.interruptible()
                        || (route.timeLimitNanos() == CallState.NO_DEADLINE && !admission.hasDeadline()));
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
        if (stopped == null && output != null && admission.isLate(call, end)) {
            stopped = admission.pastDeadline(true); // nobody could stop it, and nobody has its answer any more
        }
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
            breaker.succeeded(call, end - attemptStart, output);
        }
        if (isVoid(i, call)) {
            return null;
        }
        if (outputRails.isEmpty()) {
            return output;
        }
        O judged = outputRails.judge(output, call, mayAskAgain);
        if (judged != null && isVoid(i, call)) { // a kill that came while they judged
            judged = null;
            call.end = time.nanoTime();
        } else if (judged == null) {
            call.end = time.nanoTime(); // the guardrails' time is not that of the next attempt
            if (!call.askAgain) {
                call.skip(
                        route.name(),
                        new Failure.OutputBlocked(Trace.of(call.trace).lastJudgement()));
            }
        }
        return judged;
    }

    void stopped(Route<I, O> route, Failure why, long nanos, CallState<I> call) {
        Breaker breaker = route.breaker();
        if (breaker != null) {
            if (why instanceof Failure.TimedOut timedOut && timedOut.started()) {
                breaker.failed(call, nanos, new ToldFailure("timed out"));
            } else {
                breaker.release(call); // it says nothing of the model's health
            }
        }
        if (why instanceof Failure.Killed) {
            admission.noteWish(route.name(), call);
        }
        call.skip(route.name(), why);
    }

    /** Gives the breaker's permit back in one way or the other, and puts the failure on the trace. */
    void failed(Route<I, O> route, @Nullable Throwable thrown, long nanos, CallState<I> call) {
        Breaker breaker = route.breaker();
        if (thrown == null) {
            Failure failure = call.whyNoAnswer() == null ? NULL_ANSWER : new Failure.NoAnswer(call.whyNoAnswer());
            if (breaker != null) {
                breaker.failed(call, nanos, new ToldFailure("no answer"));
            }
            call.skip(route.name(), failure);
            return;
        }
        if (Interruptions.isInterruption(thrown)) {
            Interruptions.keep(thrown);
            if (breaker != null) {
                breaker.release(call); // it says nothing of the model's health
            }
            call.skip(route.name(), CANCELLED);
            call.passOn(thrown);
            return;
        }
        if (breaker != null) {
            breaker.failed(call, nanos, thrown);
        }
        call.skip(route.name(), new Failure.ModelError(thrown));
        if (thrown instanceof VirtualMachineError) {
            call.passOn(thrown);
        }
    }

    /**
     * Whether a kill makes an answer void: one of the route that came during the call, where that matters, or one of
     * the route that a cached answer is of. The trace then holds the failure.
     */
    private boolean isVoid(int i, CallState<I> call) {
        Route<I, O> route = routes[i];
        Failure kill = killedMeanwhile(call, i);
        if (kill instanceof Failure.Killed) {
            admission.noteWish(route.name(), call);
            if (inFlight == InFlight.CANCEL && route.isModel()) {
                call.stopped(kill); // whoever sees the kill first, it is a cancelled call
            }
        }
        String cachedOf = call.cachedOf();
        if (kill == null && cachedOf != null) {
            kill = admission.killed(cachedOf, call);
        }
        if (kill == null) {
            return false;
        }
        call.skip(route.name(), kill);
        return true;
    }

    private @Nullable Failure killedMeanwhile(CallState<I> call, int i) {
        return inFlight == InFlight.FINISH ? null : admission.killedMeanwhile(routes[i].name(), call);
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

    // ---- the end ----------------------------------------------------------------------------------------------

    /** Ends a call with an answer: records it, keeps it, compares it. */
    <R> R answer(CallState<I> call, int i, O output, Outcome<O, R> outcome) {
        long latency = call.end - call.start;
        Failure notGiven = writer.answered(call, i, output, null);
        if (notGiven != null) {
            return outcome.refused(info, call.number, notGiven, latency, null, call.trace);
        }
        if (routes[i].isModel()) {
            if (cache != null) {
                cache.keep(call.original, output, routes[i].name());
            }
            if (shadow != null) {
                compare(shadow, call, i, output);
            }
        }
        return outcome.answered(info, call.number, i, output, latency, call.staleForNanos(), call.trace);
    }

    private void compare(Shadow<I, O> beside, CallState<I> call, int i, O output) {
        SwitchTable.Call lookup =
                admission.lookup(call); // the comparison itself must not look at a call that has ended
        BooleanSupplier mayRun = () -> admission.mayRunBeside(beside.name(), lookup);
        if (mayRun.getAsBoolean()) {
            beside.run(info, call.number, i, call.input, output, mayRun, writer.journal(), time, contextHook);
        }
    }

    /** Ends a call without an answer; throws what must reach the caller as it is. */
    <R> R refuse(CallState<I> call, Failure failure, Outcome<O, R> outcome) {
        long end = time.nanoTime();
        Throwable passedOn = call.passedOn();
        Failure recordedAs = passedOn == null || call.trace == null ? failure : call.trace.lastOr(failure);
        writer.refused(call, end, recordedAs, null);
        if (passedOn != null) {
            throw Sneaky.rethrow(passedOn);
        }
        return outcome.refused(info, call.number, failure, end - call.start, null, call.trace);
    }

    // ---- streams ----------------------------------------------------------------------------------------------

    /** The stream of a route has come to its end; refused if its record was not taken and may not be missing. */
    Decision<O> streamed(CallState<I> call, int i, O summary, Progress progress, long modelNanos) {
        call.end = time.nanoTime();
        Breaker breaker = routes[i].breaker();
        if (breaker != null) {
            breaker.succeeded(call, modelNanos, summary);
        }
        long latency = call.end - call.start;
        Failure notGiven = writer.answered(call, i, summary, progress);
        return notGiven == null
                ? whole.answered(info, call.number, i, summary, latency, -1, call.trace)
                : whole.refused(info, call.number, notGiven, latency, summary, call.trace);
    }

    /** A stream has ended without coming to its end. */
    Decision<O> cut(CallState<I> call, Failure failure, O partial, Progress progress) {
        long end = time.nanoTime();
        writer.refused(call, end, failure, progress);
        return whole.refused(info, call.number, failure, end - call.start, partial, call.trace);
    }

    /** Something that nobody expects has ended a stream. */
    Decision<O> brokenOff(CallState<I> call, Throwable thrown, O partial, Progress progress) {
        brokenOff(call, progress, thrown);
        return whole.refused(
                info, call.number, new Failure.ModelError(thrown), call.end - call.start, partial, call.trace);
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

    Admission<I, O> admission() {
        return admission;
    }

    Succession succession() {
        return succession;
    }

    /** What follows a wait before a retry, on a thread of the guard; a kill that cancels ends the wait. */
    CallTimer.Continuation afterWait(int next, CallState<I> call, Runnable task) {
        return afterWait(next, call, task, all -> timer.continuation(name(), all));
    }

    /** The same for one who waits, and is woken. */
    CallTimer.Continuation wakeAfterWait(int next, CallState<I> call, Runnable wake) {
        return afterWait(next, call, wake, timer::signal);
    }

    private CallTimer.Continuation afterWait(
            int next, CallState<I> call, Runnable task, Function<Runnable, CallTimer.Continuation> made) {
        AtomicReference<@Nullable Waiting> noted = new AtomicReference<>();
        CallTimer.Continuation wait = made.apply(() -> {
            Waiting over = noted.get();
            if (over != null) {
                running.ended(over);
            }
            task.run();
        });
        Waiting waiting =
                new Waiting(routes[next].name(), running.isCancelling() ? admission.lookup(call) : null, wait);
        noted.set(waiting);
        running.started(waiting, call.table());
        if (wait.isSubmitted()) { // by who was faster, and may not have seen it
            running.ended(waiting);
        }
        return wait;
    }

    RunningCalls running() {
        return running;
    }

    /** Captures the context of this thread. */
    Carrier carrier() {
        return Carrier.capture(contextHook);
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
}
