// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.model.Cause;
import java.util.List;
import java.util.Optional;

/**
 * The incidents of a runtime, those of earlier runs on the same directory included. Safe for use by several threads.
 */
public interface Incidents {

    /** {@return the incidents that are not resolved, oldest first} */
    List<Incident> open();

    /** {@return all incidents, oldest first} */
    List<Incident> all();

    /**
     * Finds an incident.
     *
     * @param id its id, such as {@code inc-1}
     * @return the incident as it stands now, if there is one
     */
    Optional<Incident> find(String id);

    /**
     * A person takes an incident up, in the service or from a pager by the host's webhook endpoint. Pagers are told, so
     * that they stop calling. One that is acknowledged or resolved already stays as it is.
     *
     * @param id the incident's id
     * @param cause who takes it up and why
     * @return the incident as it stands now; empty if there is none of this id
     */
    Optional<Incident> acknowledge(String id, Cause cause);

    /**
     * Declares an incident over. Switches that its containment set stay as they are: restore them by
     * {@code KillSwitches}.
     *
     * @param id the incident's id
     * @param cause who declares it and why
     * @return the incident as it stands now; empty if there is none of this id
     */
    Optional<Incident> resolve(String id, Cause cause);
}
