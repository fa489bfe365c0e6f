// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
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

    /** Takes decisions. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes the next one.
         *
         * @param decision the decision
         * @param epochNanos when it was made
         */
        void take(DecisionRecord decision, long epochNanos);
    }

    /**
     * Reads the state of a detector.
     *
     * @param sequence the number of its record
     * @return the state; empty if it cannot be read
     */
    Optional<JsonNode> state(long sequence);

    /**
     * Reads the decisions of a model in their order.
     *
     * @param guard the guard
     * @param after the number of the record behind which they are wanted
     * @param sink takes them
     */
    void decisions(GuardInfo guard, long after, Sink sink);
}
