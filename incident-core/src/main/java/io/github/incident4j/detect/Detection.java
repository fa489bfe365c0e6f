// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a detector watches and how strictly; made by {@link Detectors}. Immutable: each setting returns another value.
 * Settings do not throw; the guard's builder reports all faults together.
 *
 * <pre>{@code
 * outputDrift(Score::probabilityOfDefault).tolerance(0.03).falseAlarmAtMostOncePer(1_000_000)
 * }</pre>
 *
 * @param <I> the model's input
 * @param <O> the model's output
 */
public final class Detection<I, O> {
    private static final long SHARED_BUDGET = 0; // it has none of its own
    private static final long MIN_BUDGET = 1_000;
    private static final int DEFAULT_WARM_UP = 2_000;
    private static final int DEFAULT_WARM_UP_OF_GROUPS = 5_000; // each group sees only its share of the decisions
    private static final int MIN_WARM_UP = 100;
    private static final int DEFAULT_LABEL_WINDOW = 50_000;
    private static final int MAX_LABEL_WINDOW = 10_000_000;
    private static final double DEFAULT_TOLERANCE = 0.03;
    private static final double DEFAULT_TOLERANCE_OF_BRIER = 0.01; // whose values are small
    private static final double MAX_TOLERANCE = 0.4;
    private static final String TWICE = ""; // no attribute's name

    /** What is watched. */
    public enum Kind {
        /** How often something is true of the answers. */
        RATE,
        /** How often an answer takes longer than a limit. */
        SLOW,
        /** How often a version of the model fails. */
        ERRORS,
        /** How often the first version of the model does not answer. */
        FALLBACKS,
        /** How often some guardrails stop or change an answer. */
        INTERVENTIONS,
        /** How often guardrails find something of a category. */
        FINDINGS,
        /** How often an answer is given in which guardrails have found something of a category. */
        FINDINGS_LET_THROUGH,
        /** The distribution of a number. */
        DRIFT,
        /** The distribution of the time that an answer takes. */
        LATENCY,
        /** The distribution of the tokens that a call takes. */
        TOKENS,
        /** The shares of categories. */
        CATEGORIES,
        /** One group against all others. */
        GROUP_DISPARITY,
        /** A number that a detector of the host's own watches. */
        CUSTOM,
        /** How often the answer is the label. */
        ACCURACY,
        /** How often the label is positive where the answer is. */
        PRECISION,
        /** How often the answer is positive where the label is. */
        RECALL,
        /** How far probabilities are from the labels. */
        BRIER,
        /** One group's true positive rate against that of all others. */
        TRUE_POSITIVES,
        /** One group's false positive rate against that of all others. */
        FALSE_POSITIVES;

        /** {@return whether labels are asked that come later, by {@code IncidentRuntime.feedback}} */
        public boolean isOfLabels() {
            return switch (this) {
                case ACCURACY, PRECISION, RECALL, BRIER, TRUE_POSITIVES, FALSE_POSITIVES -> true;
                default -> false;
            };
        }

        /** {@return whether each group is compared with all others} */
        public boolean isOfGroups() {
            return this == GROUP_DISPARITY || this == TRUE_POSITIVES || this == FALSE_POSITIVES;
        }
    }

    /**
     * What is watched, in full.
     *
     * @param value the number, for those kinds that watch one
     * @param category the category, for the kind that watches that
     * @param names the categories of findings, or the guardrails, for those kinds that watch them; the positive label,
     *     for those that ask for one
     * @param limitNanos the limit, for the kind that has one
     * @param detectors makes the host's own detectors, for the kind that has them
     */
    record Watched<I, O>(
            Kind kind,
            @Nullable ToDoubleBiFunction<? super I, ? super O> value,
            @Nullable BiFunction<? super I, ? super O, @Nullable String> category,
            Set<String> names,
            long limitNanos,
            @Nullable Supplier<? extends Detector> detectors) {

        Watched(
                Kind kind,
                @Nullable ToDoubleBiFunction<? super I, ? super O> value,
                @Nullable BiFunction<? super I, ? super O, @Nullable String> category,
                Set<String> names,
                long limitNanos) {
            this(kind, value, category, names, limitNanos, null);
        }

        Watched(Kind kind) {
            this(kind, null, null, Set.of(), 0);
        }
    }

