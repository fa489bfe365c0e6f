// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A model call that runs on this thread and can be stopped by another one, by an interrupt that reaches the model call
 * and nothing after it.
 */
final class Flight extends Stoppable {
    private static final int RUNNING = 0;
    private static final int STOPPING = 1;
    private static final int STOPPED = 2;
    private static final int LANDED = 3;

    private final Thread thread = Thread.currentThread();
    private final AtomicInteger state = new AtomicInteger(RUNNING);
    private final CallTimer timer;
    private volatile @Nullable Failure why;
    private volatile boolean interruptedBefore; // by the host, whose interrupt it stays

    Flight(String route, SwitchTable.@Nullable Call lookup, CallTimer timer) {
        super(route, lookup);
        this.timer = timer;
    }

    @Override
    void stop(Failure reason) {
        timer.interrupt(() -> {
            if (state.compareAndSet(RUNNING, STOPPING)) {
                why = reason;
                interruptedBefore = thread.isInterrupted();
                try {
                    thread.interrupt(); // waits for the disk if the thread is in a file channel
                } finally {
                    state.set(STOPPED);
                }
            }
        });
    }

    /** Ends the flight on its own thread; returns why it was stopped, if it was. */
    @Nullable
    Failure land() {
        if (state.compareAndSet(RUNNING, LANDED)) {
            return null;
        }
        while (state.get() == STOPPING) {
            Thread.onSpinWait(); // the interrupt is on its way and must not hit what comes after
        }
        if (!interruptedBefore) {
            Thread.interrupted();
        }
        return why;
    }

    /** Whether its thread was interrupted already when it was stopped: nobody waits for the answer. */
    boolean isInterruptedBefore() {
        return interruptedBefore;
    }
}
