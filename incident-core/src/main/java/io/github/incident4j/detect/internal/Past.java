// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import java.time.Instant;
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
        public void decisions(GuardInfo guard, Span span, Sink sink) {
            // there are none
        }
    };

    /**
     * Where decisions stand that are in no state.
     *
     * @param mark the id of the mark with which it begins, or empty if it begins with something else
     * @param after the number of the record behind which they stand
     * @param before the number of a record before which they stand
     * @param from none was made before
     * @param until when they were all made
     */
    record Span(String mark, long after, long before, Instant from, Instant until) {}

    /** Takes what has happened. */
    interface Sink {
        /**
         * Takes the next decision.
         *
         * @param id the decision's id; that of {@code decision} itself is one of this run
         * @param decision the decision
         * @param epochNanos when it was made
         */
        void decided(String id, DecisionRecord decision, long epochNanos);

        /**
         * Takes the label of a decision.
         *
         * @param feedback the label
         * @param epochNanos when it came
         */
        void labelled(FeedbackRecord feedback, long epochNanos);

        /**
         * Takes what was done when the detectors had come so far.
         *
         * @param seen the record
         */
        void done(SeenRecord seen);
    }

    /**
     * Reads the state of a detector.
     *
     * @param sequence the number of its record
     * @return the state; empty if it cannot be read
     */
    Optional<JsonNode> state(long sequence);

    /**
     * Reads the decisions of a model and their labels in their order, and what was done, each behind the decision,
     * label or mark that it names.
     *
     * @param guard the guard
     * @param span where they stand
     * @param sink takes them
     */
    void decisions(GuardInfo guard, Span span, Sink sink);
}
