// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.injection.InjectionRails;
import io.github.incident4j.guardrails.pii.PiiRails;
import io.github.incident4j.guardrails.secrets.SecretRails;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContextWordsTest {

    @Test
    void everyWordOfEveryRule_isOneThatCanBeFound() {
        for (Rules rules : List.of(
                PiiRails.rules(), PiiRails.rulesWithCheckedPhones("US"), SecretRails.rules(), InjectionRails.rules())) {
            for (Recogniser rule : rules.recognisers()) {
                assertThat(Stream.concat(rule.context().stream(), rule.against().stream()))
                        .as(rule.rule())
                        .allMatch(ContextWords::isReadable);
            }
        }
    }

    @Test
    void wordThatIsNeverFound_isAFault() {
        String longest = "w".repeat(32);
        LayoutRecogniser code = LayoutRecogniser.of("code", "pii", "K-999999").confidence(0.1, 0.1, 0.9);
        TextRail rail = TextRail.builder("rail")
                .redact(Rules.of("codes", List.of(code.context(longest))))
                .build();
        assertThat(rail.faults()).isEmpty();
        assertThat(rail.screen(longest + " K-123456").text()).isEqualTo(longest + " [CODE]");
        TextRail deaf = TextRail.builder("rail")
                .redact(Rules.of("codes", List.of(code.context(longest + "w"))))
                .redact(Rules.of("more", List.of(code.against(longest + "w"))))
                .allowNear(longest + "w")
                .build();
        assertThat(deaf.faults())
                .hasSize(3)
                .allSatisfy(fault -> assertThat(fault).contains(longest + "w").contains("32"));
    }
}
