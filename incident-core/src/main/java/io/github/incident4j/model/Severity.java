// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/** How bad an incident is: the four levels of the published response matrices, {@link #P0} the worst. */
public enum Severity {
    /** Critical: immediate harm. */
    P0,
    /** High: significant impact, such as the systematic denial of one group. */
    P1,
    /** Medium: noticeable trouble with limited impact. */
    P2,
    /** Low: minor degradation. */
    P3;

    /**
     * The worse of the two.
     *
     * @param other the severity to compare with
     * @return this or the other, whichever is worse
     */
    public Severity worse(Severity other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
