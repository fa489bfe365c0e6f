// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that goes on by a step for each application, and not by itself. */
final class SimulatedClock implements InstantSource {
    private final Instant start;
    private final Duration step;
    private volatile Instant now;

    SimulatedClock(Instant start, Duration step) {
        this.start = start;
        this.step = step;
        this.now = start;
    }

    /** Turns the clock to the moment of an application. */
    void turnTo(int application) {
        now = timeOf(application);
    }

    Instant timeOf(int application) {
        return start.plus(step.multipliedBy(application));
    }

    /** The last application that had arrived at a time. */
    int applicationAt(Instant time) {
        return Math.toIntExact(Duration.between(start, time).dividedBy(step));
    }

    @Override
    public Instant instant() {
        return now;
    }
}
