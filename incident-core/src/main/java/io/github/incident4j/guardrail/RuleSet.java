// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrail;

import io.github.incident4j.model.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of a guardrail that can be exchanged, in one version. A guardrail is opaque, so the version is the host's
 * word for what it holds: a date, a release, the first characters of a hash of the file that the rules were read from.
 * Immutable.
 *
 * @param version a legal name; two rule sets that differ should have two
 * @param guardrail the rules
 * @param <T> the type of the values
 */
public record RuleSet<T>(String version, Guardrail<T> guardrail) {
    /** The version of {@link #none()}. */
    public static final String NONE = "none";

    private static final Guardrail<Object> NO_RULES = value -> Verdict.pass();

    /**
     * A rule set.
     *
     * @param version its version
     * @param guardrail the rules
     * @param <T> the type of the values
     * @return the rule set
     */
    public static <T> RuleSet<T> of(String version, Guardrail<T> guardrail) {
        return new RuleSet<>(version, guardrail);
    }

    /**
     * No rules: passes everything, until others are put in its place.
     *
     * @param <T> the type of the values
     * @return the rule set, of the version {@value #NONE}
     */
    @SuppressWarnings("unchecked") // it reads no value
    public static <T> RuleSet<T> none() {
        return new RuleSet<>(NONE, (Guardrail<T>) NO_RULES);
    }

    /** {@return whether these are {@linkplain #none() no rules}} */
    @SuppressWarnings("ReferenceEquality") // whether it is this very one
    public boolean isNone() {
        return guardrail == NO_RULES;
    }

    /** {@return what is wrong with it, one sentence each with the value and the remedy} */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        Names.faultOf("rule set version", version).ifPresent(faults::add);
        if (guardrail == null) {
            faults.add("the guardrail of rule set '" + version + "' is null");
        } else {
            guardrail.faults().forEach(fault -> faults.add("rule set '" + version + "': " + fault));
        }
        return faults;
    }
}
