// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The features of an input, as they are declared. Immutable: each method returns another schema. No method throws
 * because of what it is given; what is wrong is among the {@link Guardrail#faults()} of {@link #rail()}. See
 * {@link FeatureRails} for what is checked.
 *
 * @param <T> the type of the inputs
 */
public sealed class FeatureSchema<T> permits NumberFeature, CategoryFeature {
    private static final int MOST_FEATURES = 10_000;

    final Parts<T> parts;

    FeatureSchema(Parts<T> parts) {
        this.parts = parts;
    }

    /** What a schema is made of; the feature that was declared last may still change. */
    record Parts<T>(List<Feature<T>> features, Set<FeatureFault> blocking, List<String> faults) {
        Parts {
            features = List.copyOf(features);
            blocking = Set.copyOf(blocking);
            faults = List.copyOf(faults);
        }

        static <T> Parts<T> none() {
            return new Parts<>(
                    List.of(),
                    EnumSet.of(FeatureFault.MISSING, FeatureFault.WRONG_TYPE, FeatureFault.NOT_A_NUMBER),
                    List.of());
        }

        Parts<T> and(Feature<T> feature) {
            List<Feature<T>> more = new ArrayList<>(features);
            more.add(feature);
            return new Parts<>(more, blocking, faults);
        }

        Parts<T> withLast(Feature<T> feature) {
            List<Feature<T>> changed = new ArrayList<>(features);
            changed.set(changed.size() - 1, feature);
            return new Parts<>(changed, blocking, faults);
        }
    }

    /**
     * Declares a number. It is required, unless {@link NumberFeature#optional()} follows.
     *
     * @param name the feature's name, as it stands in findings; a legal name, and one that no other feature has
     * @param value takes the number out of the input: a {@link Number}, an {@code Optional} of one, or null
     * @return the schema with the number
     */
    public NumberFeature<T> number(String name, Function<? super T, ? extends @Nullable Object> value) {
        Feature.OfNumber<T> number = Feature.OfNumber.of(name, value);
        return new NumberFeature<>(parts.and(number), number);
    }

    /**
     * Declares a category. It is required, unless {@link CategoryFeature#optional()} follows.
     *
     * @param name the feature's name, as it stands in findings; a legal name, and one that no other feature has
     * @param value takes the category out of the input: a text, an enum's constant (by its name), a boolean, a
     *     character or a whole number, an {@code Optional} of one, or null
     * @return the schema with the category
     */
    public CategoryFeature<T> category(String name, Function<? super T, ? extends @Nullable Object> value) {
        Feature.OfCategory<T> category = new Feature.OfCategory<>(name, value, false, null);
        return new CategoryFeature<>(parts.and(category), category);
    }

    /**
     * Blocks an input with one of these faults, in any feature.
     *
     * @param kinds the kinds of faults
     * @return the schema
     */
    public FeatureSchema<T> block(FeatureFault... kinds) {
        return acting(true, kinds);
    }

    /**
     * Only puts on record an input with one of these faults.
     *
     * @param kinds the kinds of faults
     * @return the schema
     */
    public FeatureSchema<T> flag(FeatureFault... kinds) {
        return acting(false, kinds);
    }

    private FeatureSchema<T> acting(boolean block, FeatureFault @Nullable [] kinds) {
        Set<FeatureFault> blocking = new HashSet<>(parts.blocking);
        List<String> found = new ArrayList<>(parts.faults);
        boolean holed = kinds == null;
        for (FeatureFault kind : kinds == null ? new FeatureFault[0] : kinds) {
            if (kind == null) {
                holed = true;
            } else if (block) {
                blocking.add(kind);
            } else {
                blocking.remove(kind);
            }
        }
        if (holed) {
            found.add("a kind of fault is null; give one, such as FeatureFault.UNIT_CHANGE");
        }
        return new FeatureSchema<>(new Parts<>(parts.features, blocking, found));
    }

    /**
     * Learns from rows of good data what is not declared: the range and the scale of each number, and the categories.
     * What is declared stays as it is, and so does what is optional.
     *
     * <p>The rows are read once, in bounded memory, and the same rows in the same order teach the same. Values that are
     * missing or of a wrong type teach nothing.
     *
     * <ul>
     *   <li>Range: from the smallest to the largest number, and half of the distance between them more on each side;
     *       not below 0 when no number was.
     *   <li>Scale: the median of the sizes (absolute values) of all numbers but 0, with a tolerance of twice the larger
     *       of 99 % quantile ÷ median and median ÷ 1 % quantile. Quantiles are of type 7 of Hyndman and Fan, out of all
     *       sizes up to 10,000, and out of a uniform sample of 10,000 beyond. Fewer than 20 sizes teach no scale.
     *   <li>Categories: each that was seen. More than 1,000, or one of more than 256 characters, is a fault.
     * </ul>
     *
     * @param rows the rows, such as those the model was trained with
     * @return the schema with what was learned
     */
    public FeatureSchema<T> learn(Iterable<? extends T> rows) {
        List<String> found = new ArrayList<>(parts.faults);
        if (rows == null) {
            found.add("the rows to learn from are null; give those the model was trained with");
            return new FeatureSchema<>(new Parts<>(parts.features, parts.blocking, found));
        }
        List<Feature<T>> features = parts.features;
        if (features.stream().anyMatch(feature -> feature.reader() == null)) {
            return this; // the fault is the feature's
        }
        List<Feature.Learner<T>> learners = new ArrayList<>();
        features.forEach(feature -> learners.add(feature.learner()));
        for (T row : rows) {
            for (int i = 0; row != null && i < features.size(); i++) {
                teach(learners.get(i), features.get(i), row);
            }
        }
        Faults faults = new Faults("learn");
        List<Feature<T>> learned = new ArrayList<>();
        learners.forEach(learner -> learned.add(learner.learned(faults)));
        found.addAll(faults.found());
        return new FeatureSchema<>(new Parts<>(learned, parts.blocking, found));
    }

    private static <T> void teach(Feature.Learner<T> learner, Feature<T> feature, T row) {
        Object value;
        try {
            value = feature.valueIn(row);
        } catch (ClassCastException e) {
            return; // of a wrong type
        }
        if (value != null) {
            learner.see(value);
        }
    }

    /**
     * The guardrail that judges all features of an input, named {@code features}. It has one finding for an input: its
     * category is that of the first fault that blocks, or else of the first fault, in the order of the declarations;
     * its message says that fault and names up to ten others with their categories. Its rule is {@code features}.
     *
     * @return the guardrail
     */
    public Guardrail<T> rail() {
        Faults faults = new Faults(FeatureRail.NAME)
                .all(parts.faults)
                .when(parts.features.isEmpty(), "there are no features; declare at least one")
                .when(parts.features.size() > MOST_FEATURES, "more than " + MOST_FEATURES + " features are too many");
        Set<@Nullable String> names = new HashSet<>();
        for (Feature<T> feature : parts.features) {
            faults.all(feature.faults())
                    .when(
                            !names.add(feature.name()),
                            "two features have the name '" + feature.name() + "'; give each its own");
        }
        return faults.or(FeatureRail.NAME, () -> new FeatureRail<>(parts.features, parts.blocking));
    }

    /**
     * All faults of an input, each as a finding of its own, in the order of the declarations; for tests and reports.
     * What is blocked and what is flagged makes no difference here.
     *
     * @param input the input
     * @return the findings; one that says so when the schema itself has faults
     */
    public List<Finding> findings(T input) {
        List<String> faults = rail().faults();
        if (!faults.isEmpty()) {
            return List.of(new Finding(FeatureRail.NAME, "misconfigured", String.join("; ", faults)));
        }
        return new FeatureRail<>(parts.features, parts.blocking)
                .hitsIn(input).stream().map(FeatureRail.Hit::finding).toList();
    }

    static Set<String> copyOf(@Nullable Collection<String> categories) {
        Set<String> copy = new HashSet<>();
        if (categories != null) {
            categories.forEach(category -> copy.add(category == null ? "" : category));
        }
        return Set.copyOf(copy);
    }
}
