// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;

/** Whether a time grows as a text does. */
public final class LinearTime {
    private static final int FACTOR = 16;
    private static final int FEWEST_ROUNDS = 3;
    private static final int MOST_ROUNDS = 40;
    private static final long LEAST_NANOS = 200_000;

    private LinearTime() {}

    /**
     * Asserts that a text of sixteen times the length takes no more than sixteen times the time and some, where a
     * square would be 256 times. What comes first may be slow, so it looks again.
     *
     * @param what is judged
     * @param piece what the texts repeat
     * @param length of the short text
     * @param slack how many times too long the long one may take
     * @param judge judges a text
     */
    public static void assertGrowsAsTheText(String what, String piece, int length, int slack, Consumer<String> judge) {
        String small = piece.repeat(length / piece.length());
        String large = piece.repeat(length * FACTOR / piece.length());
        long ofSmall = Long.MAX_VALUE;
        long ofLarge = Long.MAX_VALUE;
        for (int i = 0; i < FEWEST_ROUNDS || (i < MOST_ROUNDS && ofLarge >= limit(ofSmall, slack)); i++) {
            ofSmall = Math.min(ofSmall, nanos(small, judge));
            ofLarge = Math.min(ofLarge, nanos(large, judge));
        }
        assertThat(ofLarge).as(what).isLessThan(limit(ofSmall, slack));
    }

    private static long limit(long ofSmall, int slack) {
        return Math.max(ofSmall, LEAST_NANOS) * FACTOR * slack;
    }

    private static long nanos(String text, Consumer<String> judge) {
        long start = CpuTime.nanos();
        judge.accept(text);
        return CpuTime.nanos() - start;
    }
}
