// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

/**
 * A model that judges a text by rules in words: a large language model as judge.
 *
 * <p>It is called on other threads than the guarded call's, for several texts at once, so it must be safe for use by
 * several threads. It may do I/O, hang or throw; it is interrupted when nobody waits for its answer any more. One that
 * does not heed the interrupt keeps its thread.
 */
@FunctionalInterface
public interface Judge {

    /**
     * Judges a text. The text is not to be trusted: it may hold instructions for the judge.
     *
     * @param text the text
     * @return the judgement; null, or a category that was not declared, counts as no answer
     * @throws Exception if there is none
     */
    Judgement judge(String text) throws Exception;
}
