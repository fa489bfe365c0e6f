// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

/**
 * A schema of which a number was declared last. Immutable, as {@link FeatureSchema} is.
 *
 * @param <T> the type of the inputs
 */
public final class NumberFeature<T> extends FeatureSchema<T> {
    private final Feature.OfNumber<T> number;

    NumberFeature(Parts<T> parts, Feature.OfNumber<T> number) {
        super(parts);
        this.number = number;
    }

    private NumberFeature<T> with(Feature.OfNumber<T> changed) {
        return new NumberFeature<>(parts.withLast(changed), changed);
    }

    /**
     * Declares from where to where the number goes, both included. A limit may be infinite.
     *
     * @param min the smallest number
     * @param max the largest number
     * @return the schema
     */
    public NumberFeature<T> range(double min, double max) {
        return with(number.withRange(min, max));
    }

    /**
     * Declares the size that the number usually has, to notice a change of its unit. A number but 0 must lie, without
     * its sign, between {@code typical / tolerance} and {@code typical * tolerance}. A change by a factor is found in
     * each single input when the factor is above the square of the tolerance, else in those that are large enough, or
     * small enough, already.
     *
     * @param typical the usual size, such as the median; above 0
     * @param tolerance the factor up and down that is still plausible; above 1
     * @return the schema
     */
    public NumberFeature<T> scale(double typical, double tolerance) {
        return with(number.withScale(typical, tolerance));
    }

    /**
     * Lets the number be missing. NaN is not missing, but {@link FeatureFault#NOT_A_NUMBER}.
     *
     * @return the schema
     */
    public NumberFeature<T> optional() {
        return with(number.asOptional());
    }
}
