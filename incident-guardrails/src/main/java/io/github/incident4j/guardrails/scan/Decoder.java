// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import org.jspecify.annotations.Nullable;

/** Finds what may be an encoded text, and decodes it. What is found in it stands for the whole of its outer span. */
interface Decoder extends Recogniser {
    /** The longest piece that is decoded; of a longer one the beginning. */
    int LONGEST = 8_000;

    @Override
    default String category() {
        return "encoded";
    }

    @Override
    default int reach() {
        return LONGEST + 8;
    }

    /** The text in a span that was found, in the view's characters; null when it is none. */
    @Nullable
    String decode(String encoded);
}
