// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.util.List;

/** Thrown when something cannot be built as configured. One exception names all faults at once. */
public final class ConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    /**
     * Creates the exception.
     *
     * @param what what could not be built, such as {@code guard 'credit-risk'}
     * @param faults one sentence for each fault, with the value and the remedy; at least one
     */
    public ConfigurationException(String what, List<String> faults) {
        super(what + " cannot be built, " + (faults.size() == 1 ? "1 fault" : faults.size() + " faults") + ":\n  - "
                + String.join("\n  - ", faults));
        this.faults = List.copyOf(faults);
    }

    /** {@return one sentence for each fault} */
    public List<String> faults() {
        return faults;
    }
}
