// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;

/** What the journal tells the rooms above, on its own thread. Implementations return at once and never throw. */
public interface JournalObserver {

    /**
     * An entry has gone through the journal, in trail order.
     *
     * @param entry the entry, or a marker
     * @param epochNanos when it happened, on the wall clock
     */
    void passed(TrailEntry entry, long epochNanos);

    /**
     * The trail cannot be written. Told once for each outage.
     *
     * @param cause the first failure
     */
    void writingFailed(IOException cause);

    /**
     * The trail can be written again.
     *
     * @param lost how many entries of the outage are missing from it
     */
    void writingResumed(long lost);

    /**
     * Something about the trail needs a person, though it is written. Told on any thread.
     *
     * @param what what it is and what to do
     */
    default void warned(String what) {}
}
