// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import io.github.incident4j.detect.Detection.Kind;
import io.github.incident4j.detect.Detection.Watched;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What can be watched, for {@code detect(…)} of a guard's builder.
 *
 * <p>All are built on one statistic, the mixture Shiryaev-Roberts e-detector (J. Shin, A. Ramdas, A. Rinaldo,
 * "E-detectors: a nonparametric framework for sequential change detection", 2024).
 *
 * <h2>The false alarm promise</h2>
 *
 * A detector with a budget of one in {@code A} decisions raises a false alarm within any {@code n} decisions with a
 * probability of at most {@code n / A}, for every {@code n} and without a fixed horizon, as long as nothing has
 * changed: the mean of what it watches, given all that came before, stays within the baseline plus the tolerance. It
 * does not hold where decisions depend on each other so that this conditional mean swings (strong autocorrelation), or
 * where seasons swing wider than the tolerance: then raise the tolerance. A learned baseline enters by its upper
 * confidence bound, which is exceeded by the truth in at most one of a thousand cases.
 *
 * <p>Watched are the answers of {@linkplain io.github.incident4j.model.RouteKind#MODEL model} routes, each route by
 * itself against the guard's one baseline. The functions given here run on the caller's thread and must be quick and
 * free of side effects; when one throws, that value is missing.
 */
public final class Detectors {
    private static final Set<Direction> ALL = Collections.unmodifiableSet(EnumSet.allOf(Direction.class));
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
    private static final Set<Direction> RISE = Set.of(Direction.HIGHER);
    private static final Set<Direction> FALL = Set.of(Direction.LOWER);
    private static final Set<String> POSITIVE = Set.of("true");

    private Detectors() {}

    // ---- the answers

    /**
     * Watches how often something is true of the answers; signals when it becomes more frequent.
     *
     * @param name the detector's name, such as {@code denials}
     * @param condition what is counted
     * @param <O> the model's output
     * @return the detection, of type performance and severity P2
     */
    public static <O> Detection<Object, O> rate(String name, Predicate<? super O> condition) {
        return rate(
                name,
                condition == null ? null : (input, output) -> condition.test(output) ? 1 : 0,
                IncidentType.PERFORMANCE);
    }

    /**
     * Watches a number of the answer; signals when its distribution moves up or down, or becomes wider or narrower.
     *
     * @param value the number, such as a score; NaN and infinite values count as missing
     * @param <O> the model's output
     * @return the detection, named {@code output-drift}, of type performance and severity P2
     */
    public static <O> Detection<Object, O> outputDrift(ToDoubleFunction<? super O> value) {
        return drift(
                "output-drift",
                value == null ? null : (input, output) -> value.applyAsDouble(output),
                IncidentType.PERFORMANCE);
    }

    /**
     * Watches the category of the answer; signals when one becomes more or less frequent, or a new one appears. The
     * first half of the warm-up names the categories, up to 32; all others together are one more.
     *
     * @param category the category, such as a decision or a label; null counts as missing
     * @param <O> the model's output
     * @return the detection, named {@code output-categories}, of type performance and severity P2
     */
    public static <O> Detection<Object, O> outputCategories(Function<? super O, @Nullable String> category) {
        return categories(
                "output-categories",
                category == null ? null : (input, output) -> category.apply(output),
                IncidentType.PERFORMANCE);
    }

    /**
     * Watches how long the answers are, as a sign of the text's shape; signals when that distribution changes.
     *
     * @param text the text of an answer; null counts as missing
     * @param <O> the model's output
     * @return the detection, named {@code output-length}, of type performance and severity P2
     */
    public static <O> Detection<Object, O> outputLength(Function<? super O, ? extends @Nullable CharSequence> text) {
        return drift(
                "output-length",
                text == null ? null : (input, output) -> lengthOf(text.apply(output)),
                IncidentType.PERFORMANCE);
    }

    private static double lengthOf(@Nullable CharSequence text) {
        return text == null ? Double.NaN : text.length();
    }

    /**
     * Watches how often an answer says nothing, though the model gave one: null inside, an empty text, a refusal.
     * Answers that are null themselves are no answers, which {@link #errors()} counts.
     *
     * @param isEmpty whether an answer says nothing
     * @param <O> the model's output
     * @return the detection, named {@code empty-answers}, of type performance and severity P2
     */
    public static <O> Detection<Object, O> emptyAnswers(Predicate<? super O> isEmpty) {
        return rate("empty-answers", isEmpty);
    }

    /**
     * Watches how sure the model says it is; signals when it becomes less so. What a model says of itself may be wrong
     * as its answer may be; labels tell more.
     *
     * @param confidence the confidence, in any unit; NaN counts as missing
     * @param <O> the model's output
     * @return the detection, named {@code confidence}, of type performance and severity P2
     */
    public static <O> Detection<Object, O> confidence(ToDoubleFunction<? super O> confidence) {
        return new Detection<>(
                "confidence",
                new Watched<Object, O>(
                        Kind.DRIFT,
                        confidence == null ? null : (input, output) -> confidence.applyAsDouble(output),
                        null,
                        Set.of(),
                        0),
                null,
                FALL,
                IncidentType.PERFORMANCE,
                Severity.P2);
    }

    // ---- what goes in

    /**
     * Watches a number that goes into the model, such as a feature; signals when its distribution changes, as it does
     * when a pipeline begins to encode it in another way or in another unit.
     *
     * @param feature the feature's name, which is the detector's
     * @param value the number; NaN and infinite values count as missing
     * @param <I> the model's input
     * @return the detection, of type data quality and severity P2
     */
    public static <I> Detection<I, Object> inputDrift(String feature, ToDoubleFunction<? super I> value) {
        return drift(
                feature,
                value == null ? null : (input, output) -> value.applyAsDouble(input),
                IncidentType.DATA_QUALITY);
    }

    /**
     * Watches a category that goes into the model; signals when one becomes more or less frequent, or a new one
     * appears.
     *
     * @param feature the feature's name, which is the detector's
     * @param category the category; null counts as missing
     * @param <I> the model's input
     * @return the detection, of type data quality and severity P2
     */
    public static <I> Detection<I, Object> inputCategories(
            String feature, Function<? super I, @Nullable String> category) {
        return categories(
                feature, category == null ? null : (input, output) -> category.apply(input), IncidentType.DATA_QUALITY);
    }

    /**
     * Watches how often something is true of what goes into the model, such as that a feature is missing; signals when
     * it becomes more frequent.
     *
     * @param name the detector's name, such as {@code income-missing}
     * @param condition what is counted
     * @param <I> the model's input
     * @return the detection, of type data quality and severity P2
     */
    public static <I> Detection<I, Object> inputRate(String name, Predicate<? super I> condition) {
        return rate(
                name,
                condition == null ? null : (input, output) -> condition.test(input) ? 1 : 0,
                IncidentType.DATA_QUALITY);
    }

    /**
     * Watches how often a feature is missing, not a number or out of its range.
     *
     * @param feature the feature; the detector's name is {@code <feature>-out-of-range}
     * @param value the number; NaN means that it is missing, as does a function that throws
     * @param min the smallest number in range
     * @param max the largest number in range
     * @param <I> the model's input
     * @return the detection, of type data quality and severity P2
     */
    public static <I> Detection<I, Object> outOfRange(
            String feature, ToDoubleFunction<? super I> value, double min, double max) {
        return rate(
                feature + "-out-of-range",
                value == null ? null : (input, output) -> isWithin(value, input, min, max) ? 0 : 1,
                IncidentType.DATA_QUALITY);
    }

    private static <I> boolean isWithin(ToDoubleFunction<? super I> value, I input, double min, double max) {
        try {
            double x = value.applyAsDouble(input);
            return x >= min && x <= max;
        } catch (RuntimeException e) {
            return false;
        }
    }

    // ---- the calls

    /**
     * Watches how often a version of the model fails where it is tried: an exception, no answer, out of time. What is
     * refused before (a switch, a limit, an open breaker, a blocked input) is no failure of the model.
     *
     * @return the detection, named {@code errors}, of type availability and severity P2
     */
    public static Detection<Object, Object> errors() {
        return of("errors", Kind.ERRORS, ALL, IncidentType.AVAILABILITY);
    }

    /**
     * Watches how often the first route does not answer, because it failed or its answer was blocked. What a switch, a
     * limit or an open breaker diverts does not count, so that a containment raises no alarm about itself.
     *
     * @return the detection, named {@code fallbacks}, of type availability and severity P2
     */
    public static Detection<Object, Object> fallbacks() {
        return of("fallbacks", Kind.FALLBACKS, ALL, IncidentType.AVAILABILITY);
    }

    /**
     * Watches how often an answer takes longer than a limit, fallbacks left out; signals when that becomes more
     * frequent.
     *
     * @param limit the limit, of the call until the model has answered, above zero
     * @return the detection, named {@code slow-answers}, of type performance and severity P2
     */
    public static Detection<Object, Object> slowerThan(Duration limit) {
        return new Detection<>(
                "slow-answers",
                new Watched<>(Kind.SLOW, null, null, Set.of(), nanos(limit)),
                null,
                ALL,
                IncidentType.PERFORMANCE,
                Severity.P2);
    }

    private static long nanos(@Nullable Duration limit) {
        if (limit == null) {
            return 0; // a fault
        }
        return limit.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : limit.toNanos();
    }

    /**
     * Watches how long answers take, fallbacks left out; signals when they become slower on the whole. The tolerance is
     * in points of the mean rank.
     *
     * @return the detection, named {@code latency}, of type performance and severity P2
     */
    public static Detection<Object, Object> latency() {
        return of("latency", Kind.LATENCY, RISE, IncidentType.PERFORMANCE);
    }

    /**
     * Watches how many tokens a call takes, prompt and answer together, where the guard records the usage; signals when
     * they become more.
     *
     * @return the detection, named {@code tokens}, of type performance and severity P3
     */
    public static Detection<Object, Object> tokens() {
        return of("tokens", Kind.TOKENS, RISE, IncidentType.PERFORMANCE).severity(Severity.P3);
    }

    // ---- groups

    /**
     * Watches whether each group gets the favourable answer as often, compared with all others at the same time, as it
     * did; signals when a group falls behind further than at the baseline. What happens to everybody alike is no
     * disparity and raises nothing here.
     *
     * @param attribute the segment attribute that tells the groups apart, declared on the guard; up to 32 groups are
     *     watched
     * @param favourable the answer that a group may be denied, such as an approval
     * @param <O> the model's output
     * @return the detection, named {@code <attribute>-disparity}, of type bias and severity P1
     */
    public static <O> Detection<Object, O> groupDisparity(String attribute, Predicate<? super O> favourable) {
        return new Detection<>(
                attribute + "-disparity",
                new Watched<Object, O>(
                        Kind.GROUP_DISPARITY,
                        favourable == null ? null : (input, output) -> favourable.test(output) ? 1 : 0,
                        null,
                        Set.of(),
                        0),
                attribute,
                ALL,
                IncidentType.BIAS,
                Severity.P1);
    }

    // ---- labels that come later

    /**
     * Watches how often the answer turns out to be right, by the labels that come later
     * ({@code IncidentRuntime.feedback}); signals when that falls.
     *
     * @param said the class that an answer names, as labels do: {@code score -> String.valueOf(score.denied())} where
     *     they are true or false; null counts as missing
     * @param <O> the model's output
     * @return the detection, named {@code accuracy}, of type performance and severity P2
     */
    public static <O> Detection<Object, O> accuracy(Function<? super O, @Nullable String> said) {
        return ofLabels(
                "accuracy",
                Kind.ACCURACY,
                said == null ? null : (input, output) -> said.apply(output),
                null,
                IncidentType.PERFORMANCE,
                Severity.P2);
    }

    /**
     * Watches how often a positive answer turns out to be right, by the labels that come later; signals when that
     * falls.
     *
     * @param saidYes whether an answer is positive, such as that it says fraud
     * @param <O> the model's output
     * @return the detection, named {@code precision}, of type performance and severity P2; the positive label is
     *     {@code true} if {@link Detection#positive} says no other
     */
    public static <O> Detection<Object, O> precision(Predicate<? super O> saidYes) {
        return ofLabels("precision", Kind.PRECISION, yes(saidYes), null, IncidentType.PERFORMANCE, Severity.P2);
    }

    /**
     * Watches how many of those cases that turn out to be positive the model has found, by the labels that come later;
     * signals when that falls.
     *
     * @param saidYes whether an answer is positive, such as that it says fraud
     * @param <O> the model's output
     * @return the detection, named {@code recall}, of type performance and severity P2; the positive label is
     *     {@code true} if {@link Detection#positive} says no other
     */
    public static <O> Detection<Object, O> recall(Predicate<? super O> saidYes) {
        return ofLabels("recall", Kind.RECALL, yes(saidYes), null, IncidentType.PERFORMANCE, Severity.P2);
    }

    /**
     * Watches how far the probabilities that the model states are from what turns out to be true, by the labels that
     * come later: the Brier score, the mean of {@code (probability − outcome)²}; signals when it rises. It says both
     * whether the model tells cases apart and whether its probabilities are those that they claim to be.
     *
     * @param probability the stated probability of the positive label, from 0 to 1; others count as missing
     * @param <O> the model's output
     * @return the detection, named {@code brier}, of type performance and severity P2, with a tolerance of 0.01; the
     *     positive label is {@code true} if {@link Detection#positive} says no other
     */
    public static <O> Detection<Object, O> brier(ToDoubleFunction<? super O> probability) {
        return new Detection<>(
                "brier",
                new Watched<Object, O>(
                        Kind.BRIER,
                        probability == null ? null : (input, output) -> probability.applyAsDouble(output),
                        null,
                        POSITIVE,
                        0),
                null,
                ALL,
                IncidentType.PERFORMANCE,
                Severity.P2);
    }

    /**
     * Watches whether each group's positive cases are found as often, compared with all others, as they were, by the
     * labels that come later (equal opportunity); signals when the true positive rate of a group falls behind further
     * than at the baseline.
     *
     * @param attribute the segment attribute that tells the groups apart, declared on the guard
     * @param favourable the answer that those get who deserve it, as of a credit that is paid back
     * @param <O> the model's output
     * @return the detection, named {@code <attribute>-opportunity}, of type bias and severity P1; the label of those
     *     who deserve it is {@code true} if {@link Detection#positive} says no other
     */
    public static <O> Detection<Object, O> equalOpportunity(String attribute, Predicate<? super O> favourable) {
        return ofLabels(
                attribute + "-opportunity",
                Kind.TRUE_POSITIVES,
                yes(favourable),
                attribute,
                IncidentType.BIAS,
                Severity.P1);
    }

    /**
     * Watches whether each group's negative cases are taken for positive as seldom, compared with all others, as they
     * were, by the labels that come later; signals when the false positive rate of a group rises further above that of
     * the others than at the baseline. With {@link #equalOpportunity} it makes equalised odds.
     *
     * @param attribute the segment attribute that tells the groups apart, declared on the guard
     * @param saidYes the answer that nobody should get without being so, such as that it says fraud
     * @param <O> the model's output
     * @return the detection, named {@code <attribute>-false-positives}, of type bias and severity P1; the positive
     *     label is {@code true} if {@link Detection#positive} says no other
     */
    public static <O> Detection<Object, O> falsePositiveDisparity(String attribute, Predicate<? super O> saidYes) {
        return ofLabels(
                attribute + "-false-positives",
                Kind.FALSE_POSITIVES,
                yes(saidYes),
                attribute,
                IncidentType.BIAS,
                Severity.P1);
    }

    private static <O> @Nullable BiFunction<Object, O, @Nullable String> yes(@Nullable Predicate<? super O> saidYes) {
        return saidYes == null ? null : (input, output) -> String.valueOf(saidYes.test(output));
    }

    private static <O> Detection<Object, O> ofLabels(
            String name,
            Kind kind,
            @Nullable BiFunction<Object, O, @Nullable String> said,
            @Nullable String attribute,
            IncidentType type,
            Severity severity) {
        return new Detection<>(
                name, new Watched<Object, O>(kind, null, said, POSITIVE, 0), attribute, ALL, type, severity);
    }

    // ---- your own

    /**
     * Watches a number of the answer by a detector of your own. It knows by itself what is normal, so warm-up,
     * tolerance and budget of this detection have no meaning, and keeps whatever promise it makes.
     *
     * @param name the detector's name
     * @param detectors makes equal detectors that have seen nothing, one for each route
     * @param value the number; NaN and infinite values count as missing
     * @param <O> the model's output
     * @return the detection, of type performance and severity P2
     */
    public static <O> Detection<Object, O> custom(
            String name, Supplier<? extends Detector> detectors, ToDoubleFunction<? super O> value) {
        return new Detection<>(
                name,
                new Watched<Object, O>(
                        Kind.CUSTOM,
                        value == null ? null : (input, output) -> value.applyAsDouble(output),
                        null,
                        Set.of(),
                        0,
                        detectors),
                null,
                ALL,
                IncidentType.PERFORMANCE,
                Severity.P2);
    }

    // ---- guardrails

    /**
     * Watches how often some guardrails stop or change an answer: block it, send it back or rewrite it. What is only
     * flagged or monitored does not count.
     *
     * @param name the detector's name, such as {@code redactions}
     * @param guardrails the guardrails' names, one or more
     * @return the detection, of type performance and severity P2
     */
    public static Detection<Object, Object> interventions(String name, String... guardrails) {
        return named(name, Kind.INTERVENTIONS, guardrails, IncidentType.PERFORMANCE);
    }

    /**
     * Watches how often guardrails find something, by the category of their findings; signals when that becomes more
     * frequent. So a category becomes an incident of a type: {@code findings("leaks", IncidentType.PRIVACY, "pii",
     * "secret")}.
     *
     * <p>A decision counts if any guardrail, on input or output, has a finding of such a category, whatever was done
     * about it: blocked, rewritten, flagged, or only monitored. It counts for the model route of which the answer was
     * blocked, else for the one that answered, else (the input was blocked) for the primary one. An incident is as
     * severe as this detection or the finding that raised the signal, whichever is worse.
     *
     * <p>So it tells of a model that has begun to leak, or of an attack, although a guardrail stops all of it. Since a
     * finding that is stopped still counts, no containment by a guardrail makes it fall silent: there, watch the
     * {@link #findingsLetThrough findings that are let through}.
     *
     * @param name the detector's name, such as {@code leaks}
     * @param type the type of its incidents
     * @param categories the categories, one or more
     * @return the detection, of severity P2
     */
    public static Detection<Object, Object> findings(String name, IncidentType type, String... categories) {
        return named(name, Kind.FINDINGS, categories, type);
    }

    /**
     * Watches how often a version of the model gives an answer in which guardrails have found something that they did
     * not stop: flagged, or only monitored. What was blocked or rewritten does not count; else it is as
     * {@link #findings}.
     *
     * @param name the detector's name, such as {@code leaks}
     * @param type the type of its incidents
     * @param categories the categories, one or more
     * @return the detection, of severity P2
     */
    public static Detection<Object, Object> findingsLetThrough(String name, IncidentType type, String... categories) {
        return named(name, Kind.FINDINGS_LET_THROUGH, categories, type);
    }

    private static Detection<Object, Object> of(String name, Kind kind, Set<Direction> directions, IncidentType type) {
        return new Detection<>(name, new Watched<>(kind), null, directions, type, Severity.P2);
    }

    private static Detection<Object, Object> named(String name, Kind kind, String[] names, IncidentType type) {
        Set<String> watched = new TreeSet<>();
        for (String each : names) {
            watched.add(each == null ? "" : each);
        }
        return new Detection<>(
                name,
                new Watched<>(kind, null, null, Collections.unmodifiableSet(watched), 0),
                null,
                ALL,
                type,
                Severity.P2);
    }

    private static <I, O> Detection<I, O> rate(
            String name, @Nullable ToDoubleBiFunction<? super I, ? super O> value, IncidentType type) {
        return new Detection<>(
                name, new Watched<I, O>(Kind.RATE, value, null, Set.of(), 0), null, ALL, type, Severity.P2);
    }

    private static <I, O> Detection<I, O> drift(
            String name, @Nullable ToDoubleBiFunction<? super I, ? super O> value, IncidentType type) {
        return new Detection<>(
                name, new Watched<I, O>(Kind.DRIFT, value, null, Set.of(), 0), null, ALL, type, Severity.P2);
    }

    private static <I, O> Detection<I, O> categories(
            String name, @Nullable BiFunction<? super I, ? super O, @Nullable String> category, IncidentType type) {
        return new Detection<>(
                name, new Watched<I, O>(Kind.CATEGORIES, null, category, Set.of(), 0), null, ALL, type, Severity.P2);
    }
}
