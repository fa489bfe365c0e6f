// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of a history: texts by the names of their columns. A text that is empty is missing.
 *
 * @param texts the texts
 * @param time when it was decided
 */
record Row(Map<String, String> texts, Instant time) {
    /** The text of a column; null where it is missing. */
    @Nullable
    String text(String column) {
        String text = texts.get(column);
        return text == null || text.isEmpty() ? null : text;
    }

    /** The number of a column; NaN where it is missing or no number. */
    double number(String column) {
        String text = text(column);
        return text == null ? Double.NaN : numberOf(text);
    }

    static double numberOf(String text) {
        String number = text.strip();
        if (!number.endsWith(".") && (number.isEmpty() || !Character.isDigit(number.charAt(number.length() - 1)))) {
            return Double.NaN; // such as 10D, a code and no number
        }
        try {
            return Double.parseDouble(number);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
