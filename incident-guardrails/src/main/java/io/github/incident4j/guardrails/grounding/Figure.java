// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number in a text.
 *
 * @param readings the ways to read it; 1.234 may be more than a thousand and little more than one
 * @param row the same digits as a row of numbers with spaces between them; empty when there are no spaces
 * @param unit what it counts, when a known unit stands beside it
 * @param start its first character in the view
 * @param end the one after its last digit
 */
record Figure(
        List<Reading> readings, List<Reading> row, @Nullable Unit unit, int start, int end) {
    /**
     * One way to read it.
     *
     * @param value the value, multiples such as million included
     * @param step what its last digit counts
     */
    record Reading(double value, double step) {
        Reading times(double factor) {
            return new Reading(value * factor, step * factor);
        }
    }
}
