// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.numeric;

/**
 * The limits between which a number is plausible, both included. One of them may be infinite. That they make sense is
 * checked where they are used; see {@link io.github.incident4j.guardrail.Guardrail#faults()}.
 *
 * @param min the smallest number
 * @param max the largest number
 */
public record Bounds(double min, double max) {

    /**
     * Whether a number is finite and lies between the limits.
     *
     * @param number the number
     * @return true if it does
     */
    public boolean include(double number) {
        return number >= min && number <= max && Double.isFinite(number);
    }

    /** Whether a finite number lies between the limits; false for NaN, too. */
    boolean areLegal() {
        return min <= max && min != Double.POSITIVE_INFINITY && max != Double.NEGATIVE_INFINITY;
    }
}
