// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.Judgement.Action;
import io.github.incident4j.model.Judgement.Stage;
import io.github.incident4j.model.TimeSource;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Carries out guarded calls. All configuration is in final fields; the only thing that changes is the switch table,
 * which is read once for each route that is tried.
 */
public final class Guard<I, O> implements GuardedModel<I, O> {
    private static final @Nullable String[] NO_SEGMENTS = new String[0];
    private static final double[] NO_VALUES = new double[0];
    private static final Failure CLOSED = new Failure.Closed();
    private static final Failure BREAKER_OPEN = new Failure.BreakerOpen();
    private static final Failure NULL_ANSWER = new Failure.NullAnswer();
    private static final Failure CANCELLED = new Failure.Cancelled();

    private final GuardInfo info;
    private final Route<I, O>[] routes;
    private final SegmentSource<I>[] segments;
    private final Guardrail<I>[] inputRails;
    private final Guardrail<O>[] outputRails;
    private final Detection<I, O>[] detections;
    private final boolean recorded;
    private final boolean switchOnly;
    private final SwitchBoard switches;
    private final Journal journal;
    private final TimeSource time;
    private final AtomicLong numbers;
    private final Outcome<O, O> plain = new Outcome.Plain<>();
    private final Outcome<O, Decision<O>> whole = new Outcome.Whole<>();

    /**
     * Creates a guard from parts that were checked.
     *
     * @param info what all its decisions have in common
     * @param routes the routes in their order, at least one
     * @param segments the declared segment attributes
     * @param inputRails the guardrails on inputs
     * @param outputRails the guardrails on outputs
     * @param detections what is watched
     * @param recorded whether decisions are recorded
     * @param services what it needs of its runtime
     */
    @SuppressWarnings("unchecked") // rails and detections only consume I and O, so a wider type serves as well
    public Guard(
            GuardInfo info,
            List<Route<I, O>> routes,
            List<SegmentSource<I>> segments,
            List<Guardrail<? super I>> inputRails,
            List<Guardrail<? super O>> outputRails,
            List<Detection<? super I, ? super O>> detections,
            boolean recorded,
            GuardServices services) {
        this.info = info;
        this.routes = (Route<I, O>[]) routes.toArray(new Route<?, ?>[0]);
        this.segments = (SegmentSource<I>[]) segments.toArray(new SegmentSource<?>[0]);
        this.inputRails = (Guardrail<I>[]) inputRails.toArray(new Guardrail<?>[0]);
        this.outputRails = (Guardrail<O>[]) outputRails.toArray(new Guardrail<?>[0]);
        this.detections = (Detection<I, O>[]) detections.toArray(new Detection<?, ?>[0]);
        this.recorded = recorded;
        this.switches = services.switches();
        this.journal = services.journal();
        this.time = services.time();
        this.numbers = services.numbers();
        this.switchOnly = !recorded
                && inputRails.isEmpty()
                && outputRails.isEmpty()
                && this.routes.length == 1
                && this.routes[0].breaker() == null;
    }

    @Override
    public String name() {
        return info.model();
    }

    @Override
    public O call(I input) {
        if (switchOnly && switches.table() == SwitchTable.OPEN) {
            return callBare(input);
        }
        return run(input, CallContext.empty(), plain);
    }

    @Override
    public Decision<O> decide(I input, CallContext context) {
        return run(input, context, whole);
    }

    /** Nothing is configured and nothing is set: the call costs what the one volatile read before it costs. */
    private O callBare(I input) {
        O output;
        try {
            output = routes[0].function().call(input);
        } catch (Throwable thrown) {
            if (isInterruption(thrown)) {
                keepInterrupt(thrown);
            }
            throw Sneaky.rethrow(thrown);
        }
        if (output == null) {
            return plain.refused(info, numbers.getAndIncrement(), NULL_ANSWER, 0, null);
        }
        return output;
    }

