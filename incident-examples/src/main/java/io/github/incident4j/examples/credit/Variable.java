// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The 20 variables of the German credit data, in the order and under the names of its columns. */
enum Variable {
    STATUS("status", "A11", "A12", "A13", "A14"),
    MONTH("month", 1, 240),
    CREDIT_HISTORY("credit_history", "A30", "A31", "A32", "A33", "A34"),
    PURPOSE("purpose", "A40", "A41", "A42", "A43", "A44", "A45", "A46", "A47", "A48", "A49", "A410"),
    CREDIT_AMOUNT("credit_amount", 1, 10_000_000),
    SAVINGS("savings", "A61", "A62", "A63", "A64", "A65"),
    EMPLOYMENT("employment", "A71", "A72", "A73", "A74", "A75"),
    INSTALLMENT_RATE("investment_as_income_percentage", 0, 100),
    PERSONAL_STATUS("personal_status", "A91", "A92", "A93", "A94", "A95"),
    OTHER_DEBTORS("other_debtors", "A101", "A102", "A103"),
    RESIDENCE_SINCE("residence_since", 0, 100),
    PROPERTY("property", "A121", "A122", "A123", "A124"),
    AGE("age", 18, 120),
    INSTALLMENT_PLANS("installment_plans", "A141", "A142", "A143"),
    HOUSING("housing", "A151", "A152", "A153"),
    NUMBER_OF_CREDITS("number_of_credits", 0, 100),
    SKILL_LEVEL("skill_level", "A171", "A172", "A173", "A174"),
    PEOPLE_LIABLE_FOR("people_liable_for", 0, 100),
    TELEPHONE("telephone", "A191", "A192"),
    FOREIGN_WORKER("foreign_worker", "A201", "A202");

    private final String column;

    @SuppressWarnings("ImmutableEnumChecker") // it is: List.of
    private final List<String> codes;

    private final int min;
    private final int max;

    Variable(String column, String... codes) {
        this.column = column;
        this.codes = List.of(codes);
        this.min = 0;
        this.max = 0;
    }

    Variable(String column, int min, int max) {
        this.column = column;
        this.codes = List.of();
        this.min = min;
        this.max = max;
    }

    /** The name in the header of the file. */
    String column() {
        return column;
    }

    /** The legal codes; empty for a number. */
    List<String> codes() {
        return codes;
    }

    boolean isNumber() {
        return codes.isEmpty();
    }

    /** What is wrong with a value, if anything. */
    Optional<String> faultOf(String value) {
        if (!isNumber()) {
            return codes.contains(value)
                    ? Optional.empty()
                    : Optional.of(column + " is '" + value + "'; expected one of " + String.join(", ", codes));
        }
        try {
            int number = Integer.parseInt(value);
            return number >= min && number <= max
                    ? Optional.empty()
                    : Optional.of(column + " is " + number + "; expected " + min + " to " + max);
        } catch (NumberFormatException e) {
            return Optional.of(column + " is '" + value + "'; expected a whole number");
        }
    }

    static List<String> columns() {
        return Arrays.stream(values()).map(Variable::column).toList();
    }
}
