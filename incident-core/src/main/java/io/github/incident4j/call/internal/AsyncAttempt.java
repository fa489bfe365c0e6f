// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A model call of which the answer comes later. */
final class AsyncAttempt<O> extends Stoppable {
    private final String model;
    private final CallTimer timer;
    private final Runnable ended;
    private final CompletableFuture<@Nullable O> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> future;
    private @Nullable Thread asking; // only this very thread can see itself here
    private final AtomicBoolean over = new AtomicBoolean(); // and said so
    private volatile boolean stopped;

    /**
     * Creates an attempt.
     *
     * @param timer does aside what may block
     * @param ended run once, when the model call is over or was cancelled
     */
    AsyncAttempt(String model, String route, SwitchTable.@Nullable Call lookup, CallTimer timer, Runnable ended) {
        super(route, lookup);
        this.model = model;
        this.timer = timer;
        this.ended = ended;
    }

    void start(Callable<? extends @Nullable CompletionStage<? extends O>> call) {
        asking = Thread.currentThread();
        try {
            ask(call);
        } finally {
            asking = null; // which may bring the answer later, as the thread of somebody else
        }
    }

    private void ask(Callable<? extends @Nullable CompletionStage<? extends O>> call) {
        CompletionStage<? extends O> stage;
        try {
            stage = call.call();
        } catch (Throwable e) { // handed to the one who waits
            failed(e);
            return;
        }
        if (stage == null) {
            end();
            result.complete(null);
            return;
        }
        try {
            stage.whenComplete((output, thrown) -> {
                end();
                if (thrown != null) {
                    Throwable cause = Attempts.unwrapped(thrown);
                    result.completeExceptionally(
                            isInterruptOfAnother(cause)
                                    ? StoppedException.midway(new Failure.Limited(interrupted()))
                                    : cause);
                } else {
                    result.complete(output);
                }
            });
        } catch (Throwable e) { // a stage of the host's own, which nobody hears of any more
            failed(e);
            return;
        }
        try {
            future = stage.toCompletableFuture();
        } catch (Throwable e) {
            return; // it cannot be cancelled; its answer is thrown away when it is stopped
        }
        if (stopped) {
            cancel(); // it was stopped while it began
        }
    }

    private void failed(Throwable thrown) {
        end();
        result.completeExceptionally(thrown);
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            ended.run();
        }
    }

    /** A stage that has failed before tells so on the caller's thread, which nobody need have interrupted. */
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    private boolean isInterruptOfAnother(Throwable cause) {
        Thread teller = Thread.currentThread();
        return Interruptions.isOfAThread(cause) && (asking != teller || !teller.isInterrupted());
    }

    /** What interrupts the host's thread that works on the answer has not interrupted the one who waits for it. */
    private String interrupted() {
        return "the thread on which route '" + route() + "' answers was interrupted";
    }

    /** Completes with the answer, with what the model threw, or with {@link StoppedException}. */
    CompletableFuture<@Nullable O> result() {
        return result;
    }

    @Override
    void stop(Failure reason) {
        if (result.completeExceptionally(StoppedException.midway(reason))) {
            stopped = true;
            cancel();
        }
    }

    private void cancel() {
        CompletableFuture<?> cancelled = future;
        if (cancelled != null && !cancelled.isDone()) {
            timer.cancel(model, () -> cancelled.cancel(true)); // the host's own code hangs on it
        }
    }
}
