// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The incidents of a runtime, those of earlier runs on the same directory included, and what people do in them. Safe
 * for use by several threads.
 *
 * <p>Each method for people returns the incident as it stands afterwards, or nothing where there is none of the id.
 * What is so already stays as it is. What cannot be is refused by an {@link IllegalStateException} that says why and
 * what to do instead. Who acts and why is on record; the reasons must hold no personal data.
 */
public interface Incidents {

    /** {@return the incidents that are neither resolved nor dismissed, oldest first} */
    List<Incident> open();

    /** {@return all incidents, oldest first; of those that are not open the latest thousand} */
    List<Incident> all();

    /**
     * Finds an incident.
     *
     * @param id its id, such as {@code inc-1}
     * @return the incident as it stands now, if there is one
     */
    Optional<Incident> find(String id);

    /**
     * Takes a report in. It joins the incident that it seems to be about, or opens one. Nothing is contained by it: a
     * person decides.
     *
     * @param report what somebody tells
     * @return the incident
     */
    Incident report(Report report);

    /**
     * A person takes an incident up, in the service or from a pager by the host's webhook endpoint. Pagers are told, so
     * that they stop calling. One that is acknowledged or not open stays as it is.
     *
     * @param id the incident's id
     * @param cause who takes it up and why
     * @return the incident as it stands now; empty if there is none of this id
     */
    Optional<Incident> acknowledge(String id, Cause cause);

    /**
     * A person says how bad an incident is and what kind of harm, for the first time or again. Its severity follows by
     * the {@link SeverityRules}. The response plan goes by what detectors have seen, not by what people say: who wants
     * more contained does so by switches.
     *
     * @param id the incident's id
     * @param assessment what the person has found
     * @param cause who says so and why
     * @return the incident as it stands now; empty if there is none of this id
     * @throws IllegalStateException if it is not open
     */
    Optional<Incident> triage(String id, Assessment assessment, Cause cause);

    /**
     * A person sets the severity, whatever the rules say.
     *
     * @param id the incident's id
     * @param severity how bad it is
     * @param cause who says so and why
     * @return the incident as it stands now; empty if there is none of this id
     * @throws IllegalStateException if it is not open
     */
    Optional<Incident> rate(String id, Severity severity, Cause cause);

    /**
     * Gives somebody a role.
     *
     * @param id the incident's id
     * @param role the role
     * @param person who has it from now on, in the host's words
     * @param cause who says so and why
     * @return the incident as it stands now; empty if there is none of this id
     */
    Optional<Incident> assign(String id, Role role, String person, Cause cause);

    /**
     * Tells everybody how it stands: the reason is the text. The next update is due a while after it.
     *
     * @param id the incident's id
     * @param cause who tells and what
     * @return the incident as it stands now; empty if there is none of this id
     * @throws IllegalStateException if it is not open
     */
    Optional<Incident> update(String id, Cause cause);

    /**
     * Sets why an incident happened.
     *
     * @param id the incident's id
     * @param rootCause why
     * @param cause who says so and how that is known
     * @return the incident as it stands now; empty if there is none of this id
     */
    Optional<Incident> rootCause(String id, RootCause rootCause, Cause cause);

    /**
     * A person moves an incident on. From {@linkplain IncidentState#isOpen() open} states: to {@code INVESTIGATING},
     * {@code REMEDIATED}, {@code RECOVERING}, {@code RESOLVED} and {@code DISMISSED}, back to {@code INVESTIGATING}
     * too; from {@code RESOLVED} to {@code REVIEWED}; from there to {@code CLOSED}, and from {@code RESOLVED} too where
     * the severity is P2 or P3. The other states follow from what happens: {@code TRIAGED} from {@link #triage(String,
     * Assessment, Cause)}, {@code DETECTED} from harm; {@code CONTAINED} follows from a containment that holds, or from
     * a person who has contained the harm by other means and says so here.
     *
     * <p>Switches that a containment set stay as they are when an incident is over: restore them by
     * {@code KillSwitches}.
     *
     * @param id the incident's id
     * @param state where it goes
     * @param cause who moves it and why
     * @return the incident as it stands now; empty if there is none of this id
     * @throws IllegalStateException if it cannot go there from where it is; the message says why
     */
    Optional<Incident> move(String id, IncidentState state, Cause cause);

    /**
     * Declares an incident over. Those that are parts of it are over with it. When the same harm comes back within the
     * recurrence window, it is opened again.
     *
     * @param id the incident's id
     * @param cause who declares it and why
     * @return the incident as it stands now; empty if there is none of this id; one that is not open stays as it is
     */
    Optional<Incident> resolve(String id, Cause cause);

    /**
     * Opens an incident again that was resolved, reviewed, closed or dismissed.
     *
     * @param id the incident's id
     * @param cause who opens it again and why
     * @return the incident as it stands now; empty if there is none of this id
     * @throws IllegalStateException if it is a part of another one that is not open
     */
    Optional<Incident> reopen(String id, Cause cause);

    /**
     * Makes an incident a part of another one, because both have one cause. Pagers hear only of the whole from then on.
     * The part keeps its own containment, and harm that it was opened for is contained as before.
     *
     * @param id the incident that becomes a part
     * @param into the incident that it becomes a part of
     * @param cause who says so and why
     * @return the part as it stands now; empty if there is none of this id
     * @throws IllegalStateException if the other one does not exist, is not open, is a part itself, or is the same
     */
    Optional<Incident> merge(String id, String into, Cause cause);

    /**
     * Makes a part an incident of its own again.
     *
     * @param id the part's id
     * @param cause who says so and why
     * @return the incident as it stands now; empty if there is none of this id
     */
    Optional<Incident> split(String id, Cause cause);

    /**
     * Starts the clock of a notice that somebody outside must have, such as an authority. When it is due and was not
     * given, people are told.
     *
     * @param id the incident's id
     * @param notice what must be given to whom, in the host's words; unique within the incident
     * @param due until when
     * @param cause who says so and why
     * @return the incident as it stands now; empty if there is none of this id
     */
    Optional<Incident> startNotice(String id, String notice, Instant due, Cause cause);

    /**
     * Stops the clock of a notice, as it was given or need not be.
     *
     * @param id the incident's id
     * @param notice what it was called when its clock was started
     * @param cause who says so, and when it was given or why it need not be
     * @return the incident as it stands now; empty if there is none of this id
     * @throws IllegalStateException if no clock of such a notice runs
     */
    Optional<Incident> stopNotice(String id, String notice, Cause cause);
}
