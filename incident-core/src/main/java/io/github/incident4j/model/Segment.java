// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/**
 * A part of the traffic: all calls whose attribute has this value, such as {@code ageBand=18-25}.
 *
 * @param attribute the attribute's name, as declared on the guard or carried by the call
 * @param value its value, not empty
 */
public record Segment(String attribute, String value) {
    /**
     * Checks that the attribute is a legal name and that the value is not empty.
     *
     * @param attribute the attribute's name
     * @param value its value
     */
    public Segment {
        Names.check("segment attribute", attribute);
        if (value.isEmpty()) {
            throw new IllegalArgumentException("the value of segment attribute '" + attribute + "' is empty");
        }
    }

    /** {@return attribute=value} */
    @Override
    public String toString() {
        return attribute + "=" + value;
    }
}
