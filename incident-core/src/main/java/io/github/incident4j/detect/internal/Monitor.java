// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Detector;
import io.github.incident4j.detect.Interval;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One detection at work on one guarded model: a baseline, learned over a warm-up or given, and a statistic for each
 * route against it. After a signal the statistic of that route starts anew, so that harm that goes on is signalled
 * again.
 */
abstract class Monitor {
    /** With which probability a learned baseline's bounds may fail. */
    static final double BASELINE_ALPHA = 0.001;

    private static final long NANOS = 1_000_000_000L;

    private final Detection<?, ?> detection;
    private final GuardInfo guard;
    private boolean known; // from the run before
    private Set<Diversion> accustomed = Set.of(); // the baseline is of a mix of calls without these
    private Set<Diversion> mix = Set.of(); // what is diverted now, of what matters here
    private volatile boolean paused; // as it is another mix of calls
    private long mixSince = Long.MIN_VALUE; // decisions before may be of another one

    Monitor(Detection<?, ?> detection, GuardInfo guard) {
        this.detection = detection;
        this.guard = guard;
    }

    /** One that knows nothing yet, and learns from the mix of calls that there is while some are diverted. */
    static Monitor of(Detection<?, ?> detection, GuardInfo guard, Set<Diversion> diverted) {
        Monitor monitor = of(detection, guard);
        monitor.accustomed = Set.copyOf(diverted);
        monitor.take(monitor.concerning(diverted), Long.MIN_VALUE);
        return monitor;
    }

    static Monitor of(Detection<?, ?> detection, GuardInfo guard) {
        return switch (detection.kind()) {
            case RATE -> rate(detection, guard, Samplers.value(detection, guard), "answers");
            case SLOW -> rate(detection, guard, Samplers.slow(detection), "answers");
            case ERRORS -> rate(detection, guard, Samplers.errors(guard), "attempts");
            case FALLBACKS -> rate(detection, guard, Samplers.fallbacks(guard), "calls");
            case INTERVENTIONS -> rate(detection, guard, new InterventionSampler(detection, guard), "answers");
            case FINDINGS, FINDINGS_LET_THROUGH ->
                rate(detection, guard, new FindingSampler(detection, guard), "decisions");
            case DRIFT -> drift(detection, guard, Samplers.value(detection, guard));
            case LATENCY -> drift(detection, guard, Samplers.latency());
            case TOKENS -> drift(detection, guard, Samplers.tokens());
            case CATEGORIES -> categories(detection, guard);
            case GROUP_DISPARITY, TRUE_POSITIVES, FALSE_POSITIVES -> new GroupMonitor(detection, guard);
            case ACCURACY -> ofLabels(detection, guard, MeanTelling.fallOf("labelled answers"));
            case PRECISION -> ofLabels(detection, guard, MeanTelling.fallOf("positive answers with a label"));
            case RECALL -> ofLabels(detection, guard, MeanTelling.fallOf("cases labelled positive"));
            case BRIER -> ofLabels(detection, guard, MeanTelling.SCORE);
            case CUSTOM -> custom(detection, guard);
        };
    }

    private static Monitor rate(Detection<?, ?> detection, GuardInfo guard, Sampler sampler, String counted) {
        return new SampleMonitor(detection, guard, sampler, () -> new MeanNorm(detection, MeanTelling.riseOf(counted)));
    }

    private static Monitor ofLabels(Detection<?, ?> detection, GuardInfo guard, MeanTelling telling) {
        return new SampleMonitor(
                detection, guard, new Outcome(detection, guard), () -> new MeanNorm(detection, telling));
    }

    private static Monitor drift(Detection<?, ?> detection, GuardInfo guard, Sampler sampler) {
        return new SampleMonitor(detection, guard, sampler, () -> new RankNorm(detection));
    }

    private static Monitor custom(Detection<?, ?> detection, GuardInfo guard) {
        Supplier<? extends Detector> detectors = detection.detectors().orElseThrow();
        return new SampleMonitor(
                detection,
                guard,
                Samplers.value(detection, guard),
                () -> new CustomNorm(detection.name(), detectors),
                CustomNorm.ALARM);
    }

    private static Monitor categories(Detection<?, ?> detection, GuardInfo guard) {
        CategorySampler sampler = new CategorySampler(detection, guard);
        return new SampleMonitor(
                detection,
                guard,
                sampler,
                () -> new CategoryNorm(detection, CategorySampler.CATEGORIES, sampler::nameOf));
    }

