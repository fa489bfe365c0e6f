// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.model.Limit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so many calls a period pass: the generic cell rate algorithm in its virtual scheduling form (ITU-T
 * Recommendation I.371, Annex A), which is a leaky bucket in one number.
 */
public final class RateGate {
    private final long interval;
    private final long tolerance;
    private final AtomicLong arrival; // the theoretical arrival time of the next call, on the monotonic clock

    /**
     * Creates a gate that a whole period's calls may pass at once.
     *
     * @param rate the rate
     * @param nowNanos the monotonic clock's reading
     */
    public RateGate(Limit.Rate rate, long nowNanos) {
        long period = rate.period().toNanos();
        this.interval = Math.max(1, period / rate.calls());
        this.tolerance = period - interval;
        this.arrival = new AtomicLong(nowNanos);
    }

    /** Counts what another gate has let pass, in whose place it is: a rate that is changed is not paid out anew. */
    void goOnFrom(RateGate before, long nowNanos) {
        double calls = (double) Math.max(0, before.arrival.get() - nowNanos) / before.interval;
        long ahead = Math.min(interval + tolerance, (long) (calls * interval));
        arrival.accumulateAndGet(nowNanos + ahead, (one, other) -> one - other > 0 ? one : other);
    }

    /**
     * Asks for one call.
     *
     * @param nowNanos the monotonic clock's reading
     * @return whether it may pass
     */
    public boolean tryPass(long nowNanos) {
        while (true) {
            long expected = arrival.get();
            long ahead = expected - nowNanos;
            if (ahead > tolerance) {
                return false;
            }
            long next = (ahead > 0 ? expected : nowNanos) + interval;
            if (arrival.compareAndSet(expected, next)) {
                return true;
            }
        }
    }

    /**
     * Says whether a call might pass, without letting one pass.
     *
     * @param nowNanos the monotonic clock's reading
     * @return whether {@link #tryPass} would have let one pass now
     */
    boolean mayPass(long nowNanos) {
        return arrival.get() - nowNanos <= tolerance;
    }

    /**
     * Takes back that a call has passed a moment ago, which did not go on: so soon that what it took has not grown back
     * yet, or one more might pass than should.
     */
    public void giveBack() {
        arrival.addAndGet(-interval);
    }
}
