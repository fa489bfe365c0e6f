// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrail;

import io.github.incident4j.model.Finding;
import java.util.List;
import java.util.function.Predicate;

/**
 * Judges one value: an input before the model sees it, or an output before the caller sees it.
 *
 * <p>A guardrail is a pure function of the value. It runs on the caller's thread, for many calls at once, so it must be
 * safe for use by several threads and quick; it does no I/O, but for the plugs of the module incident-guardrails, which
 * keep it on other threads and within a time limit. Order, time limit and what happens when the guardrail itself throws
 * are the guard's: unless its options say otherwise an exception counts as {@link Verdict.Block}, because a check that
 * did not run has not passed.
 *
 * @param <T> the type of the values that it judges
 */
@FunctionalInterface
public interface Guardrail<T> {

    /** What a check costs, roughly, beside the others of its guard. */
    enum Cost {
        /** A comparison, a length. */
        CHEAP,
        /** A pass over the text. */
        MODERATE,
        /** Several passes, a tree of a document, a schema, a model, a person. */
        EXPENSIVE
    }

    /**
     * Judges a value.
     *
     * @param value the value, not null
     * @return the verdict, not null
     */
    Verdict<T> check(T value);

    /** {@return the name under which verdicts are recorded; must be a legal name} */
    default String name() {
        return "guardrail";
    }

    /** {@return what a check costs; counts only where the guard is told to run the cheapest first} */
    default Cost cost() {
        return Cost.MODERATE;
    }

    /**
     * What is wrong with this guardrail's configuration. The guard's builder collects the faults of all its parts and
     * reports them in one exception; a factory of guardrails therefore does not throw by itself.
     *
     * @return one sentence for each fault, with the value and the remedy; empty when all is well
     */
    default List<String> faults() {
        return List.of();
    }

    /**
     * This guardrail under another name, so that two of a kind can be told apart in the audit trail.
     *
     * @param name the name
     * @return a guardrail that judges as this one does
     */
    default Guardrail<T> named(String name) {
        return new NamedGuardrail<>(name, this);
    }

    /**
     * A guardrail out of a condition.
     *
     * @param name the guardrail's name, also the rule in its finding
     * @param condition what must hold of the value
     * @param message the finding's sentence when it does not hold; it must not quote the value
     * @param <T> the type of the values
     * @return a guardrail that passes where the condition holds and blocks where it does not
     */
    static <T> Guardrail<T> require(String name, Predicate<? super T> condition, String message) {
        Verdict<T> block = Verdict.block(new Finding(name, "requirement", message));
        return new NamedGuardrail<>(name, value -> condition.test(value) ? Verdict.pass() : block);
    }
}
