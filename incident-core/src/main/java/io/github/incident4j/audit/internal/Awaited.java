// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A decision whose caller waits until it is on the disk. */
final class Awaited implements TrailEntry {
    private static final int WAITING = 0;
    private static final int DURABLE = 1;
    private static final int LOST = 2;

    private final DecisionRecord decision;
    private final Thread caller = Thread.currentThread();
    private volatile int state = WAITING;

    Awaited(DecisionRecord decision) {
        this.decision = decision;
    }

    DecisionRecord decision() {
        return decision;
    }

    @Override
    public String type() {
        return decision.type();
    }

    @Override
    public long nanoTime() {
        return decision.nanoTime();
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        decision.writeMembers(json);
    }

    @Override
    public @Nullable Erasable erasable() {
        return decision.erasable();
    }

    /** Tells the caller; by the journal thread. */
    void complete(boolean durable) {
        state = durable ? DURABLE : LOST;
        LockSupport.unpark(caller);
    }

    /** Waits until it is known what became of it, or too long; an interrupt is kept for later. */
    boolean await(long limitNanos) {
        long end = System.nanoTime() + limitNanos;
        boolean interrupted = false;
        for (long left = limitNanos; state == WAITING && left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            interrupted |= Thread.interrupted(); // an interrupted thread would not park
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return state == DURABLE;
    }
}
