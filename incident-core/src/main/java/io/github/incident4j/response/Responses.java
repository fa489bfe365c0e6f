// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response;

import io.github.incident4j.model.Cause;
import java.util.List;

/** Where people decide about containments that the plan does not take by itself. */
public interface Responses {

    /**
     * The containments that wait for a person's approval.
     *
     * @param incident the incident's id
     * @return the proposals, oldest first; empty if none waits or there is no such incident
     */
    List<Proposal> waiting(String incident);

    /**
     * Approves the containment that an incident waits for at this moment; see {@link Containment.AskFirst}. It is
     * carried out soon after, in the order of the trail. Where none waits, nothing is done.
     *
     * @param incident the incident's id
     * @param cause who approves it and why
     * @throws IllegalStateException if several wait; it names their numbers
     */
    void approve(String incident, Cause cause);

    /**
     * Approves one containment that an incident waits for, and no other one that may wait by now: for whoever has read
     * of a proposal some time ago.
     *
     * @param incident the incident's id
     * @param proposal the number of the proposal within the incident, as it was told
     * @param cause who approves it and why
     */
    void approve(String incident, int proposal, Cause cause);
}
