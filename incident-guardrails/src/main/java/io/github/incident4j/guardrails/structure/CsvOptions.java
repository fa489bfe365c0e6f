// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrails.internal.Faults;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * What CSV an answer must be. Each method gives new options. What is wrong with them is among the guardrail's faults.
 *
 * <p>Immutable.
 *
 * @param header the names in the first record, in this order; none leaves the first record free
 * @param separator what stands between fields
 * @param minRows the fewest records, the header not counted
 * @param maxRows the most records, the header not counted
 * @param maxLength the most UTF-16 units of a text
 * @param formulas whether fields may begin as a spreadsheet's formula does
 */
public record CsvOptions(
        List<String> header, char separator, int minRows, int maxRows, int maxLength, boolean formulas) {
    private static final int LENGTH = 1_000_000;

    /**
     * Keeps a copy of the header.
     *
     * @param header the names
     * @param separator the sign between fields
     * @param minRows the fewest records
     * @param maxRows the most records
     * @param maxLength the most UTF-16 units
     * @param formulas whether formulas pass
     */
    public CsvOptions {
        header = List.copyOf(header);
    }

    /** {@return commas, any header, any number of records, at most 1,000,000 UTF-16 units, formulas allowed} */
    public static CsvOptions options() {
        return new CsvOptions(List.of(), ',', 0, Integer.MAX_VALUE, LENGTH, true);
    }

    /**
     * These options with a header.
     *
     * @param names the names in the first record, in this order; case counts
     * @return the new options
     */
    public CsvOptions header(String... names) {
        return new CsvOptions(
                Arrays.stream(names).map(String::valueOf).toList(), separator, minRows, maxRows, maxLength, formulas);
    }

    /**
     * These options with another separator.
     *
     * @param next what stands between fields: any character but a quote and a line break
     * @return the new options
     */
    public CsvOptions separator(char next) {
        return new CsvOptions(header, next, minRows, maxRows, maxLength, formulas);
    }

    /**
     * These options with limits of the number of records; the header is not counted where one is given.
     *
     * @param min the fewest, from 0
     * @param max the most
     * @return the new options
     */
    public CsvOptions rows(int min, int max) {
        return new CsvOptions(header, separator, min, max, maxLength, formulas);
    }

    /**
     * These options with another limit of length.
     *
     * @param units the most UTF-16 units of a text, from 1
     * @return the new options
     */
    public CsvOptions maxLength(int units) {
        return new CsvOptions(header, separator, minRows, maxRows, units, formulas);
    }

    /**
     * These options without formulas: a field that begins with {@code =}, {@code +}, {@code -}, {@code @}, a tab or a
     * carriage return, and is no number, is a fault, because a spreadsheet would run it (OWASP, CSV injection).
     *
     * @return the new options
     */
    public CsvOptions withoutFormulas() {
        return new CsvOptions(header, separator, minRows, maxRows, maxLength, false);
    }

    void check(Faults faults) {
        faults.when(
                        separator == '"' || separator == '\n' || separator == '\r',
                        "the separator is a quote or a line break; give another, such as ','")
                .when(
                        minRows < 0 || maxRows < minRows,
                        "the limits of records " + minRows + " and " + maxRows
                                + " must be from 0 up, the smaller first")
                .when(maxLength < 1, "the limit of length " + maxLength + " must be at least 1")
                .when(
                        new HashSet<>(header).size() < header.size(),
                        "the header has a name twice: " + header + "; name each column otherwise");
    }
}
