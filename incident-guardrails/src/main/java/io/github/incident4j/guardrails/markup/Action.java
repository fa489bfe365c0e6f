// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

/** What follows when something is found. */
public enum Action {
    /** The text is blocked. */
    BLOCK,

    /** What was found is taken away, or a label such as {@code [URL_HOST]} stands in its place. */
    REDACT,

    /** The text passes, on record. */
    FLAG
}
