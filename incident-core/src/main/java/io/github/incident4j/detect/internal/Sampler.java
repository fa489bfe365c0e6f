// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.model.Severity;

/** Which numbers of a decision are watched, and of which version of the model they tell. */
interface Sampler extends Memory.Kept {
    /**
     * Reads a decision.
     *
     * @param decision the decision, answered or refused
     * @param sink takes what there is to watch; often nothing
     */
    void sample(DecisionRecord decision, Sink sink);

    /** Reads an answer of which the label has come; most samplers ask for none. */
    default void sample(Labelled labelled, Sink sink) {}

    /** Most samplers know nothing of what was before. */
    @Override
    default void save(ObjectNode into) {}

    @Override
    default void load(JsonNode from) {}

    /** Takes numbers. */
    interface Sink {
        /** Whether something may be learned from the present decision. */
        boolean learns();

        /**
         * Takes one number.
         *
         * @param route the number of the route of which it tells
         * @param x the number
         */
        void take(int route, double x);

        /**
         * Takes one number of which the harm is known.
         *
         * @param route the number of the route of which it tells
         * @param x the number
         * @param atLeast how severe a signal is at least that it raises
         */
        void take(int route, double x, Severity atLeast);
    }
}