    private <R> R run(I input, CallContext context, Outcome<O, R> outcome) {
        SwitchTable table = switches.table();
        long start = time.nanoTime();
        long number = numbers.getAndIncrement();
        @Nullable String[] segmentValues = segmentsOf(input, context);
        Trace trace = null;
        if (table.isClosed()) {
            return refuse(number, start, CLOSED, trace, segmentValues, outcome);
        }

        I checked = input;
        for (Guardrail<I> rail : inputRails) {
            Verdict<I> verdict = check(rail, checked);
            if (verdict instanceof Verdict.Pass) {
                continue;
            }
            Judgement judgement = judgementOf(rail.name(), Stage.INPUT, verdict);
            trace = Trace.of(trace).judge(judgement);
            if (verdict instanceof Verdict.Rewrite<I> rewrite) {
                checked = rewrite.value();
            } else if (!(verdict instanceof Verdict.Flag)) {
                return refuse(number, start, new Failure.InputBlocked(judgement), trace, segmentValues, outcome);
            }
        }

        for (int i = 0; i < routes.length; i++) {
            Route<I, O> route = routes[i];
            long attemptStart = start;
            if (i > 0) {
                table = switches.table();
                attemptStart = time.nanoTime();
            }
            Failure stop = permission(route, table, segmentValues);
            if (stop != null) {
                trace = Trace.of(trace).skip(route.name(), stop);
                continue;
            }
            @Nullable O output = null;
            Throwable thrown = null;
            try {
                output = route.function().call(checked);
            } catch (Throwable caught) { // becomes a failure on record, or is passed on
                thrown = caught;
            }
            long end = time.nanoTime();
            if (output == null) {
                trace = failed(route, thrown, end - attemptStart, Trace.of(trace));
            } else {
                succeeded(route, end - attemptStart, output);
                for (int r = 0; r < outputRails.length && output != null; r++) {
                    Verdict<O> verdict = check(outputRails[r], output);
                    if (!(verdict instanceof Verdict.Pass)) {
                        trace = Trace.of(trace);
                        output = judged(route, checked, output, r, verdict, trace);
                        break;
                    }
                }
            }
            if (output == null) {
                Throwable passedOn = Trace.of(trace).passedOn();
                if (passedOn != null) {
                    Failure failure = Trace.skipped(trace).get(i).failure();
                    record(number, start, end, failure, trace, segmentValues);
                    throw Sneaky.rethrow(passedOn);
                }
                continue;
            }
            if (recorded) {
                journal.record(DecisionRecord.answered(
                        info,
                        number,
                        start,
                        end - start,
                        i,
                        Trace.skipped(trace),
                        Trace.judgements(trace),
                        segmentValues,
                        valuesOf(checked, output)));
            }
            return outcome.answered(info, number, i, output, end - start, trace);
        }
        return refuse(number, start, Trace.skipped(trace).get(0).failure(), trace, segmentValues, outcome);
    }

    /** Says why the route may not be called now, or acquires its breaker's permit. */
    private @Nullable Failure permission(Route<I, O> route, SwitchTable table, @Nullable String[] segmentValues) {
        if (table != SwitchTable.OPEN) {
            if (table.isClosed()) {
                return CLOSED;
            }
            Switch killed = table.covering(info.model(), route.name(), info.segments(), segmentValues);
            if (killed != null) {
                return new Failure.Killed(killed.scope(), killed.cause());
            }
        }
        Breaker breaker = route.breaker();
        return breaker == null || breaker.tryAcquire() ? null : BREAKER_OPEN;
    }

    private static <I, O> void succeeded(Route<I, O> route, long nanos, O output) {
        Breaker breaker = route.breaker();
        if (breaker != null) {
            breaker.succeeded(nanos, output);
        }
    }

