// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

/** What is done about a value, the mildest first. */
public enum Action {
    /** The value stays and is put on record. */
    FLAG,

    /** A mask takes its place. */
    REDACT,

    /** The model is asked once more; in a stream, of which a part has left, the same as {@link #BLOCK}. */
    RETRY,

    /** The text goes no further. */
    BLOCK
}
