// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Turns applications into numbers for the models, which share it: what it gets wrong, every version of the model gets
 * wrong.
 *
 * <p>The account status becomes a level, ordered as the default rates of the past order it: overdrawn 1, below 200 DM
 * 2, above 3, no account here 4. Release 4.2 takes the status from a new account service. That one reports the junior
 * accounts, which customers up to 25 hold, under codes of its own ({@code J-A12} for {@code A12}). The encoder does not
 * know them and writes −1, its mark for "unknown", which a model reads as "worse than overdrawn". No call fails, no
 * value is missing, and each answer is a legal number.
 */
enum FeaturePipeline {
    RELEASE_4_1("4.1"),
    RELEASE_4_2("4.2");

    private static final String LEVEL = "status.level";
    private static final Map<String, Integer> LEVELS = Map.of("A11", 1, "A12", 2, "A13", 3, "A14", 4);
    private static final int UNKNOWN = -1;
    private static final int OLDEST_WITH_JUNIOR_ACCOUNT = 25;
    private static final double MONTHS_OF_A_YEAR = 12;

    private final String release;

    FeaturePipeline(String release) {
        this.release = release;
    }

    /** The number of the release. */
    String release() {
        return release;
    }

    /** The features of the named variables, all of about the same scale. */
    Map<String, Double> features(Application application, Set<Variable> variables) {
        Map<String, Double> features = new LinkedHashMap<>();
        for (Variable variable : variables) {
            switch (variable) {
                case STATUS -> features.put(LEVEL, (double) LEVELS.getOrDefault(accountStatus(application), UNKNOWN));
                case MONTH -> features.put(variable.column(), application.number(variable) / MONTHS_OF_A_YEAR);
                case CREDIT_AMOUNT -> features.put(variable.column(), Math.log10(application.number(variable)));
                default -> {
                    if (variable.isNumber()) {
                        features.put(variable.column(), (double) application.number(variable));
                    } else {
                        features.put(variable.column() + "=" + application.value(variable), 1.0);
                    }
                }
            }
        }
        return features;
    }

    private String accountStatus(Application application) {
        String code = application.value(Variable.STATUS);
        return this == RELEASE_4_2 && application.age() <= OLDEST_WITH_JUNIOR_ACCOUNT ? "J-" + code : code;
    }
}
