// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

/**
 * {@code Σ λ_i x_i / Σ λ_i ± (ln(2/α) + Σ v_i ψ(λ_i)) / Σ λ_i} with {@code v_i = 4 (x_i − μ_{i−1})²} and {@code ψ(λ) =
 * (−ln(1 − λ) − λ) / 4}; the intersection over all times.
 */
final class EmpiricalBernsteinSequence implements ConfidenceSequence {
    private static final double MAX_STAKE = 0.5;

    private final PlugIn known;
    private double stakes;
    private double staked; // the sum of stake times observation
    private double spread; // the sum of v ψ(stake)
    private double low;
    private double high = 1;

    EmpiricalBernsteinSequence(double level) {
        this.known = new PlugIn(level);
    }

    @Override
    public void observe(double x) {
        PlugIn.requireUnit(x);
        double stake = Math.min(known.stake(), MAX_STAKE);
        double deviation = x - known.mean();
        stakes += stake;
        staked += stake * x;
        spread += deviation * deviation * (-Math.log1p(-stake) - stake); // 4 and 1/4 are gone
        known.observe(x);
        double radius = (Math.log(1 / known.alphaOfASide()) + spread) / stakes;
        low = Math.max(low, staked / stakes - radius);
        high = Math.min(high, staked / stakes + radius);
    }

    @Override
    public long count() {
        return known.count();
    }

    @Override
    public Interval interval() {
        return new Interval(low, high, known.level());
    }
}
