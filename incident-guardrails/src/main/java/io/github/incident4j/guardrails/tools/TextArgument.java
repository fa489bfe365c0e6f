// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrails.internal.Faults;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A text. */
public final class TextArgument extends Argument {
    private final int maxLength;
    private final @Nullable Set<@Nullable String> values;

    TextArgument(int maxLength, @Nullable Set<@Nullable String> values) {
        this.maxLength = maxLength;
        this.values = values;
    }

    /**
     * Limits the length.
     *
     * @param codePoints the most code points, at least 1
     * @return the text
     */
    public TextArgument maxLength(int codePoints) {
        return new TextArgument(codePoints, values);
    }

    /**
     * Declares the values, compared letter by letter.
     *
     * @param all all of them
     * @return the text
     */
    public TextArgument oneOf(String... all) {
        return new TextArgument(maxLength, all == null ? Set.of() : new HashSet<>(Arrays.asList(all)));
    }

    @Override
    void judge(Object value, Path path, Hits hits) {
        if (!(value instanceof String text)) {
            hits.add(path, ArgumentFault.WRONG_TYPE);
        } else if (values != null && !values.contains(text)) {
            hits.add(path, ArgumentFault.NOT_ONE_OF);
        } else if (text.length() > maxLength && text.codePointCount(0, text.length()) > maxLength) {
            hits.add(path, ArgumentFault.TOO_LONG);
        }
    }

    @Override
    List<String> faults(Path path) {
        return new Faults("argument " + path)
                .when(maxLength < 1, "the length " + maxLength + " is none; give at least 1")
                .when(values != null && values.isEmpty(), "the list of its values is empty; give at least one")
                .when(values != null && values.stream().anyMatch(Objects::isNull), "a value is null; remove it")
                .found();
    }
}
