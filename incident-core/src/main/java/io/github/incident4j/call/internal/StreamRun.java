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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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

    private @Nullable Thread subscribing; // only this very thread can see itself here
    private @Nullable Thread asking; // as above

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
        CallState<I> begun;
        try {
            carrier = guard.carrier();
            begun = guard.begin(input, context);
            if (stream.notesWhatLeaves()) {
                begun.noteWhatLeaves();
            }
        } catch (Throwable unexpected) { // there is no call yet, nor a record of it
            decision.completeExceptionally(unexpected);
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(unexpected);
            goesOn(unexpected);
            return;
        }
        call = begun;
        downstream = subscriber;
        try {
            subscriber.onSubscribe(this);
        } catch (Throwable thrown) {
            cancel();
            orEnd(this::cancelled);
            throw thrown;
        }
        subscribing = Thread.currentThread();
        try {
            orEnd(this::begin);
        } finally {
            subscribing = null; // it may bring elements later, as the thread of somebody else
        }
    }

    private void begin() {
        Failure refusal = isOver() ? null : guard.admit(begun());
        if (refusal != null) {
            finish(refusal);
        } else {
            attempt(0);
        }
    }

    /**
     * Something that nobody expects, as an error of the JVM, ends the stream, and all that it holds is given back;
     * whoever owns the run takes its next step by this. An error goes on to who has brought it here.
     */
    void orEnd(Runnable step) {
        try {
            step.run();
        } catch (Throwable unexpected) {
            breakOff(unexpected);
            LOG.error("a stream of model '{}' ends by what nobody expects", guard.name(), unexpected);
            goesOn(unexpected);
        }
    }

    private static void goesOn(Throwable unexpected) {
        if (unexpected instanceof Error error) {
            throw error;
        }
    }

    /** Each part of the end is tried, whatever becomes of the others. */
    private void breakOff(Throwable unexpected) {
        Upstream<I, T> last = last();
        try {
            if (last != null) {
                last.abandon();
            }
        } finally {
            try {
                if (decided.compareAndSet(false, true)) {
                    undecided(unexpected);
                }
            } finally {
                endBy(subscriber -> subscriber.onError(unexpected));
            }
        }
    }

    /**
     * What the decision was to be could not be said; who waits for it hears of it all the same, and so does the trail.
     */
    private void undecided(Throwable unexpected) {
        try {
            decision.complete(guard.brokenOff(begun(), unexpected, summary(), progress()));
        } finally {
            decision.completeExceptionally(unexpected); // unless it is decided; there may be no memory for that
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
        } else {
            ask(asked, open, way, n);
        }
    }

    private void ask(@Nullable Runnable waits, @Nullable Upstream<I, T> open, Flow.@Nullable Subscription way, long n) {
        Thread outer = asking;
        asking = Thread.currentThread();
        try {
            if (waits != null) {
                waits.run();
            } else if (open != null) {
                open.request(way, n);
            }
        } finally {
            asking = outer;
        }
    }

    /** Whether what happens does so while the reader subscribes or asks, and on its thread: an interrupt is its own. */
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    boolean isReadersThread() {
        Thread present = Thread.currentThread();
        return asking == present || subscribing == present;
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
        if (owned) {
            orEnd(this::cancelled);
        } else if (open != null) {
            end(open);
        }
        CallTimer.Continuation wait = waiting;
        if (wait != null) {
            wait.submit();
        }
    }

    /** Ends a route for nobody, and the run with it; true if nobody else has ended it. */
    private boolean end(Upstream<I, T> open) {
        return open.end(() -> {
            open.cancelled();
            cancelled();
        });
    }

    /** Nobody waits for the stream any more; by its owner. */
    void cancelled() {
        cancel(patience);
        int why = state.get();
        if (why == CANCELLED || why == MISUSED) {
            decide(new Failure.Cancelled());
        }
        if (state.compareAndSet(CANCELLED, ENDED)) {
            downstream = null;
        } else if (state.compareAndSet(MISUSED, ENDED)) {
            tell(subscriber -> subscriber.onError(new IllegalArgumentException("a subscriber must ask for 1 element or"
                    + " more, not " + refusedDemand + " (Reactive Streams 3.9)")));
        }
    }

    private boolean isOver() {
        return state.get() != RUNNING;
    }

    /** Ends what was decided: the subscriber hears of it, if it still waits. */
    private void endBy(Consumer<Flow.Subscriber<? super T>> signal) {
        if (state.compareAndSet(RUNNING, ENDED)) {
            tell(signal);
        } else {
            cancelled();
        }
    }

    /** Tells the subscriber of the end, and forgets it. */
    private void tell(Consumer<Flow.Subscriber<? super T>> signal) {
        Flow.Subscriber<? super T> subscriber = Objects.requireNonNull(downstream);
        downstream = null;
        try {
            signal.accept(subscriber);
        } catch (Throwable thrown) { // the reader's mistake
            threw(thrown);
        }
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
    boolean completed(int i, long modelNanos) {
        Decision<StreamSummary> made =
                isOver() ? null : decide(() -> guard.streamed(begun(), i, summary(), progress(), modelNanos));
        if (made == null) {
            return false;
        }
        if (made instanceof Decision.Refused<StreamSummary> refused) {
            finish(refused.failure());
        } else {
            endBy(Flow.Subscriber::onComplete);
        }
        return true;
    }

    // ---- attempts ---------------------------------------------------------------------------------------------

    private void attempt(int route) {
        int next = route;
        while (next >= 0) {
            if (isOver()) {
                cancelled();
                return;
            }
            Upstream<I, T> toOpen = new Upstream<>(this, stream, begun(), next, last()); // before anything is taken
            Failure stop = guard.admission().permission(next, begun());
            if (stop == null) {
                open(toOpen);
                return;
            }
            begun().skip(guard.route(next).name(), stop);
            next = guard.succession().next(next, begun());
            if (next >= 0 && begun().waitNanos() > 0) {
                pause(next);
                return;
            }
        }
        finish(refusal());
    }

    /** Waits without a thread; a cancellation ends the wait. */
    private void pause(int next) {
        CallTimer.Continuation wait = guard.afterWait(next, begun(), carried(() -> attempt(next)));
        waiting = wait;
        wait.submitAfter(isOver() ? 0 : guard.admission().waitOf(begun()));
    }

    /** The same task in the subscriber's context, for other threads. */
    private Runnable carried(Runnable task) {
        return Objects.requireNonNull(carrier).carry(() -> orEnd(task));
    }

    /** The route that is open, or was last. */
    private synchronized @Nullable Upstream<I, T> last() {
        return upstream;
    }

    private void open(Upstream<I, T> opened) {
        synchronized (this) {
            upstream = opened;
        }
        if (isOver() && end(opened)) {
            return;
        }
        guard.running().started(opened, begun().table());
        if (opened.hasEnded()) { // who has ended it carries on
            guard.running().ended(opened);
            return;
        }
        opened.open();
    }

    /** Carries the run on after the failure of a route, which the trace holds; by the one who has ended it. */
    void after(int i) {
        carried(() -> carryOn(i)).run();
    }

    private void carryOn(int i) {
        if (isOver()) {
            cancelled();
            return;
        }
        boolean ends = elements > 0 && (!stream.restarts() || guard.admission().remaining(begun()) <= 0);
        int next = ends ? Rule.REFUSE : guard.succession().next(i, begun());
        if (next < 0) {
            finish(refusal());
            return;
        }
        if (elements > 0) {
            restart(next);
        } else {
            follow(next);
        }
    }

    /** Why no route goes on: as of a call, unless elements are on their way; then what has ended them counts. */
    private Failure refusal() {
        return elements > 0 || begun().passedOn() != null
                ? Trace.of(begun().trace).last().failure()
                : begun().refusal();
    }

    /** Goes on to the next attempt, at once or after its backoff. */
    private void follow(int next) {
        if (begun().waitNanos() > 0) {
            pause(next);
        } else {
            attempt(next);
        }
    }

    private void restart(int next) {
        Failure failure = Trace.of(begun().trace).last().failure();
        T marker = made(stream.restartMarker(), failure);
        if (begun().passedOn() != null) {
            finish(failure);
            return;
        }
        if (marker == null) {
            restarts++;
            follow(next);
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
            follow(next);
        });
        if (!onceAskedFor(anew)) {
            limitPatience(
                    anew,
                    () -> giveUp(anew, late -> begun().skip(guard.route(next).name(), late)));
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
    Runnable putOff(int i) {
        Runnable later = () -> {
            cancel(patience);
            after(i);
        };
        synchronized (this) {
            due = later;
            dueAfter = Long.MAX_VALUE; // no demand is what it waits for
        }
        limitPatience(later, () -> giveUp(later, late -> {})); // nobody knows yet which route would follow
        if (isOver() && take(later)) {
            cancelled();
        }
        return () -> {
            if (take(later)) {
                later.run();
            }
        };
    }

    /** The deadline has come before anybody has asked for the marker of a restart, or has run what was put off. */
    private void giveUp(Runnable waiting, Consumer<Failure> note) {
        if (!take(waiting)) {
            return;
        }
        orEnd(() -> {
            Failure late = guard.admission().pastDeadline(false);
            note.accept(late);
            stream.timer()
                    .continuation(guard.name(), carried(() -> finish(late)))
                    .submit();
        });
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

    StreamSummary summary() {
        return new StreamSummary(
                elements, firstNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstNanos)), restarts);
    }

    private Progress progress() {
        return new Progress(elements, firstNanos);
    }

    private void decide(Failure failure) {
        decide(() -> guard.cut(begun(), failure, summary(), progress()));
    }

    /** Decides, unless that was done before; returns the decision that was made now. */
    private @Nullable Decision<StreamSummary> decide(Supplier<Decision<StreamSummary>> maker) {
        if (!decided.compareAndSet(false, true)) {
            return null;
        }
        try {
            Decision<StreamSummary> made = maker.get();
            decision.complete(made);
            return made;
        } catch (Throwable unexpected) {
            undecided(unexpected);
            throw unexpected;
        }
    }

    /** Ends the stream without an answer: by the last element if one is defined, else by an error. */
    private void finish(Failure failure) {
        if (isOver()) {
            cancelled();
            return;
        }
        T end = begun().passedOn() != null ? null : made(stream.lastElement(), failure);
        Throwable passedOn = begun().passedOn();
        decide(failure);
        if (end != null) {
            onceAskedFor(() -> orEnd(() -> passLast(end)));
        } else {
            Throwable thrown = passedOn != null ? passedOn : guard.thrownFor(begun(), failure);
            endBy(subscriber -> subscriber.onError(thrown));
        }
    }

    private void passLast(T end) {
        if (!isOver()) {
            pass(end);
        }
        endBy(Flow.Subscriber::onComplete);
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
        LOG.warn("the reader of a stream of model '{}' threw, and gets nothing more", guard.name(), thrown);
        cancel();
        if (thrown instanceof VirtualMachineError error) {
            throw error;
        }
    }
}
