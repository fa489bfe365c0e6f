// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a {@link Detector} knows: numbers by name, as they stand in the trail.
 *
 * @param version the version of their meaning, which is yours
 * @param numbers the numbers; some hundred at most
 */
public record DetectorState(int version, Map<String, List<Double>> numbers) {
    /**
     * Copies the numbers.
     *
     * @param version the version of their meaning
     * @param numbers the numbers by name
     */
    public DetectorState {
        numbers = numbers.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> List.copyOf(each.getValue())));
    }

    /**
     * A state of single numbers.
     *
     * @param version the version of their meaning
     * @param numbers the numbers by name
     * @return the state
     */
    public static DetectorState of(int version, Map<String, Double> numbers) {
        Map<String, List<Double>> lists = new TreeMap<>();
        numbers.forEach((name, number) -> lists.put(name, List.of(number)));
        return new DetectorState(version, lists);
    }

    /**
     * A single number.
     *
     * @param name its name
     * @return the number
     * @throws IllegalArgumentException if there is none of that name, or are several
     */
    public double number(String name) {
        List<Double> found = numbers.getOrDefault(name, List.of());
        if (found.size() != 1) {
            throw new IllegalArgumentException("the state has " + found.size() + " numbers '" + name + "', not one");
        }
        return found.get(0);
    }
}
