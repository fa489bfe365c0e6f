// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;

/** A rule of this family: its values stand anywhere, also in words, may be long, and need no context. */
interface MarkupRule extends Recogniser {
    @Override
    default boolean atWordStart() {
        return false;
    }

    @Override
    default int reach() {
        return 4_608; // a link of 2,048 characters behind as many slashes
    }

    static Hit sure(int from, int to) {
        return new Hit(from, to, 0.9, 0.9);
    }
}
