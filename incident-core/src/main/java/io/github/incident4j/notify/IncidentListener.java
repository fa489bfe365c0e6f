// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import io.github.incident4j.incident.IncidentEvent;

/**
 * Is told what happens in incidents: the place to wire a pager.
 *
 * <p>Each listener has a bounded queue and a thread of its own, so it may take its time: one that hangs delays nobody
 * but itself, and when its queue is full its oldest events are dropped and counted in the log. An event at which it
 * throws is told again, six times within half a minute, and then the next one is. Events of one incident arrive in
 * order.
 *
 * <p>At least once: every delivery is noted in the audit trail. After a restart each listener is told the newest thing
 * that it was not told of every open incident. So the same event may arrive twice: tell events apart by the incident's
 * id and the entry's time.
 */
@FunctionalInterface
public interface IncidentListener {

    /**
     * Something happened in an incident.
     *
     * @param event what happened, with the incident as it stands after it
     * @throws Exception if the listener could not do its work; it is logged and tried again
     */
    void on(IncidentEvent event) throws Exception;
}
