// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

/** What redaction puts in a value's place. */
public enum Mask {
    /** The rule's label in brackets, such as {@code [IBAN]}. */
    LABEL,

    /**
     * Four asterisks and the last four letters or digits; four asterisks alone for a value of fewer than nine letters
     * and digits. The number of asterisks says nothing of the value's length.
     */
    LAST_FOUR,

    /** Nothing. */
    REMOVE
}
