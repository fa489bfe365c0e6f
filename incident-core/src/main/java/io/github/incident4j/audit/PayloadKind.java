// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

/** How much of an input or an output the trail keeps. */
public enum PayloadKind {
    /** Nothing. The default. */
    NONE,
    /**
     * A digest under the secret of the decision's subject: whoever has the text can show that it was this one, until
     * the subject is erased.
     */
    DIGEST,
    /** The text without what a redaction takes out of it, sealed in the side record. */
    REDACTED,
    /** The text, sealed in the side record. */
    FULL;

    /** {@return whether the text is kept, whole or redacted} */
    public boolean keepsText() {
        return this == REDACTED || this == FULL;
    }
}
