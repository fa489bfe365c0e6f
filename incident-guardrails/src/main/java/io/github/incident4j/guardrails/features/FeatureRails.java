// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

import io.github.incident4j.guardrail.Guardrail;

/**
 * Guardrails on the features that go into a model.
 *
 * <pre>{@code
 * .input(FeatureRails.<Application>schema()
 *         .number("income", Application::income).range(0, 1_000_000).scale(40_000, 10)
 *         .number("children", Application::children).range(0, 20).optional()
 *         .category("housing", Application::housing).oneOf("own", "rent", "free")
 *         .block(FeatureFault.UNIT_CHANGE, FeatureFault.UNSEEN_CATEGORY)
 *         .rail())
 * }</pre>
 *
 * <p>A pipeline that changes the encoding of one variable does not make a model fail; it makes it wrong. So each input
 * is held against what is declared of its features, or was {@linkplain FeatureSchema#learn learned} from rows: a
 * feature that is missing, of a wrong type or no finite number is blocked; one out of its range, far from its scale (an
 * income in cents) or of an unseen category is flagged. {@link FeatureSchema#block} and {@link FeatureSchema#flag}
 * change that for each {@link FeatureFault}.
 *
 * <p>A guardrail of a schema remembers nothing: it judges each input by itself. A finding names the features and their
 * faults, and holds neither a value nor a limit nor a category, because what was learned may be personal.
 *
 * <p>Not caught: categories that changed places among themselves, a change of unit that leaves the number within its
 * tolerance, values that are wrong but plausible, and features that nobody declared. What shows only in many inputs is
 * for a detector.
 *
 * <p>No method throws because of what it is given: see {@link Guardrail#faults()}. A function that throws a
 * {@link ClassCastException} has met a wrong type; any other exception goes to the guard, which blocks.
 */
public final class FeatureRails {

    private FeatureRails() {}

    /**
     * Starts without a feature. Where the compiler cannot tell the type of the inputs, name it:
     * {@code FeatureRails.<Application>schema()}.
     *
     * @param <T> the type of the inputs
     * @return the empty schema
     */
    public static <T> FeatureSchema<T> schema() {
        return new FeatureSchema<>(FeatureSchema.Parts.none());
    }
}
