// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Values that are no trouble.
 *
 * @param values the values in normal form
 * @param conditions what holds of a value in normal form that is allowed
 * @param words the words near which a value is allowed
 */
record Allowed(Set<String> values, List<Predicate<String>> conditions, Set<String> words) {
    static final Allowed NOTHING = new Allowed(Set.of(), List.of(), Set.of());

    boolean holds(View view, int from, int to) {
        if (values.isEmpty() && conditions.isEmpty()) {
            return false;
        }
        String value = view.slice(from, to);
        return values.contains(value) || conditions.stream().anyMatch(condition -> condition.test(value));
    }
}
