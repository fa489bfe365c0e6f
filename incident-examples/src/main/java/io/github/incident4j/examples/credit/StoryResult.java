// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import io.github.incident4j.audit.Verification;
import io.github.incident4j.examples.credit.Ledger.Stretch;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the story went. Two runs with the same data and the same seed give equal results.
 *
 * @param incidentsBeforeChange how many incidents there were before the pipeline changed
 * @param incidents how many there were in the end
 * @param course the course of the first incident, if there was one
 * @param before the affected group up to the change
 * @param unnoticed from the change until it was noticed
 * @param noticing from the change until the rollback was in force
 * @param rolledBack from then until the review was in force
 * @param reviewed from then to the end
 * @param othersBefore everybody else up to the change
 * @param othersReviewed everybody else after the review was in force
 * @param unanswered how many applications no route answered
 * @param misjudged how many answers a guardrail objected to
 * @param pages the pages as the receiver got them
 * @param decisionsInTrail how many decisions stand in the audit trail
 * @param verification what re-reading the trail found
 */
record StoryResult(
        int incidentsBeforeChange,
        int incidents,
        Optional<Course> course,
        Stretch before,
        Stretch unnoticed,
        Stretch noticing,
        Stretch rolledBack,
        Stretch reviewed,
        Stretch othersBefore,
        Stretch othersReviewed,
        int unanswered,
        int misjudged,
        List<String> pages,
        long decisionsInTrail,
        Verification verification) {
    private static final double COLLAPSED = 0.5;
    private static final double RESTORED = 0.8;

    /** How many of the group were wrongly denied, with the guard. */
    int wronglyDenied() {
        return noticing.wronglyDenied() + rolledBack.wronglyDenied() + reviewed.wronglyDenied();
    }

    /** How many of the group would have been wrongly denied by v8 alone. */
    int wronglyDeniedUnguarded() {
        return noticing.wronglyDeniedUnguarded()
                + rolledBack.wronglyDeniedUnguarded()
                + reviewed.wronglyDeniedUnguarded();
    }

    /** In what the run departs from the story, one sentence each; empty if it went as told. */
    List<String> departures() {
        List<String> found = new ArrayList<>();
        expect(incidentsBeforeChange == 0, "there was an incident before anything had changed", found);
        if (course.isEmpty()) {
            found.add("the change was not noticed");
        } else {
            check(course.get(), found);
        }
        expect(incidents <= 1, "one cause became " + incidents + " incidents", found);
        expect(
                noticing.approvalRate() < COLLAPSED * before.approvalRate(),
                "the approvals of the group did not collapse",
                found);
        expect(
                reviewed.approvalRate() > RESTORED * before.approvalRate(),
                "the approvals of the group were not restored",
                found);
        expect(reviewed.wronglyDenied() == 0, "the group was still wrongly denied after the containment", found);
        expect(
                unanswered == 0 && misjudged == 0,
                "an application was not answered, or its answer was objected to",
                found);
        expect(!pages.isEmpty(), "no page was received", found);
        expect(
                decisionsInTrail == CreditScoringStory.APPLICATIONS,
                "the trail holds " + decisionsInTrail + " decisions instead of " + CreditScoringStory.APPLICATIONS,
                found);
        verification.fault().ifPresent(fault -> found.add("the trail does not verify: " + fault));
        return found;
    }

    private static void check(Course course, List<String> found) {
        Incident incident = course.incident();
        expect(
                incident.severity() == Severity.P1 && incident.type() == IncidentType.BIAS,
                "the incident is a " + incident.severity() + " of type " + incident.type() + ", not a P1 bias",
                found);
        expect(
                incident.segment()
                        .filter(segment -> segment.value().equals(CreditScoringStory.GROUP))
                        .isPresent(),
                "another group was taken for the affected one: " + incident.segment(),
                found);
        expect(course.rollback().isPresent(), "the model was not rolled back", found);
        expect(course.ineffective().isPresent(), "nobody noticed that the rollback does not help", found);
        expect(course.review().isPresent(), "there was no second containment", found);
        expect(
                incident.state() == IncidentState.CONTAINED,
                "the incident was " + incident.state() + " in the end, not CONTAINED",
                found);
    }

    private static void expect(boolean holds, String otherwise, List<String> found) {
        if (!holds) {
            found.add(otherwise);
        }
    }
}
