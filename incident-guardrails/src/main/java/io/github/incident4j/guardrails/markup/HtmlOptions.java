// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.internal.Faults;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which HTML a text may hold. Each method gives new options. Immutable.
 *
 * @param tags the only elements that are allowed, in small letters; none leaves all allowed but those that run, load or
 *     take input
 */
public record HtmlOptions(Set<String> tags) {

    /**
     * Keeps a copy of the elements.
     *
     * @param tags the elements that are allowed
     */
    public HtmlOptions {
        tags = Set.copyOf(tags);
    }

    /** {@return every element but those that run, load or take input} */
    public static HtmlOptions options() {
        return new HtmlOptions(Set.of());
    }

    /**
     * These options with the only elements that are allowed; then everything is found that looks like another one, such
     * as {@code List<String>} in a text about Java. Event handlers and script links are found on these, too.
     *
     * @param names the elements, such as {@code b} and {@code p}; case makes no difference
     * @return the new options
     */
    public HtmlOptions allowTags(String... names) {
        return new HtmlOptions(Arrays.stream(names)
                .map(name -> String.valueOf(name).toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet()));
    }

    void check(Faults faults) {
        List<String> bad = tags.stream()
                .filter(tag -> tag.isEmpty()
                        || !tag.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
                .sorted()
                .toList();
        bad.forEach(tag -> faults.when(true, "the element \"" + tag + "\" is none; give a name such as \"b\""));
    }
}
