// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A model call that runs on an executor of the host's. */
final class Task<O> extends Stoppable implements Runnable {
    private final Callable<@Nullable O> body;
    private final Runnable ended;
    private final CallTimer timer;
    private final CompletableFuture<@Nullable O> result = new CompletableFuture<>();
    private @Nullable Flight flight; // guarded by this
    private boolean over; // guarded by this; it was stopped before it ran, or it runs or ran

    /**
     * Creates a task.
     *
     * @param timer does aside what may block
     * @param ended run once, when the model call is really over, or will never begin
     */
    Task(String route, SwitchTable.@Nullable Call lookup, CallTimer timer, Callable<@Nullable O> body, Runnable ended) {
        super(route, lookup);
        this.timer = timer;
        this.body = body;
        this.ended = ended;
    }

    /** Completes with the answer, with what the model threw, or with {@link StoppedException}. */
    CompletableFuture<@Nullable O> result() {
        return result;
    }

    @Override
    public void run() {
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
        own.land();
        ended.run();
        if (thrown != null) {
            result.completeExceptionally(thrown);
        } else {
            result.complete(output);
        }
    }

    @Override
    void stop(Failure reason) {
        if (!result.completeExceptionally(new StoppedException(reason))) {
            return;
        }
        Flight running;
        synchronized (this) {
            running = flight;
            if (over && running == null) {
                return;
            }
            over = true;
        }
        if (running == null) {
            ended.run();
        } else {
            running.stop(reason);
        }
    }

    /** The executor did not take it; without effect if it did, and threw all the same. */
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
