// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

/** Which elements stay when HTML is cleaned; those of jsoup's lists of the same kind. */
public enum Safelist {
    /** None: text only. */
    NONE,

    /** {@code b}, {@code em}, {@code i}, {@code strong} and {@code u}. */
    SIMPLE_TEXT,

    /** Text with lists, quotes, code and links that are marked {@code nofollow}; no images. */
    BASIC,

    /** As {@link #BASIC}, and images, tables and headings. */
    RELAXED
}
