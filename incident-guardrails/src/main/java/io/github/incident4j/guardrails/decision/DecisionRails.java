// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Names;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Guardrails on decisions.
 *
 * <pre>{@code
 * .output(allowed(Decision::outcome, Set.of("grant", "deny", "review")))
 * .output(probabilities(Decision::probabilities))
 * .output(confidence(0.6, Decision::confidence))
 * .output(implies("denial-has-reason", Decision::isDenial, Decision::hasReason, "a denial needs a reason"))
 * .output(Rails.flagging(rateOfChange(Decision::customer, Decision::limit, 2_000, Memory.of(100_000, Duration.ofDays(1)))))
 * }</pre>
 *
 * <p>No method here throws because of what it is given: see {@link Guardrail#faults()}. A guardrail with faults blocks
 * everything. All guardrails block; {@code presets.Rails.flagging} makes one that only puts on record. A finding names
 * the rule and the category and never the value, the key or the class that came.
 *
 * <h2>Guardrails that remember</h2>
 *
 * <p>A guardrail is a pure function of the value, but for {@link #rateOfChange}, {@link #rising} and {@link #falling}:
 * these remember what passed for each key, in this process only, and never more keys than their {@link Memory} allows.
 * They are safe for use by several threads: the calls of one key are judged one after the other. Give a guardrail that
 * remembers to one guard only; two guards that share it see each other's calls. What was stopped is not remembered, so
 * a number that keeps out of line is stopped until the memory's time is over. A second attempt of the same call (a
 * retry, a fallback) counts as a call.
 */
public final class DecisionRails {
    private static final String ALLOWED = "allowed";
    private static final String CONFIDENCE = "confidence";
    private static final double ROUNDING = 1e-4;

    private DecisionRails() {}

    /**
     * Passes an answer that is one of the classes, compared by {@code equals}, and blocks every other and none (null).
     *
     * <p>The guardrail's name and rule is {@code allowed}; the category is {@code missing} or {@code not-allowed}.
     * Judging allocates nothing. Faults are no classes, a class that is null, and what is null.
     *
     * @param answer takes the class out of the value that is judged
     * @param classes the classes; copied
     * @param <T> the type of the values that the guardrail judges
     * @param <C> the type of the classes
     * @return the guardrail
     */
    public static <T, C> Guardrail<T> allowed(
            Function<? super T, ? extends @Nullable C> answer, Collection<? extends C> classes) {
        Set<Object> copy = classes == null ? Set.of() : new HashSet<>(classes);
        Verdict<T> missing = Rail.block(ALLOWED, "missing", "there is no class");
        Verdict<T> other =
                Rail.block(ALLOWED, "not-allowed", "the class is none of the " + copy.size() + " that are allowed");
        return new Faults(ALLOWED)
                .whenNull(answer, "the function that takes out the class", "Decision::outcome")
                .when(copy.isEmpty(), "there are no classes; give at least one")
                .when(copy.stream().anyMatch(Objects::isNull), "a class is null; remove it")
                .or(
                        ALLOWED,
                        () -> new Rail<>(ALLOWED, value -> {
                            Object given = answer.apply(value);
                            if (given == null) {
                                return missing;
                            }
                            return copy.contains(given) ? Verdict.pass() : other;
                        }));
    }

    /**
     * Passes a vector of probabilities: each from 0 to 1, and 1 in sum, with a tolerance of 0.0001, in which the
     * rounding of a softmax in single precision has room.
     *
     * @param vector takes the vector out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     * @see #probabilities(Function, double)
     */
    public static <T> Guardrail<T> probabilities(Function<? super T, double[]> vector) {
        return probabilities(vector, ROUNDING);
    }

    /**
     * Passes a vector of probabilities: each from 0 to 1, and 1 in sum, with a tolerance for both.
     *
     * <p>The guardrail's name and rule is {@code probabilities}; the category is {@code missing} (null or empty),
     * {@code not-a-number}, {@code out-of-range} or {@code not-a-distribution}. Judging allocates nothing. Faults are a
     * tolerance that is not from 0 to 0.1, and a missing function. With a tolerance of 0 the rounding of the sum itself
     * blocks good vectors.
     *
     * @param vector takes the vector out of the value that is judged
     * @param tolerance by how much each number and the sum may be off
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> probabilities(Function<? super T, double[]> vector, double tolerance) {
        return new Faults(Distribution.NAME)
                .whenNull(vector, "the function that takes out the vector", "Decision::probabilities")
                .when(!(tolerance >= 0 && tolerance <= 0.1), "the tolerance " + tolerance + " is none; give 0 to 0.1")
                .or(Distribution.NAME, () -> new Distribution<>(vector, tolerance));
    }

    /**
     * Passes a decision that is sure enough: a confidence from the floor to 1. Blocking lets the next route decide,
     * such as one that asks a person.
     *
     * <p>The guardrail's name and rule is {@code confidence}; the category is {@code not-a-number},
     * {@code out-of-range} (below 0 or above 1) or {@code low-confidence}. Judging allocates nothing. Faults are a
     * floor that is not from 0 to 1, and a missing function.
     *
     * @param floor the smallest confidence that passes
     * @param confidence takes the confidence out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> confidence(double floor, ToDoubleFunction<? super T> confidence) {
        Verdict<T> notANumber = Rail.block(CONFIDENCE, "not-a-number", "the confidence is NaN");
        Verdict<T> outOfRange = Rail.block(CONFIDENCE, "out-of-range", "the confidence lies outside 0 to 1");
        Verdict<T> low = Rail.block(CONFIDENCE, "low-confidence", "the confidence is below " + floor);
        return new Faults(CONFIDENCE)
                .whenNull(confidence, "the function that takes out the confidence", "Decision::confidence")
                .when(!(floor >= 0 && floor <= 1), "the floor " + floor + " is none; give 0 to 1")
                .or(
                        CONFIDENCE,
                        () -> new Rail<>(CONFIDENCE, value -> {
                            double number = confidence.applyAsDouble(value);
                            if (Double.isNaN(number)) {
                                return notANumber;
                            } else if (number < 0 || number > 1) {
                                return outOfRange;
                            }
                            return number >= floor ? Verdict.pass() : low;
                        }));
    }

    /**
     * Passes a decision whose class is the one with the largest probability; where several have it, any of them.
     *
     * <p>The guardrail's name and rule is {@code most-probable}; the category is {@code missing} (no vector, or an
     * empty one), {@code not-a-number}, {@code out-of-range} (the class has no place in the vector) or
     * {@code inconsistent}. Judging allocates nothing. A model that decides by a threshold other than the largest
     * probability does not fit.
     *
     * @param vector takes the vector out of the value that is judged
     * @param chosen takes the place of the chosen class in the vector out of the value, the first being 0
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> mostProbable(Function<? super T, double[]> vector, ToIntFunction<? super T> chosen) {
        return new Faults(MostProbable.NAME)
                .whenNull(vector, "the function that takes out the vector", "Decision::probabilities")
                .whenNull(chosen, "the function that takes out the class", "Decision::index")
                .or(MostProbable.NAME, () -> new MostProbable<>(vector, chosen));
    }

    /**
     * An invariant over several fields: where one thing holds, another must. For one that is unconditional see
     * {@link Guardrail#require}.
     *
     * <p>The name is the rule, too; the category is {@code invariant}. Faults are an illegal name, a blank message, and
     * what is null.
     *
     * @param name the guardrail's name, also the rule in its finding
     * @param when where the invariant applies
     * @param then what must hold there
     * @param message the finding's sentence; it must not quote the value
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> implies(
            String name, Predicate<? super T> when, Predicate<? super T> then, String message) {
        Faults faults = new Faults("implies")
                .whenNull(when, "the condition", "Decision::isDenial")
                .whenNull(then, "the consequence", "Decision::hasReason")
                .when(message == null || message.isBlank(), "the message is missing; say what must hold");
        String fault = Names.faultOf("guardrail", name).orElse(null);
        if (fault != null) {
            return faults.when(true, fault).or("implies", () -> new Rail<>("implies", value -> Verdict.pass()));
        }
        return faults.or(name, () -> {
            Verdict<T> block = Rail.block(name, "invariant", message);
            return new Rail<>(name, value -> when.test(value) && !then.test(value) ? block : Verdict.pass());
        });
    }

    /**
     * Remembers, see the top of this page. The numbers of one key may not spread by more than {@code most} within the
     * memory's time: many small steps count as much as one. The time runs from the first number of a key; after it, the
     * next number is a first one again and is compared with none. Two numbers on both sides of that moment are
     * therefore not compared.
     *
     * <p>The guardrail's name and rule is {@code rate-of-change}; the category is {@code missing} (the key is null),
     * {@code not-a-number} or {@code moved-too-fast}. Faults are a {@code most} that is negative or not finite, those
     * of the memory, and what is null.
     *
     * @param key takes the key out of the value that is judged; compared by {@code equals}
     * @param value takes the number out of the value that is judged
     * @param most the largest difference between two numbers of a key
     * @param memory how many keys, and within which time
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail; a new one with a memory of its own
     */
    public static <T> Guardrail<T> rateOfChange(
            Function<? super T, ? extends @Nullable Object> key,
            ToDoubleFunction<? super T> value,
            double most,
            Memory memory) {
        return new Faults(RateOfChange.NAME)
                .whenNull(key, "the function that takes out the key", "Decision::customer")
                .whenNull(value, "the function that takes out the number", "Decision::limit")
                .when(!(most >= 0 && Double.isFinite(most)), "the change " + most + " is none; give 0 or more")
                .all(faultsOf(memory))
                .or(RateOfChange.NAME, () -> new RateOfChange<>(key, value, most, memory));
    }

    /**
     * Remembers, see the top of this page. Between two calls of one key the number must not fall where what drives it
     * rises, nor rise where that falls, nor change where that is the same: a higher income must not lower a score.
     * Which of the two calls came first makes no difference. A call is compared with the last one of its key that
     * passed.
     *
     * <p>The key must hold everything else that the number depends on, such as the applicant and a digest of the other
     * fields; otherwise a change of these is taken for a fault. The value that is judged must hold the driver and the
     * number: as an output, have the model return both.
     *
     * <p>The guardrail's name and rule is {@code monotone}; the category is {@code missing} (the key is null),
     * {@code not-a-number} or {@code not-monotone}. Faults are a tolerance that is negative or not finite, those of the
     * memory, and what is null.
     *
     * @param key takes the key out of the value that is judged; compared by {@code equals}
     * @param driver takes what drives the number out of the value that is judged
     * @param value takes the number out of the value that is judged
     * @param tolerance by how much the number may move the wrong way
     * @param memory how many keys, and for how long
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail; a new one with a memory of its own
     */
    public static <T> Guardrail<T> rising(
            Function<? super T, ? extends @Nullable Object> key,
            ToDoubleFunction<? super T> driver,
            ToDoubleFunction<? super T> value,
            double tolerance,
            Memory memory) {
        return monotone(key, driver, value, true, tolerance, memory);
    }

    /**
     * As {@link #rising}, for a number that must not rise where what drives it rises: a higher income must not raise a
     * probability of default.
     *
     * @param key takes the key out of the value that is judged; compared by {@code equals}
     * @param driver takes what drives the number out of the value that is judged
     * @param value takes the number out of the value that is judged
     * @param tolerance by how much the number may move the wrong way
     * @param memory how many keys, and for how long
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail; a new one with a memory of its own
     */
    public static <T> Guardrail<T> falling(
            Function<? super T, ? extends @Nullable Object> key,
            ToDoubleFunction<? super T> driver,
            ToDoubleFunction<? super T> value,
            double tolerance,
            Memory memory) {
        return monotone(key, driver, value, false, tolerance, memory);
    }

    private static <T> Guardrail<T> monotone(
            Function<? super T, ? extends @Nullable Object> key,
            ToDoubleFunction<? super T> driver,
            ToDoubleFunction<? super T> value,
            boolean rising,
            double tolerance,
            Memory memory) {
        return new Faults(Monotone.NAME)
                .whenNull(key, "the function that takes out the key", "Decision::customer")
                .whenNull(driver, "the function that takes out what drives the number", "Decision::income")
                .whenNull(value, "the function that takes out the number", "Decision::score")
                .when(
                        !(tolerance >= 0 && Double.isFinite(tolerance)),
                        "the tolerance " + tolerance + " is none; give 0 or more")
                .all(faultsOf(memory))
                .or(Monotone.NAME, () -> new Monotone<>(key, driver, value, rising, tolerance, memory));
    }

    private static List<String> faultsOf(Memory memory) {
        return memory == null
                ? List.of("the memory is null; give one, such as Memory.of(10_000, Duration.ofDays(1))")
                : memory.faults();
    }
}
