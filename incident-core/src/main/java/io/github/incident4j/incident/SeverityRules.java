// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import java.util.List;

/**
 * Says how bad an incident is by what a person has found out about it. Pure; called by the thread that triages.
 *
 * <p>The {@linkplain #standard() standard rules} take the worse of the two impacts: severe is P0, major P1, moderate
 * P2, anything less P3. Then, each naming its reason:
 *
 * <ul>
 *   <li>harm to people that goes on and cannot be put right is one level worse;
 *   <li>a group that is treated worse is at least P1, and P0 where people were treated wrongly (major harm): a
 *       systematic denial by a protected characteristic;
 *   <li>personal data that shows, and an attack that has done major harm, are at least P1;
 *   <li>what the public knows of, and what an authority may have to be told of, is at least P2.
 * </ul>
 */
@FunctionalInterface
public interface SeverityRules {

    /**
     * A severity and the reasons for it.
     *
     * @param severity how bad
     * @param reasons why, each a short text
     */
    record Rating(Severity severity, List<String> reasons) {
        /**
         * Keeps an unmodifiable list.
         *
         * @param severity how bad
         * @param reasons why
         */
        public Rating {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * Rates an incident.
     *
     * @param type what kind of harm
     * @param assessment what a person says of it
     * @return the severity and why
     */
    Rating rate(IncidentType type, Assessment assessment);

    /** {@return the standard rules} */
    static SeverityRules standard() {
        return StandardSeverity::rate;
    }
}
