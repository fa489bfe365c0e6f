// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import io.github.incident4j.examples.credit.CreditData.Customer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes customers up, for runs without real data.
 *
 * <p>Each customer defaults with a probability of 30 %. Given that, every variable is drawn by itself from a
 * distribution for those who repay or one for those who default, so that there is something to learn: codes by the
 * percentages below, amount and duration log-normal, the age uniform within a band. The percentages resemble the
 * published frequencies of the German credit data in whole numbers; no customer of that file is in it, and what its
 * variables say about each other is not either. The same seed gives the same customers.
 */
final class SyntheticCredit {
    private static final int CUSTOMERS = 1_000;
    private static final double DEFAULT_RATE = 0.3;
    private static final int[][] AGE_BANDS = {{19, 25}, {26, 35}, {36, 50}, {51, 75}};
    private static final int[] AGE_IF_REPAID = {16, 40, 33, 11};
    private static final int[] AGE_IF_DEFAULTED = {27, 39, 24, 10};

    private final SplittableRandom random;

    private SyntheticCredit(long seed) {
        this.random = new SplittableRandom(seed);
    }

    static CreditData sample(long seed) {
        SyntheticCredit generator = new SyntheticCredit(seed);
        List<Customer> customers = new ArrayList<>();
        for (int i = 0; i < CUSTOMERS; i++) {
            customers.add(generator.customer());
        }
        return new CreditData("SYNTHETIC data, made up from the seed; --data FILE reads real data", customers);
    }

    private Customer customer() {
        boolean defaulted = random.nextDouble() < DEFAULT_RATE;
        Map<Variable, String> values = new EnumMap<>(Variable.class);
        for (Variable variable : Variable.values()) {
            values.put(variable, valueOf(variable, defaulted));
        }
        return new Customer(new Application(values), defaulted);
    }

    private String valueOf(Variable variable, boolean defaulted) {
        return switch (variable) {
            case STATUS -> code(variable, defaulted, ints(20, 23, 7, 50), ints(45, 35, 5, 15));
            case MONTH -> logNormal(defaulted ? 21.5 : 16.5, 0.55, 4, 72);
            case CREDIT_HISTORY -> code(variable, defaulted, ints(2, 3, 51, 9, 35), ints(8, 9, 57, 9, 17));
            case PURPOSE ->
                code(
                        variable,
                        defaulted,
                        ints(20, 12, 18, 31, 1, 2, 5, 0, 1, 9, 1),
                        ints(30, 6, 19, 20, 1, 3, 7, 0, 1, 11, 2));
            case CREDIT_AMOUNT -> logNormal(defaulted ? 2_750 : 2_280, 0.77, 250, 20_000);
            case SAVINGS -> code(variable, defaulted, ints(55, 10, 7, 6, 22), ints(72, 11, 4, 2, 11));
            case EMPLOYMENT -> code(variable, defaulted, ints(6, 15, 34, 19, 26), ints(8, 23, 35, 13, 21));
            case INSTALLMENT_RATE -> number(defaulted, 1, ints(15, 24, 16, 45), ints(11, 21, 15, 53));
            case PERSONAL_STATUS -> code(variable, defaulted, ints(4, 29, 57, 10, 0), ints(7, 36, 49, 8, 0));
            case OTHER_DEBTORS -> code(variable, defaulted, ints(91, 3, 6), ints(91, 6, 3));
            case RESIDENCE_SINCE -> number(defaulted, 1, ints(13, 31, 15, 41), ints(12, 32, 15, 41));
            case PROPERTY -> code(variable, defaulted, ints(32, 23, 33, 12), ints(20, 24, 34, 22));
            case AGE -> age(defaulted);
            case INSTALLMENT_PLANS -> code(variable, defaulted, ints(12, 4, 84), ints(19, 6, 75));
            case HOUSING -> code(variable, defaulted, ints(16, 75, 9), ints(23, 62, 15));
            case NUMBER_OF_CREDITS -> number(defaulted, 1, ints(62, 34, 3, 1), ints(67, 30, 2, 1));
            case SKILL_LEVEL -> code(variable, defaulted, ints(2, 21, 63, 14), ints(2, 19, 62, 17));
            case PEOPLE_LIABLE_FOR -> number(defaulted, 1, ints(84, 16), ints(85, 15));
            case TELEPHONE -> code(variable, defaulted, ints(58, 42), ints(62, 38));
            case FOREIGN_WORKER -> code(variable, defaulted, ints(95, 5), ints(99, 1));
        };
    }

    private String code(Variable variable, boolean defaulted, int[] ifRepaid, int[] ifDefaulted) {
        return variable.codes().get(drawn(defaulted ? ifDefaulted : ifRepaid));
    }

    private String number(boolean defaulted, int first, int[] ifRepaid, int[] ifDefaulted) {
        return Integer.toString(first + drawn(defaulted ? ifDefaulted : ifRepaid));
    }

    private String age(boolean defaulted) {
        int[] band = AGE_BANDS[drawn(defaulted ? AGE_IF_DEFAULTED : AGE_IF_REPAID)];
        return Integer.toString(random.nextInt(band[0], band[1] + 1));
    }

    private String logNormal(double median, double sigma, int min, int max) {
        double normal = 0; // Irwin and Hall: the sum of twelve uniform numbers is normal enough, and alike on every JVM
        for (int i = 0; i < 12; i++) {
            normal += random.nextDouble();
        }
        long value = StrictMath.round(median * StrictMath.exp(sigma * (normal - 6)));
        return Long.toString(Math.min(Math.max(value, min), max));
    }

    /** The index of a percentage, drawn as often as it says. */
    private int drawn(int[] percentages) {
        int ticket = random.nextInt(100);
        int index = 0;
        while (ticket >= percentages[index]) {
            ticket -= percentages[index++];
        }
        return index;
    }

    /** Percentages, which add up to 100. */
    private static int[] ints(int... percentages) {
        return percentages;
    }
}
