// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

/**
 * What a recogniser answers: a span of the view.
 *
 * @param from the index of the first character in the view
 * @param to the index after the last one
 * @param confidence how sure the recogniser is, from 0 to 1
 * @param inContext how sure it is when one of its context words stands nearby
 * @param mentioned whether the text only speaks of it: as evidence it is put on record and does not block
 */
public record Hit(int from, int to, double confidence, double inContext, boolean mentioned) {

    /**
     * A span that is meant as it stands there.
     *
     * @param from the index of the first character in the view
     * @param to the index after the last one
     * @param confidence how sure the recogniser is, from 0 to 1
     * @param inContext how sure it is when one of its context words stands nearby
     */
    public Hit(int from, int to, double confidence, double inContext) {
        this(from, to, confidence, inContext, false);
    }
}
