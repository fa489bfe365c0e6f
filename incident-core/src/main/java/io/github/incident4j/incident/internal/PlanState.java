// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where the response plan of an incident stands. It is recorded with every event of the incident, so it is the same
 * after a restart; the timeline is for people.
 *
 * @param due on which version harm was seen about which the plan has something to do that it has not done yet: where a
 *     crash comes between, it goes on there
 * @param steps what was tried since the plan began; what came to stand as it does last is last
 * @param contained when the latest containment was put in force
 * @param proposals how many containments were proposed to people, which is the number of the latest
 */
public record PlanState(Optional<String> due, List<Step> steps, Optional<Instant> contained, int proposals) {
    /** The route of a step that is one of the whole model. */
    public static final String WHOLE_MODEL = "";

    /** A plan that has not begun. */
    public static final PlanState NEW = new PlanState(Optional.empty(), List.of(), Optional.empty(), 0);

    /** What became of a step. */
    public enum Standing {
        /** It waits for a person. */
        PROPOSED,
        /** It was put in force, and no harm was seen since. */
        TAKEN,
        /** It was put in force, and harm was seen since. */
        IN_VAIN,
        /** It could not be put in force. */
        SKIPPED,
        /** The plan has no further step: a person was told to decide. */
        LEFT_TO_PERSON
    }

    /**
     * A step that was tried.
     *
     * @param index which one of the plan, from 0; {@link #RAMP} where it was none
     * @param containment what it was; a plan that was changed since may have another one there
     * @param route on which version of the model, or {@link #WHOLE_MODEL}
     * @param standing what became of it
     * @param proposal the number under which it was proposed; 0 if it was not
     */
    public record Step(int index, String containment, String route, Standing standing, int proposal) {
        /** The index of a recovery ramp that was undone: that contains, too. */
        public static final int RAMP = -1;

        /**
         * The same step with another standing.
         *
         * @param changed what has become of it
         * @return the step
         */
        public Step as(Standing changed) {
            return new Step(index, containment, route, changed, proposal);
        }

        /**
         * The same step as it waits for a person.
         *
         * @param number the number of its proposal
         * @return the step
         */
        public Step asProposed(int number) {
            return new Step(index, containment, route, Standing.PROPOSED, number);
        }

        /**
         * Says whether it is one of a version, or of the whole model.
         *
         * @param version the version
         * @return whether what was done is done about that version, too
         */
        public boolean covers(String version) {
            return route.equals(WHOLE_MODEL) || route.equals(version);
        }

        private boolean isSameAs(Step other) {
            return index == other.index && route.equals(other.route);
        }
    }

    /**
     * Takes harm into account about which there is something to do.
     *
     * @param version on which version
     * @return the state
     */
    public PlanState dueOn(String version) {
        return new PlanState(Optional.of(version), steps, contained, proposals);
    }

    /** {@return the state once nothing is left to do about the harm that was seen} */
    public PlanState atRest() {
        return new PlanState(Optional.empty(), steps, contained, proposals);
    }

    /** {@return the state of an incident that is worse than before: of its plan nothing was tried} */
    public PlanState anew() {
        return new PlanState(Optional.empty(), List.of(), Optional.empty(), proposals);
    }

    /**
     * Takes a step into account, in the place of what was known of it.
     *
     * @param step the step as it stands now
     * @return the state
     */
    public PlanState with(Step step) {
        List<Step> changed = new ArrayList<>(steps);
        changed.removeIf(step::isSameAs);
        changed.add(step);
        return new PlanState(due, List.copyOf(changed), contained, Math.max(proposals, step.proposal()));
    }

    /**
     * Takes a containment into account.
     *
     * @param step what was put in force
     * @param now when
     * @return the state
     */
    public PlanState containedBy(Step step, Instant now) {
        PlanState with = with(step.as(Standing.TAKEN));
        return new PlanState(Optional.empty(), with.steps, Optional.of(now), with.proposals);
    }

    /**
     * Takes harm into account: whatever was in force has not stopped it.
     *
     * @param forgotten what is to be tried anew
     * @return the state
     */
    public PlanState inVain(Predicate<Step> forgotten) {
        return new PlanState(
                due,
                steps.stream()
                        .filter(forgotten.negate())
                        .map(step -> step.standing() == Standing.TAKEN ? step.as(Standing.IN_VAIN) : step)
                        .toList(),
                contained,
                proposals);
    }

    /**
     * Takes silence into account: what is in force helps, what waits for a person is not needed any more, and what
     * could not be done is tried anew should harm come back.
     *
     * @return the state
     */
    public PlanState quiet() {
        return new PlanState(
                Optional.empty(),
                steps.stream()
                        .filter(step -> step.standing() == Standing.TAKEN || step.standing() == Standing.IN_VAIN)
                        .map(step -> step.as(Standing.TAKEN))
                        .toList(),
                contained,
                proposals);
    }

    /**
     * Takes a person's word for it that the harm is contained.
     *
     * @param now when it was said
     * @return the state
     */
    public PlanState quietSince(Instant now) {
        PlanState quiet = quiet();
        return new PlanState(quiet.due, quiet.steps, Optional.of(now), quiet.proposals);
    }

    /**
     * The last step of some standing.
     *
     * @param standing which
     * @return the step, if there is one
     */
    public Optional<Step> last(Standing standing) {
        return all(standing).stream().reduce((one, later) -> later);
    }

    /**
     * The steps of some standing.
     *
     * @param standing which
     * @return the steps
     */
    public List<Step> all(Standing standing) {
        return steps.stream().filter(step -> step.standing() == standing).toList();
    }

    /**
     * What is known of a step.
     *
     * @param index which one of the plan
     * @param containment what it is
     * @param version for which version
     * @return the step, if it was tried for that version or for the whole model
     */
    public Optional<Step> find(int index, String containment, String version) {
        return steps.stream()
                .filter(step -> step.index() == index && step.containment().equals(containment) && step.covers(version))
                .findFirst();
    }
}
