// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/**
 * Names one decision for ever: the runtime's random 64-bit number and a count within it. The text form is what stands
 * in the audit trail, such as {@code 9f86d081884c7d65-48210}.
 *
 * @param runtime the number that the runtime drew when it was opened
 * @param number the decision's number within that runtime, from 0
 */
public record DecisionId(long runtime, long number) {
    private static final int RUNTIME_DIGITS = 16;

    /**
     * Reads the text form back.
     *
     * @param text 16 hexadecimal digits, a hyphen, a decimal number
     * @return the id
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static DecisionId parse(String text) {
        if (text.length() > RUNTIME_DIGITS + 1 && text.charAt(RUNTIME_DIGITS) == '-') {
            try {
                return new DecisionId(
                        Long.parseUnsignedLong(text.substring(0, RUNTIME_DIGITS), 16),
                        Long.parseLong(text.substring(RUNTIME_DIGITS + 1)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(faultOf(text), e);
            }
        }
        throw new IllegalArgumentException(faultOf(text));
    }

    private static String faultOf(String text) {
        return "not a decision id: '" + text + "'; expected 16 hexadecimal digits, a hyphen and a number";
    }

    /** {@return the text form} */
    @Override
    public String toString() {
        String hex = Long.toHexString(runtime);
        return "0".repeat(RUNTIME_DIGITS - hex.length()) + hex + "-" + number;
    }
}
