// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrails.internal.Faults;
import java.math.BigDecimal;
import java.util.List;

/** A number. Compared exactly, whatever its size. */
public final class NumberArgument extends Argument {
    private final boolean whole;
    private final boolean ranged;
    private final double min;
    private final double max;

    NumberArgument(boolean whole, boolean ranged, double min, double max) {
        this.whole = whole;
        this.ranged = ranged;
        this.min = min;
        this.max = max;
    }

    /**
     * Declares the range.
     *
     * @param least the least number, or negative infinity
     * @param most the largest number, or infinity
     * @return the number
     */
    public NumberArgument range(double least, double most) {
        return new NumberArgument(whole, true, least, most);
    }

    @Override
    void judge(Object value, Path path, Hits hits) {
        if (!(value instanceof Number given)) {
            hits.add(path, ArgumentFault.WRONG_TYPE);
            return;
        }
        BigDecimal number = Json.decimal(given);
        if (whole && number.stripTrailingZeros().scale() > 0) {
            hits.add(path, ArgumentFault.WRONG_TYPE);
        } else if (ranged && !isInRange(number)) {
            hits.add(path, ArgumentFault.OUT_OF_RANGE);
        }
    }

    private boolean isInRange(BigDecimal number) {
        return (min == Double.NEGATIVE_INFINITY || number.compareTo(new BigDecimal(min)) >= 0)
                && (max == Double.POSITIVE_INFINITY || number.compareTo(new BigDecimal(max)) <= 0);
    }

    @Override
    List<String> faults(Path path) {
        return new Faults("argument " + path)
                .when(
                        ranged && !(min <= max),
                        "the range from " + min + " to " + max + " is none; give two numbers, the smaller first")
                .when(
                        ranged && (min == Double.POSITIVE_INFINITY || max == Double.NEGATIVE_INFINITY),
                        "no finite number lies in the range; give at least one finite limit")
                .found();
    }
}
