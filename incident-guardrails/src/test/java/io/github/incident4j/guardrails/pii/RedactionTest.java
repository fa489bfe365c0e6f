// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.CpuTime;
import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Mask;
import io.github.incident4j.guardrails.scan.Redaction;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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
                "[IBAN-１]"
            })
    void garbledPlaceholder_isNoticed(String garbled) {
        Redaction.Restored restored = RAIL.redaction(TEXT).restore("To " + garbled + " then");
        assertThat(restored.text()).isEqualTo("To " + garbled + " then");
        assertThat(restored.garbled()).hasSize(1);
    }

    @Test
    void ordinaryText_isNotGarbled() {
        assertThat(RAIL.redaction(TEXT)
                        .restore("The email of 2024, IBANs, [1] and e-mail 3")
                        .garbled())
                .isEmpty();
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

    private static TextRail pseudonyms(byte key) {
        byte[] bytes = new byte[16];
        bytes[0] = key;
        return TextRail.builder("pseudonyms")
                .redact(PiiRails.rules(), Mask.pseudonym(bytes))
                .build();
    }
}
