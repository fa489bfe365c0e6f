// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is responsible for which model and in which incidents, by names in the host's words: people, rotas, teams. An
 * incident has its roles by them when it opens, and an overdue clock names the next one of the model's escalation.
 * Immutable.
 *
 * <pre>{@code
 * Responsibilities.builder()
 *         .owner("credit-risk", "Credit ML team")
 *         .escalation("credit-risk", "credit-ml on-call", "head of credit ML", "chief risk officer")
 *         .commander(Severity.P0, "incident commander on duty")
 *         .role(Role.LEGAL, "legal on call")
 *         .build()
 * }</pre>
 */
public final class Responsibilities {
    private final Map<String, String> owners;
    private final Map<String, List<String>> escalations;
    private final Map<Severity, String> commanders;
    private final Map<Role, String> roles;

    private Responsibilities(Builder builder) {
        this.owners = Map.copyOf(builder.owners);
        this.escalations = Map.copyOf(builder.escalations);
        this.commanders = Map.copyOf(builder.commanders);
        this.roles = Map.copyOf(builder.roles);
    }

    /** {@return responsibilities of which nobody has any} */
    public static Responsibilities none() {
        return builder().build();
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Who owns a model.
     *
     * @param model the guarded model's name
     * @return the owner, if one is named
     */
    public Optional<String> owner(String model) {
        return Optional.ofNullable(owners.get(model));
    }

    /**
     * Who is named, one after another, where nobody acts.
     *
     * @param model the guarded model's name
     * @return the escalation; where none is named, the model's owner, or nobody
     */
    public List<String> escalation(String model) {
        List<String> named = escalations.get(model);
        return named != null ? named : owner(model).map(List::of).orElse(List.of());
    }

    /**
     * Who does what in an incident of a severity, before a person says otherwise.
     *
     * @param severity the severity
     * @return the roles that are known
     */
    public Map<Role, String> roles(Severity severity) {
        Map<Role, String> known = new EnumMap<>(Role.class);
        known.putAll(roles);
        String commander = commanders.get(severity);
        if (commander != null) {
            known.put(Role.COMMANDER, commander);
        }
        return Map.copyOf(known);
    }

    /** Builds responsibilities. Settings do not throw; {@link #build()} reports all faults. Used by one thread. */
    public static final class Builder {
        private final Map<String, String> owners = new HashMap<>();
        private final Map<String, List<String>> escalations = new HashMap<>();
        private final Map<Severity, String> commanders = new EnumMap<>(Severity.class);
        private final Map<Role, String> roles = new EnumMap<>(Role.class);
        private final List<String> faults = new ArrayList<>();

        private Builder() {}

        /**
         * Sets who owns a model.
         *
         * @param model the guarded model's name
         * @param name who
         * @return this builder
         */
        public Builder owner(String model, String name) {
            if (areNamed("owner", model, name)) {
                owners.put(model, name);
            }
            return this;
        }

        /**
         * Sets who is named, one after another, where nobody acts.
         *
         * @param model the guarded model's name
         * @param names who, the first first
         * @return this builder
         */
        public Builder escalation(String model, String... names) {
            boolean named = names.length > 0;
            for (String name : names) {
                named &= areNamed("escalation", model, name);
            }
            if (named) {
                escalations.put(model, List.of(names));
            } else if (names.length == 0) {
                faults.add("the escalation of '" + model + "' names nobody; leave it out");
            }
            return this;
        }

        /**
         * Sets who leads incidents of a severity.
         *
         * @param severity the severity
         * @param name who
         * @return this builder
         */
        public Builder commander(Severity severity, String name) {
            if (severity == null) {
                faults.add("the commander '" + name + "' has no severity");
            } else if (areNamed("commander", severity.name(), name)) {
                commanders.put(severity, name);
            }
            return this;
        }

        /**
         * Sets who has a role in every incident.
         *
         * @param role the role
         * @param name who
         * @return this builder
         */
        public Builder role(Role role, String name) {
            if (role == null) {
                faults.add("the role of '" + name + "' is null");
            } else if (areNamed("role", role.name(), name)) {
                roles.put(role, name);
            }
            return this;
        }

        private boolean areNamed(String what, String of, String name) {
            if (of == null || of.isBlank() || name == null || name.isBlank()) {
                faults.add("the " + what + " of '" + of + "' is '" + name + "'; give both a name");
                return false;
            }
            return true;
        }

        /**
         * Builds the responsibilities.
         *
         * @return the responsibilities
         * @throws ConfigurationException if a setting was wrong; it names all of them
         */
        public Responsibilities build() {
            if (!faults.isEmpty()) {
                throw new ConfigurationException("responsibilities", faults);
            }
            return new Responsibilities(this);
        }
    }
}
