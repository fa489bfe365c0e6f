// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.util.List;

/**
 * An answer to an application.
 *
 * @param probabilityOfDefault the model's estimate; NaN when the case is referred to a person, since nobody has
 *     estimated anything then
 * @param outcome what the applicant is told
 */
record Score(double probabilityOfDefault, Outcome outcome) {
    /** An application is approved up to this probability of default; 30 % of the customers in the data default. */
    static final double CUT_OFF = 0.30;

    /** What the applicant is told. */
    enum Outcome {
        APPROVED,
        DENIED,
        /** A person will decide. */
        REFERRED
    }

    private static final Score REFERRED = new Score(Double.NaN, Outcome.REFERRED);

    static Score of(double probabilityOfDefault) {
        return new Score(probabilityOfDefault, probabilityOfDefault <= CUT_OFF ? Outcome.APPROVED : Outcome.DENIED);
    }

    /** Neither an approval nor a denial: a person decides. */
    static Score referToPerson() {
        return REFERRED;
    }

    boolean approved() {
        return outcome == Outcome.APPROVED;
    }

    boolean denied() {
        return outcome == Outcome.DENIED;
    }

    boolean isReferral() {
        return outcome == Outcome.REFERRED;
    }

    /**
     * Output guardrails see the answers of every route. A referral holds no estimate, so there is nothing to judge in
     * it; an estimate that is NaN is still blocked.
     */
    static Guardrail<Score> whereEstimated(Guardrail<Score> guardrail) {
        return new Guardrail<>() {
            @Override
            public Verdict<Score> check(Score score) {
                return score.isReferral() ? Verdict.pass() : guardrail.check(score);
            }

            @Override
            public String name() {
                return guardrail.name();
            }

            @Override
            public List<String> faults() {
                return guardrail.faults();
            }
        };
    }
}
