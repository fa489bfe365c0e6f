// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

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
    private Detectors() {}

    /**
     * Watches how often something is true of the answers; signals when it becomes more frequent.
     *
     * @param name the detector's name, such as {@code denials}
     * @param condition what is counted
     * @param <O> the model's output
     * @return the detection, of type performance and severity P2
     */
    public static <O> Detection<Object, O> rate(String name, Predicate<? super O> condition) {
        return new Detection<>(
                Detection.Kind.RATE,
                name,
                null,
                condition == null ? null : (input, output) -> condition.test(output) ? 1 : 0,
                IncidentType.PERFORMANCE,
                Severity.P2,
                Set.of());
    }

    /**
     * Watches a number of the answer; signals when its distribution moves up or down, or becomes wider or narrower.
     *
     * @param value the number, such as a score; NaN and infinite values count as missing
     * @param <O> the model's output
     * @return the detection, named {@code output-drift}, of type performance and severity P2
     */
    public static <O> Detection<Object, O> outputDrift(ToDoubleFunction<? super O> value) {
        return new Detection<>(
                Detection.Kind.DRIFT,
                "output-drift",
                null,
                value == null ? null : (input, output) -> value.applyAsDouble(output),
                IncidentType.PERFORMANCE,
                Severity.P2,
                Set.of());
    }

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
                Detection.Kind.GROUP_DISPARITY,
                attribute + "-disparity",
                attribute,
                favourable == null ? null : (input, output) -> favourable.test(output) ? 1 : 0,
                IncidentType.BIAS,
                Severity.P1,
                Set.of());
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
        return ofFindings(Detection.Kind.FINDINGS, name, type, categories);
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
        return ofFindings(Detection.Kind.FINDINGS_LET_THROUGH, name, type, categories);
    }

    private static Detection<Object, Object> ofFindings(
            Detection.Kind kind, String name, IncidentType type, String... categories) {
        Set<String> watched = new TreeSet<>();
        for (String category : categories) {
            watched.add(category == null ? "" : category);
        }
        return new Detection<>(kind, name, null, null, type, Severity.P2, Collections.unmodifiableSet(watched));
    }
}
