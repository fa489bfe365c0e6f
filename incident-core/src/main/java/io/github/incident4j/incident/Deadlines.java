// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long people have for what an incident asks of them. Immutable.
 *
 * <table>
 *   <caption>The standard deadlines</caption>
 *   <tr><th></th><th>P0</th><th>P1</th><th>P2</th><th>P3</th></tr>
 *   <tr><td>acknowledge</td><td>15 min</td><td>1 h</td><td>4 h</td><td>24 h</td></tr>
 *   <tr><td>triage</td><td>30 min</td><td>1 h</td><td>8 h</td><td>3 d</td></tr>
 *   <tr><td>contain</td><td>1 h</td><td>4 h</td><td>24 h</td><td>none</td></tr>
 *   <tr><td>update, each time</td><td>30 min</td><td>2 h</td><td>24 h</td><td>none</td></tr>
 *   <tr><td>review, from the resolution</td><td>5 d</td><td>5 d</td><td>14 d</td><td>none</td></tr>
 * </table>
 */
public final class Deadlines {
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final Map<IncidentClock.Kind, Map<Severity, Duration>> limits;

    private Deadlines(Map<IncidentClock.Kind, Map<Severity, Duration>> limits) {
        this.limits = limits;
    }

    /** {@return the standard deadlines} */
    public static Deadlines standard() {
        return builder().build();
    }

    /** {@return deadlines of which there are none} */
    public static Deadlines none() {
        return new Deadlines(Map.of());
    }

    /** {@return a builder that starts with the standard deadlines} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How long people have.
     *
     * @param kind for what
     * @param severity in an incident of which severity
     * @return how long, or empty if there is no deadline
     */
    public Optional<Duration> of(IncidentClock.Kind kind, Severity severity) {
        return Optional.ofNullable(limits.getOrDefault(kind, Map.of()).get(severity));
    }

    /** Builds deadlines. Settings do not throw; {@link #build()} reports all faults together. Used by one thread. */
    public static final class Builder {
        private final Map<IncidentClock.Kind, Map<Severity, Duration>> limits = new EnumMap<>(IncidentClock.Kind.class);
        private final List<String> faults = new ArrayList<>();

        private Builder() {
            all(IncidentClock.Kind.ACKNOWLEDGE, Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(4));
            within(IncidentClock.Kind.ACKNOWLEDGE, Severity.P3, Duration.ofDays(1));
            all(IncidentClock.Kind.TRIAGE, Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofHours(8));
            within(IncidentClock.Kind.TRIAGE, Severity.P3, Duration.ofDays(3));
            all(IncidentClock.Kind.CONTAIN, Duration.ofHours(1), Duration.ofHours(4), Duration.ofDays(1));
            all(IncidentClock.Kind.UPDATE, Duration.ofMinutes(30), Duration.ofHours(2), Duration.ofDays(1));
            all(IncidentClock.Kind.REVIEW, Duration.ofDays(5), Duration.ofDays(5), Duration.ofDays(14));
        }

        private void all(IncidentClock.Kind kind, Duration p0, Duration p1, Duration p2) {
            within(kind, Severity.P0, p0);
            within(kind, Severity.P1, p1);
            within(kind, Severity.P2, p2);
        }

        /**
         * Sets a deadline.
         *
         * @param kind for what; a notice has its deadline from whoever starts it
         * @param severity in incidents of which severity
         * @param limit how long people have, at least a second
         * @return this builder
         */
        public Builder within(IncidentClock.Kind kind, Severity severity, Duration limit) {
            if (kind == null || severity == null || limit == null) {
                faults.add("a deadline has a null: within(" + kind + ", " + severity + ", " + limit + ")");
            } else if (kind == IncidentClock.Kind.NOTICE) {
                faults.add("a notice has no deadline of its own; give it to Incidents.startNotice(…)");
            } else if (limit.compareTo(Duration.ofSeconds(1)) < 0 || limit.compareTo(LONGEST) > 0) {
                faults.add("within(" + kind + ", " + severity + ", " + limit
                        + ") must be at least a second and at most ten years");
            } else {
                limits.computeIfAbsent(kind, each -> new EnumMap<>(Severity.class))
                        .put(severity, limit);
            }
            return this;
        }

        /**
         * Sets that there is no deadline.
         *
         * @param kind for what
         * @param severity in incidents of which severity
         * @return this builder
         */
        public Builder without(IncidentClock.Kind kind, Severity severity) {
            if (kind == null || severity == null) {
                faults.add("a deadline has a null: without(" + kind + ", " + severity + ")");
            } else {
                limits.getOrDefault(kind, new EnumMap<>(Severity.class)).remove(severity);
            }
            return this;
        }

        /**
         * Builds the deadlines.
         *
         * @return the deadlines
         * @throws ConfigurationException if a setting was wrong; it names all of them
         */
        public Deadlines build() {
            if (!faults.isEmpty()) {
                throw new ConfigurationException("deadlines", faults);
            }
            Map<IncidentClock.Kind, Map<Severity, Duration>> copy = new EnumMap<>(IncidentClock.Kind.class);
            limits.forEach((kind, each) -> copy.put(kind, Map.copyOf(each)));
            return new Deadlines(copy);
        }
    }
}
