// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The category that the host's function has read, where a version of the model answered: numbered in the order in which
 * they appear, of which all behind the 32nd are one.
 */
final class CategorySampler implements Sampler {
    /** How many numbers there are. */
    static final int CATEGORIES = 33;

    private static final int OTHERS = CATEGORIES - 1;

    private final int index;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    CategorySampler(Detection<?, ?> detection, GuardInfo guard) {
        this.index = guard.categories().indexOf(detection.name());
    }

    @Override
    public void sample(DecisionRecord decision, Sink sink) {
        String category = Monitor.isByModel(decision) ? decision.category(index) : null;
        if (category != null) {
            sink.take(decision.route(), numberOf(category));
        }
    }

    private int numberOf(String category) {
        Integer known = numbers.get(category);
        if (known != null) {
            return known;
        }
        if (names.size() == OTHERS) {
            return OTHERS;
        }
        numbers.put(category, names.size());
        names.add(category);
        return names.size() - 1;
    }

    /** The name of a number, for a person. */
    String nameOf(int number) {
        return number < names.size() ? "'" + names.get(number) + "'" : "what is none of the first " + OTHERS;
    }

    @Override
    public void save(ObjectNode into) {
        names.forEach(into.putArray("categories")::add);
    }

    @Override
    public void load(JsonNode from) {
        for (JsonNode name : from.path("categories")) {
            numberOf(name.asText());
        }
    }
}
