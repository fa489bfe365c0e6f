// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.time.Instant;
import java.time.InstantSource;

/** Both clocks that the library reads: the wall clock and a monotonic one. Tests and replays supply their own. */
public interface TimeSource extends InstantSource {

    /**
     * The monotonic clock, in nanoseconds from an arbitrary origin; only differences mean anything.
     *
     * @return the reading
     */
    long nanoTime();

    /** {@return the clocks of the system} */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }

    /**
     * A wall clock that also serves as the monotonic one, for tests and for the replay of a history.
     *
     * @param clock the clock; it should never go back
     * @return both clocks in step
     */
    static TimeSource following(InstantSource clock) {
        return new TimeSource() {
            @Override
            public long nanoTime() {
                Instant now = clock.instant();
                return now.getEpochSecond() * 1_000_000_000L + now.getNano();
            }

            @Override
            public Instant instant() {
                return clock.instant();
            }
        };
    }
}
