// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

import io.github.incident4j.guardrails.internal.Faults;
import java.util.HashSet;
import java.util.Set;

/** Learns the categories of a feature; a feature with very many is none. */
final class CategoryLearner<T> implements Feature.Learner<T> {
    static final int MOST = 1_000;

    private static final int LONGEST = 256;

    private final Feature.OfCategory<T> feature;
    private final Set<String> categories = new HashSet<>();
    private boolean tooLong;

    CategoryLearner(Feature.OfCategory<T> feature) {
        this.feature = feature;
    }

    @Override
    public void see(Object value) {
        String text = Feature.OfCategory.textOf(value);
        if (text == null || categories.size() > MOST) {
            return;
        }
        if (text.length() > LONGEST) {
            tooLong = true;
        } else {
            categories.add(text);
        }
    }

    @Override
    public Feature<T> learned(Faults faults) {
        if (feature.categories() != null) {
            return feature;
        }
        String what = "feature '" + feature.name() + "' ";
        faults.when(categories.isEmpty(), what + "has no category in the rows; give rows that hold it")
                .when(
                        categories.size() > MOST,
                        what + "has more than " + MOST + " categories; it is none, leave it out")
                .when(
                        tooLong,
                        what + "has a category of more than " + LONGEST + " characters; it is none, leave it out");
        return new Feature.OfCategory<>(feature.name(), feature.reader(), feature.optional(), Set.copyOf(categories));
    }
}
