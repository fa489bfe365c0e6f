// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A schema of which a category was declared last. Immutable, as {@link FeatureSchema} is.
 *
 * @param <T> the type of the inputs
 */
public final class CategoryFeature<T> extends FeatureSchema<T> {
    private final Feature.OfCategory<T> category;

    CategoryFeature(Parts<T> parts, Feature.OfCategory<T> category) {
        super(parts);
        this.category = category;
    }

    private CategoryFeature<T> with(boolean optional, @Nullable Set<String> categories) {
        Feature.OfCategory<T> changed =
                new Feature.OfCategory<>(category.name(), category.reader(), optional, categories);
        return new CategoryFeature<>(parts.withLast(changed), changed);
    }

    /**
     * Declares the categories, compared letter by letter.
     *
     * @param categories all of them
     * @return the schema
     */
    public CategoryFeature<T> oneOf(String... categories) {
        return with(category.optional(), copyOf(categories == null ? null : Arrays.asList(categories)));
    }

    /**
     * Declares the categories, compared letter by letter.
     *
     * @param categories all of them; copied
     * @return the schema
     */
    public CategoryFeature<T> oneOf(Collection<String> categories) {
        return with(category.optional(), copyOf(categories));
    }

    /**
     * Lets the category be missing.
     *
     * @return the schema
     */
    public CategoryFeature<T> optional() {
        return with(true, category.categories());
    }
}
