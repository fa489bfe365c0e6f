// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import java.util.SplittableRandom;

/**
 * The model that all benchmarks call: a few multiplications on the input, which the compiler cannot fold because the
 * inputs come out of an array. It answers with one of its prepared scores and so allocates nothing: every byte that is
 * measured belongs to what is wrapped around it.
 */
final class CreditModel {
    static final int APPLICATIONS = 1_024;

    private static final int GRADES = 256;
    private static final double CUT = 0.5;
    private static final String[] PURPOSES = {
        "used car, 24 months", "radio and television", "furniture for a flat", "repairs of a roof", "a course of study"
    };
    private static final String[] AGE_BANDS = {"18-25", "26-35", "36-50", "over-50"};

    private final Score[] grades = new Score[GRADES];

    /** What is scored; the text has some twenty characters. */
    record Application(String purpose, String ageBand, double income, double debt, int months) {}

    /** The answer. */
    record Score(double probabilityOfDefault, boolean approved) {}

    CreditModel() {
        for (int i = 0; i < GRADES; i++) {
            double probability = (i + 0.5) / GRADES;
            grades[i] = new Score(probability, probability < CUT);
        }
    }

    Score score(Application application) {
        double burden = application.debt() / application.income();
        double risk = 0.6 * burden + 0.004 * application.months();
        return grades[(int) (GRADES * Math.min(risk, 0.999))];
    }

    /** The same ones each time; a power of two, few enough for a cache. */
    static Application[] applications() {
        SplittableRandom random = new SplittableRandom(42);
        Application[] drawn = new Application[APPLICATIONS];
        for (int i = 0; i < APPLICATIONS; i++) {
            double income = 1_000 + 4_000 * random.nextDouble();
            drawn[i] = new Application(
                    PURPOSES[random.nextInt(PURPOSES.length)],
                    AGE_BANDS[random.nextInt(AGE_BANDS.length)],
                    income,
                    income * random.nextDouble(),
                    6 + random.nextInt(66));
        }
        return drawn;
    }
}