    private final String name;
    private final Watched<I, O> watched;
    private final @Nullable String attribute;
    private final Set<Direction> directions;
    private final IncidentType type;
    private final Severity severity;
    private final Settings settings;

    /** The numbers; NaN and 0 where the baseline is to be learned. */
    private record Settings(
            long budget, int warmUp, double tolerance, double baselineMean, long baselineSize, int labelWindow) {
        static Settings of(Kind kind) {
            return new Settings(
                    SHARED_BUDGET,
                    kind.isOfGroups() ? DEFAULT_WARM_UP_OF_GROUPS : DEFAULT_WARM_UP,
                    kind == Kind.BRIER ? DEFAULT_TOLERANCE_OF_BRIER : DEFAULT_TOLERANCE,
                    Double.NaN,
                    0,
                    DEFAULT_LABEL_WINDOW);
        }
    }

    Detection(
            String name,
            Watched<I, O> watched,
            @Nullable String attribute,
            Set<Direction> directions,
            IncidentType type,
            Severity severity) {
        this(name, watched, attribute, directions, type, severity, Settings.of(watched.kind));
    }

    private Detection(
            String name,
            Watched<I, O> watched,
            @Nullable String attribute,
            Set<Direction> directions,
            IncidentType type,
            Severity severity,
            Settings settings) {
        this.name = name;
        this.watched = watched;
        this.attribute = attribute;
        this.directions = directions;
        this.type = type;
        this.severity = severity;
        this.settings = settings;
    }

    private Detection<I, O> with(Settings changed) {
        return new Detection<>(name, watched, attribute, directions, type, severity, changed);
    }

    /**
     * Sets the detector's name, by which it stands in signals and records.
     *
     * @param newName a legal name, unique within the guard
     * @return the detection under that name
     */
    public Detection<I, O> named(String newName) {
        return new Detection<>(newName, watched, attribute, directions, type, severity, settings);
    }

    /**
     * Sets the severity of an incident that this detector opens.
     *
     * @param newSeverity the severity
     * @return the detection with that severity
     */
    public Detection<I, O> severity(Severity newSeverity) {
        return new Detection<>(name, watched, attribute, directions, type, newSeverity, settings);
    }

    /**
     * Sets the type of an incident that this detector opens.
     *
     * @param newType the type
     * @return the detection with that type
     */
    public Detection<I, O> type(IncidentType newType) {
        return new Detection<>(name, watched, attribute, directions, newType, severity, settings);
    }

    /**
     * Watches each value of a segment attribute by itself, against a baseline of its own: what is plausible on the
     * whole may be absurd for a part. Up to 32 values are watched, in the order in which they appear; each learns from
     * its own decisions, as many as {@link #warmUp} says. All together keep the one false alarm budget, since each
     * decision is of one value. Groups are compared by {@link Detectors#groupDisparity}, which has its attribute
     * already.
     *
     * @param segmentAttribute the attribute, declared on the guard
     * @return the detection for each segment
     */
    public Detection<I, O> by(String segmentAttribute) {
        boolean ofGroups = watched.kind.isOfGroups();
        return new Detection<>(
                name, watched, ofGroups ? TWICE : segmentAttribute, directions, type, severity, settings);
    }

    /**
     * Restricts the watch on a distribution to some directions; the others raise nothing.
     *
     * @param first the first direction
     * @param others the others
     * @return the detection for those directions
     */
    public Detection<I, O> only(Direction first, Direction... others) {
        return new Detection<>(name, watched, attribute, EnumSet.of(first, others), type, severity, settings);
    }

    /**
     * Gives this detector a false alarm budget of its own, beside that of the guard, which all others share; see
     * {@link Detectors} for what it promises.
     *
     * @param decisions one false alarm in so many decisions at most; 1,000 or more
     * @return the detection with that budget
     */
    public Detection<I, O> falseAlarmAtMostOncePer(long decisions) {
        return with(new Settings(
                decisions,
                settings.warmUp,
                settings.tolerance,
                settings.baselineMean,
                settings.baselineSize,
                settings.labelWindow));
    }

