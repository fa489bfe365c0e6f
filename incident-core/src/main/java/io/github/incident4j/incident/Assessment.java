// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.model.IncidentType;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a person says of an incident at its triage: the questions of a first assessment. The severity follows from it by
 * {@link SeverityRules}. Immutable.
 *
 * <pre>{@code
 * Assessment.of(Impact.MINOR, Impact.MAJOR).ongoing().affecting(340).typed(IncidentType.BIAS)
 * }</pre>
 *
 * @param technical how much the service suffers
 * @param harm how much people suffer
 * @param isOngoing whether the harm goes on
 * @param isIrreversible whether what was done to people cannot be put right
 * @param isPublic whether the public knows or will know
 * @param isNotifiable whether an authority may have to be told
 * @param affected how many people are affected, if that is known
 * @param type what kind of harm it is, if that is another one than was thought
 * @param subType what kind within the type, in the host's words, such as {@code exfiltration}
 * @param model the guarded model, for an incident that was reported without one
 */
public record Assessment(
        Impact technical,
        Impact harm,
        boolean isOngoing,
        boolean isIrreversible,
        boolean isPublic,
        boolean isNotifiable,
        OptionalLong affected,
        Optional<IncidentType> type,
        Optional<String> subType,
        Optional<String> model) {
    /**
     * Checks that the number of people is not negative.
     *
     * @param technical how much the service suffers
     * @param harm how much people suffer
     * @param isOngoing whether the harm goes on
     * @param isIrreversible whether what was done to people cannot be put right
     * @param isPublic whether the public knows or will know
     * @param isNotifiable whether an authority may have to be told
     * @param affected how many people are affected
     * @param type what kind of harm it is
     * @param subType what kind within the type
     * @param model the guarded model
     */
    public Assessment {
        if (affected.isPresent() && affected.getAsLong() < 0) {
            throw new IllegalArgumentException("affecting(" + affected.getAsLong()
                    + "): there are no fewer than 0 people; leave it out if unknown");
        }
    }

    /**
     * An assessment on the two dimensions.
     *
     * @param technical how much the service suffers
     * @param harm how much people suffer
     * @return the assessment
     */
    public static Assessment of(Impact technical, Impact harm) {
        return new Assessment(
                technical,
                harm,
                false,
                false,
                false,
                false,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** {@return this assessment of harm that goes on} */
    public Assessment ongoing() {
        return new Assessment(
                technical, harm, true, isIrreversible, isPublic, isNotifiable, affected, type, subType, model);
    }

    /** {@return this assessment of harm that cannot be put right} */
    public Assessment irreversible() {
        return new Assessment(technical, harm, isOngoing, true, isPublic, isNotifiable, affected, type, subType, model);
    }

    /** {@return this assessment of an incident that the public knows of} */
    public Assessment inPublic() {
        return new Assessment(
                technical, harm, isOngoing, isIrreversible, true, isNotifiable, affected, type, subType, model);
    }

    /** {@return this assessment of an incident of which an authority may have to be told} */
    public Assessment notifiable() {
        return new Assessment(
                technical, harm, isOngoing, isIrreversible, isPublic, true, affected, type, subType, model);
    }

    /**
     * This assessment with a number of people.
     *
     * @param people how many are affected
     * @return the assessment
     * @throws IllegalArgumentException if it is negative
     */
    public Assessment affecting(long people) {
        return new Assessment(
                technical,
                harm,
                isOngoing,
                isIrreversible,
                isPublic,
                isNotifiable,
                OptionalLong.of(people),
                type,
                subType,
                model);
    }

    /**
     * This assessment with a type of harm.
     *
     * @param newType the type
     * @return the assessment
     */
    public Assessment typed(IncidentType newType) {
        return new Assessment(
                technical,
                harm,
                isOngoing,
                isIrreversible,
                isPublic,
                isNotifiable,
                affected,
                Optional.of(newType),
                subType,
                model);
    }

    /**
     * This assessment with a type of harm and a kind within it.
     *
     * @param newType the type
     * @param newSubType the kind within the type, in the host's words
     * @return the assessment
     */
    public Assessment typed(IncidentType newType, String newSubType) {
        return new Assessment(
                technical,
                harm,
                isOngoing,
                isIrreversible,
                isPublic,
                isNotifiable,
                affected,
                Optional.of(newType),
                Optional.of(newSubType),
                model);
    }

    /**
     * This assessment with a model, for an incident that was reported without one.
     *
     * @param newModel the guarded model's name
     * @return the assessment
     */
    public Assessment about(String newModel) {
        return new Assessment(
                technical,
                harm,
                isOngoing,
                isIrreversible,
                isPublic,
                isNotifiable,
                affected,
                type,
                subType,
                Optional.of(newModel));
    }
}
