// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A model call of which the answer comes later. */
final class AsyncAttempt<O> extends Pending<O> {
    private final String model;
    private final CallTimer timer;
    private final Runnable ended;
    private final CompletableFuture<@Nullable O> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<?> future;
    private @Nullable Thread asking; // only this very thread can see itself here
    private boolean told; // its stage says when it ends
    private volatile boolean stopped;

    /**
     * Creates an attempt.
     *
     * @param timer does aside what may block
     * @param ended run when the model call is over or was cancelled; more than once has no effect
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
            ended.run();
            result.complete(null);
            return;
        }
        try {
            stage.whenComplete((output, thrown) -> {
                try {
                    answered(output, thrown);
                } catch (Throwable e) { // which a stage tells nobody
                    brokenOff(e);
                }
            });
            told = true;
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

    private void answered(@Nullable O output, @Nullable Throwable thrown) {
        ended.run();
        if (thrown == null) {
            result.complete(output);
            return;
        }
        Throwable cause = Attempts.unwrapped(thrown);
        result.completeExceptionally(
                isInterruptOfAnother(cause) ? StoppedException.midway(new Failure.Limited(interrupted())) : cause);
    }

    /** On another thread, as this one may have no stack left; if that cannot be, here. */
    private void brokenOff(Throwable unexpected) {
        try {
            timer.continuation(model, () -> failed(unexpected)).submit();
        } catch (Throwable again) {
            failed(unexpected);
        }
    }

    private void failed(Throwable thrown) {
        try {
            ended.run();
        } finally {
            result.completeExceptionally(thrown);
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

    @Override
    CompletableFuture<@Nullable O> result() {
        return result;
    }

    @Override
    boolean abandon() {
        return !told;
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
