// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches a number of each decision, each route by itself against one {@link Norm}; where the detection says so, each
 * value of a segment attribute by itself, against a norm of its own. As every decision is of one value only, the
 * statistics of all values together see each decision once, and each may have the whole false alarm budget.
 */
final class SampleMonitor extends Monitor implements Sampler.Sink {
    private static final int MAX_VALUES = 32; // of the attribute; later ones are not watched
    private static final String EVERYBODY = "";
    private static final int IN_VAIN = 100; // answers without a number, after which none is expected any more
    private static final double NOTHING_SEEN = -1; // no evidence at all

    private final Sampler sampler;
    private final Supplier<Norm> norms;
    private final int attribute; // -1 if all are watched together
    private final Map<String, Part> parts = new LinkedHashMap<>(); // by the attribute's value
    private final double threshold;
    private @Nullable DecisionRecord decision; // the present one
    private @Nullable Findings findings;
    private long decidedNanos; // when it was made
    private long epochNanos; // when what is watched of it became known
    private String caveat = "";
    private boolean learns;
    private volatile boolean isBlind; // as answers have no such number
    private boolean hasSeen; // any number at all
    private int inVain; // so many answers had none before

    /** The decisions of one value of the attribute, or all. */
    private static final class Part {
        private final Norm norm;
        private final @Nullable Statistic[] statistics; // by route; null until the norm is ready and the route answers
        private final boolean[] seen; // by route, since the last reset

        Part(Norm norm, int routes) {
            this.norm = norm;
            this.statistics = new Statistic[routes];
            this.seen = new boolean[routes];
        }

        Statistic of(int route) {
            Statistic known = statistics[route];
            if (known == null) {
                known = norm.statistic();
                statistics[route] = known;
            }
            return known;
        }

        double recovery(int route) {
            Statistic statistic = statistics[route];
            return statistic == null || !seen[route] ? NOTHING_SEEN : statistic.recovery();
        }

        void reset() {
            Arrays.fill(seen, false);
            for (Statistic statistic : statistics) {
                if (statistic != null) {
                    statistic.reset();
                }
            }
        }
    }

    SampleMonitor(Detection<?, ?> detection, GuardInfo guard, Sampler sampler, Supplier<Norm> norms) {
        this(detection, guard, sampler, norms, new FalseAlarmBudget(detection.budget()).threshold());
    }

    SampleMonitor(Detection<?, ?> detection, GuardInfo guard, Sampler sampler, Supplier<Norm> norms, double threshold) {
        super(detection, guard);
        this.sampler = sampler;
        this.norms = norms;
        this.attribute = detection.attribute().map(guard.segments()::indexOf).orElse(-1);
        this.threshold = threshold;
        if (attribute < 0) {
            parts.put(EVERYBODY, new Part(norms.get(), routes()));
        }
    }

    @Override
    void observe(DecisionRecord next, long time, boolean learning, Findings sink) {
        if (isOfAnotherMix(time)) {
            return;
        }
        if (!hasSeen && isByModel(next)) {
            isBlind = ++inVain > IN_VAIN;
        }
        begin(next, time, time, "", learning, sink);
        try {
            sampler.sample(next, this);
        } finally {
            end();
        }
    }

    @Override
    void observe(Labelled labelled, boolean learning, Findings sink) {
        if (isOfAnotherMix(labelled.decidedNanos())) {
            return;
        }
        begin(labelled.decision(), labelled.decidedNanos(), labelled.toldNanos(), labelled.caveat(), learning, sink);
        try {
            sampler.sample(labelled, this);
        } finally {
            end();
        }
    }

    private void begin(DecisionRecord next, long decided, long known, String words, boolean learning, Findings sink) {
        decision = next;
        decidedNanos = decided;
        epochNanos = known;
        caveat = words;
        learns = learning;
        findings = sink;
    }

    private void end() {
        decision = null;
        findings = null;
    }

    /** Fallbacks are those of the first route; and there may be no such number at all, as where nobody tells tokens. */
    @Override
    boolean sees(int route) {
        return !isBlind && (detection().kind() != Detection.Kind.FALLBACKS || route == 0);
    }

    @Override
    public boolean learns() {
        return learns;
    }

    @Override
    public void take(int route, double x) {
        take(route, x, detection().severity());
    }

