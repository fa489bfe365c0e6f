// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.model.Segment;
import java.util.Optional;

/** What the trail has of the time before this run. */
public interface Past {
    /** There is no trail. */
    Past NONE = new Past() {
        @Override
        public Optional<JsonNode> state(long sequence) {
            return Optional.empty();
        }

        @Override
        public void decisions(GuardInfo guard, long after, Sink sink) {
            // there are none
        }
    };

    /** Takes what has happened. */
    interface Sink {
        /**
         * Takes the next one.
         *
         * @param decision the decision
         * @param epochNanos when it was made
         */
        void decided(DecisionRecord decision, long epochNanos);

        /**
         * Takes a new beginning: what was found before it was dealt with.
         *
         * @param diverted the segment whose calls the model answered no longer, if there was one
         */
        void rearmed(Optional<Segment> diverted);
    }

    /**
     * Reads the state of a detector.
     *
     * @param sequence the number of its record
     * @return the state; empty if it cannot be read
     */
    Optional<JsonNode> state(long sequence);

    /**
     * Reads the decisions of a model and the new beginnings of its detectors, in their order.
     *
     * @param guard the guard
     * @param after the number of the record behind which they are wanted
     * @param sink takes them
     */
    void decisions(GuardInfo guard, long after, Sink sink);
}