    final Detection<?, ?> detection() {
        return detection;
    }

    final GuardInfo guard() {
        return guard;
    }

    final int numberOf(String route) {
        return guard.routes().stream().map(GuardInfo.Route::name).toList().indexOf(route);
    }

    /** Whether it is a version of the model, whose answers are watched at present; by any thread. */
    final boolean watches(String route) {
        int number = numberOf(route);
        return number >= 0
                && guard.routes().get(number).kind() == RouteKind.MODEL
                && !isPaused()
                && !isOfLabels() // which may come in a year: a ramp does not wait for them
                && sees(number);
    }

    /** Whether what is watched can tell of a route at all; by any thread. */
    boolean sees(int route) {
        return true;
    }

    /** Whether nothing is watched at present, as a part of the calls is diverted; by any thread. */
    final boolean isPaused() {
        return paused;
    }

    /** Whether a decision is of another mix of calls than the baseline, or may be. */
    final boolean isOfAnotherMix(long epochNanos) {
        return paused || epochNanos < mixSince;
    }

    /**
     * What matters of what is diverted: numbers and categories of answers and inputs are of the calls that come, and
     * who is in a group and among the others, too; failures and times less so.
     */
    private Set<Diversion> concerning(Set<Diversion> diverted) {
        return switch (detection.kind()) {
            case RATE, DRIFT, CATEGORIES, CUSTOM, ACCURACY, PRECISION, RECALL, BRIER -> notSpared(diverted);
            case GROUP_DISPARITY, TRUE_POSITIVES, FALSE_POSITIVES ->
                Set.copyOf(diverted); // and those of its attribute leave its groups out
            default -> Set.of();
        };
    }

