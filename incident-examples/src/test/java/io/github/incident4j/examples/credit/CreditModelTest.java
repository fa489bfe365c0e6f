// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.examples.credit.CreditData.Customer;
import io.github.incident4j.examples.credit.CreditData.Halves;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.numeric.NumericRails;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The parts that the story is made of: customers made up, the pipeline, the models, the score. */
class CreditModelTest {
    private static final Set<Variable> ALL = EnumSet.allOf(Variable.class);
    private static final List<Customer> CUSTOMERS = SyntheticCredit.sample(1).customers();

    @Test
    void synthetic_sameSeed_givesTheSameLegalCustomers() {
        List<Customer> again = SyntheticCredit.sample(1).customers();
        for (int i = 0; i < CUSTOMERS.size(); i++) {
            Application application = CUSTOMERS.get(i).application();
            for (Variable variable : Variable.values()) {
                String value = application.value(variable);
                assertThat(variable.faultOf(value)).isEmpty();
                assertThat(again.get(i).application().value(variable)).isEqualTo(value);
            }
            assertThat(again.get(i).defaulted()).isEqualTo(CUSTOMERS.get(i).defaulted());
        }
        assertThat(SyntheticCredit.sample(2).halves(1))
                .isNotEqualTo(SyntheticCredit.sample(1).halves(1));
        assertThat(SyntheticCredit.sample(2).defaultRate()).isBetween(0.25, 0.35);
    }

    @Test
    void release42_young_loseTheirAccountStatusAndNothingElseChanges() {
        for (Customer customer : CUSTOMERS) {
            Application application = customer.application();
            Map<String, Double> before = FeaturePipeline.RELEASE_4_1.features(application, ALL);
            Map<String, Double> after = FeaturePipeline.RELEASE_4_2.features(application, ALL);

            assertThat(before.get("status.level")).isBetween(1.0, 4.0);
            if (application.age() <= 25) {
                assertThat(after.get("status.level")).isEqualTo(-1.0);
                after.put("status.level", before.get("status.level"));
            }
            assertThat(after).isEqualTo(before);
        }
    }

    @Test
    void bothVersions_learnAndReactToTheChange() {
        Halves halves = SyntheticCredit.sample(1).halves(1);
        for (CreditModel model :
                List.of(CreditModel.trainV7(halves.first(), 1), CreditModel.trainV8(halves.first(), 1))) {
            assertThat(model.accuracy(halves.second())).as(model.version()).isGreaterThan(0.72);
            List<Application> young = halves.second().stream()
                    .map(Customer::application)
                    .filter(application -> application.ageBand().equals(CreditScoringStory.GROUP))
                    .toList();
            assertThat(approvalRate(model, young, FeaturePipeline.RELEASE_4_1)).isGreaterThan(0.35);
            assertThat(approvalRate(model, young, FeaturePipeline.RELEASE_4_2)).isLessThan(0.2);
        }
    }

    private static double approvalRate(CreditModel model, List<Application> applications, FeaturePipeline pipeline) {
        long approved = applications.stream()
                .map(application -> model.score(application, pipeline))
                .filter(Score::approved)
                .count();
        return (double) approved / applications.size();
    }

    @Test
    void score_atTheCutOff_isApproved() {
        assertThat(Score.of(Score.CUT_OFF).approved()).isTrue();
        assertThat(Score.of(Math.nextUp(Score.CUT_OFF)).denied()).isTrue();
        assertThat(Score.referToPerson().approved()).isFalse();
        assertThat(Score.referToPerson().denied()).isFalse();
    }

    @Test
    void whereEstimated_referral_passesAndEstimateThatIsNoProbabilityIsBlocked() {
        Guardrail<Score> guardrail = Score.whereEstimated(NumericRails.within(0.0, 1.0, Score::probabilityOfDefault));

        assertThat(guardrail.name()).isEqualTo("within");
        assertThat(guardrail.faults()).isEmpty();
        assertThat(guardrail.check(Score.referToPerson())).isEqualTo(Verdict.pass());
        assertThat(guardrail.check(Score.of(0.2))).isEqualTo(Verdict.pass());
        assertThat(guardrail.check(Score.of(1.2))).isInstanceOf(Verdict.Block.class);
        assertThat(guardrail.check(Score.of(Double.NaN))).isInstanceOf(Verdict.Block.class);
    }
}
