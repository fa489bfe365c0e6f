// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

/** In which way the distribution of a number can change. */
public enum Direction {
    /** The values are higher. */
    HIGHER,
    /** The values are lower. */
    LOWER,
    /** The values lie further out on both sides. */
    WIDER,
    /** The values lie closer to the middle. */
    NARROWER
}
