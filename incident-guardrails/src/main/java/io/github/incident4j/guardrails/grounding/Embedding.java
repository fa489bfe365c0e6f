// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

/**
 * Turns a text into a vector whose direction stands for what the text means. A plug for a model of the host's choice;
 * it runs on the caller's thread, for many calls at once, so it must be safe for use by several threads, and its time
 * is the guardrail's time.
 */
@FunctionalInterface
public interface Embedding {

    /**
     * The vector of a text.
     *
     * @param text the text
     * @return the vector; all of the same length, finite, and not all zeros
     */
    float[] embed(String text);
}
