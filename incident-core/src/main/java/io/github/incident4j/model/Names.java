// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one rule for the names of models, routes, guardrails, detectors and segment attributes. */
public final class Names {
    private static final int MAX_LENGTH = 64;

    private Names() {}

    /**
     * Says what is wrong with a name, if anything. A name has 1 to 64 characters out of ASCII letters, digits, {@code .
     * _ -}, and starts with a letter or a digit, so that it can stand in a file, a URL and a metric.
     *
     * @param what what the name is for, used in the message
     * @param name the name; null is a fault too
     * @return the fault, with the name and the rule; empty when the name is legal
     */
    public static Optional<String> faultOf(String what, @Nullable String name) {
        if (name == null) {
            return Optional.of("the " + what + " is null");
        }
        boolean legal = !name.isEmpty() && name.length() <= MAX_LENGTH && isLetterOrDigit(name.charAt(0));
        for (int i = 0; legal && i < name.length(); i++) {
            char c = name.charAt(i);
            legal = isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
        }
        return legal
                ? Optional.empty()
                : Optional.of(
                        what + " '" + shorten(name) + "' is not a legal name; use 1 to 64 of A-Z a-z 0-9 . _ - and"
                                + " start with a letter or digit");
    }

    /**
     * Refuses an illegal name.
     *
     * @param what what the name is for, used in the message
     * @param name the name
     * @return the name
     * @throws IllegalArgumentException if the name is not legal
     */
    public static String check(String what, String name) {
        faultOf(what, name).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        return name;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static String shorten(String name) {
        return name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH) + "…";
    }
}
