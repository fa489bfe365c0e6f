// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

/** How much an incident has hurt, on one of the two dimensions of an {@link Assessment}. */
public enum Impact {
    /** Nothing that anybody would notice. */
    NONE,
    /** A little, or at the edge: minor degradation, an edge case, errors now and then. */
    MINOR,
    /** Noticeably: a part of the work, or unfairness without a decision that hurts. */
    MODERATE,
    /** Significantly: below what is acceptable, or people were treated wrongly. */
    MAJOR,
    /** Wholly, or people are hurt in a way that is hard to put right. */
    SEVERE
}
