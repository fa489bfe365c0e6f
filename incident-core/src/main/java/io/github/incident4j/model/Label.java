// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.util.Objects;
import java.util.Optional;

/**
 * What later turns out to be true of a decision: the class that the model was to find.
 *
 * @param value the class, such as {@code true}, {@code defaulted} or {@code spam}; 1 to 256 characters
 * @param subject the host's reference to the person whom it is about, so that it is erased with that person's decisions
 */
public record Label(String value, Optional<String> subject) {
    private static final int MAX_LENGTH = 256;

    /**
     * Checks the label.
     *
     * @param value the class
     * @param subject whom it is about
     * @throws IllegalArgumentException if the value or the subject is blank, or the value too long
     */
    public Label {
        Objects.requireNonNull(subject, "the subject of a label is null; use Optional.empty()");
        if (value.isBlank() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a label is the name of a class and has 1 to " + MAX_LENGTH
                    + " characters, not all of them blank, but this one has " + value.length() + "; name the class");
        }
        if (subject.isPresent() && subject.get().isBlank()) {
            throw new IllegalArgumentException("the subject of a label is blank; leave it out where nobody is known");
        }
    }

    /**
     * A class.
     *
     * @param value its name, as the detector's function calls what the model has found
     * @return the label
     */
    public static Label of(String value) {
        return new Label(value, Optional.empty());
    }

    /**
     * Whether it was so, where there are two classes.
     *
     * @param value whether the case is of the class that the model looks for
     * @return the label {@code true} or {@code false}
     */
    public static Label of(boolean value) {
        return of(String.valueOf(value));
    }

    /**
     * Says whom it is about.
     *
     * @param reference the host's reference to that person, as {@code AuditOptions.subject} gave it
     * @return the label, about that person
     */
    public Label about(String reference) {
        return new Label(value, Optional.of(reference));
    }
}
