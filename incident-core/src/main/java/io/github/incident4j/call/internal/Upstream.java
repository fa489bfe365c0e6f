// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.call.InFlight;
import io.github.incident4j.call.StreamSummary;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The route that is open: what {@link StreamRun} gets its elements from. */
final class Upstream<I, T> extends Stoppable implements Flow.Subscriber<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
    private static final int IDLE = 0;
    private static final int PASSING = 1;
    private static final int STOPPING = 2; // while an element is passed on
    private static final int STOPPED = 3;

    private static final long NEVER = Long.MIN_VALUE;

    /** How many routes one thread may be opening, each by the failure of the one before. */
    private static final int MOST_NESTED = 8;

    private final StreamRun<I, T> run;
    private final StreamGuard<I, T> stream;
    private final Guard<I, StreamSummary> guard;
    private final Rails<T> rails;
    private final boolean killable;
    private final boolean stoppable; // between two elements, by another thread
    private final CallState<I> begun;
    private final int i;
    private final long start;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean first = new AtomicBoolean(); // won by the first element, or by the time limit
    private final AtomicLong askedAt = new AtomicLong(NEVER); // for the first element of this route
    private volatile long firstAt = NEVER; // when it came, or the end without one
    private final AtomicInteger passing = new AtomicInteger(IDLE);
    private final AtomicReference<@Nullable Failure> why = new AtomicReference<>();
    private volatile Flow.@Nullable Subscription subscription;
    private @Nullable Outlet<T> outlet; // where there are guardrails on the whole of a stream
    private volatile @Nullable Future<?> alarm;
    private volatile @Nullable Future<?> deadline;
    private @Nullable Thread passer; // only this very thread can see itself here
    private boolean begunToPass;
    private boolean unbounded; // everything was asked for from the start, as most do
    private boolean direct; // and nothing judges an element, or waits for the end of its passing
    private final Upstream<I, T> base; // the first one of those that are being opened one upon another
    private @Nullable Thread opener; // of a base; only this very thread can see itself here
    private int nested; // of a base, by its opener
    private @Nullable Runnable putOff; // of a base, by its opener

    Upstream(
            StreamRun<I, T> run,
            StreamGuard<I, T> stream,
            CallState<I> begun,
            int i,
            long start,
            @Nullable Upstream<I, T> before) {
        super(
                stream.guard().route(i).name(),
                stream.guard().inFlight() == InFlight.FINISH
                        ? null
                        : stream.guard().admission().lookup(begun));
        this.run = run;
        this.stream = stream;
        this.guard = stream.guard();
        this.rails = stream.elementRails();
        this.killable = guard.inFlight() != InFlight.FINISH;
        this.stoppable = guard.running().isCancelling() || guard.admission().hasDeadline();
        this.begun = begun;
        this.i = i;
        this.start = start;
        this.base = before != null && before.base.isOpenedHere() ? before.base : this;
    }

    /** Opens the route; it may end before that returns. */
    @SuppressWarnings("ReferenceEquality") // whether it is this very one
    void open() {
        if (base == this) {
            opener = Thread.currentThread();
        }
        base.nested++;
        try {
            connect();
        } finally {
            base.nested--;
            if (base == this) {
                goOn();
                opener = null;
            }
        }
    }

    private void goOn() {
        for (Runnable next = putOff; next != null; next = putOff) {
            putOff = null;
            next.run();
        }
    }

    private void connect() {
        Flow.Publisher<? extends T> publisher;
        try {
            publisher = stream.stream(i).open(begun.input);
        } catch (Throwable thrown) { // becomes a failure on record, or is passed on
            failed(thrown);
            return;
        }
        if (publisher == null) {
            failed(null);
            return;
        }
        try {
            publisher.subscribe(this);
        } catch (Throwable thrown) { // against the rules, and a failure all the same
            failed(thrown);
        }
    }

    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    private boolean isOpenedHere() {
        return opener == Thread.currentThread();
    }

    /**
     * Carries the run on. Routes that fail while they are opened would pile up on the stack, a retry upon a retry. So
     * only a few do, as the failed model's own code, which lies beneath what follows then, may take its time to return;
     * what follows them waits until the stack is low again, or until the stream is cancelled or late.
     */
    private void carryOn() {
        if (base.isOpenedHere() && base.nested >= MOST_NESTED) {
            base.putOff = run.putOff(begun, i);
        } else {
            run.after(begun, i);
        }
    }

    /** Ends it; true for one caller only, who then carries the run on. */
    boolean end() {
        return ended.compareAndSet(false, true);
    }

    void limitTime() {
        if (guard.admission().hasDeadline()) {
            Failure late = guard.admission().pastDeadline(true);
            deadline = stream.timer().limit(Math.max(0, guard.admission().remaining(begun)), () -> stop(late));
        }
        if (run.isAskedFor()) {
            asked(start);
        }
        if (ended.get()) {
            endLimits(); // who has ended it meanwhile may not have seen them
        }
    }

    /**
     * An element is asked for. The time to the first one counts from here on: before that, the reader takes its time.
     */
    void asked() {
        if (askedAt.get() == NEVER) {
            asked(guard.time().nanoTime());
        }
    }

    private void asked(long now) {
        long limit = Math.min(stream.timeToFirstNanos(), guard.route(i).timeLimitNanos());
        if (askedAt.compareAndSet(NEVER, now) && limit != Long.MAX_VALUE) {
            Failure late = new Failure.TimedOut(Duration.ofNanos(limit), true);
            alarm = stream.timer().limit(limit, () -> {
                if (first.compareAndSet(false, true)) {
                    stop(late);
                }
            });
            if (ended.get() || first.get()) {
                cancel(alarm); // as above
            }
        }
    }

    /** How long the model took to its first element, or to its end without one; the reader's time is not in it. */
    private long modelNanos() {
        long asked = askedAt.get();
        long came = firstAt;
        return asked == NEVER ? 0 : Math.max(0, (came == NEVER ? guard.time().nanoTime() : came) - asked);
    }

    /** Where demand goes; null as long as there is no way. */
    Flow.@Nullable Subscription subscription() {
        return subscription;
    }

    boolean hasEnded() {
        return ended.get();
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        Objects.requireNonNull(newSubscription, "the subscription is null");
        if (subscription != null) {
            newSubscription.cancel(); // rule 2.5
            return;
        }
        Flow.Subscription way = newSubscription;
        if (!stream.streamRails().isEmpty()) {
            outlet = new Outlet<>(
                    this, newSubscription, new StreamCheck<>(stream.streamRails(), begun), begun.leaving());
            way = outlet;
        }
        Flow.Subscription known = way;
        long wanted = run.demandFor(() -> subscription = known);
        unbounded = wanted == Long.MAX_VALUE;
        direct = unbounded && outlet == null && rails.isEmpty() && !stoppable;
        if (ended.get()) {
            cancelSubscription();
        } else if (wanted > 0) {
            request(known, wanted);
        }
    }

    @Override
    public void onNext(T element) {
        Objects.requireNonNull(element, "an element is null");
        if (direct && begunToPass) {
            if (!isCut()) {
                run.passOn(element);
            }
            return;
        }
        boolean interrupted = isInterruptedForAnother();
        try {
            take(element);
        } finally {
            giveBack(interrupted);
        }
    }

    /**
     * An interrupt of the model's own thread is none of the guardrails that judge there, nor of the route that follows;
     * it is taken from the thread until {@link #giveBack}.
     */
    private boolean isInterruptedForAnother() {
        boolean judges = outlet != null || !rails.isEmpty();
        return judges && !base.isOpenedHere() && !run.isAskedHere() && Thread.interrupted();
    }

    private static void giveBack(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(T element) {
        Outlet<T> out = outlet;
        if (out == null ? unbounded || run.isAskedFor() : out.isAsked()) {
            nextInTurn(element);
            if (out != null) {
                out.taken();
            }
        } else if (!ended.get()) {
            cancelSubscription();
            onError(new IllegalStateException("the model brought more elements than it was asked for"));
        }
    }

    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    private void nextInTurn(T element) {
        if (!enter()) {
            if (passer == Thread.currentThread() && passing.get() == PASSING) {
                next(element); // asked for while the one before it is being passed on
            }
            return;
        }
        try {
            next(element);
        } catch (Throwable thrown) { // an error of the JVM: the stream has its end all the same
            broke(thrown);
            throw thrown;
        } finally {
            exit();
        }
    }

    /** Begins to pass on; false if it was stopped, or passes on already. */
    boolean enter() {
        if (!stoppable) {
            return true;
        }
        if (!passing.compareAndSet(IDLE, PASSING)) {
            return false;
        }
        passer = Thread.currentThread();
        return true;
    }

    /** Has passed on; whoever wanted it stopped meanwhile is served now. */
    void exit() {
        if (!stoppable) {
            return;
        }
        passer = null;
        if (!passing.compareAndSet(PASSING, IDLE) && end()) {
            Failure reason = Objects.requireNonNull(why.get());
            settleStop(begunToPass ? notByTheModel(reason) : reason); // an element of it was in other hands
            carryOn();
        }
    }

    private void next(T element) {
        if (ended.get()) {
            return;
        }
        if (!begunToPass && !isFirst()) {
            return;
        }
        if (isCut()) {
            return;
        }
        T judged = rails.isEmpty() ? element : rails.judge(element, begun, false);
        if (judged == null) {
            blocked(Trace.of(begun.trace).lastJudgement());
            return;
        }
        if (!rails.isEmpty() && isCut()) { // a kill that came while they judged
            return;
        }
        Outlet<T> out = outlet;
        if (out != null) {
            out.take(judged);
            return;
        }
        Leaving leaving = rails.isEmpty() ? null : begun.leaving();
        if (leaving != null) {
            leaving.leave(i);
        }
        run.passOn(judged);
    }

    /** Whether nothing may leave any more, since it has ended or ends now by a kill. */
    boolean isCut() {
        if (ended.get()) {
            return true;
        }
        Failure kill = killable ? guard.admission().killedMeanwhile(route(), begun) : null;
        if (kill == null) {
            return false;
        }
        if (end()) {
            settleStop(kill);
            carryOn();
        }
        return true;
    }

    /** Passes on what has come out of the guardrails on the whole of the stream, the first, second, … element. */
    void passOn(T element, long number) {
        Leaving leaving = begun.leaving();
        if (leaving != null) {
            leaving.leave(i, number);
        }
        run.passOn(element);
    }

    private boolean isFirst() {
        if (!first.compareAndSet(false, true)) {
            return false; // the time limit was faster
        }
        begunToPass = true;
        firstAt = guard.time().nanoTime();
        cancel(alarm);
        run.cameFirst(firstAt);
        return true;
    }

    /** A guardrail has blocked an element, or the stream. The model itself has done its work. */
    void blocked(Judgement judgement) {
        begun.skip(route(), new Failure.OutputBlocked(judgement));
        if (end()) {
            leave();
            cancelSubscription();
            Breaker breaker = guard.route(i).breaker();
            if (breaker != null) {
                breaker.succeeded(begun, modelNanos(), "blocked");
            }
            carryOn();
        }
    }

    @Override
    public void onError(Throwable thrown) {
        Objects.requireNonNull(thrown, "the error is null");
        Outlet<T> out = outlet;
        if (out == null) {
            failed(thrown);
        } else {
            out.failed(thrown);
        }
    }

    void failed(@Nullable Throwable thrown) {
        if (!end()) {
            return;
        }
        leave();
        if (thrown != null && Interruptions.isOfAThread(thrown) && !base.isOpenedHere() && !run.isAskedHere()) {
            Failure limited =
                    new Failure.Limited("the thread on which route '" + route() + "' answers was interrupted");
            guard.stopped(guard.route(i), limited, modelNanos(), begun);
            stream.timer().continuation(guard.name(), this::carryOn).submit(); // which is no interrupt of what follows
        } else {
            guard.failed(guard.route(i), thrown, modelNanos(), begun);
            carryOn();
        }
    }

    /** Tells the model of demand; one that throws then, against rule 3.16, has failed. */
    void request(Flow.Subscription way, long n) {
        try {
            way.request(n);
        } catch (Throwable thrown) {
            broke(thrown);
        }
    }

    /** It has failed, and does not know: it works no longer, or for nobody. */
    void broke(Throwable thrown) {
        failed(thrown);
        cancelSubscription();
    }

    @Override
    public void onComplete() {
        boolean interrupted = isInterruptedForAnother();
        try {
            complete();
        } finally {
            giveBack(interrupted);
        }
    }

    private void complete() {
        Outlet<T> out = outlet;
        if (out == null) {
            completed();
        } else if (begunToPass) {
            out.completed();
        } else if (first.compareAndSet(false, true)) { // else the time limit was faster
            firstAt = guard.time().nanoTime();
            cancel(alarm);
            out.completed();
        }
    }

    void completed() {
        if (!end()) {
            return;
        }
        leave();
        if (!run.completed(begun, i, modelNanos())) {
            releaseBreaker();
            run.cancelled();
        }
    }

    /**
     * Ends it from outside: a time limit, a kill. While an element is being passed on, its thread does the rest, so
     * that nobody waits for a slow subscriber.
     */
    @Override
    void stop(Failure reason) {
        if (!why.compareAndSet(null, reason)) {
            return;
        }
        while (!ended.get()) {
            if (passing.compareAndSet(IDLE, STOPPED)) {
                if (end()) {
                    Failure told = isOwing() ? reason : notByTheModel(reason);
                    leave();
                    stream.timer().cancel(guard.name(), this::cancelSubscription);
                    stream.timer() // whose thread must not run what the host has configured
                            .continuation(guard.name(), () -> {
                                stopped(told);
                                carryOn();
                            })
                            .submit();
                }
                return;
            }
            if (passing.compareAndSet(PASSING, STOPPING)) {
                return;
            }
        }
    }

    /** Whether the model has not brought what it was asked for; when no element is being passed on. */
    private boolean isOwing() {
        Outlet<T> out = subscription == null ? null : outlet;
        return out == null ? run.isAskedFor() : out.isOwed();
    }

    /** The model is late only while something is asked of it; else the time was the reader's, or the guardrails'. */
    private static Failure notByTheModel(Failure reason) {
        return reason instanceof Failure.TimedOut late ? new Failure.TimedOut(late.limit(), false) : reason;
    }

    private void settleStop(Failure reason) {
        leave();
        cancelSubscription();
        stopped(reason);
    }

    private void stopped(Failure reason) {
        if (guard.running().isCancelling()) {
            begun.stopped(reason); // whoever sees the kill first, it is a cancelled call
        }
        guard.stopped(guard.route(i), reason, modelNanos(), begun);
    }

    /** Nobody waits for it any more. */
    void cancelled() {
        leave();
        releaseBreaker();
        cancelSubscription();
    }

    private void releaseBreaker() {
        Breaker breaker = guard.route(i).breaker();
        if (breaker != null) {
            breaker.release(begun);
        }
    }

    void cancelSubscription() {
        Flow.Subscription known = subscription;
        if (known != null) {
            try {
                known.cancel();
            } catch (Throwable e) { // against the rules, and no reason to lose the end
                Interruptions.keep(e);
                LOG.warn("the stream of route '{}' threw when it was cancelled", route(), e);
            }
        }
    }

    private void leave() {
        endLimits();
        guard.running().ended(this);
        guard.admission().release(guard.route(i), begun);
    }

    private void endLimits() {
        cancel(alarm);
        cancel(deadline);
    }

    private static void cancel(@Nullable Future<?> waiting) {
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}
