// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What an attempt holds of the limits of calls at once. It is given back once, however many see the attempt's end; who
 * could not (an error of the JVM) has not, and the next one does.
 */
final class Held<I, O> implements Runnable {
    private final Admission<I, O> admission;
    private final Route<I, O> route;
    private final CallState<I> call;
    private final AtomicBoolean held = new AtomicBoolean(true);

    Held(Admission<I, O> admission, Route<I, O> route, CallState<I> call) {
        this.admission = admission;
        this.route = route;
        this.call = call;
    }

    /** Gives it back. */
    @Override
    public void run() {
        if (held.compareAndSet(true, false)) {
            try {
                admission.release(route, call);
            } catch (Throwable e) {
                held.set(true);
                throw e;
            }
        }
    }
}