    /**
     * Sets over how many watched decisions the baseline is learned. They must be sound: what they hold becomes the
     * norm.
     *
     * @param decisions the number; 100 or more, by default 2,000, and 5,000 for groups, of which each sees only its
     *     share
     * @return the detection with that warm-up
     */
    public Detection<I, O> warmUp(int decisions) {
        return with(new Settings(
                settings.budget,
                decisions,
                settings.tolerance,
                settings.baselineMean,
                settings.baselineSize,
                settings.labelWindow));
    }

    /**
     * Sets how far the mean may leave the baseline before it counts as harm: for a rate and for the difference between
     * groups in points of the rate (0.03 is three percentage points), for drift in points of the mean rank.
     *
     * @param points from 0 to 0.4, by default 0.03
     * @return the detection with that tolerance
     */
    public Detection<I, O> tolerance(double points) {
        return with(new Settings(
                settings.budget,
                settings.warmUp,
                points,
                settings.baselineMean,
                settings.baselineSize,
                settings.labelWindow));
    }

    /**
     * Gives the baseline of a rate instead of learning it. It enters by its confidence bound for the sample size.
     *
     * @param mean the rate, from 0 to 1: of accuracy, precision and recall that itself, and the Brier score
     * @param sampleSize how many decisions the rate was measured on
     * @return the detection with that baseline
     */
    public Detection<I, O> baseline(double mean, long sampleSize) {
        return with(new Settings(
                settings.budget, settings.warmUp, settings.tolerance, mean, sampleSize, settings.labelWindow));
    }

    /**
     * Says which label is the positive one, where a detector of labels asks for two classes.
     *
     * @param label the label, by default {@code true}
     * @return the detection for that label
     */
    public Detection<I, O> positive(String label) {
        return new Detection<>(
                name,
                new Watched<>(
                        watched.kind,
                        watched.value,
                        watched.category,
                        watched.kind.isOfLabels() ? Set.of(label == null ? "" : label) : watched.names,
                        watched.limitNanos,
                        watched.detectors),
                attribute,
                directions,
                type,
                severity,
                settings);
    }

    /**
     * Sets how many answers of the model are remembered until their labels come. A label that comes after so many
     * further answers is counted and says nothing. All detectors of a guard share one memory, the longest that one of
     * them asks for; an answer takes some 300 bytes of it.
     *
     * @param decisions the number, from 100 to 10,000,000; by default 50,000
     * @return the detection with that memory
     */
    public Detection<I, O> labelsWithin(int decisions) {
        return with(new Settings(
                settings.budget,
                settings.warmUp,
                settings.tolerance,
                settings.baselineMean,
                settings.baselineSize,
                decisions));
    }

