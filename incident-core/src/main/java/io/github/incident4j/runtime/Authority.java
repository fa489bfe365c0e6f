// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.Role;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.Proposal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may do what about an incident, and who is told: what somebody needs to know who has just been woken.
 *
 * @param incident the incident as it stands
 * @param owner who owns the model, if somebody is named
 * @param roles who does what in the incident; its {@link Role#COMMANDER} decides what the plan leaves to people
 * @param escalation who is named, one after another, where something is overdue
 * @param waiting the containments that wait for a person's approval by {@code responses().approve(…)}
 * @param plan what the response plan does about an incident of this severity and type, in its order
 * @param channels the names of the channels that are told of it
 */
public record Authority(
        Incident incident,
        Optional<String> owner,
        Map<Role, String> roles,
        List<String> escalation,
        List<Proposal> waiting,
        List<Containment> plan,
        List<String> channels) {
    /**
     * Keeps unmodifiable copies.
     *
     * @param incident the incident
     * @param owner who owns the model
     * @param roles who does what
     * @param escalation who is named
     * @param waiting what waits for approval
     * @param plan what the response plan does
     * @param channels the channels that are told
     */
    public Authority {
        roles = Map.copyOf(roles);
        escalation = List.copyOf(escalation);
        waiting = List.copyOf(waiting);
        plan = List.copyOf(plan);
        channels = List.copyOf(channels);
    }
}
