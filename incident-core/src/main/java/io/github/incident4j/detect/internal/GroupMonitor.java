// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Interval;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Segment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether a group gets the favourable answer as often, compared with all others, as it did; of answers with a
 * label, whether it is as seldom wronged.
 */
final class GroupMonitor extends Monitor {
    private final String attribute;
    private final int segmentIndex;
    private final int valueIndex;
    private final Outcome outcome; // where labels are asked
    private final Map<String, Integer> groups = new HashMap<>(); // bounded: later ones share the first unwatched number
    private final GroupBaselines baselines;
    private final @Nullable GroupComparison[] comparisons; // by route; null until the warm-up is over
    private final FalseAlarmBudget budget;
    private long seen;
    private Set<String> diverted = Set.of(); // groups

    GroupMonitor(Detection<?, ?> detection, GuardInfo guard) {
        super(detection, guard);
        this.attribute = detection.attribute().orElseThrow();
        this.segmentIndex = guard.segments().indexOf(attribute);
        this.valueIndex = guard.values().indexOf(detection.name());
        this.outcome = new Outcome(detection, guard);
        this.baselines = new GroupBaselines(BASELINE_ALPHA, detection.warmUp());
        this.comparisons = new GroupComparison[routes()];
        this.budget = new FalseAlarmBudget(detection.budget());
    }

    @Override
    void observe(DecisionRecord decision, long epochNanos, boolean learns, Findings findings) {
        if (!isOfLabels()) {
            double favourable = isByModel(decision) ? decision.value(valueIndex) : Double.NaN;
            observe(decision, favourable, epochNanos, epochNanos, "", learns, findings);
        }
    }

    @Override
    void observe(Labelled labelled, boolean learns, Findings findings) {
        observe(
                labelled.decision(),
                1 - outcome.wrong(labelled),
                labelled.decidedNanos(),
                labelled.toldNanos(),
                labelled.caveat(),
                learns,
                findings);
    }

    private void observe(
            DecisionRecord decision,
            double value,
            long decidedNanos,
            long epochNanos,
            String caveat,
            boolean learns,
            Findings findings) {
        if (isOfAnotherMix(decidedNanos)) {
            return;
        }
        String name = decision.segment(segmentIndex);
        if (name == null || name.isEmpty() || !(value >= 0 && value <= 1)) {
            return;
        }
        int group = groupOf(name);
        if (learns) {
            baselines.observe(group, value); // goes on after the warm-up for groups that were too small until then
        }
        if (!baselines.isWarm()) {
            if (learns && ++seen >= detection().warmUp()) {
                baselines.endWarmUp();
            }
            return;
        }
        GroupComparison comparison = comparisons[decision.route()];
        if (comparison == null) {
            comparison = new GroupComparison(baselines, detection().tolerance(), budget);
            comparisons[decision.route()] = comparison;
        }
        if (comparison.observe(group, value, decision.number(), decidedNanos)) {
            findings.signal(signal(decision, epochNanos, name, comparison.finding(group), caveat));
            comparison.reset(group);
        }
    }

    private int groupOf(String name) {
        Integer known = groups.get(name);
        if (known != null) {
            return known;
        }
        int next = groups.size();
        if (GroupPairs.isWatched(next)) {
            groups.put(name, next);
            baselines.leaveOut(next, diverted.contains(name));
        }
        return next;
    }

    private Signal signal(DecisionRecord decision, long epochNanos, String name, GroupFinding finding, String caveat) {
        Segment segment = new Segment(attribute, name);
        return signal(
                decision.route(),
                detection().severity(),
                decision,
                epochNanos,
                Optional.of(segment),
                finding.onsetDecision(),
                finding.onsetTime(),
                new Signal.Evidence(
                        finding.statistic(),
                        finding.threshold(),
                        shown(finding.baselineRate()),
                        shown(finding.rate()),
                        finding.pairs(),
                        shown(finding.interval())),
                rateOf() + segment + (isOfWrongs() ? " rose from " : " fell from ")
                        + percent(shown(finding.baselineRate())) + " to " + percent(shown(finding.rate()))
                        + percents(shown(finding.interval()))
                        + " since about decision " + finding.onsetDecision() + "; for all others it was "
                        + percent(shown(finding.baselineOthersRate())) + " and is "
                        + percent(shown(finding.othersRate())) + caveat);
    }

