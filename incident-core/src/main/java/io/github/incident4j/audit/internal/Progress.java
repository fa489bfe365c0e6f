// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.util.List;

/**
 * How far a stream got.
 *
 * @param elements how many elements were passed on
 * @param firstNanos how long until the first of them; negative if there was none
 * @param letOut what has left of each route, where guardrails judge it
 */
public record Progress(long elements, long firstNanos, List<LetOut> letOut) {

    /**
     * Of a stream that no guardrail judges.
     *
     * @param elements how many elements were passed on
     * @param firstNanos how long until the first of them; negative if there was none
     */
    public Progress(long elements, long firstNanos) {
        this(elements, firstNanos, List.of());
    }

    /**
     * The same, with what has left.
     *
     * @param parts of each route
     * @return the whole
     */
    public Progress letOut(List<LetOut> parts) {
        return parts.isEmpty() ? this : new Progress(elements, firstNanos, parts);
    }
}
