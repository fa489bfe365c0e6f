// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model call that runs on an executor of the host's. */
final class Task<O> extends Pending<O> implements Runnable {
    private final Callable<@Nullable O> body;
    private final Supplier<@Nullable Failure> killed;
    private final Runnable ended;
    private final CallTimer timer;
    private final Executor executor;
    private final CompletableFuture<@Nullable O> result = new CompletableFuture<>();
    private @Nullable Flight flight; // guarded by this
    private boolean over; // guarded by this; it was stopped before it ran, or it runs or ran

    /** Only this very thread can see itself here, and only while it hands the task over. */
    private @Nullable Thread caller = Thread.currentThread();

    /**
     * Creates a task.
     *
     * @param timer does aside what may block
     * @param executor where it will run
     * @param killed why it may not begin any more, by one volatile read where nothing has changed since it was let
     *     through
     * @param ended run when the model call is really over, or will never begin; more than once has no effect
     */
    Task(
            String route,
            SwitchTable.@Nullable Call lookup,
            CallTimer timer,
            Executor executor,
            Callable<@Nullable O> body,
            Supplier<@Nullable Failure> killed,
            Runnable ended) {
        super(route, lookup);
        this.timer = timer;
        this.executor = executor;
        this.body = body;
        this.killed = killed;
        this.ended = ended;
    }

    @Override
    CompletableFuture<@Nullable O> result() {
        return result;
    }

    @Override
    public void run() {
        Failure kill = killed.get();
        if (kill != null) {
            rejected(StoppedException.unbegun(kill)); // it came while the call waited here
            return;
        }
        Flight own = new Flight(route(), null, timer);
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            flight = own;
        }
        @Nullable O output = null;
        Throwable thrown = null;
        try {
            output = body.call();
        } catch (Throwable e) { // handed to the one who waits
            thrown = e;
        }
        boolean byExecutor = own.land() == null && thrown != null && isInterruptOfTheExecutor(thrown);
        try {
            ended.run();
        } finally {
            complete(output, thrown, byExecutor);
        }
    }

    private void complete(@Nullable O output, @Nullable Throwable thrown, boolean byExecutor) {
        if (byExecutor) {
            result.completeExceptionally(StoppedException.midway(limited("has interrupted the call")));
        } else if (thrown != null) {
            result.completeExceptionally(thrown);
        } else {
            result.complete(output);
        }
    }

    /**
     * Whether it was not stopped by us, but its thread was interrupted, as by {@code shutdownNow()}: no more than that
     * means it to the one who waits, whom nobody has interrupted.
     */
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    private boolean isInterruptOfTheExecutor(Throwable thrown) {
        return caller != Thread.currentThread() && Interruptions.isOfAThread(thrown);
    }

    private Failure limited(String why) {
        return new Failure.Limited("the executor of route '" + route() + "' " + why);
    }

    /** The executor has been given it; from now on nobody who runs it is the caller. */
    void handedOver() {
        caller = null;
    }

    /** Whether its executor may throw it away so that this can be noticed. */
    @Override
    boolean isLookedAfter() {
        return executor instanceof ExecutorService;
    }

    /** An executor that has ended runs nothing more: {@code shutdownNow()} throws away what waits there. */
    @Override
    void look() {
        if (executor instanceof ExecutorService service && service.isTerminated()) {
            rejected(StoppedException.unbegun(limited("has ended and never ran the call")));
        }
    }

    @Override
    void stop(Failure reason) {
        Flight running;
        synchronized (this) {
            running = flight;
            if (over && running == null) {
                return;
            }
            over = true;
        }
        if (running == null) {
            ended.run(); // first, as whoever hears of the end may want the permit
            result.completeExceptionally(StoppedException.unbegun(reason));
        } else if (result.completeExceptionally(StoppedException.midway(reason))) {
            running.stop(reason);
        }
    }

    @Override
    synchronized boolean abandon() {
        over = true;
        return flight == null;
    }

    /** It will never begin: its executor did not take it, or it must not; without effect if it has begun. */
    void rejected(Throwable why) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        ended.run();
        result.completeExceptionally(why);
    }
}
