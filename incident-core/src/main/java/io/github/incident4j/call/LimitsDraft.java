// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.call.internal.ModelLimits;
import io.github.incident4j.model.Limit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The limits of a model as they were configured. */
final class LimitsDraft {
    private final Map<String, Limit.Rate> segmentRates = new LinkedHashMap<>();
    private final Map<String, Integer> segmentMaxima = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private Limit.@Nullable Rate rate;
    private int maxConcurrent;

    void rate(Limit.Rate limit) {
        if (limit == null) {
            faults.add("the rate is null; give rateLimit(…) a value, or leave it out");
        }
        this.rate = limit;
    }

    void ratePer(String attribute, Limit.Rate limit) {
        if (limit == null) {
            faults.add("the rate for each " + attribute + " is null");
        } else {
            segmentRates.put(attribute, limit);
        }
    }

    void maxConcurrent(int calls) {
        if (calls < 1) {
            faults.add("a limit of " + calls + " calls at once lets nothing pass; use 1 or more");
        }
        this.maxConcurrent = Math.max(0, calls);
    }

    void maxConcurrentPer(String attribute, int calls) {
        if (calls < 1) {
            faults.add("a limit of " + calls + " calls at once for each " + attribute + " lets nothing pass; use 1 or"
                    + " more");
        }
        segmentMaxima.put(attribute, Math.max(0, calls));
    }

    List<String> faults(Set<String> declared) {
        List<String> found = new ArrayList<>(faults);
        Set<String> limited = new LinkedHashSet<>(segmentRates.keySet());
        limited.addAll(segmentMaxima.keySet());
        for (String attribute : limited) {
            if (!declared.contains(attribute)) {
                found.add("a limit for each '" + attribute + "' needs the attribute; add segment(\"" + attribute
                        + "\", …)");
            }
        }
        return found;
    }

    ModelLimits build(List<String> attributes, long nowNanos) {
        if (rate == null && maxConcurrent == 0 && segmentRates.isEmpty() && segmentMaxima.isEmpty()) {
            return ModelLimits.NONE;
        }
        List<Limit.@Nullable Rate> rates = new ArrayList<>();
        attributes.forEach(attribute -> rates.add(segmentRates.get(attribute)));
        List<Integer> maxima = attributes.stream()
                .map(attribute -> segmentMaxima.getOrDefault(attribute, 0))
                .toList();
        return new ModelLimits(rate, maxConcurrent, attributes, rates, maxima, nowNanos);
    }
}