    /** {@return what is wrong with the settings, one sentence each with the value and the remedy} */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        String who = "detector '" + name + "': ";
        Names.faultOf("detector name", name).ifPresent(faults::add);
        if (TWICE.equals(attribute)) {
            faults.add(who + "a comparison of groups has its attribute already; leave by(…) out");
        } else if (attribute != null) {
            Names.faultOf("segment attribute", attribute).ifPresent(faults::add);
        }
        if (type == null) {
            faults.add(
                    who + "the type of its incidents is null; name one of " + Arrays.toString(IncidentType.values()));
        }
        checkWatched(who, faults);
        if (settings.budget != SHARED_BUDGET && settings.budget < MIN_BUDGET) {
            faults.add(who + "a false alarm budget of one in " + settings.budget + " decisions is too small; use "
                    + MIN_BUDGET + " or more");
        }
        if (settings.warmUp < MIN_WARM_UP) {
            faults.add(who + "a warm-up of " + settings.warmUp + " decisions is too short; use " + MIN_WARM_UP
                    + " or more");
        }
        if (!(settings.tolerance >= 0 && settings.tolerance <= MAX_TOLERANCE)) {
            faults.add(who + "a tolerance of " + settings.tolerance + " is out of range; use 0 to " + MAX_TOLERANCE);
        }
        if (settings.labelWindow < MIN_WARM_UP || settings.labelWindow > MAX_LABEL_WINDOW) {
            faults.add(who + "labels within " + settings.labelWindow + " decisions are out of range; use " + MIN_WARM_UP
                    + " to " + MAX_LABEL_WINDOW);
        }
        boolean given = !Double.isNaN(settings.baselineMean) || settings.baselineSize != 0;
        if (given && (isOfDistribution() || attribute != null)) {
            faults.add(who + "only a rate of all decisions together can be given a baseline; leave it out and the"
                    + " baseline is learned");
        } else if (given && !(settings.baselineMean >= 0 && settings.baselineMean <= 1)) {
            faults.add(who + "a baseline rate of " + settings.baselineMean + " is out of range; use 0 to 1");
        } else if (given && settings.baselineSize < 1) {
            faults.add(who + "a baseline measured on " + settings.baselineSize + " decisions says nothing; use 1 or"
                    + " more");
        }
        return faults;
    }

    private void checkWatched(String who, List<String> faults) {
        switch (watched.kind) {
            case RATE, DRIFT, GROUP_DISPARITY, BRIER -> {
                checkPositive(who, faults);
                if (watched.value == null) {
                    faults.add(who + "the function that it watches is null");
                }
            }
            case CUSTOM -> {
                if (watched.value == null || watched.detectors == null) {
                    faults.add(who + "the function that it watches, or what makes its detectors, is null");
                }
            }
            case CATEGORIES, ACCURACY, PRECISION, RECALL, TRUE_POSITIVES, FALSE_POSITIVES -> {
                checkPositive(who, faults);
                if (watched.category == null) {
                    faults.add(who + "the function that it watches is null");
                }
            }
            case FINDINGS, FINDINGS_LET_THROUGH ->
                checkNames(
                        who + "the categories that it watches are ", "those of the findings, such as \"pii\"", faults);
            case INTERVENTIONS ->
                checkNames(who + "the guardrails that it watches are ", "them as the guard does", faults);
            case SLOW -> {
                if (watched.limitNanos < 1) {
                    faults.add(who + "a limit of " + watched.limitNanos + " ns is exceeded by every answer; use more");
                }
            }
            case ERRORS, FALLBACKS, LATENCY, TOKENS -> {
                // nothing of theirs can be wrong
            }
        }
    }

    private void checkPositive(String who, List<String> faults) {
        if (watched.names.contains("")) {
            faults.add(who + "the positive label is empty or null; name it as feedback does, such as \"fraud\"");
        }
    }

    private void checkNames(String what, String how, List<String> faults) {
        if (watched.names.isEmpty() || watched.names.stream().anyMatch(String::isBlank)) {
            faults.add(what + watched.names + "; name " + how + ", at least one and none blank");
        }
    }

    /** Whether a distribution is watched, and not how often something is true. */
    private boolean isOfDistribution() {
        return switch (watched.kind) {
            case DRIFT, LATENCY, TOKENS, CATEGORIES, GROUP_DISPARITY, CUSTOM, TRUE_POSITIVES, FALSE_POSITIVES -> true;
            case RATE,
                    SLOW,
                    ERRORS,
                    FALLBACKS,
                    INTERVENTIONS,
                    FINDINGS,
                    FINDINGS_LET_THROUGH,
                    ACCURACY,
                    PRECISION,
                    RECALL,
                    BRIER -> false;
        };
    }

    /** {@return whether a number is read of inputs and answers, by {@link #valueOf}} */
    public boolean readsNumber() {
        return watched.value != null;
    }

    /** {@return whether a category is read of inputs and answers, by {@link #categoryOf}} */
    public boolean readsCategory() {
        return watched.category != null;
    }

    /** {@return what is watched} */
    public Kind kind() {
        return watched.kind;
    }

    /** {@return the detector's name} */
    public String name() {
        return name;
    }

    /** {@return the segment attribute that tells groups apart, or by which each value is watched, if there is one} */
    public Optional<String> attribute() {
        return Optional.ofNullable(attribute);
    }

    /** {@return the type of an incident that this detector opens} */
    public IncidentType type() {
        return type;
    }

    /** {@return the severity of an incident that this detector opens} */
    public Severity severity() {
        return severity;
    }

    /** {@return how many answers are remembered until their labels come; 0 where no labels are asked} */
    public int labelWindow() {
        return watched.kind.isOfLabels() ? settings.labelWindow : 0;
    }

    /** {@return the categories of findings, or the guardrails, that are watched, or the positive label; else empty} */
    public Set<String> names() {
        return watched.names;
    }

    /** {@return the limit of the time that an answer takes, in nanoseconds, if that is watched; else 0} */
    public long limitNanos() {
        return watched.limitNanos;
    }

    /** {@return what makes the host's own detectors, if there are any} */
    public Optional<Supplier<? extends Detector>> detectors() {
        return Optional.ofNullable(watched.detectors);
    }

    /** {@return the directions in which a distribution is watched} */
    public Set<Direction> directions() {
        return directions;
    }

    /** {@return one false alarm in so many decisions at most; 0 where it shares that of its guard} */
    public long budget() {
        return settings.budget;
    }

    /**
     * Shares a false alarm budget equally between those detections that have none of their own. By the union bound the
     * probability that any of {@code k} raises a false alarm within {@code n} decisions is {@code n / A} at most, if
     * each has a budget of one in {@code k A}.
     *
     * @param decisions one false alarm of all of them in so many decisions at most
     * @param detections the detections
     * @param <D> their type
     * @return the detections, each with a budget
     */
    @SuppressWarnings("unchecked") // a setting changes no type
    public static <D extends Detection<?, ?>> List<D> sharing(long decisions, List<? extends D> detections) {
        long shares = detections.stream()
                .filter(each -> each.budget() == SHARED_BUDGET && each.kind() != Kind.CUSTOM) // its promise is its own
                .count();
        long each = decisions > Long.MAX_VALUE / Math.max(1, shares) ? Long.MAX_VALUE : decisions * Math.max(1, shares);
        List<D> shared = new ArrayList<>();
        for (D detection : detections) {
            shared.add(detection.budget() == SHARED_BUDGET ? (D) detection.falseAlarmAtMostOncePer(each) : detection);
        }
        return shared;
    }

    /** {@return over how many watched decisions the baseline is learned} */
    public int warmUp() {
        return settings.warmUp;
    }

    /** {@return how far the mean may leave the baseline} */
    public double tolerance() {
        return settings.tolerance;
    }

    /** {@return the given baseline rate, if one was given} */
    public OptionalDouble baselineMean() {
        return Double.isNaN(settings.baselineMean) ? OptionalDouble.empty() : OptionalDouble.of(settings.baselineMean);
    }

    /** {@return how many decisions the given baseline was measured on, or 0} */
    public long baselineSize() {
        return settings.baselineSize;
    }

    /**
     * The value that is watched.
     *
     * @param input what went into the model
     * @param output what came out
     * @return the value, or NaN if it cannot be had
     */
    public double valueOf(I input, O output) {
        try {
            return watched.value == null ? Double.NaN : watched.value.applyAsDouble(input, output);
        } catch (Throwable e) {
            keepInterrupt(e);
            return Double.NaN; // a missing value; the host's call must not suffer for it
        }
    }

    /**
     * The category that is watched.
     *
     * @param input what went into the model
     * @param output what came out
     * @return the category, or null if it cannot be had
     */
    public @Nullable String categoryOf(I input, O output) {
        try {
            return watched.category == null ? null : watched.category.apply(input, output);
        } catch (Throwable e) {
            keepInterrupt(e);
            return null;
        }
    }

    private static void keepInterrupt(Throwable e) {
        if (e instanceof InterruptedException) { // which some languages throw undeclared
            Thread.currentThread().interrupt();
        }
    }
}
