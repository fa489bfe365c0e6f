// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import io.github.incident4j.guardrail.Guardrail;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with the configuration of one guardrail. */
public final class Faults {
    private final String call;
    private final List<String> found = new ArrayList<>();

    /**
     * Starts with none.
     *
     * @param call how the guardrail was asked for; it stands before each fault
     */
    public Faults(String call) {
        this.call = call;
    }

    /**
     * Notes a fault.
     *
     * @param condition whether it is one
     * @param fault what is wrong and the remedy
     * @return this
     */
    public Faults when(boolean condition, String fault) {
        if (condition) {
            found.add(call + ": " + fault);
        }
        return this;
    }

    /**
     * Notes a fault when something is null.
     *
     * @param given what was given
     * @param what what it is
     * @param example what could have been given
     * @return this
     */
    public Faults whenNull(@Nullable Object given, String what, String example) {
        return when(given == null, what + " is null; give one, such as " + example);
    }

    /**
     * Notes the faults of a part.
     *
     * @param faults its faults
     * @return this
     */
    public Faults all(List<String> faults) {
        faults.forEach(fault -> when(true, fault));
        return this;
    }

    /** {@return what was found so far} */
    public List<String> found() {
        return List.copyOf(found);
    }

    /**
     * The guardrail, or what stands in for it when there are faults.
     *
     * @param name the guardrail's name
     * @param rail makes the guardrail
     * @param <T> the type of the values
     * @return a guardrail
     */
    public <T> Guardrail<T> or(String name, Supplier<? extends Guardrail<T>> rail) {
        return found.isEmpty() ? rail.get() : new Misconfigured<>(name, found);
    }
}