    /** Gives the breaker's permit back in one way or the other, and puts the failure on the trace. */
    private static <I, O> Trace failed(Route<I, O> route, @Nullable Throwable thrown, long nanos, Trace trace) {
        Breaker breaker = route.breaker();
        if (thrown != null && isInterruption(thrown)) {
            keepInterrupt(thrown);
            if (breaker != null) {
                breaker.release(); // it says nothing of the model's health
            }
            return trace.skip(route.name(), CANCELLED).passOn(thrown);
        }
        if (breaker != null) {
            breaker.failed(nanos, thrown == null ? new NullAnswerException() : thrown);
        }
        if (thrown == null) {
            return trace.skip(route.name(), NULL_ANSWER);
        }
        trace.skip(route.name(), new Failure.ModelError(thrown));
        return thrown instanceof VirtualMachineError ? trace.passOn(thrown) : trace;
    }

    private static boolean isInterruption(Throwable thrown) {
        return thrown instanceof InterruptedException
                || thrown instanceof CancellationException
                || thrown instanceof ClosedByInterruptException
                || (thrown instanceof InterruptedIOException && !(thrown instanceof SocketTimeoutException))
                || Thread.currentThread().isInterrupted();
    }

    /** The exception may reach code that does not expect it; the flag is what everybody looks at. */
    private static void keepInterrupt(Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- guardrails -------------------------------------------------------------------------------------------

    private static <T> Verdict<T> check(Guardrail<T> rail, T value) {
        try {
            Verdict<T> verdict = rail.check(value);
            return verdict != null ? verdict : broken("returned no verdict");
        } catch (Throwable e) { // checked ones too, which some languages throw undeclared
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

    /**
     * Judges an output from the first guardrail on that has something to say. Returns what may be answered, or null
     * when the output is blocked; the trace then holds the failure.
     */
    private @Nullable O judged(Route<I, O> route, I input, O first, int from, Verdict<O> firstVerdict, Trace trace) {
        O output = first;
        Verdict<O> verdict = firstVerdict;
        boolean retried = false;
        int i = from;
        while (true) {
            if (!(verdict instanceof Verdict.Pass)) {
                Judgement judgement = judgementOf(outputRails[i].name(), Stage.OUTPUT, verdict);
                trace.judge(judgement);
                if (verdict instanceof Verdict.Rewrite<O> rewrite) {
                    output = rewrite.value();
                } else if (verdict instanceof Verdict.Retry && !retried) {
                    retried = true;
                    O again = askAgain(route, input, trace);
                    if (again == null) {
                        return null;
                    }
                    output = again;
                    i = -1; // a new answer passes all guardrails from the first
                } else if (!(verdict instanceof Verdict.Flag)) {
                    trace.skip(route.name(), new Failure.OutputBlocked(judgement));
                    return null;
                }
            }
            if (++i == outputRails.length) {
                return output;
            }
            verdict = check(outputRails[i], output);
        }
    }

    private @Nullable O askAgain(Route<I, O> route, I input, Trace trace) {
        Breaker breaker = route.breaker();
        if (breaker != null && !breaker.tryAcquire()) {
            trace.skip(route.name(), BREAKER_OPEN);
            return null;
        }
        long start = time.nanoTime();
        @Nullable O output = null;
        Throwable thrown = null;
        try {
            output = route.function().call(input);
        } catch (Throwable caught) { // becomes a failure on record, or is passed on
            thrown = caught;
        }
        long nanos = time.nanoTime() - start;
        if (output == null) {
            failed(route, thrown, nanos, trace);
        } else {
            succeeded(route, nanos, output);
        }
        return output;
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

    private <R> R refuse(
            long number,
            long start,
            Failure failure,
            @Nullable Trace trace,
            @Nullable String[] segmentValues,
            Outcome<O, R> outcome) {
        long end = time.nanoTime();
        record(number, start, end, failure, trace, segmentValues);
        return outcome.refused(info, number, failure, end - start, trace);
    }

    private void record(
            long number,
            long start,
            long end,
            Failure failure,
            @Nullable Trace trace,
            @Nullable String[] segmentValues) {
        if (recorded) {
            journal.record(DecisionRecord.refused(
                    info,
                    number,
                    start,
                    end - start,
                    failure,
                    Trace.skipped(trace),
                    Trace.judgements(trace),
                    segmentValues));
        }
    }
}
