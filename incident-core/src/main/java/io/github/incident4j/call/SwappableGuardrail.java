// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.call.internal.RailSlot;
import io.github.incident4j.call.internal.SlottedStream;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.RuleSet;
import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A guardrail of which the rules are exchanged while calls go on. A check reads the rules once and judges by them to
 * its end, so it never sees half of an exchange; a check that begins after {@link #replace}, {@link #use} or
 * {@link #lift} has returned judges by the new ones. Each exchange is a record in the audit trail, with who and why,
 * and decisions name the version that judged them.
 *
 * <pre>{@code
 * SwappableGuardrail<String> terms = SwappableGuardrail.of("terms",
 *         RuleSet.of("2026-11", TextRails.deniedTerms("project bluebird")),
 *         RuleSet.of("strict", TextRails.deniedTerms("project bluebird", "bluebird")));
 * terms.replace(RuleSet.of("2026-12", TextRails.deniedTerms("project wren")), cause);   // the host's rules from now on
 * terms.use("strict", cause);                                                           // instead of them, until …
 * terms.lift(cause);
 * }</pre>
 *
 * <p>The host's own rules, and known rules that stand in for them, are told apart: {@code use} is a containment, as a
 * kill is one. A response plan takes it by {@code Containment.SwapGuardrail}, it survives a restart (the rules are
 * found by their version among those that the guard's new guardrail knows; an incident says so if they are not), and a
 * {@code replace} does not end it. What was replaced is not kept over a restart, since a guardrail cannot be rebuilt
 * from a record: the host builds its guard with the rules that it wants.
 *
 * <p>To add a guardrail on the fly, begin with {@link RuleSet#none()}.
 *
 * <p>Safe for use by several threads. It belongs to one guard, in one place, and its name is unique among those of that
 * guard.
 *
 * @param <T> the type of the values
 */
public final class SwappableGuardrail<T> implements Guardrail<T> {
    private final String name;
    private final List<String> faults;
    private final RailSlot<T> slot;
    private final Cost cost;

    private SwappableGuardrail(String name, List<RuleSet<T>> all) {
        this.name = name;
        this.faults = List.copyOf(RailSlot.faults(name, all));
        Map<String, RuleSet<T>> known = new LinkedHashMap<>();
        if (faults.isEmpty()) {
            all.stream().skip(1).forEach(each -> known.put(each.version(), each));
        }
        RuleSet<T> first = faults.isEmpty() ? all.get(0) : RuleSet.none();
        this.slot = new RailSlot<>(name, first, known);
        this.cost = first.guardrail().cost();
    }

    /**
     * A guardrail of exchangeable rules. Its factory does not throw; what is wrong is among its faults.
     *
     * @param name the guardrail's name
     * @param first the host's rules
     * @param known rules that can stand in for them, each by its version
     * @param <T> the type of the values
     * @return the guardrail
     */
    @SafeVarargs
    public static <T> SwappableGuardrail<T> of(String name, RuleSet<T> first, RuleSet<T>... known) {
        List<RuleSet<T>> all = new ArrayList<>();
        all.add(first);
        for (RuleSet<T> each : known) {
            all.add(each);
        }
        return new SwappableGuardrail<>(name, all);
    }

    /**
     * This guardrail over the whole of guarded streams, for {@code StreamGuardBuilder.output(…)}. Each stream is judged
     * to its end by the rules that were in force when it began, so what is cut over two of its elements is seen; rules
     * that are exchanged meanwhile hold from the next stream on, and in a stream that goes on at its next route.
     *
     * <pre>{@code
     * .output(terms.overStream(rules -> TextRail.of(rules).forStream()))
     * }</pre>
     *
     * @param over what rules make of a stream; asked for each stream, so quick, and never for {@link RuleSet#none()},
     *     which lets everything pass
     * @param <E> the elements
     * @return the guardrail on streams, which stands for this one in its guard
     */
    public <E> StreamGuardrail<E> overStream(Function<? super Guardrail<T>, ? extends StreamGuardrail<E>> over) {
        return new SlottedStream<>(slot, over, faults);
    }

    @Override
    public Verdict<T> check(T value) {
        return slot.rules().guardrail().check(value);
    }

    @Override
    public String name() {
        return name;
    }

    /** {@return what a check by the first rules costs} */
    @Override
    public Cost cost() {
        return cost;
    }

    @Override
    public List<String> faults() {
        return faults;
    }

    /** {@return the version of the rules in force} */
    public String version() {
        return slot.rules().version();
    }

    /**
     * Puts other rules in the place of the host's own. They are in force when this returns, unless others stand in for
     * them; those stay until they are {@linkplain #lift lifted}.
     *
     * @param next the rules, under a version that neither the present nor the known ones have
     * @param cause who replaces them and why; without an end
     * @throws ConfigurationException if anything is wrong with them; it names all faults, and the present rules stay
     * @throws IllegalStateException if this guardrail belongs to no guard yet
     */
    public void replace(RuleSet<T> next, Cause cause) {
        slot.replace(next, cause);
    }

    /**
     * Has known rules stand in for the host's own. They are in force when this returns.
     *
     * @param version the version of known rules
     * @param cause who wants it and why; without an end
     * @return why they are not in force, or were already; empty when all is well
     * @throws IllegalStateException if this guardrail belongs to no guard yet
     */
    public Optional<String> use(String version, Cause cause) {
        return slot.use(version, cause);
    }

    /**
     * Puts the host's own rules in force again.
     *
     * @param cause who wants it and why
     * @return whether others stood in for them
     * @throws IllegalStateException if this guardrail belongs to no guard yet
     */
    public boolean lift(Cause cause) {
        return slot.lift(cause);
    }

    RailSlot<T> slot() {
        return slot;
    }
}
