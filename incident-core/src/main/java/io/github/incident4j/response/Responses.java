// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response;

import io.github.incident4j.model.Cause;

/** Where people decide about containments that the plan does not take by itself. */
public interface Responses {

    /**
     * Approves the containment that an incident waits for; see {@link Containment.AskFirst}. It is carried out soon
     * after, in the order of the trail.
     *
     * @param incident the incident's id
     * @param cause who approves it and why
     */
    void approve(String incident, Cause cause);
}
