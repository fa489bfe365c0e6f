// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
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
    private static final long DEFAULT_BUDGET = 1_000_000;
    private static final long MIN_BUDGET = 1_000;
    private static final int DEFAULT_WARM_UP = 2_000;
    private static final int DEFAULT_WARM_UP_OF_GROUPS = 5_000; // each group sees only its share of the decisions
    private static final int MIN_WARM_UP = 100;
    private static final double DEFAULT_TOLERANCE = 0.03;
    private static final double MAX_TOLERANCE = 0.4;

    /** What is watched. */
    public enum Kind {
        /** How often something is true. */
        RATE,
        /** The distribution of a number. */
        DRIFT,
        /** One group against all others. */
        GROUP_DISPARITY,
        /** How often guardrails find something of a category. */
        FINDINGS,
        /** How often an answer is given in which guardrails have found something of a category. */
        FINDINGS_LET_THROUGH
    }

    private final Kind kind;
    private final String name;
    private final @Nullable String attribute;
    private final @Nullable ToDoubleBiFunction<? super I, ? super O> value;
    private final IncidentType type;
    private final Severity severity;
    private final Set<String> categories;
    private final Settings settings;

    /** The numbers; NaN and 0 where the baseline is to be learned. */
    private record Settings(long budget, int warmUp, double tolerance, double baselineMean, long baselineSize) {}

    Detection(
            Kind kind,
            String name,
            @Nullable String attribute,
            @Nullable ToDoubleBiFunction<? super I, ? super O> value,
            IncidentType type,
            Severity severity,
            Set<String> categories) {
        this(
                kind,
                name,
                attribute,
                value,
                type,
                severity,
                categories,
                new Settings(
                        DEFAULT_BUDGET,
                        kind == Kind.GROUP_DISPARITY ? DEFAULT_WARM_UP_OF_GROUPS : DEFAULT_WARM_UP,
                        DEFAULT_TOLERANCE,
                        Double.NaN,
                        0));
    }

    private Detection(
            Kind kind,
            String name,
            @Nullable String attribute,
            @Nullable ToDoubleBiFunction<? super I, ? super O> value,
            IncidentType type,
            Severity severity,
            Set<String> categories,
            Settings settings) {
        this.kind = kind;
        this.name = name;
        this.attribute = attribute;
        this.value = value;
        this.type = type;
        this.severity = severity;
        this.categories = categories;
        this.settings = settings;
    }

    private Detection<I, O> with(Settings changed) {
        return new Detection<>(kind, name, attribute, value, type, severity, categories, changed);
    }

    /**
     * Sets the detector's name, by which it stands in signals and records.
     *
     * @param newName a legal name, unique within the guard
     * @return the detection under that name
     */
    public Detection<I, O> named(String newName) {
        return new Detection<>(kind, newName, attribute, value, type, severity, categories, settings);
    }

    /**
     * Sets the severity of an incident that this detector opens.
     *
     * @param newSeverity the severity
     * @return the detection with that severity
     */
    public Detection<I, O> severity(Severity newSeverity) {
        return new Detection<>(kind, name, attribute, value, type, newSeverity, categories, settings);
    }

    /**
     * Sets the false alarm budget; see {@link Detectors} for what it promises.
     *
     * @param decisions one false alarm in so many decisions at most; 1,000 or more, by default 1,000,000
     * @return the detection with that budget
     */
    public Detection<I, O> falseAlarmAtMostOncePer(long decisions) {
        return with(new Settings(
                decisions, settings.warmUp, settings.tolerance, settings.baselineMean, settings.baselineSize));
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
                settings.budget, decisions, settings.tolerance, settings.baselineMean, settings.baselineSize));
    }

    /**
     * Sets how far the mean may leave the baseline before it counts as harm: for a rate and for the difference between
     * groups in points of the rate (0.03 is three percentage points), for drift in points of the mean rank.
     *
     * @param points from 0 to 0.4, by default 0.03
     * @return the detection with that tolerance
     */
    public Detection<I, O> tolerance(double points) {
        return with(
                new Settings(settings.budget, settings.warmUp, points, settings.baselineMean, settings.baselineSize));
    }

    /**
     * Gives the baseline of a rate instead of learning it. It enters by its upper confidence bound for the sample size.
     *
     * @param mean the rate, from 0 to 1
     * @param sampleSize how many decisions the rate was measured on
     * @return the detection with that baseline
     */
    public Detection<I, O> baseline(double mean, long sampleSize) {
        return with(new Settings(settings.budget, settings.warmUp, settings.tolerance, mean, sampleSize));
    }

    /** {@return what is wrong with the settings, one sentence each with the value and the remedy} */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        String who = "detector '" + name + "': ";
        Names.faultOf("detector name", name).ifPresent(faults::add);
        if (attribute != null) {
            Names.faultOf("segment attribute", attribute).ifPresent(faults::add);
        }
        if (isOfFindings()) {
            checkCategories(who, faults);
        } else if (value == null) {
            faults.add(who + "the function that it watches is null");
        }
        if (settings.budget < MIN_BUDGET) {
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
        boolean given = !Double.isNaN(settings.baselineMean) || settings.baselineSize != 0;
        if (given && kind != Kind.RATE && !isOfFindings()) {
            faults.add(who + "only a rate can be given a baseline; leave it out and the baseline is learned");
        } else if (given && !(settings.baselineMean >= 0 && settings.baselineMean <= 1)) {
            faults.add(who + "a baseline rate of " + settings.baselineMean + " is out of range; use 0 to 1");
        } else if (given && settings.baselineSize < 1) {
            faults.add(who + "a baseline measured on " + settings.baselineSize + " decisions says nothing; use 1 or"
                    + " more");
        }
        return faults;
    }

    private void checkCategories(String who, List<String> faults) {
        if (type == null) {
            faults.add(
                    who + "the type of its incidents is null; name one of " + Arrays.toString(IncidentType.values()));
        }
        if (categories.isEmpty() || categories.stream().anyMatch(String::isBlank)) {
            faults.add(who + "the categories that it watches are " + categories
                    + "; name those of the findings, such as" + " \"pii\", at least one and none blank");
        }
    }

    /** {@return whether findings of guardrails are watched, and not what a route has answered} */
    public boolean isOfFindings() {
        return kind == Kind.FINDINGS || kind == Kind.FINDINGS_LET_THROUGH;
    }

    /** {@return what is watched} */
    public Kind kind() {
        return kind;
    }

    /** {@return the detector's name} */
    public String name() {
        return name;
    }

    /** {@return the segment attribute that tells groups apart, if the detector compares groups} */
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

    /** {@return the categories of the findings that are watched, if findings are; else empty} */
    public Set<String> categories() {
        return categories;
    }

    /** {@return one false alarm in so many decisions at most} */
    public long budget() {
        return settings.budget;
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
            return value == null ? Double.NaN : value.applyAsDouble(input, output);
        } catch (Throwable e) {
            if (e instanceof InterruptedException) { // which some languages throw undeclared
                Thread.currentThread().interrupt();
            }
            return Double.NaN; // a missing value; the host's call must not suffer for it
        }
    }
}
