// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A guardrail out of a search for what is wrong with one part of a value, or with two. A part that is missing (null) is
 * blocked whatever the guardrail does else.
 *
 * @param <T> the type of the values that are judged
 */
public final class Rail<T> implements Guardrail<T> {
    private final String name;
    private final Cost cost;
    private final Function<? super T, Verdict<T>> judge;

    private Rail(String name, Cost cost, Function<? super T, Verdict<T>> judge) {
        this.name = name;
        this.cost = cost;
        this.judge = judge;
    }

    /**
     * Looks for what is wrong with a part.
     *
     * @param <A> the type of the part
     */
    @FunctionalInterface
    public interface Search<A> {
        /**
         * Looks.
         *
         * @param part the part
         * @return what is wrong; null when nothing is
         */
        @Nullable
        Finding in(A part);
    }

    /**
     * Looks for what is wrong with one part in the light of another.
     *
     * @param <A> the type of the one
     * @param <B> the type of the other
     */
    @FunctionalInterface
    public interface PairSearch<A, B> {
        /**
         * Looks.
         *
         * @param one the one
         * @param other the other
         * @return what is wrong; null when nothing is
         */
        @Nullable
        Finding in(A one, B other);
    }

    /**
     * How a part is taken out of a value.
     *
     * @param what what the part is called
     * @param from takes it out
     * @param <T> the type of the values
     * @param <A> the type of the part
     */
    public record Part<T, A>(String what, Function<? super T, ? extends @Nullable A> from) {}

    /**
     * A guardrail on a text.
     *
     * @param name the guardrail's name, and the rule where the text is missing
     * @param action what it does with what it finds
     * @param search looks for what is wrong
     * @return the guardrail
     */
    public static Rail<String> onText(String name, Action action, Search<String> search) {
        Verdict<String> missing = Verdict.block(missing(name, "text"));
        return new Rail<>(name, Cost.MODERATE, text -> text == null ? missing : verdict(action, search.in(text)));
    }

    /**
     * A guardrail on two parts of a value.
     *
     * @param name the guardrail's name, and the rule where a part is missing
     * @param action what it does with what it finds
     * @param one the one part
     * @param other the other part
     * @param search looks for what is wrong
     * @param <T> the type of the values
     * @param <A> the type of the one part
     * @param <B> the type of the other part
     * @return the guardrail
     */
    public static <T, A, B> Rail<T> onPair(
            String name, Action action, Part<T, A> one, Part<T, B> other, PairSearch<A, B> search) {
        Verdict<T> noOne = Verdict.block(missing(name, one.what()));
        Verdict<T> noOther = Verdict.block(missing(name, other.what()));
        return new Rail<>(name, Cost.MODERATE, value -> {
            A first = one.from().apply(value);
            if (first == null) {
                return noOne;
            }
            B second = other.from().apply(value);
            return second == null ? noOther : verdict(action, search.in(first, second));
        });
    }

    /**
     * The same guardrail at another cost than {@link io.github.incident4j.guardrail.Guardrail.Cost#MODERATE}.
     *
     * @param other the cost
     * @return the guardrail
     */
    public Rail<T> costing(Cost other) {
        return new Rail<>(name, other, judge);
    }

    private static Finding missing(String name, String what) {
        return new Finding(name, "missing-" + what, "there is no " + what + " to judge");
    }

    private static <T> Verdict<T> verdict(Action action, @Nullable Finding finding) {
        return finding == null ? Verdict.pass() : action.on(finding);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Cost cost() {
        return cost;
    }

    @Override
    public Verdict<T> check(T value) {
        return judge.apply(value);
    }
}
