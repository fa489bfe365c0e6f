// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response;

import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.internal.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is done for which severity and type: containments in the order in which they are tried. The first that can be
 * applied is put in force at once; when detectors still see harm after the grace time, the next one follows.
 *
 * <p>Each version of the model on which the incident's harm is seen goes through the plan by itself, and a containment
 * of the whole model is a step of each. Each step is tried once for each version; a round begins anew where the
 * incident turns out to be worse, where harm comes back after silence, and where somebody has lifted a containment.
 * Harm on a version that does not answer any more asks for nothing.
 *
 * <p>The default plan:
 *
 * <table>
 *   <caption>Default containments</caption>
 *   <tr><th>severity</th><th>type</th><th>containments</th></tr>
 *   <tr><td>P0</td><td>any</td><td>kill the model</td></tr>
 *   <tr><td>P1</td><td>bias</td><td>roll back, then review for the affected segment</td></tr>
 *   <tr><td>P1</td><td>any other</td><td>roll back</td></tr>
 *   <tr><td>P2, P3</td><td>any</td><td>monitor</td></tr>
 * </table>
 *
 * <p>Immutable.
 */
public final class ResponsePlan {
    private record Key(Severity severity, Optional<IncidentType> type) {}

    private final Map<Key, List<Containment>> steps;
    private final Duration grace;
    private final int watch;

    private ResponsePlan(Builder builder) {
        this.steps = Map.copyOf(builder.steps);
        this.grace = builder.grace;
        this.watch = builder.watch;
    }

    /** {@return the default plan} */
    public static ResponsePlan standard() {
        return builder().build();
    }

    /** {@return a builder that starts with the default plan} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The containments for an incident.
     *
     * @param severity the incident's severity
     * @param type its type
     * @return the containments in their order
     */
    public List<Containment> stepsFor(Severity severity, IncidentType type) {
        List<Containment> ofType = steps.get(new Key(severity, Optional.of(type)));
        return ofType != null ? ofType : steps.getOrDefault(new Key(severity, Optional.empty()), List.of());
    }

    /** {@return how long after a containment signals do not yet count against it} */
    public Duration grace() {
        return grace;
    }

    /**
     * After how many decisions without a signal a containment counts as effective. Where the harm took long to be
     * noticed, it is twice as many decisions as that took, since a shorter silence would say nothing.
     *
     * @return the least number
     */
    public int watch() {
        return watch;
    }

    /** Builds a plan. Settings do not throw; {@link #build()} reports all faults together. Used by one thread. */
    public static final class Builder {
        private final Map<Key, List<Containment>> steps = new LinkedHashMap<>();
        private final List<String> faults = new ArrayList<>();
        private static final Duration LONGEST_GRACE = Duration.ofDays(365);

        private Duration grace = Duration.ofMinutes(1);
        private int watch = 1_000;

        private Builder() {
            onAny(Severity.P0, new Containment.KillModel());
            on(Severity.P1, IncidentType.BIAS, new Containment.RollBack(), new Containment.ReviewSegment());
            onAny(Severity.P1, new Containment.RollBack());
            onAny(Severity.P2, new Containment.Monitor());
            onAny(Severity.P3, new Containment.Monitor());
        }

        /**
         * Sets the containments for one severity and type.
         *
         * @param severity the severity
         * @param type the type
         * @param containments the containments in their order; none means that nothing is done
         * @return this builder
         */
        public Builder on(Severity severity, IncidentType type, Containment... containments) {
            return put(severity, Optional.ofNullable(type), containments);
        }

        /**
         * Sets the containments for a severity and every type that has none of its own.
         *
         * @param severity the severity
         * @param containments the containments in their order; none means that nothing is done
         * @return this builder
         */
        public Builder onAny(Severity severity, Containment... containments) {
            return put(severity, Optional.empty(), containments);
        }

        private Builder put(Severity severity, Optional<IncidentType> type, Containment... containments) {
            List<Containment> given = Arrays.asList(containments);
            if (severity == null) {
                faults.add("a severity is null; name one of " + Arrays.toString(Severity.values()));
            } else if (given.contains(null)) {
                faults.add("a containment for " + severity + " is null; leave it out");
            } else {
                given.forEach(this::check);
                steps.put(new Key(severity, type), List.copyOf(given));
            }
            return this;
        }

        private void check(Containment containment) {
            if (containment instanceof Containment.AskFirst ask) {
                if (ask.step() == null) {
                    faults.add("a containment that asks first is null; leave it out");
                } else if (ask.step() instanceof Containment.AskFirst || ask.step() instanceof Containment.Monitor) {
                    faults.add(ask + " proposes nothing that acts; give AskFirst a step that does");
                } else {
                    check(ask.step());
                }
            } else if (containment instanceof Containment.SwapGuardrail swap) {
                Names.faultOf("guardrail name", swap.guardrail()).ifPresent(faults::add);
                Names.faultOf("rule set version", swap.ruleSet()).ifPresent(faults::add);
            } else if (containment instanceof Containment.ReduceLoad reduce && reduce.limit() == null) {
                faults.add("the limit of a reduced load is null; say Limit.toShare(…) or Limit.toRate(…)");
            }
        }

        /**
         * Sets how long after a containment signals do not yet count against it.
         *
         * @param newGrace zero or more, by default one minute
         * @return this builder
         */
        public Builder grace(Duration newGrace) {
            this.grace = newGrace;
            return this;
        }

        /**
         * Sets after how many decisions without a signal a containment counts as effective; see {@link #watch()}.
         *
         * @param decisions one or more, by default 1,000
         * @return this builder
         */
        public Builder watch(int decisions) {
            this.watch = decisions;
            return this;
        }

        /**
         * Builds the plan.
         *
         * @return the plan
         * @throws ConfigurationException if anything is wrong; it names all faults
         */
        public ResponsePlan build() {
            List<String> found = new ArrayList<>(faults);
            if (grace == null) {
                found.add("the grace is null; leave grace(…) out for one minute");
            } else if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
                found.add("a grace of " + Durations.text(grace) + " is out of range; use zero to "
                        + Durations.text(LONGEST_GRACE));
            }
            if (watch < 1) {
                found.add("a watch of " + watch + " decisions is too short; use 1 or more");
            }
            if (!found.isEmpty()) {
                throw new ConfigurationException("response plan", found);
            }
            return new ResponsePlan(this);
        }
    }
}
