// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.pii.Vectors.Vector;
import io.github.incident4j.guardrails.scan.Cuts;
import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Mask;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PiiRailsTest {
    private static final Guardrail<String> REDACT = PiiRails.redact();
    private static final List<Guardrail<String>> NAMING = List.of(PiiRails.block(), PiiRails.flag(), REDACT);
    private static final Guardrail<String> LAST_FOUR = masked(Mask.LAST_FOUR);
    private static final List<Guardrail<String>> MASKING =
            List.of(masked(Mask.LABEL), LAST_FOUR, masked(Mask.REMOVE), masked(Mask.pseudonym(new byte[16])));

    static List<Vector> valid() {
        return Vectors.valid();
    }

    private static Guardrail<String> masked(Mask mask) {
        return TextRail.builder("pii").redact(PiiRails.rules(), mask).build();
    }

    private static String redacted(Guardrail<String> rail, String text) {
        Verdict<String> verdict = rail.check(text);
        assertThat(verdict).isInstanceOf(Verdict.Rewrite.class);
        return ((Verdict.Rewrite<String>) verdict).value();
    }

    @ParameterizedTest
    @MethodSource("valid")
    @SuppressWarnings("ReferenceEquality") // the mask itself
    void everyMask_takesTheValueAway(Vector vector) {
        String text = vector.context() + " 号" + vector.value() + "号 …";
        String label = "[" + vector.rule().toUpperCase(Locale.ROOT).replace('-', '_') + "]";
        assertThat(redacted(REDACT, text)).isEqualTo(text.replace(vector.value(), label));
        for (Guardrail<String> rail : MASKING) {
            String rest = redacted(rail, text);
            assertThat(rest).doesNotContain(vector.value());
            if (rail != LAST_FOUR) { // of which the last four of a number may be one, too
                assertThat(rail.check(rest)).isSameAs(Verdict.pass());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void finding_namesRuleAndSpan_andNeverTheValue(Vector vector) {
        String text = vector.context() + " 💣" + vector.value();
        int start = text.indexOf(vector.value());
        for (Guardrail<String> rail : NAMING) {
            Verdict<String> verdict = rail.check(text);
            Finding finding = verdict instanceof Verdict.Block<String> block
                    ? block.finding()
                    : verdict instanceof Verdict.Flag<String> flag
                            ? flag.finding()
                            : ((Verdict.Rewrite<String>) verdict).finding();
            String message = finding.message();
            int why = message.endsWith("checked)") || message.endsWith("word)")
                    ? message.lastIndexOf(" (")
                    : message.length();
            assertThat(new Finding(finding.rule(), finding.category(), message.substring(0, why), finding.severity()))
                    .isEqualTo(new Finding(
                            vector.rule(),
                            "pii",
                            "the text holds " + vector.rule() + " at " + start + " to " + text.length()
                                    + " (code points " + (start - 1) + " to " + (text.length() - 1) + ")",
                            List.of(Pii.CONTACT).contains(vector.rule()) ? Severity.P3 : Severity.P2));
        }
    }

    @Test
    void masks() {
        String text = "Pay DE89 3704 0044 0532 0130 00 or jo@example.com!";
        assertThat(redacted(PiiRails.redact(), text)).isEqualTo("Pay [IBAN] or [EMAIL]!");
        assertThat(redacted(masked(Mask.LAST_FOUR), text)).isEqualTo("Pay ****3000 or ****ecom!");
        assertThat(redacted(masked(Mask.REMOVE), text)).isEqualTo("Pay  or !");
        assertThat(redacted(masked(Mask.LAST_FOUR), "a@b.de")).isEqualTo("****");
    }

    @Test
    void redaction_hitsTheOriginalCharacters() {
        assertThat(redacted(PiiRails.redact(), "卡４２４２\u200B４２４２４２４２４２４２\u0301号💳"))
                .isEqualTo("卡[CREDIT_CARD]号💳");
    }

    @Test
    void valuesSideBySide_areBothRedacted() {
        Guardrail<String> rail = masked(Mask.REMOVE);
        assertThat(redacted(rail, "DE89370400440532013000-4242424242424242")).isEqualTo("-");
    }

    @Test
    void ordinaryText_passes() {
        assertThat(PiiRails.block().check("In 2024 we sold 1,234,567 units at 12:30, version 1.2.3, call std::vector."))
                .isSameAs(Verdict.pass());
        assertThat(PiiRails.block().check("")).isSameAs(Verdict.pass());
        assertThat(
                        PiiRails.block()
                                .check(
                                        "In 2023, Wall Street rose. Bind to 127.0.0.1 or 0.0.0.0, mask 255.255.255.0, Chrome/120.0.0.0"))
                .isSameAs(Verdict.pass());
    }

    @Test
    void allowedValues_pass_andNoOthers() {
        Guardrail<String> rail = TextRail.builder("pii")
                .block(PiiRails.rules())
                .allow("help@example.com", "4242424242424242")
                .build();
        assertThat(rail.check("help@example.com or ｈelp@example.com")).isSameAs(Verdict.pass());
        assertThat(rail.check("card 4242424242424242")).isSameAs(Verdict.pass());
        assertThat(rail.check("xhelp@example.com")).isInstanceOf(Verdict.Block.class);
        assertThat(rail.check("help@example.com.au")).isInstanceOf(Verdict.Block.class);
    }

    @Test
    void rules_canBeChosen() {
        String text = "jo@example.com at 192.0.2.1";
        assertThat(redacted(
                        TextRail.builder("pii")
                                .redact(PiiRails.rules().only("email"))
                                .build(),
                        text))
                .isEqualTo("[EMAIL] at 192.0.2.1");
        assertThat(redacted(
                        TextRail.builder("pii")
                                .redact(PiiRails.rules().without("email"))
                                .build(),
                        text))
                .isEqualTo("jo@example.com at [IPV4]");
        assertThat(TextRail.builder("pii")
                        .block(PiiRails.rules().leastConfidence(0.2))
                        .build()
                        .check("9434765919"))
                .isInstanceOf(Verdict.Block.class);
        assertThat(TextRail.builder("pii")
                        .block(PiiRails.rules().leastConfidence(0.99))
                        .build()
                        .check(text))
                .isSameAs(Verdict.pass());
    }

    @Test
    void recogniserOfOnesOwn_takesALine() {
        LayoutRecogniser staff = LayoutRecogniser.of("staff-number", "pii", "S-999999")
                .confidence(0.3, 0.6, 0.9)
                .context("staff");
        Guardrail<String> rail =
                TextRail.builder("pii").redact(PiiRails.rules().with(staff)).build();
        assertThat(rail.faults()).isEmpty();
        assertThat(redacted(rail, "ask s-123456, not S-1234567")).isEqualTo("ask [STAFF_NUMBER], not S-1234567");
    }

    @Test
    void faults_areReported_andBlock() {
        Guardrail<String> rail = TextRail.builder("pii")
                .redact(PiiRails.rules()
                        .only("email", "fax")
                        .leastConfidence(Double.NaN)
                        .with(LayoutRecogniser.of("Bad name", "pii", "__")
                                .confidence(2, 0, 0)
                                .context("two words")))
                .build();
        assertThat(rail.faults()).hasSize(6);
        assertThat(rail.faults().get(0)).contains("\"fax\"").contains("email, url-credentials, ipv4");
        assertThat(rail.check("")).isInstanceOf(Verdict.Block.class);
        assertThat(TextRail.builder("pii")
                        .block(PiiRails.rules().only())
                        .build()
                        .faults())
                .hasSize(1);
        LayoutRecogniser twice = LayoutRecogniser.of("email", "pii", "S-999999");
        assertThat(TextRail.builder("pii")
                        .flag(PiiRails.rules().with(twice))
                        .build()
                        .faults())
                .hasSize(1);
    }

    @Test
    @SuppressWarnings("NullAway") // a caller without null checks
    void missingText_isBlocked() {
        assertThat(PiiRails.redact().check(null)).isInstanceOf(Verdict.Block.class);
    }

    @Test
    void name_isLegal() {
        assertThat(PiiRails.redact().name()).isEqualTo("pii");
    }

    @Test
    void manyMatches_giveAShortMessage() {
        Verdict<String> verdict = PiiRails.flag().check("a@example.com ".repeat(15));
        assertThat(((Verdict.Flag<String>) verdict).finding().message()).endsWith(" and 5 more of email");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "DE89 3704 0044 0532 0130 00 => iban at 0 to 27 (checked)",
                "card 4242 4242 4242 4242 => credit-card at 5 to 24 (checked, near a context word)",
                "call 030 90182000 => phone at 5 to 17 (near a context word)",
                "jo@example.com => email at 0 to 14"
            })
    void finding_saysWhy(String text, String place) {
        assertThat(PiiRails.redact().screen(text).finding().orElseThrow().message())
                .isEqualTo("the text holds " + place);
    }

    @Test
    void manyMatchesOfSeveralRules_areNamedByRule() {
        String text = "a@example.com ".repeat(11) + "DE89 3704 0044 0532 0130 00";
        assertThat(PiiRails.flag().screen(text).finding().orElseThrow().message())
                .endsWith(" and 2 more of email, iban");
    }

    /** A guard takes a check that throws for a block. */
    @Test
    @SuppressWarnings("NullAway") // what a host may do wrong
    void maskThatAnswersNull_fails() {
        TextRail rail = TextRail.builder("null")
                .redact(PiiRails.rules(), (match, value) -> null)
                .build();
        assertThatThrownBy(() -> rail.check("jo@example.com")).hasMessage("the mask for email has answered null");
    }

    /** A condition may be a pattern, which RE2/J runs in linear time. */
    @Test
    void values_areAllowedByAPattern_alsoInAStream() {
        TextRail rail = TextRail.builder("out")
                .redact(PiiRails.rules())
                .allowIf(Pattern.compile("[a-z]+@(support|help)\\.example\\.com")::matches)
                .build();
        String text = "jo@help.example.com, ｊｏ@support.example.com, jo@example.com, jo@help.example.com.evil.net";
        assertThat(rail.screen(text).text()).isEqualTo("jo@help.example.com, ｊｏ@support.example.com, [EMAIL], [EMAIL]");
        for (int longest = 1; longest < 20; longest++) {
            assertThat(Cuts.screened(rail, text, longest, new Random(longest))).isEqualTo(rail.screen(text));
        }
    }

    /** RFC 6531, for Latin letters. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mail björn.müller@firma.de now|mail [EMAIL] now",
                "<josé@example.com>|<[EMAIL]>",
                "jose\u0301@example.com|[EMAIL]",
                "info@müller.de, ok|[EMAIL], ok",
                "an info@büro-müller.de.|an [EMAIL].",
                "jo@ärzte.example und|[EMAIL] und",
                "élodie@example.com|é[EMAIL]",
                "marie.élodie@example.com|[EMAIL]",
                "señor: jo@example.com|señor: [EMAIL]",
                "jo@example.comß.|[EMAIL]ß.",
                "наjo@example.comна|на[EMAIL]на",
                "mañana@10h|mañana@10h",
                "tränen@münchen|tränen@münchen"
            })
    void emailAddressWithAccents_isTakenWhole(String text, String redacted) {
        assertThat(PiiRails.redact().screen(text).text()).isEqualTo(redacted);
    }

    /** Words that mean much else: they count directly before a number. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "for i, row in zip(range(1000), rows)|for i, row in zip(range(1000), rows)",
                "The ZIP format dates from 1989.|The ZIP format dates from 1989.",
                "unzip the zip with 10000 files|unzip the zip with 10000 files",
                "The market cap is 12345 dollars, with a cap of 5000.|The market cap is 12345 dollars, with a cap of 5000.",
                "Use CP-1252 or CP 437, not iso-2022-jp.|Use CP-1252 or CP 437, not iso-2022-jp.",
                "the CAP theorem of 2000|the CAP theorem of 2000",
                "zip: 90210|zip: [POSTAL_CODE_DIGITS]",
                "{\"zip\": \"90210\", \"zip_code\": 90210}|{\"zip\": \"[POSTAL_CODE_DIGITS]\", \"zip_code\": [POSTAL_CODE_DIGITS]}",
                "My ZIP is 90210-1234.|My ZIP is [POSTAL_CODE_DIGITS].",
                "The zip code of Beverly Hills is 90210|The zip code of Beverly Hills is [POSTAL_CODE_DIGITS]",
                "CAP 20121 Milano, CP: 28013 Madrid|CAP [POSTAL_CODE_DIGITS] Milano, CP: [POSTAL_CODE_DIGITS] Madrid",
                "postcode for Bern: 3011|postcode for Bern: [POSTAL_CODE_DIGITS]"
            })
    void postalCode_isTakenWhereAWordSaysThatItIsOne(String text, String redacted) {
        assertThat(PiiRails.redact().screen(text).text()).isEqualTo(redacted);
    }
}
