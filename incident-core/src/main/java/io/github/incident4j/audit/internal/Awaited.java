// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An entry whose caller waits until it is on the disk. */
final class Awaited implements TrailEntry {
    private static final int WAITING = 0;
    private static final int DURABLE = 1;
    private static final int LOST = 2;

    private final TrailEntry entry;
    private final Thread caller = Thread.currentThread();
    private volatile int state = WAITING;

    Awaited(TrailEntry entry) {
        this.entry = entry;
    }

    TrailEntry entry() {
        return entry;
    }

    /** What is recorded, whether or not somebody waits for it. */
    static TrailEntry entryOf(TrailEntry entry) {
        return entry instanceof Awaited waiting ? waiting.entry : entry;
    }

    @Override
    public String type() {
        return entry.type();
    }

    @Override
    public long nanoTime() {
        return entry.nanoTime();
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        entry.writeMembers(json);
    }

    @Override
    public @Nullable Erasable erasable() {
        return entry.erasable();
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
