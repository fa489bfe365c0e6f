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
    private final AtomicBoolean left = new AtomicBoolean(); // its permits are back
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
            StreamRun<I, T> run, StreamGuard<I, T> stream, CallState<I> begun, int i, @Nullable Upstream<I, T> before) {
        super(
                stream.guard().route(i).name(),
                stream.guard().inFlight() == InFlight.FINISH
                        ? null // else it is read here, where the subscriber's context is, and not by the model's thread
                        : stream.guard().admission().lookup(begun));
        this.run = run;
        this.stream = stream;
        this.guard = stream.guard();
        this.rails = stream.elementRails();
        this.killable = guard.inFlight() != InFlight.FINISH;
        this.stoppable = guard.running().isCancelling() || guard.admission().hasDeadline();
        this.begun = begun;
        this.i = i;
        this.start = guard.time().nanoTime();
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
        try {
            limitTime();
            if (ended.get()) {
                return; // its time was up before it was opened
            }
            Flow.Publisher<? extends T> publisher = stream.stream(i).open(begun.input);
            if (publisher == null) {
                failed(null);
            } else {
                publisher.subscribe(this);
            }
        } catch (Throwable thrown) { // against the rules, too; becomes a failure on record, or is passed on
            broke(thrown);
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
            base.putOff = run.putOff(i);
        } else if (!run.isReadersThread() && Thread.currentThread().isInterrupted()) {
            aside(() -> run.after(i)); // as by our own cancel, which may interrupt the model's thread: this one
        } else {
            run.after(i);
        }
    }

    /** Ends it, for one caller only; true for that one. What follows is the run's next step. */
    boolean end(Runnable next) {
        boolean won = ended.compareAndSet(false, true);
        if (won) {
            run.orEnd(next);
        }
        return won;
    }

    private void limitTime() {
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

    /** The time to the first element counts from here on: before that, the reader takes its time. */
    private void asked() {
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
        try {
            connected(newSubscription);
        } catch (Throwable thrown) {
            subscription = newSubscription; // which hears of it, too
            broke(thrown);
            throw thrown;
        }
    }

    private void connected(Flow.Subscription newSubscription) {
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
        try {
            if (!direct || !begunToPass) {
                takeUninterrupted(element);
            } else if (!isCut()) {
                run.passOn(element);
            }
        } catch (Throwable thrown) { // an error of the JVM: the stream has its end all the same
            broke(thrown);
            throw thrown;
        }
    }

    private void takeUninterrupted(T element) {
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
        return judges && !run.isReadersThread() && Thread.interrupted();
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
        if (!passing.compareAndSet(PASSING, IDLE)) {
            Failure reason = Objects.requireNonNull(why.get());
            cut(begunToPass ? notByTheModel(reason) : reason); // an element of it was in other hands
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
        cut(kill);
        return true;
    }

    private void cut(Failure reason) {
        end(() -> {
            leave();
            cancelSubscription();
            stopped(reason);
            carryOn();
        });
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
        end(() -> {
            begun.skip(route(), new Failure.OutputBlocked(judgement));
            leave();
            cancelSubscription();
            Breaker breaker = guard.route(i).breaker();
            if (breaker != null) {
                breaker.succeeded(begun, modelNanos(), run.summary());
            }
            carryOn();
        });
    }

    @Override
    public void onError(Throwable thrown) {
        Objects.requireNonNull(thrown, "the error is null");
        Outlet<T> out = outlet;
        if (out == null) {
            failed(thrown);
            return;
        }
        try {
            out.failed(thrown);
        } catch (Throwable again) {
            broke(again);
            throw again;
        }
    }

    void failed(@Nullable Throwable thrown) {
        end(() -> settle(thrown));
    }

    private void settle(@Nullable Throwable thrown) {
        leave();
        if (thrown != null && Interruptions.isOfAThread(thrown) && !run.isReadersThread()) {
            Failure limited =
                    new Failure.Limited("the thread on which route '" + route() + "' answers was interrupted");
            guard.stopped(guard.route(i), limited, modelNanos(), begun);
            aside(this::carryOn); // which is no interrupt of what follows
        } else if (thrown instanceof StoppedException stopped) {
            guard.stopped(guard.route(i), stopped.reason(), modelNanos(), begun);
            carryOn();
        } else {
            guard.failed(guard.route(i), thrown, modelNanos(), begun);
            carryOn();
        }
    }

    /** An element is asked for, or more: tells the model, if there is a way. One that throws then has failed. */
    void request(Flow.@Nullable Subscription way, long n) {
        try {
            asked();
            if (way != null) {
                way.request(n);
            }
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
        } catch (Throwable thrown) {
            broke(thrown);
            throw thrown;
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
        end(() -> {
            leave();
            if (!run.completed(i, modelNanos())) {
                releaseBreaker();
                run.cancelled();
            }
        });
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
                end(() -> endAside(reason));
                return;
            }
            if (passing.compareAndSet(PASSING, STOPPING)) {
                return;
            }
        }
    }

    private void endAside(Failure reason) {
        Failure told = isOwing() ? reason : notByTheModel(reason);
        leave();
        stream.timer().cancel(guard.name(), this::cancelSubscription);
        aside(() -> {
            stopped(told);
            carryOn();
        });
    }

    /** Not on the present thread, which must not run what the host has configured. */
    private void aside(Runnable next) {
        stream.timer().continuation(guard.name(), () -> run.orEnd(next)).submit();
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

    private void stopped(Failure reason) {
        if (guard.running().isCancelling()) {
            begun.stopped(reason); // whoever sees the kill first, it is a cancelled call
        }
        guard.stopped(guard.route(i), reason, modelNanos(), begun);
    }

    /** The run ends by what nobody expects, here or on its way to the next route: nothing is kept. */
    void abandon() {
        ended.set(true);
        cancelled();
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
        if (left.compareAndSet(false, true)) {
            guard.admission().release(guard.route(i), begun);
        }
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
