// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.RuleSet;
import io.github.incident4j.guardrail.StreamGuardrail;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A guardrail on the whole of a stream whose rules can be exchanged: each stream is judged to its end by those that
 * were in force when it began.
 *
 * @param <R> the type of the values that the rules judge
 * @param <T> the elements
 */
public final class SlottedStream<R, T> implements StreamGuardrail<T> {
    private final RailSlot<R> slot;
    private final Function<? super Guardrail<R>, ? extends StreamGuardrail<T>> over;
    private final List<String> faults;

    /**
     * Judges streams by the rules of a slot.
     *
     * @param slot where the rules lie
     * @param over what rules make of a stream
     * @param wrong what is wrong with the guardrail of the rules
     */
    public SlottedStream(
            RailSlot<R> slot, Function<? super Guardrail<R>, ? extends StreamGuardrail<T>> over, List<String> wrong) {
        this.slot = slot;
        this.over = over;
        List<String> all = new ArrayList<>(wrong);
        if (over == null) {
            all.add("what rules make of a stream is null; give overStream(…) a function");
        } else if (wrong.isEmpty()) {
            slot.all().forEach(rules -> all.addAll(faultsOf(rules)));
        }
        this.faults = List.copyOf(all);
    }

    /** Has rules to come checked for streams, too: a guard has this guardrail, and no other one, of the slot. */
    public void checkRulesToCome() {
        slot.alsoCheck(this::faultsOf);
    }

    private List<String> faultsOf(RuleSet<R> rules) {
        List<String> wrong = rules.isNone() ? List.of() : faultsOf(rules.guardrail());
        return wrong.stream()
                .map(fault -> "rule set '" + rules.version() + "': " + fault)
                .toList();
    }

    private List<String> faultsOf(Guardrail<R> rules) {
        try {
            StreamGuardrail<T> made = over.apply(rules);
            return made == null ? List.of("nothing was made of it for streams") : made.faults();
        } catch (RuntimeException e) { // such as a cast of the rules
            return List.of("it could not be made for streams: " + e.getClass().getName());
        }
    }

    /** {@return where the rules lie} */
    public RailSlot<R> slot() {
        return slot;
    }

    @Override
    public String name() {
        return slot.name();
    }

    @Override
    public List<String> faults() {
        return faults;
    }

    @Override
    public Session<T> open() {
        return open(slot.rules());
    }

    /** What opens the session of a stream that begins now, by the rules of now, and then notes them. */
    Supplier<@Nullable Session<T>> opener(CallState<?> call) {
        RailSlot.InForce<R> inForce = slot.inForce(); // one read: a stream never sees half of an exchange
        return () -> {
            call.ruledBy(inForce.used());
            return open(inForce.rules());
        };
    }

    private Session<T> open(RuleSet<R> rules) {
        return rules.isNone() ? new Unruled<>() : over.apply(rules.guardrail()).open();
    }

    /** Of no rules. */
    private static final class Unruled<T> implements Session<T> {
        @Override
        public Step<T> next(T element) {
            return Step.pass(element);
        }

        @Override
        public Step<T> end() {
            return Step.hold();
        }
    }
}
