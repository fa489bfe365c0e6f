// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * So many calls at once. Nobody waits for a permit, so this is a number and no more: giving one back happens wholly or
 * not at all and needs no more stack than taking it has, which is not so for a {@link java.util.concurrent.Semaphore}.
 */
public final class Permits {
    private static final int FRAMES = 50; // more than lie between an attempt and the end of what gives its permits back

    private final int max;
    private final AtomicInteger taken = new AtomicInteger();

    /**
     * Creates permits, of which none is taken.
     *
     * @param max how many there are
     */
    public Permits(int max) {
        this.max = max;
    }

    /**
     * Makes sure of the stack that giving back may take, before anything is taken; else a call of which the stack ends
     * in between would keep its permits for ever.
     */
    static void makeSureOfRoom() {
        frames(FRAMES);
    }

    private static int frames(int left) {
        return left == 0 ? 0 : 1 + frames(left - 1);
    }

    boolean tryAcquire() {
        while (true) {
            int before = taken.get();
            if (before >= max) {
                return false;
            }
            if (taken.compareAndSet(before, before + 1)) {
                return true;
            }
        }
    }

    void release() {
        taken.decrementAndGet();
    }
}
