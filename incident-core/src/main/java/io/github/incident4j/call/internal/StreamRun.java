// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.Progress;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.StreamSummary;
import io.github.incident4j.call.StreamingCall;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One guarded stream. Upstream is the route that is open, downstream the subscriber; elements pass from one to the
 * other one by one and on the thread that brings them, so that what downstream asks for is what upstream is asked for.
 *
 * <p>The run is owned by one at a time: by the thread that subscribes until a route is open; then by whoever ends the
 * {@link Upstream} (it itself, a timer, a kill, a cancellation), as {@link Upstream#end} is won once; and where an
 * element of ours waits for demand, by whoever takes it. A cancellation of what somebody else owns is only noted, and
 * the owner sees it before its next step. What was decided is decided once, too, whatever the subscriber does about a
 * last element afterwards.
 */
final class StreamRun<I, T> implements StreamingCall<T>, Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(StreamRun.class);
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int CANCELLED = 2;
    private static final int MISUSED = 3; // its subscriber has asked for less than one element
    private static final int ENDED = 4;

    private final StreamGuard<I, T> stream;
    private final Guard<I, StreamSummary> guard;
    private final I input;
    private final CallContext context;
    private final CompletableFuture<Decision<StreamSummary>> decision = new CompletableFuture<>();
    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final AtomicBoolean decided = new AtomicBoolean();

    private Flow.@Nullable Subscriber<? super T> downstream; // let go of at the end (rule 3.13)
    private @Nullable CallState<I> call;
    private @Nullable Carrier carrier; // the subscriber's context
    private volatile CallTimer.@Nullable Continuation waiting; // for the next attempt
    private volatile @Nullable Future<?> patience; // with a reader who has not asked for a restart's marker
    private volatile long refusedDemand;

    private @Nullable Thread asking; // only this very thread can see itself here

    // Guarded by this.
    private volatile long requested; // written there, and read for each element
    private volatile long askedNanos; // when the first element was asked for
    private @Nullable Upstream<I, T> upstream;
    private @Nullable Runnable due; // passes an element of ours on, as soon as one more is asked for; taken once
    private long dueAfter;

    // Of the thread that owns the run.
    private long elements; // of the model, passed on
    private int markers;
    private long firstNanos = -1;
    private int restarts;

    StreamRun(StreamGuard<I, T> stream, I input, CallContext context) {
        this.stream = stream;
        this.guard = stream.guard();
        this.input = input;
        this.context = context;
    }

    @Override
    public CompletableFuture<Decision<StreamSummary>> decision() {
        return decision.copy(); // nobody else may complete it
    }

    // ---- downstream -------------------------------------------------------------------------------------------

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "the subscriber is null");
        if (!state.compareAndSet(IDLE, RUNNING)) {
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(new IllegalStateException("a guarded stream serves one subscriber; open another one"));
            return;
        }
        downstream = subscriber;
        CallState<I> begun = guard.begin(input, context);
        if (stream.notesWhatLeaves()) {
            begun.noteWhatLeaves();
        }
        call = begun;
        carrier = guard.carrier();
        try {
            subscriber.onSubscribe(this);
        } catch (Throwable thrown) {
            cancel();
            cancelled();
            throw thrown;
        }
        orEnd(begun, () -> {
            Failure refusal = isOver() ? null : guard.admit(begun);
            if (refusal != null) {
                finish(begun, refusal);
            } else {
                attempt(begun, 0);
            }
        });
    }

    /** Something that nobody expects, as an error of the JVM, ends the stream like a failure. */
    private void orEnd(CallState<I> begun, Runnable step) {
        try {
            step.run();
        } catch (Throwable unexpected) {
            LOG.error("a stream of model '{}' ends by what nobody expects", guard.name(), unexpected);
            Upstream<I, T> open;
            synchronized (this) {
                open = upstream;
            }
            if (open != null && open.end()) {
                open.cancelled();
            }
            finish(begun, new Failure.ModelError(unexpected));
        }
    }

    /** For a subscriber that is refused. */
    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    @Override
    public void request(long n) {
        Upstream<I, T> open;
        Flow.Subscription way;
        Runnable asked = null;
        synchronized (this) {
            if (n > 0) {
                if (requested == 0) {
                    askedNanos = guard.time().nanoTime();
                }
                requested = requested + n < 0 ? Long.MAX_VALUE : requested + n;
                if (due != null && requested > dueAfter) {
                    asked = due;
                    due = null;
                }
            }
            open = upstream == null || upstream.hasEnded() ? null : upstream;
            way = open == null ? null : open.subscription(); // a later one is told of all demand so far
        }
        if (n <= 0) {
            refuseDemand(n);
        } else if (asked != null) {
            asked.run();
        } else if (open != null) {
            open.asked();
            if (way != null) {
                ask(open, way, n);
            }
        }
    }

    private void ask(Upstream<I, T> open, Flow.Subscription way, long n) {
        Thread outer = asking;
        asking = Thread.currentThread();
        try {
            open.request(way, n);
        } finally {
            asking = outer;
        }
    }

    /** Whether what happens does so while the reader asks, and on its thread. */
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    boolean isAskedHere() {
        return asking == Thread.currentThread();
    }

    /** Rule 3.9: an end by an error; it is the subscriber's own mistake. */
    private void refuseDemand(long n) {
        refusedDemand = n;
        stop(MISUSED);
    }

    @Override
    public void cancel() {
        stop(CANCELLED);
    }

    private void stop(int why) {
        if (!state.compareAndSet(RUNNING, why)) {
            return;
        }
        Upstream<I, T> open;
        boolean owned;
        synchronized (this) {
            open = upstream;
            owned = due != null;
            due = null;
        }
        if (open != null && open.end()) {
            open.cancelled();
            owned = true;
        }
        if (owned) {
            cancelled();
        }
        CallTimer.Continuation wait = waiting;
        if (wait != null) {
            wait.submit();
        }
    }

    /** Nobody waits for the stream any more; by its owner. */
    void cancelled() {
        CallState<I> begun = call;
        if (begun == null) {
            return;
        }
        cancel(patience);
        if (state.compareAndSet(CANCELLED, ENDED)) {
            downstream = null;
            decide(begun, new Failure.Cancelled());
        } else if (state.compareAndSet(MISUSED, ENDED)) {
            Flow.Subscriber<? super T> subscriber = letGo();
            decide(begun, new Failure.Cancelled());
            subscriber.onError(new IllegalArgumentException(
                    "a subscriber must ask for 1 element or more, not " + refusedDemand + " (Reactive Streams 3.9)"));
        }
    }

    private boolean isOver() {
        return state.get() != RUNNING;
    }

    /** The subscriber, which is told of the end now and forgotten. */
    private Flow.Subscriber<? super T> letGo() {
        Flow.Subscriber<? super T> subscriber = Objects.requireNonNull(downstream);
        downstream = null;
        return subscriber;
    }

    private boolean over() {
        return state.compareAndSet(RUNNING, ENDED);
    }

    // ---- for the upstream --------------------------------------------------------------------------------------

    /** Opens the way for demand; returns how much there is already. */
    synchronized long demandFor(Runnable subscribed) { // in one step, so that no demand is told twice or never
        subscribed.run();
        return requested == Long.MAX_VALUE ? requested : requested - passed();
    }

    /** Whether downstream waits for an element; by the thread that brings it, or when none is being passed on. */
    boolean isAskedFor() {
        return passed() < requested;
    }

    /** Passes an element of the model on. */
    void passOn(T element) {
        elements++;
        pass(element);
    }

    /** The first element of a route has come. */
    void cameFirst(long now) {
        if (firstNanos < 0) {
            firstNanos = Math.max(0, now - askedNanos);
        }
    }

    /** The route has come to its end; told unless nobody waits any more. */
    boolean completed(CallState<I> begun, int i, long modelNanos) {
        if (isOver() || !decided.compareAndSet(false, true)) {
            return false;
        }
        Decision<StreamSummary> made =
                guard.streamed(begun, i, summary(), new Progress(elements, firstNanos), modelNanos);
        decision.complete(made);
        if (made instanceof Decision.Refused<StreamSummary> refused) {
            finish(begun, refused.failure());
        } else if (over()) {
            letGo().onComplete();
        } else {
            cancelled();
        }
        return true;
    }

    // ---- attempts ---------------------------------------------------------------------------------------------

    private void attempt(CallState<I> begun, int route) {
        int next = route;
        while (next >= 0) {
            if (isOver()) {
                cancelled();
                return;
            }
            long start = guard.time().nanoTime();
            Failure stop = guard.admission().permission(next, begun);
            if (stop == null) {
                open(begun, next, start);
                return;
            }
            begun.skip(guard.route(next).name(), stop);
            next = guard.succession().next(next, begun);
            if (next >= 0 && begun.waitNanos() > 0) {
                pause(begun, next);
                return;
            }
        }
        finish(begun, begun.refusal());
    }

    /** Waits without a thread; a cancellation ends the wait. */
    private void pause(CallState<I> begun, int next) {
        CallTimer.Continuation wait = guard.afterWait(next, begun, carried(() -> attempt(begun, next)));
        waiting = wait;
        wait.submitAfter(isOver() ? 0 : guard.admission().waitOf(begun));
    }

    /** The same task in the subscriber's context, for other threads. */
    private Runnable carried(Runnable task) {
        return Objects.requireNonNull(carrier).carry(() -> orEnd(begun(), task));
    }

    private void open(CallState<I> begun, int i, long start) {
        Upstream<I, T> opened;
        synchronized (this) {
            opened = new Upstream<>(this, stream, begun, i, start, upstream);
            upstream = opened;
        }
        if (isOver() && opened.end()) {
            opened.cancelled();
            cancelled();
            return;
        }
        guard.running().started(opened, begun.table());
        if (opened.hasEnded()) { // who has ended it carries on
            guard.running().ended(opened);
            return;
        }
        opened.limitTime();
        if (!opened.hasEnded()) { // else its time was up before it was opened
            opened.open();
        }
    }

    /** Carries the run on after the failure of a route, which the trace holds; by the one who has ended it. */
    void after(CallState<I> begun, int i) {
        carried(() -> carryOn(begun, i)).run();
    }

    private void carryOn(CallState<I> begun, int i) {
        if (isOver()) {
            cancelled();
            return;
        }
        boolean ends = elements > 0 && (!stream.restarts() || guard.admission().remaining(begun) <= 0);
        int next = ends ? Rule.REFUSE : guard.succession().next(i, begun);
        if (next < 0) {
            finish(begun, Trace.of(begun.trace).last().failure());
            return;
        }
        if (elements > 0) {
            restart(begun, next);
        } else {
            follow(begun, next);
        }
    }

    /** Goes on to the next attempt, at once or after its backoff. */
    private void follow(CallState<I> begun, int next) {
        if (begun.waitNanos() > 0) {
            pause(begun, next);
        } else {
            attempt(begun, next);
        }
    }

    private void restart(CallState<I> begun, int next) {
        Failure failure = Trace.of(begun.trace).last().failure();
        T marker = made(stream.restartMarker(), failure);
        if (begun.passedOn() != null) {
            finish(begun, failure);
            return;
        }
        if (marker == null) {
            restarts++;
            follow(begun, next);
            return;
        }
        Runnable anew = carried(() -> {
            cancel(patience);
            if (isOver()) {
                cancelled();
                return;
            }
            restarts++;
            markers++;
            pass(marker);
            follow(begun, next);
        });
        if (!onceAskedFor(anew)) {
            limitPatience(anew, () -> giveUp(begun, next, anew));
        }
    }

    /** Has the deadline end what waits, if there is one. Who takes it before has nothing to do with the alarm. */
    private void limitPatience(Runnable waits, Runnable whenLate) {
        if (!guard.admission().hasDeadline()) {
            return;
        }
        Future<?> armed = stream.timer().limit(Math.max(0, guard.admission().remaining(begun())), whenLate);
        boolean due;
        synchronized (this) {
            due = isDue(waits);
            if (due) {
                patience = armed;
            }
        }
        if (!due) {
            cancel(armed);
        }
    }

    private CallState<I> begun() {
        return Objects.requireNonNull(call);
    }

    @SuppressWarnings("ReferenceEquality") // whether it is this very one that waits
    private synchronized boolean isDue(Runnable pass) {
        return due == pass;
    }

    /** Takes what waits for demand, and the run with it; false if somebody else was faster. */
    private synchronized boolean take(Runnable pass) {
        boolean taken = isDue(pass);
        if (taken) {
            due = null;
        }
        return taken;
    }

    private static void cancel(@Nullable Future<?> alarm) {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    /** Runs what passes an element of ours on; later, if that was not asked for yet. Returns whether it has run. */
    private boolean onceAskedFor(Runnable pass) {
        boolean wanted;
        synchronized (this) {
            wanted = requested > passed();
            if (!wanted) {
                due = pass;
                dueAfter = passed();
            }
        }
        if (wanted) {
            pass.run();
        } else if (isOver() && take(pass)) {
            cancelled();
        }
        return wanted;
    }

    /**
     * Puts off what follows a route's failure. Until it is run, a cancellation or the deadline may take the run.
     *
     * @return runs it, unless somebody was faster
     */
    Runnable putOff(CallState<I> begun, int i) {
        Runnable later = () -> {
            cancel(patience);
            after(begun, i);
        };
        synchronized (this) {
            due = later;
            dueAfter = Long.MAX_VALUE; // no demand is what it waits for
        }
        limitPatience(later, () -> giveUp(begun, i, later));
        if (isOver() && take(later)) {
            cancelled();
        }
        return () -> {
            if (take(later)) {
                later.run();
            }
        };
    }

    /** The deadline has come before anybody has asked for the marker of a restart. */
    private void giveUp(CallState<I> begun, int next, Runnable anew) {
        if (!take(anew)) {
            return;
        }
        Failure late = guard.admission().pastDeadline(false);
        begun.skip(guard.route(next).name(), late);
        stream.timer()
                .continuation(guard.name(), carried(() -> finish(begun, late)))
                .submit();
    }

    /** How many elements downstream has got. */
    private long passed() {
        return elements + markers;
    }

    private @Nullable T made(@Nullable Function<? super Failure, ? extends T> maker, Failure failure) {
        try {
            return maker == null ? null : maker.apply(failure);
        } catch (Throwable e) { // checked ones too, which some languages throw undeclared
            Rails.endsCall(e, Objects.requireNonNull(call));
            return null; // the stream then ends by the error that it would end by without it
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    private StreamSummary summary() {
        return new StreamSummary(
                elements, firstNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstNanos)), restarts);
    }

    private void decide(CallState<I> begun, Failure failure) {
        if (decided.compareAndSet(false, true)) {
            decision.complete(guard.cut(begun, failure, summary(), new Progress(elements, firstNanos)));
        }
    }

    /** Ends the stream without an answer: by the last element if one is defined, else by an error. */
    private void finish(CallState<I> begun, Failure failure) {
        if (isOver()) {
            cancelled();
            return;
        }
        T end = begun.passedOn() != null ? null : made(stream.lastElement(), failure);
        if (end != null) {
            decide(begun, failure);
            onceAskedFor(() -> passLast(end));
            return;
        }
        Throwable passedOn = begun.passedOn();
        Throwable thrown = passedOn != null ? passedOn : guard.thrownFor(begun, failure);
        if (over()) {
            Flow.Subscriber<? super T> subscriber = letGo();
            decide(begun, failure);
            subscriber.onError(thrown);
        } else {
            cancelled();
        }
    }

    private void passLast(T end) {
        if (!isOver()) {
            pass(end);
        }
        if (over()) {
            letGo().onComplete();
        } else {
            cancelled();
        }
    }

    private void pass(T element) {
        Flow.Subscriber<? super T> subscriber = downstream;
        if (subscriber != null) {
            try {
                subscriber.onNext(element);
            } catch (Throwable thrown) { // the reader's mistake, by rule 2.13 as good as a cancellation
                threw(thrown);
            }
        }
    }

    /** The subscriber has thrown; it gets nothing more, and the model has nothing to do with it. */
    private void threw(Throwable thrown) {
        Interruptions.keep(thrown);
        LOG.warn("the reader of a stream of model '{}' threw, and the stream is cancelled", guard.name(), thrown);
        cancel();
        if (thrown instanceof VirtualMachineError error) {
            throw error;
        }
    }
}
