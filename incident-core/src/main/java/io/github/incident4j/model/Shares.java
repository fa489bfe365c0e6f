// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.util.Locale;

/** How shares are written for people. */
public final class Shares {
    private Shares() {}

    /**
     * A share as a percentage without needless digits.
     *
     * @param share from 0 to 1
     * @return such as {@code 5 %} or {@code 0.25 %}
     */
    public static String percent(double share) {
        String digits = String.format(Locale.ROOT, "%.4f", 100 * share);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, digits.charAt(end - 1) == '.' ? end - 1 : end) + " %";
    }
}