    @Override
    public void take(int route, double x, Severity atLeast) {
        DecisionRecord present = decision;
        Findings sink = findings;
        Part part = present == null ? null : partOf(present);
        if (present == null || part == null || sink == null) {
            return;
        }
        hasSeen = true;
        isBlind = false;
        if (!part.norm.isReady()) {
            if (learns) {
                part.norm.learn(x);
            }
            return;
        }
        Statistic statistic = part.of(route);
        part.seen[route] = true;
        statistic.observe(x, present.number(), decidedNanos);
        if (statistic.value() >= threshold) {
            sink.signal(signal(route, detection().severity().worse(atLeast), present, statistic));
            statistic.reset();
        }
        statistic
                .fault()
                .ifPresent(fault -> sink.fault("detector '" + detection().name() + "' " + fault));
    }

    private @Nullable Part partOf(DecisionRecord present) {
        String value = attribute < 0 ? EVERYBODY : present.segment(attribute);
        Part known = value == null ? null : parts.get(value);
        if (known != null || value == null || value.isEmpty() || parts.size() == MAX_VALUES) {
            return known;
        }
        if (!learns) {
            return null;
        }
        Part part = new Part(norms.get(), routes());
        parts.put(value, part);
        return part;
    }

    private Optional<Segment> segment(String value) {
        return attribute < 0 ? Optional.empty() : detection().attribute().map(name -> new Segment(name, value));
    }

    private Signal signal(int route, Severity severity, DecisionRecord present, Statistic statistic) {
        Optional<Segment> segment = segment(attribute < 0 ? EVERYBODY : String.valueOf(present.segment(attribute)));
        Change change = statistic.change();
        return signal(
                route,
                severity,
                present,
                epochNanos,
                segment,
                change.onsetDecision(),
                change.onsetTime(),
                statistic.evidence(threshold),
                "'" + detection().name() + "' "
                        + segment.map(each -> "of " + each + " ").orElse("") + statistic.words() + caveat);
    }

    @Override
    double recovery(int route, Optional<Segment> focus) {
        Optional<Part> part = focus.filter(segment ->
                        Optional.of(segment.attribute()).equals(detection().attribute()))
                .map(segment -> parts.get(segment.value()));
        return part.isPresent()
                ? Math.max(0, part.get().recovery(route))
                : parts.values().stream()
                        .mapToDouble(each -> each.recovery(route))
                        .filter(evidence -> evidence != NOTHING_SEEN) // of a value without traffic nothing can be said
                        .min()
                        .orElse(0);
    }

    @Override
    boolean isArmed() {
        for (Part part : parts.values()) {
            if (part.norm.isReady()) {
                return true;
            }
        }
        return false;
    }

    @Override
    void rearm() {
        parts.values().forEach(Part::reset);
    }

    @Override
    void read(Consumer<Reading> readings) {
        parts.forEach((value, part) -> {
            for (int route = 0; route < routes(); route++) {
                Statistic statistic = part.statistics[route];
                if (statistic != null) {
                    Change change = statistic.change();
                    readings.accept(new Reading(
                            detection().name(),
                            guard().routes().get(route).name(),
                            segment(value),
                            statistic.value(),
                            threshold,
                            change.baseline(),
                            change.current(),
                            change.count(),
                            change.interval(),
                            Optional.empty()));
                }
            }
        });
    }

    @Override
    Monitor relearning(Optional<Segment> segment) {
        if (segment.isEmpty()) {
            return super.relearning(segment);
        }
        parts.remove(segment.get().value());
        return this;
    }

    @Override
    void saveState(ObjectNode into) {
        sampler.save(into);
        into.put("has_seen", hasSeen);
        ArrayNode all = into.putArray("parts");
        parts.forEach((value, part) -> {
            ObjectNode one = all.addObject().put("value", value);
            Memory.put(one, "norm", part.norm);
            save(one, part.statistics);
        });
    }

    @Override
    void loadState(JsonNode from, boolean statistics) {
        sampler.load(from);
        hasSeen = from.path("has_seen").asBoolean();
        for (JsonNode one : from.path("parts")) {
            Part part = new Part(norms.get(), routes());
            Memory.take(one, "norm", part.norm);
            for (int route = 0; statistics && part.norm.isReady() && route < routes(); route++) {
                String name = guard().routes().get(route).name();
                if (one.path("routes").has(name)) {
                    Memory.take(one.path("routes"), name, part.of(route));
                }
            }
            parts.put(one.path("value").asText(), part);
        }
    }
}
