// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.presets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Remark;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.decision.DecisionRails;
import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.guardrails.structure.JsonOptions;
import io.github.incident4j.guardrails.structure.StructureRails;
import io.github.incident4j.guardrails.text.TextRails;
import io.github.incident4j.model.Finding;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Guardrails that do something else with what they find. */
class OtherActionsTest {
    private static final Finding WHY = new Finding("rule", "category", "message");
    private static final Finding BESIDE = new Finding("other", "category", "message");
    private static final List<Remark> REWRITTEN = List.of(new Remark(BESIDE, true));
    private static final List<Remark> AS_IT_IS = List.of(new Remark(BESIDE, false));

    private static final Guardrail<String> BLOCKS = text -> Verdict.block(WHY, AS_IT_IS);
    private static final Guardrail<String> FLAGS = text -> Verdict.flag(WHY, AS_IT_IS);
    private static final Guardrail<String> RETRIES = text -> Verdict.retry(WHY, AS_IT_IS);
    private static final Guardrail<String> REWRITES = text -> Verdict.rewrite("other", WHY, REWRITTEN);

    @Test
    void blocking_stopsWhateverIsFound_withItsRemarks() {
        for (Guardrail<String> rail : List.of(BLOCKS, FLAGS, RETRIES, REWRITES)) {
            assertThat(Rails.blocking(rail).check("a")).isEqualTo(Verdict.block(WHY, AS_IT_IS));
        }
    }

    @Test
    void flagging_letsWhateverIsFoundPass_withItsRemarks() {
        for (Guardrail<String> rail : List.of(BLOCKS, FLAGS, RETRIES, REWRITES)) {
            assertThat(Rails.flagging(rail).check("a")).isEqualTo(Verdict.flag(WHY, AS_IT_IS));
        }
    }

    @Test
    void retrying_asksAgainForWhatIsStopped_andLeavesWhatMayPass() {
        assertThat(Rails.retrying(BLOCKS).check("a")).isEqualTo(Verdict.retry(WHY, AS_IT_IS));
        for (Guardrail<String> rail : List.of(FLAGS, RETRIES, REWRITES)) {
            assertThat(Rails.retrying(rail).check("a")).isEqualTo(rail.check("a"));
        }
        assertThat(Rails.retrying(Rails.blocking(REWRITES)).check("a")).isEqualTo(Verdict.retry(WHY, AS_IT_IS));
    }

    @Test
    void retrying_keepsWhatWasRepaired() {
        Guardrail<String> rail =
                Rails.retrying(StructureRails.json(JsonOptions.strict().repaired()));
        assertThat(rail.check("{'a': 1}")).isInstanceOf(Verdict.Rewrite.class);
        assertThat(rail.check("{")).isInstanceOf(Verdict.Rewrite.class);
        assertThat(rail.check("no")).isInstanceOf(Verdict.Retry.class);
    }

    @Test
    void whatIsRight_passes() {
        Guardrail<String> words = TextRails.words(2, 9);
        for (Guardrail<String> rail : List.of(Rails.blocking(words), Rails.flagging(words), Rails.retrying(words))) {
            assertThat(rail.check("two words")).isSameAs(Verdict.pass());
            assertThat(rail.check("one")).isNotEqualTo(Verdict.pass());
        }
    }

    @Test
    void flagging_makesARememberingOneRecordOnly() {
        Memory memory = Memory.of(10, Duration.ofMinutes(1));
        Guardrail<Double> rail = Rails.flagging(DecisionRails.rateOfChange(value -> "key", value -> value, 10, memory));
        assertThat(rail.check(1.0)).isSameAs(Verdict.pass());
        assertThat(rail.check(99.0)).isInstanceOf(Verdict.Flag.class);
    }

    @Test
    void nameAndFaults_areThoseOfTheOther() {
        Guardrail<String> wrong = TextRails.words(3, 1);
        for (Guardrail<String> rail : List.of(Rails.blocking(wrong), Rails.flagging(wrong), Rails.retrying(wrong))) {
            assertThat(rail.name()).isEqualTo("length");
            assertThat(rail.faults()).isEqualTo(wrong.faults()).isNotEmpty();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void none_isAFault_andBlocks() {
        List<Guardrail<String>> none = List.of(Rails.blocking(null), Rails.flagging(null), Rails.retrying(null));
        assertThat(none).allSatisfy(rail -> {
            assertThat(rail.faults()).singleElement().asString().contains("the guardrail is null");
            assertThat(rail.check("a")).isInstanceOf(Verdict.Block.class);
        });
    }
}
