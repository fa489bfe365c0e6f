// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

/** What confidence sequences know of mean and variance before the next observation, and the stake that follows. */
final class PlugIn {
    private final double level;
    private long count;
    private double sum;
    private double squares;

    PlugIn(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "the level of an interval must lie between 0 and 1 but is " + level + "; say 0.99 for 99 %");
        }
        this.level = level;
    }

    long count() {
        return count;
    }

    /** With which probability one side may fail. */
    double alphaOfASide() {
        return (1 - level) / 2;
    }

    double level() {
        return level;
    }

    /** The mean so far, with one half for one more observation. */
    double mean() {
        return (0.5 + sum) / (count + 1);
    }

    /** {@code λ = √(2 ln(2/α) / (σ² t ln(t + 1)))} for the next observation, the {@code t}-th. */
    double stake() {
        double t = count + 1.0;
        double variance = (0.25 + squares) / (count + 1);
        return Math.sqrt(2 * Math.log(1 / alphaOfASide()) / (variance * t * Math.log(t + 1)));
    }

    void observe(double x) {
        sum += x;
        count++;
        double deviation = x - mean();
        squares += deviation * deviation;
    }

    static void requireUnit(double x) {
        if (!(x >= 0 && x <= 1)) {
            throw new IllegalArgumentException("an observation must lie within [0, 1] but is " + x);
        }
    }
}