    private String rateOf() {
        return switch (detection().kind()) {
            case TRUE_POSITIVES -> "the true positive rate of ";
            case FALSE_POSITIVES -> "the false positive rate of ";
            default -> "the favourable answer for ";
        };
    }

    /** Whether people know the rate of what is not favourable. */
    private boolean isOfWrongs() {
        return detection().kind() == Detection.Kind.FALSE_POSITIVES;
    }

    private Optional<Interval> shown(Optional<Interval> favourable) {
        return isOfWrongs() ? favourable.map(Interval::mirrored) : favourable;
    }

    private double shown(double favourable) {
        return isOfWrongs() ? 1 - favourable : favourable;
    }

    @Override
    double recovery(int route, Optional<Segment> focus) {
        GroupComparison comparison = comparisons[route];
        if (comparison == null) {
            return 0;
        }
        Optional<Integer> group = focus.filter(segment -> segment.attribute().equals(attribute))
                .map(Segment::value)
                .map(groups::get);
        if (group.isPresent()) {
            return comparison.recovery(group.get());
        }
        double least = Double.POSITIVE_INFINITY;
        for (int each : groups.values()) {
            if (baselines.isComparable(each) && !baselines.isLeftOut(each)) {
                least = Math.min(least, comparison.recovery(each));
            }
        }
        return Double.isInfinite(least) ? 0 : least;
    }

    @Override
    boolean isArmed() {
        return baselines.isWarm();
    }

    /** The others of every other group are then without them. */
    @Override
    void leaveOut(Set<Diversion> newDiverted) {
        Set<String> names = new HashSet<>();
        for (Diversion each : newDiverted) {
            if (each.spares(attribute)) {
                names.add(each.value());
            }
        }
        diverted = Set.copyOf(names);
        groups.forEach((name, group) -> baselines.leaveOut(group, diverted.contains(name)));
    }

    @Override
    void rearm() {
        for (GroupComparison comparison : comparisons) {
            if (comparison != null) {
                comparison.reset();
            }
        }
    }

    @Override
    void read(Consumer<Reading> readings) {
        for (int route = 0; route < routes(); route++) {
            GroupComparison comparison = comparisons[route];
            for (Map.Entry<String, Integer> group : groups.entrySet()) {
                if (comparison != null && comparison.isCompared(group.getValue())) {
                    GroupFinding finding = comparison.finding(group.getValue());
                    readings.accept(new Reading(
                            detection().name(),
                            guard().routes().get(route).name(),
                            Optional.of(new Segment(attribute, group.getKey())),
                            finding.statistic(),
                            finding.threshold(),
                            shown(finding.baselineRate()),
                            shown(finding.rate()),
                            finding.pairs(),
                            shown(finding.interval()),
                            Optional.empty()));
                }
            }
        }
    }

    @Override
    void saveState(ObjectNode into) {
        ArrayNode names = into.putArray("names");
        groups.entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach(group -> names.add(group.getKey()));
        into.put("seen", seen);
        Memory.put(into, "baselines", baselines);
        save(into, comparisons);
    }

    @Override
    void loadState(JsonNode from, boolean statistics) {
        for (JsonNode name : from.path("names")) {
            groups.put(name.asText(), groups.size());
        }
        seen = Memory.whole(from, "seen");
        Memory.take(from, "baselines", baselines);
        for (int route = 0; statistics && route < routes(); route++) {
            String name = guard().routes().get(route).name();
            if (from.path("routes").has(name)) {
                GroupComparison comparison =
                        new GroupComparison(baselines, detection().tolerance(), budget);
                Memory.take(from.path("routes"), name, comparison);
                comparisons[route] = comparison;
            }
        }
    }
}
