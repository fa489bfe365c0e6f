// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import io.github.incident4j.incident.IncidentEvent;

/**
 * Is told what happens in incidents: the place to wire a pager.
 *
 * <p>Each listener has a bounded queue and a thread of its own, so it may take its time: a listener that throws is
 * logged by name and told of the next event; one that hangs delays nobody but itself, and when its queue is full its
 * oldest events are dropped and counted in the log. Events of one incident arrive in order.
 */
@FunctionalInterface
public interface IncidentListener {

    /**
     * Something happened in an incident.
     *
     * @param event what happened, with the incident as it stands after it
     * @throws Exception if the listener could not do its work; it is logged and not tried again
     */
    void on(IncidentEvent event) throws Exception;
}
