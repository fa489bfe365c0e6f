// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.Optional;

/**
 * What somebody tells about a model that does harm: a user, an operator, an auditor. One sentence is enough; a person
 * finds out the rest at the triage. Immutable. It is written to the audit trail, so it must hold no personal data.
 *
 * <pre>{@code
 * Report.fromUser("three customers say that they were turned down for no reason").about("credit-risk")
 * }</pre>
 *
 * @param source who tells
 * @param sentence what they tell, not blank; the trail keeps its first 4,096 characters
 * @param model the guarded model it is about, if that is known
 * @param type what kind of harm, {@link IncidentType#UNCLASSIFIED} if that is not known
 * @param severity how bad it seems; P3 if nothing is said
 * @param segment the part of the traffic that is affected, if that is known
 * @param since since when, if that is known
 * @param decision the id of a decision that shows it, if there is one
 */
public record Report(
        Source source,
        String sentence,
        Optional<String> model,
        IncidentType type,
        Severity severity,
        Optional<Segment> segment,
        Optional<Instant> since,
        Optional<String> decision) {
    /** Who tells. */
    public enum Source {
        /** Somebody whom the model decides about, or who works with its answers. */
        USER,
        /** Somebody who runs the service. */
        OPERATOR,
        /** Somebody who examines it. */
        AUDITOR,
        /** The press, researchers, an authority. */
        OUTSIDE_PARTY,
        /** Whoever supplies the model. */
        MODEL_SUPPLIER,
        /** A figure of the business, such as complaints or revenue. */
        BUSINESS_METRIC
    }

    /**
     * Checks that something is said.
     *
     * @param source who tells
     * @param sentence what they tell
     * @param model the guarded model it is about
     * @param type what kind of harm
     * @param severity how bad it seems
     * @param segment the part of the traffic that is affected
     * @param since since when
     * @param decision the id of a decision that shows it
     */
    public Report {
        if (sentence.isBlank()) {
            throw new IllegalArgumentException("the report is blank; say in one sentence what was seen");
        }
    }

    /**
     * A report of some source.
     *
     * @param source who tells
     * @param sentence what they tell
     * @return the report
     * @throws IllegalArgumentException if the sentence is blank
     */
    public static Report from(Source source, String sentence) {
        return new Report(
                source,
                sentence,
                Optional.empty(),
                IncidentType.UNCLASSIFIED,
                Severity.P3,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * A report of a user.
     *
     * @param sentence what the user tells
     * @return the report
     * @throws IllegalArgumentException if the sentence is blank
     */
    public static Report fromUser(String sentence) {
        return from(Source.USER, sentence);
    }

    /**
     * A report of an operator.
     *
     * @param sentence what the operator tells
     * @return the report
     * @throws IllegalArgumentException if the sentence is blank
     */
    public static Report fromOperator(String sentence) {
        return from(Source.OPERATOR, sentence);
    }

    /**
     * This report about a model.
     *
     * @param newModel the guarded model's name
     * @return the report
     */
    public Report about(String newModel) {
        return new Report(source, sentence, Optional.of(newModel), type, severity, segment, since, decision);
    }

    /**
     * This report with a type of harm.
     *
     * @param newType the type
     * @return the report
     */
    public Report typed(IncidentType newType) {
        return new Report(source, sentence, model, newType, severity, segment, since, decision);
    }

    /**
     * This report with a severity.
     *
     * @param newSeverity how bad it seems
     * @return the report
     */
    public Report severity(Severity newSeverity) {
        return new Report(source, sentence, model, type, newSeverity, segment, since, decision);
    }

    /**
     * This report about a part of the traffic.
     *
     * @param newSegment the part that is affected
     * @return the report
     */
    public Report segment(Segment newSegment) {
        return new Report(source, sentence, model, type, severity, Optional.of(newSegment), since, decision);
    }

    /**
     * This report with a beginning.
     *
     * @param newSince since when
     * @return the report
     */
    public Report since(Instant newSince) {
        return new Report(source, sentence, model, type, severity, segment, Optional.of(newSince), decision);
    }

    /**
     * This report with an example.
     *
     * @param newDecision the id of a decision that shows it
     * @return the report
     */
    public Report shownBy(String newDecision) {
        return new Report(source, sentence, model, type, severity, segment, since, Optional.of(newDecision));
    }
}
