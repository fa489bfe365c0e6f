// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Mask;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.secrets.Samples.Sample;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Severity;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretRailsTest {
    private static final String TOKEN = Samples.all(3).stream()
            .filter(sample -> sample.rule().rule().equals("github-personal-token"))
            .map(Sample::value)
            .findFirst()
            .orElseThrow();

    private static String redacted(Guardrail<String> rail, String text) {
        Verdict<String> verdict = rail.check(text);
        assertThat(verdict).isInstanceOf(Verdict.Rewrite.class);
        return ((Verdict.Rewrite<String>) verdict).value();
    }

    @Test
    void everyMask_takesTheValueAway() {
        String text = "push with " + TOKEN + " now";
        assertThat(redacted(SecretRails.redact(), text)).isEqualTo("push with [GITHUB_PERSONAL_TOKEN] now");
        for (Mask mask : List.of(Mask.LABEL, Mask.LAST_FOUR, Mask.REMOVE)) {
            Guardrail<String> rail = TextRail.builder("secrets")
                    .redact(SecretRails.rules(), mask)
                    .build();
            String rest = redacted(rail, text);
            assertThat(rest).doesNotContain(TOKEN);
            assertThat(rail.check(rest)).isSameAs(Verdict.pass());
        }
    }

    @Test
    void redaction_leavesWhatIsAroundAValue() {
        String password = "k4" + Samples.drawn(new Random(1), "abcdefXYZ789", 8);
        assertThat(redacted(SecretRails.redact(), "postgres://jo:" + password + "@db.internal/app"))
                .isEqualTo("postgres://jo:[POSTGRES_URL]@db.internal/app");
        assertThat(redacted(SecretRails.redact(), "DB_PASSWORD=" + password + "\nDEBUG=1"))
                .isEqualTo("DB_PASSWORD=[PASSWORD_ASSIGNMENT]\nDEBUG=1");
    }

    @Test
    void finding_namesRuleAndSpan_andNeverTheValue() {
        Verdict<String> verdict = SecretRails.block().check("x " + TOKEN);
        assertThat(((Verdict.Block<String>) verdict).finding())
                .isEqualTo(new Finding(
                        "github-personal-token",
                        "secret",
                        "the text holds github-personal-token at 2 to 42",
                        Severity.P2));
        assertThat(SecretRails.flag().check(TOKEN)).isInstanceOf(Verdict.Flag.class);
        assertThat(SecretRails.redact().name()).isEqualTo("secrets");
    }

    @Test
    void rules_canBeChosen_andValuesAllowed() {
        assertThat(TextRail.builder("secrets")
                        .block(SecretRails.rules().without("github-personal-token"))
                        .build()
                        .check(TOKEN))
                .isSameAs(Verdict.pass());
        assertThat(TextRail.builder("secrets")
                        .block(SecretRails.rules().only("github-personal-token"))
                        .build()
                        .check(TOKEN))
                .isInstanceOf(Verdict.Block.class);
        assertThat(TextRail.builder("secrets")
                        .block(SecretRails.rules())
                        .allow(TOKEN)
                        .build()
                        .check(TOKEN))
                .isSameAs(Verdict.pass());
        String wrong = TOKEN.substring(0, 39) + (TOKEN.endsWith("a") ? "b" : "a");
        assertThat(SecretRails.block().check(wrong)).isInstanceOf(Verdict.Block.class);
        assertThat(TextRail.builder("secrets")
                        .block(SecretRails.rules().leastConfidence(0.6))
                        .build()
                        .check(wrong))
                .isSameAs(Verdict.pass());
    }

    @Test
    void ruleOfOnesOwn_takesALine() {
        LayoutRecogniser badge =
                LayoutRecogniser.of("badge-code", "secret", "B-999-XXX").confidence(0.9, 0.9, 0.9);
        assertThat(redacted(
                        TextRail.builder("secrets")
                                .redact(SecretRails.rules().with(badge))
                                .build(),
                        "code B-123-x9z"))
                .isEqualTo("code [BADGE_CODE]");
    }

    @Test
    void faults_areReported_andBlock() {
        Guardrail<String> rail = TextRail.builder("secrets")
                .redact(SecretRails.rules().only("fax").leastConfidence(2))
                .build();
        assertThat(rail.faults()).hasSize(2);
        assertThat(rail.faults().get(0)).contains("\"fax\"");
        assertThat(rail.check("")).isInstanceOf(Verdict.Block.class);
    }

    @Test
    @SuppressWarnings("NullAway") // a caller without null checks
    void missingText_isBlocked() {
        for (Guardrail<String> rail : List.of(SecretRails.redact(), SecretRails.block(), SecretRails.flag())) {
            assertThat(rail.check(null)).isInstanceOf(Verdict.Block.class);
        }
    }
}
