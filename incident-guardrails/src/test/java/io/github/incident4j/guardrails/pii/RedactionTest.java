// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.CpuTime;
import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Mask;
import io.github.incident4j.guardrails.scan.Redaction;
import io.github.incident4j.guardrails.scan.RestoringStream;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.secrets.SecretRails;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final TextRail RAIL = PiiRails.redact();
    private static final String TEXT = "Send 10 to DE89 3704 0044 0532 0130 00 and jo@example.com, copy jo@example.com";

    @Test
    void answer_getsTheValuesAgain() {
        Redaction redaction = RAIL.redaction(TEXT);
        assertThat(redaction.text()).isEqualTo("Send 10 to [IBAN-1] and [EMAIL-1], copy [EMAIL-1]");
        assertThat(redaction.restore("Done: [IBAN-1] ([EMAIL-1]).").text())
                .isEqualTo("Done: DE89 3704 0044 0532 0130 00 (jo@example.com).");
        assertThat(redaction).hasToString("Redaction{email=1, iban=1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[iban-1]",
                "[IBAN 1]",
                "IBAN-1",
                "[IBAN-7]",
                "[ IBAN-1]",
                "Iban_1",
                "[IBAN-1",
                "[EMAIL–1]",
                "[IBAN]",
                "[IBAN-]",
                "[IBAN - 1]",
                "[IBAN-１]",
                "[E-MAIL-1]",
                "[EMAIL-one]",
                "[EMAIL-\n1]",
                "[EMAIL - - 1]",
                "%5BEMAIL-1%5D",
                "[\u0415MAIL-1]", // a Cyrillic letter
                "\u0415MAIL-1",
                "[EM\u200BAIL-1]",
                "E M A I L-1",
                "［EMAIL-1］"
            })
    void garbledPlaceholder_isNoticed(String garbled) {
        Redaction.Restored restored = RAIL.redaction(TEXT).restore("To " + garbled + " then");
        assertThat(restored.text()).isEqualTo("To " + garbled + " then");
        assertThat(restored.garbled()).hasSize(1);
    }

    @Test
    void ordinaryText_isNotGarbled() {
        assertThat(RAIL.redaction(TEXT)
                        .restore(
                                "The email of 2024, IBANs, [1] and e-mail 3, the email 1 of, my email: 2 things, iban 3,"
                                        + " [email](https://example.org), www.example.org/email-1 and [email us]")
                        .garbled())
                .isEmpty();
    }

    @Test
    void placeholdersThatTheModelHasDropped_areMissing() {
        Redaction redaction = RAIL.redaction(TEXT);
        assertThat(redaction.restore("Done: [EMAIL-1] and [EMAIL-1]").missing()).containsExactly("[IBAN-1]");
        assertThat(redaction.restore("[email-1]").missing()).containsExactly("[IBAN-1]", "[EMAIL-1]");
        assertThat(redaction.restore(redaction.text()).missing()).isEmpty();
        assertThat(redaction.restore(redaction.text()).garbled()).isEmpty();
    }

    @Test
    void placeholdersInTheText_stay() {
        String text = "[EMAIL-1] [EMAIL-1x0] is not jo@example.com";
        Redaction redaction = RAIL.redaction(text);
        assertThat(redaction.text()).isEqualTo("[EMAIL-1] [EMAIL-1x0] is not [EMAIL-1x1]");
        assertThat(redaction.restore(redaction.text()).text()).isEqualTo(text);
    }

    @Test
    void labels_ofAnyKind_areRestored() {
        String longName = "l" + "o".repeat(130) + "ng";
        TextRail rail = TextRail.builder("labels")
                .redact(Rules.of(
                        "labels",
                        List.of(
                                LayoutRecogniser.of("code", "test", "J-999999"),
                                LayoutRecogniser.of("3d", "test", "K-999999"),
                                LayoutRecogniser.of(longName, "test", "L-999999"))))
                .build();
        String text = "J-123456 of code K-123456, code L-123456";
        Redaction.Restored restored =
                rail.redaction(text).restore(rail.redaction(text).text());
        assertThat(restored.text()).isEqualTo(text);
        assertThat(restored.garbled()).isEmpty();
    }

    /** Neither many brackets nor a text full of placeholders take more than linear time. */
    @Test
    void hostileTexts_takeLinearTime() {
        Redaction redaction = RAIL.redaction(TEXT);
        StringBuilder text = new StringBuilder("1]");
        for (int i = 0; text.length() < 1_000_000; i++) {
            text.append("1x").append(Integer.toString(i, Character.MAX_RADIX)).append(']');
        }
        long before = CpuTime.nanos();
        assertThat(redaction.restore("[".repeat(1_000_000)).garbled()).isEmpty();
        assertThat(RAIL.redaction(text + " jo@example.com").text()).contains(" [EMAIL-1x");
        assertThat(CpuTime.nanos() - before).isLessThan(10_000_000_000L);
    }

    @Property(tries = 2_000)
    void restored_isTheOriginal(@ForAll("texts") String text) {
        Redaction redaction = RAIL.redaction(text);
        assertThat(redaction.restore(redaction.text()).text()).isEqualTo(text);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                PiiProperties.valuesAndPieces(),
                PiiProperties.valuesAndPieces().map(text -> "[EMAIL-1]" + text + "[IBAN-1x0]"),
                Arbitraries.chars().all().array(char[].class).ofMaxSize(40).map(String::new));
    }

    @Test
    void calls_doNotMix() {
        IntStream.range(0, 2_000).parallel().forEach(i -> {
            String text = "write to user" + i + "@example.com";
            Redaction redaction = RAIL.redaction(text);
            assertThat(redaction.text()).isEqualTo("write to [EMAIL-1]");
            assertThat(redaction.restore("[EMAIL-1]").text()).isEqualTo("user" + i + "@example.com");
        });
    }

    @Test
    void pseudonym_isStableUnderOneKey_andSaysNothing() {
        TextRail one = pseudonyms((byte) 1);
        String masked = one.screen("DE89 3704 0044 0532 0130 00, de89370400440532013000")
                .text();
        String[] both = masked.split(", ", -1);
        assertThat(both[0]).isEqualTo(both[1]).matches("\\[IBAN:[\\w-]{11}]");
        assertThat(pseudonyms((byte) 2).screen("DE89 3704 0044 0532 0130 00").text())
                .isNotEqualTo(both[0]);
        assertThat(one.screen("jo@example.com").text()).startsWith("[EMAIL:");
    }

    private static List<String> pseudonymsIn(String text) {
        String masked = pseudonyms((byte) 1).screen(text).text();
        return Pattern.compile("\\[[A-Z0-9_]+:[\\w-]{11}]")
                .matcher(masked)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jo.e@example.com joe@example.com",
                "a-b@cd.example.com ab@c-d.example.com",
                "a_b@example.com a-b@example.com",
                "192.0.2.11 and 19.202.1.1",
                "2001:db8::12:3 and 2001:db8::1:23",
                "at 40.7100,-74.0060 or 40.7100,74.0060",
                "born 1.12.1980, born 11.2.1980",
                "DE89 3704 0044 0532 0130 00, GB82 WEST 1234 5698 7654 32"
            })
    void pseudonyms_ofNearNeighbours_differ(String text) {
        assertThat(pseudonymsIn(text)).hasSize(2).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "joe@example.com JOE@Example.com",
                "joe@example.com joe%40example.com",
                "joe@example.com am9lQGV4YW1wbGUuY29t",
                "joe@example.com ｊｏｅ@example.com",
                "DE89 3704 0044 0532 0130 00, de89370400440532013000",
                "4242 4242 4242 4242, 4242-4242-4242-4242",
                "at 40.7100,-74.0060 or 40.7100, -74.0060"
            })
    void pseudonyms_ofOneValue_areTheSame_howeverItIsWritten(String text) {
        List<String> both = pseudonymsIn(text);
        assertThat(both).hasSize(2);
        assertThat(both.get(0)).isEqualTo(both.get(1));
    }

    /** Of keys the case counts, and so does every sign. */
    @Test
    void pseudonyms_ofSecrets_areOfTheExactValue() {
        TextRail rail = TextRail.builder("pseudonyms")
                .redact(SecretRails.rules(), Mask.pseudonym(new byte[16]))
                .build();
        String one = rail.screen("password = \"Tr0ub4dor-3x\"").text();
        assertThat(one).isNotEqualTo(rail.screen("password = \"tr0ub4dor-3x\"").text());
        assertThat(one).isNotEqualTo(rail.screen("password = \"Tr0ub4dor_3x\"").text());
        assertThat(one).isEqualTo(rail.screen("password = \"Tr0ub4dor-3x\"").text());
    }

    @Test
    void lastFour_areThoseOfTheValue_alsoInAnEncoding() {
        TextRail rail = TextRail.builder("last-four")
                .redact(PiiRails.rules(), Mask.LAST_FOUR)
                .build();
        assertThat(rail.screen("IBAN%20DE89%203704%200044%200532%200130%2000").text())
                .endsWith("****3000");
    }

    private static TextRail pseudonyms(byte key) {
        byte[] bytes = new byte[16];
        bytes[0] = key;
        return TextRail.builder("pseudonyms")
                .redact(PiiRails.rules(), Mask.pseudonym(bytes))
                .build();
    }

    @Property(tries = 300)
    void answerInPieces_isRestoredAsTheWhole(
            @ForAll List<@From("scraps") String> scraps, @ForAll @IntRange(min = 1, max = 12) int size) {
        Redaction redaction = RAIL.redaction(TEXT);
        String answer = String.join("", scraps);
        RestoringStream stream = redaction.restoring();
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < answer.length(); at += size) {
            out.append(stream.append(answer.substring(at, Math.min(answer.length(), at + size))));
        }
        Redaction.Restored last = stream.end();
        Redaction.Restored whole = redaction.restore(answer);
        assertThat(out + last.text()).isEqualTo(whole.text());
        assertThat(last.garbled()).isEqualTo(whole.garbled());
        assertThat(last.missing()).isEqualTo(whole.missing());
        assertThat(stream.append("more")).isEmpty();
    }

    @Provide
    Arbitrary<String> scraps() {
        return Arbitraries.of(
                "[IBAN-1]", "[EMAIL-1]", "[EMAIL-2]", "[", "]", "[IBAN", "-1]", "to ", "[[", "iban-1 ", "\uD83D\uDE00");
    }

    @Test
    void answerInPieces_holdsBackNoMoreThanAPlaceholder() {
        RestoringStream stream = RAIL.redaction(TEXT).restoring();
        assertThat(stream.append("Done: [IB")).isEqualTo("Done: ");
        assertThat(stream.append("AN-1] (a[0")).isEqualTo("DE89 3704 0044 0532 0130 00 (a");
        assertThat(stream.append(" is long enough")).isEqualTo("[0 is long enough");
        assertThat(stream.end().missing()).containsExactly("[EMAIL-1]");
    }
}
