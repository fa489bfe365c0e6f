// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import java.util.List;
import java.util.Map;

/**
 * A model that gives texts scores by label, such as a moderation service or a detector of prompt injection.
 *
 * <p>It is called on other threads than the guarded call's, for several batches at once, so it must be safe for use by
 * several threads. It may do I/O, hang or throw; it is interrupted when nobody waits for its answer any more. One that
 * does not heed the interrupt keeps its thread.
 */
@FunctionalInterface
public interface Classifier {

    /**
     * Scores texts.
     *
     * @param texts the texts, at least one, and one only unless {@link PlugOptions#batch} says otherwise
     * @return the scores for each text, in the same order: by label, each from 0 to 1. A text whose scores are null,
     *     lack a label that the guardrail asks for, or are outside 0 to 1 has not been judged; a list of another length
     *     than that of the texts judges none
     * @throws Exception if the texts cannot be scored
     */
    List<Map<String, Double>> classify(List<String> texts) throws Exception;
}