    private Set<Diversion> notSpared(Set<Diversion> diverted) {
        String watched = detection.attribute().orElse("");
        return diverted.stream().filter(each -> !each.spares(watched)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Only where just the same is diverted, and as much of it, is the mix of calls that of the baseline; one that was
     * given is of all calls, too.
     */
    private boolean isAnotherMix(Set<Diversion> diverted) {
        Set<Diversion> now = notSpared(concerning(diverted));
        boolean all = now.isEmpty() && detection.baselineMean().isPresent();
        return !all && !now.equals(notSpared(concerning(accustomed)));
    }

    /**
     * Some calls are kept from the model, or no longer: who watches the mix of calls begins anew, and no other does.
     *
     * @param diverted of which calls
     * @param epochNanos since when; decisions that come now may have been made before
     * @return what goes on watching: another one where this one was about to learn the norm of what was diverted before
     */
    final Monitor divert(Set<Diversion> diverted, long epochNanos) {
        Set<Diversion> concerned = concerning(diverted);
        if (concerned.equals(mix)) {
            return this;
        }
        boolean unlearned = !isArmed() && !notSpared(concerning(accustomed)).isEmpty();
        Monitor next = unlearned && isAnotherMix(diverted) ? of(detection, guard, diverted) : this;
        next.take(concerned, epochNanos);
        next.rearm();
        return next;
    }

    private void take(Set<Diversion> concerned, long epochNanos) {
        mix = concerned;
        mixSince = epochNanos;
        paused = isAnotherMix(concerned);
        leaveOut(concerned);
    }

    /** Who compares parts of the calls leaves these out. */
    void leaveOut(Set<Diversion> diverted) {}

    final int routes() {
        return guard.routes().size();
    }

    /**
     * Takes a decision.
     *
     * @param decision the decision, answered or refused
     * @param epochNanos when it was made
     * @param learns whether a baseline that is not known yet may be learned from it
     * @param findings takes what it finds
     */
    abstract void observe(DecisionRecord decision, long epochNanos, boolean learns, Findings findings);

    /**
     * Takes an answer of which the label has come.
     *
     * @param labelled both
     * @param learns whether a baseline that is not known yet may be learned from it
     * @param findings takes what it finds
     */
    void observe(Labelled labelled, boolean learns, Findings findings) {
        // most ask for none
    }

    /** Whether it watches labels; decisions that have none yet tell it nothing. */
    final boolean isOfLabels() {
        return detection.kind().isOfLabels();
    }

    /**
     * The evidence that what is watched of a route has been within its tolerance since the last {@link #rearm()}; 0
     * where the route was not seen.
     *
     * @param route the route's number
     * @param focus the segment that matters, if not all do
     */
    abstract double recovery(int route, Optional<Segment> focus);

    /** Whether the baseline is there. */
    abstract boolean isArmed();

    /** Forgets what was seen of every route; the baseline remains. */
    abstract void rearm();

    /** Whether a version of the model answered. */
    static boolean isByModel(DecisionRecord decision) {
        return decision.isAnswered()
                && decision.guard().routes().get(decision.route()).kind() == RouteKind.MODEL;
    }

    final Signal signal(
            int route,
            Severity severity,
            DecisionRecord decision,
            long epochNanos,
            Optional<Segment> segment,
            long onsetDecision,
            long onsetNanos,
            Signal.Evidence evidence,
            String sentence) {
        return new Signal(
                detection.name(),
                guard.model(),
                guard.routes().get(route).name(),
                detection.type(),
                severity,
                segment,
                instant(epochNanos),
                decision.number(),
                instant(onsetNanos),
                onsetDecision,
                evidence,
                sentence);
    }

    static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(Math.floorDiv(epochNanos, NANOS), Math.floorMod(epochNanos, NANOS));
    }

    /** In nanoseconds since the epoch, which end in the year 2262. */
    static long nanos(Instant time) {
        long limit = Long.MAX_VALUE / NANOS - 1;
        long seconds = Math.min(Math.max(time.getEpochSecond(), -limit), limit);
        return seconds * NANOS + time.getNano();
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** An interval of a share in brackets, to stand behind that; nothing where there is none. */
    static String percents(Optional<Interval> interval) {
        return interval.map(known -> String.format(
                        Locale.ROOT,
                        " (%.0f %% interval %.1f–%.1f %%)",
                        100 * known.level(),
                        100 * known.low(),
                        100 * known.high()))
                .orElse("");
    }

    /** What the baseline depends on; of another configuration it is learned anew. */
    private String baselineKey() {
        return String.join(
                "|",
                detection.kind().name(),
                detection.attribute().orElse(""),
                String.join(",", detection.names()),
                String.valueOf(detection.limitNanos()),
                String.valueOf(detection.warmUp()),
                detection.baselineMean() + "/" + detection.baselineSize());
    }

    /** What the statistics depend on beside the baseline. */
    private String statisticKey() {
        return detection.tolerance() + "|" + detection.directions();
    }

    /** Writes what is to be remembered across a restart. */
    final void save(ObjectNode into) {
        into.put("baseline_key", baselineKey());
        into.put("statistic_key", statisticKey());
        Diversion.write(into.putArray("accustomed"), accustomed);
        Diversion.write(into.putArray("mix"), mix);
        into.put("mix_since", mixSince); // labels tell of answers that were given long before
        saveState(into);
    }

    /**
     * Takes up what was remembered, as far as it is of the same configuration; of an equal monitor that has seen
     * nothing.
     *
     * @return whether the baseline is as it was
     * @throws IllegalArgumentException if it is of another shape; this monitor is of no use then
     */
    final boolean load(JsonNode from) {
        if (!from.path("baseline_key").asText().equals(baselineKey())) {
            return false;
        }
        accustomed = Diversion.read(from.path("accustomed"));
        loadState(from, from.path("statistic_key").asText().equals(statisticKey()));
        known = isArmed();
        take(Diversion.read(from.path("mix")), from.path("mix_since").asLong(Long.MIN_VALUE));
        return true;
    }

    /** Whether the baseline is learned from what is decided in this run, and not given or known from the one before. */
    final boolean learnsInThisRun() {
        return detection.baselineMean().isEmpty() && !known;
    }

    /** Tells where it stands, for each statistic that there is. */
    abstract void read(Consumer<Reading> readings);

    /** What goes on watching once that change is the norm: it learns the baseline anew. */
    Monitor relearning(Optional<Segment> segment) {
        return of(detection, guard);
    }

    abstract void saveState(ObjectNode into);

    /** {@code statistics} says whether these are of the same configuration, too. */
    abstract void loadState(JsonNode from, boolean statistics);

    /** Writes the statistics of the routes, each under its name. */
    final void save(ObjectNode into, Memory.@Nullable Kept[] byRoute) {
        ObjectNode routes = into.putObject("routes");
        for (int route = 0; route < byRoute.length; route++) {
            Memory.Kept statistic = byRoute[route];
            if (statistic != null) {
                Memory.put(routes, guard.routes().get(route).name(), statistic);
            }
        }
    }
}
