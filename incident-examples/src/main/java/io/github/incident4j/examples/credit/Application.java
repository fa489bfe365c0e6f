// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import java.util.EnumMap;
import java.util.Map;

/** An application for credit, as it stands on paper. */
final class Application {
    private final Map<Variable, String> values;

    Application(Map<Variable, String> values) {
        this.values = new EnumMap<>(values);
    }

    /** The value of a variable, for a qualitative one its code. */
    String value(Variable variable) {
        String value = values.get(variable);
        if (value == null) {
            throw new IllegalStateException("the application has no " + variable.column());
        }
        return value;
    }

    int number(Variable variable) {
        return Integer.parseInt(value(variable));
    }

    int age() {
        return number(Variable.AGE);
    }

    /** Coarse enough to be written to the audit trail. */
    String ageBand() {
        int age = age();
        if (age <= 25) {
            return "18-25";
        }
        return age <= 35 ? "26-35" : age <= 50 ? "36-50" : "51+";
    }
}
