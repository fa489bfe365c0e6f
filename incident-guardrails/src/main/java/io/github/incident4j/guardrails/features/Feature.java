// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Names;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is declared of one feature. */
sealed interface Feature<T> {
    String name();

    Function<? super T, ? extends @Nullable Object> reader();

    boolean optional();

    /** The faults of a value that is there, as the sum of their bits. */
    int judge(Object value);

    /** What is wrong with the declaration. */
    List<String> faults();

    /** Collects what a feature of this kind learns. */
    Learner<T> learner();

    /** The faults of this feature in an input, as the sum of their bits. */
    default int faultsIn(T input) {
        Object value;
        try {
            value = valueIn(input);
        } catch (ClassCastException e) {
            return FeatureFault.WRONG_TYPE.bit();
        }
        if (value == null) {
            return optional() ? 0 : FeatureFault.MISSING.bit();
        }
        return judge(value);
    }

    /** The feature's value; null where it is missing. */
    default @Nullable Object valueIn(T input) {
        Object value = reader().apply(input);
        if (value instanceof Optional<?> maybe) {
            value = maybe.orElse(null);
        } else if (value instanceof OptionalDouble maybe) {
            value = maybe.isPresent() ? (Object) maybe.getAsDouble() : null;
        } else if (value instanceof OptionalInt maybe) {
            value = maybe.isPresent() ? (Object) maybe.getAsInt() : null;
        } else if (value instanceof OptionalLong maybe) {
            value = maybe.isPresent() ? (Object) maybe.getAsLong() : null;
        }
        return value instanceof CharSequence text && text.toString().isBlank() ? null : value;
    }

    /** Collects values, in bounded memory, and makes a feature out of them. */
    interface Learner<T> {
        void see(Object value);

        Feature<T> learned(Faults faults);
    }

    private static <T> Faults basics(Feature<T> feature) {
        Faults faults = new Faults("feature '" + feature.name() + "'")
                .whenNull(feature.reader(), "the function that takes it out", "Application::income");
        Names.faultOf("feature", feature.name()).ifPresent(fault -> faults.when(true, fault));
        return faults;
    }

    /** A number; its limits mean something only where it is ranged, its size only where it is scaled. */
    record OfNumber<T>(
            String name,
            Function<? super T, ? extends @Nullable Object> reader,
            boolean optional,
            boolean ranged,
            double min,
            double max,
            boolean scaled,
            double typical,
            double tolerance)
            implements Feature<T> {

        static <T> OfNumber<T> of(String name, Function<? super T, ? extends @Nullable Object> reader) {
            return new OfNumber<>(name, reader, false, false, 0, 0, false, 0, 0);
        }

        OfNumber<T> withRange(double least, double most) {
            return new OfNumber<>(name, reader, optional, true, least, most, scaled, typical, tolerance);
        }

        OfNumber<T> withScale(double usual, double factor) {
            return new OfNumber<>(name, reader, optional, ranged, min, max, true, usual, factor);
        }

        OfNumber<T> asOptional() {
            return new OfNumber<>(name, reader, true, ranged, min, max, scaled, typical, tolerance);
        }

        @Override
        public int judge(Object value) {
            if (!(value instanceof Number given)) {
                return FeatureFault.WRONG_TYPE.bit();
            }
            double number = given.doubleValue();
            if (!Double.isFinite(number)) {
                return FeatureFault.NOT_A_NUMBER.bit();
            }
            int bits = 0;
            if (ranged && !(number >= min && number <= max)) {
                bits |= FeatureFault.OUT_OF_RANGE.bit();
            }
            double size = Math.abs(number);
            if (scaled && size > 0 && (size / typical > tolerance || typical / size > tolerance)) {
                bits |= FeatureFault.UNIT_CHANGE.bit();
            }
            return bits;
        }

        @Override
        public List<String> faults() {
            return basics(this)
                    .when(
                            ranged && !(min <= max),
                            "the range from " + min + " to " + max + " is none; give two numbers, the smaller first")
                    .when(
                            ranged && (min == Double.POSITIVE_INFINITY || max == Double.NEGATIVE_INFINITY),
                            "no finite number lies in the range; give at least one finite limit")
                    .when(
                            scaled && !(typical > 0 && Double.isFinite(typical)),
                            "the scale " + typical + " is none; give a usual size, above 0")
                    .when(
                            scaled && !(tolerance > 1 && Double.isFinite(tolerance)),
                            "the tolerance " + tolerance + " of the scale is none; give a factor above 1, such as 10")
                    .found();
        }

        @Override
        public Learner<T> learner() {
            return new NumberLearner<>(this);
        }
    }

    /** A category. */
    record OfCategory<T>(
            String name,
            Function<? super T, ? extends @Nullable Object> reader,
            boolean optional,
            @Nullable Set<String> categories)
            implements Feature<T> {

        @Override
        public int judge(Object value) {
            String text = textOf(value);
            if (text == null) {
                return FeatureFault.WRONG_TYPE.bit();
            }
            return categories == null || categories.contains(text) ? 0 : FeatureFault.UNSEEN_CATEGORY.bit();
        }

        /** A category as a text; null where the value has a type that no category has. */
        static @Nullable String textOf(Object value) {
            if (value instanceof Enum<?> constant) {
                return constant.name();
            }
            boolean plain = value instanceof CharSequence
                    || value instanceof Boolean
                    || value instanceof Character
                    || value instanceof Integer
                    || value instanceof Long
                    || value instanceof Short
                    || value instanceof Byte;
            return plain ? value.toString() : null;
        }

        @Override
        public List<String> faults() {
            return basics(this)
                    .when(categories == null, "it has no categories; give them by oneOf, or learn them from rows")
                    .when(
                            categories != null && categories.isEmpty(),
                            "the list of its categories is empty; give at least one")
                    .when(
                            categories != null && categories.stream().anyMatch(String::isBlank),
                            "a category is null or blank; a blank value is a missing one")
                    .found();
        }

        @Override
        public Learner<T> learner() {
            return new CategoryLearner<>(this);
        }
    }
}
