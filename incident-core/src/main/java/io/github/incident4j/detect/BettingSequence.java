// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import java.util.Arrays;

/**
 * For each candidate {@code m} on a grid two gamblers bet with half of the capital each, that the mean is above,
 * {@code ∏ (1 + λ (x − m))}, and below it, {@code ∏ (1 − λ (x − m))}, where {@code λ} is the plug-in stake, but no more
 * than a part of what may be lost. A candidate is ruled out for good when one of them holds {@code 1/α}. The first
 * capital falls with {@code m} and the second rises, so that what is left is an interval.
 */
final class BettingSequence implements ConfidenceSequence {
    private static final int GRID = 512;
    private static final double MAX_STAKE = 0.5; // of everything
    private static final double CAP = 1e100; // far above 1/α, far below infinity

    private final PlugIn known;
    private final double[] above = new double[GRID + 1]; // by candidate
    private final double[] below = new double[GRID + 1];
    private int low; // the largest candidate that the mean is above
    private int high = GRID; // the smallest that it is below

    BettingSequence(double level) {
        this.known = new PlugIn(level);
        Arrays.fill(above, 1);
        Arrays.fill(below, 1);
    }

    @Override
    public void observe(double x) {
        PlugIn.requireUnit(x);
        double stake = known.stake();
        double enough = 1 / known.alphaOfASide();
        for (int j = low + 1; j < GRID; j++) {
            double m = (double) j / GRID;
            above[j] = Math.min(above[j] * (1 + Math.min(stake, MAX_STAKE / m) * (x - m)), CAP);
        }
        for (int j = 1; j < high; j++) {
            double m = (double) j / GRID;
            below[j] = Math.min(below[j] * (1 - Math.min(stake, MAX_STAKE / (1 - m)) * (x - m)), CAP);
        }
        known.observe(x);
        while (low < GRID - 1 && above[low + 1] >= enough) {
            low++;
        }
        while (high > 1 && below[high - 1] >= enough) {
            high--;
        }
    }

    @Override
    public long count() {
        return known.count();
    }

    @Override
    public Interval interval() {
        return new Interval((double) low / GRID, (double) high / GRID, known.level());
    }
}
