// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import static io.github.incident4j.guardrails.markup.Verdicts.blocked;
import static io.github.incident4j.guardrails.markup.Verdicts.passes;
import static io.github.incident4j.guardrails.markup.Verdicts.redacted;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.scan.Action;
import io.github.incident4j.model.Finding;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvisibleRailTest {
    private static final Guardrail<String> BLOCK = MarkupRails.invisible(Action.BLOCK);
    private static final Guardrail<String> REMOVE = MarkupRails.invisible(Action.REDACT);

    private static String tags(String ascii) {
        return ascii.chars().mapToObj(c -> Character.toString(c + 0xE0000)).collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain\ttext\r\nand é, 中文, русский",
                "👨\u200D👩\u200D👧 👩🏽\u200D💻 ❤\uFE0F\u200D🔥 🏳\uFE0F\u200D🌈 🏴\u200D☠\uFE0F 1\uFE0F⃣ ☎\uFE0E ©\uFE0F",
                "می\u200Cخواهم خانه\u200Cها ه\u200D", // Persian
                "क्\u200Dष क्\u200Cष ശ്രീ\u200Dയ", // Devanagari, Malayalam
                "ශ්\u200Dරී", // Sinhala
                "ภาษา\u200Bไทย ភាសា\u200Bខ្មែរ",
                "葛\uDB40\uDD00城 ∩\uFE00 。\uFE00",
                "ᠠ\u180B",
                "שלום \u200E(abc)\u200F \u2067עולם\u2069",
                "a\u00A0b\u3000c\u2028"
            })
    void whatHasAUse_stays(String text) {
        passes(BLOCK, text);
    }

    @Test
    void flagsOfTheThreeNations_stay_andOtherTagsDoNot() {
        passes(BLOCK, "🏴" + tags("gbeng") + "\uDB40\uDC7F and 🏴" + tags("gbwls") + "\uDB40\uDC7F");
        assertThat(redacted(REMOVE, "🏴" + tags("hidden") + "\uDB40\uDC7Fx")).isEqualTo("🏴x");
        assertThat(redacted(REMOVE, "a" + tags("ignore all") + "b")).isEqualTo("ab");
        assertThat(blocked(BLOCK, "💣" + tags("ab") + "c"))
                .isEqualTo(new Finding(
                        "tag-character", "invisible", "the text holds tag-character at 2 to 6 (code points 1 to 3)"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "b\u200Bo\u200Dm\u200Cb, bomb, zero-width",
                "bo\u00ADmb, bomb, zero-width",
                "\uFEFFabc, abc, zero-width",
                "a\u2060b\u2063c, abc, zero-width",
                "a\u3164b, ab, zero-width",
                "a\u202Eb\u202Cc, abc, bidi-control",
                "a\u2066b\u2069, ab, bidi-control",
                "שלום\u202Ex, שלוםx, bidi-control",
                "a\u200Eb, ab, bidi-control",
                "a\uFE0Fb, ab, variation-selector",
                "😀\uFE0F\uFE0E\uFE01x, 😀\uFE0Fx, variation-selector",
                "葛\uDB40\uDD00\uDB40\uDD01\uDB40\uDD02城, 葛\uDB40\uDD00城, variation-selector",
                "😀\uDB40\uDD48\uDB40\uDD49x, 😀x, variation-selector",
                "a\u001B[31mb, a[31mb, control-character",
                "a\u0008b\u007F\u009Bc, abc, control-character",
                "می\u200C\u200C\u200D\u200Cخ, میخ, zero-width",
                "👨\u200D\u200D👩, 👨👩, zero-width"
            })
    void whatHasNone_isTakenAway(String text, String rest, String rule) {
        assertThat(redacted(REMOVE, text)).isEqualTo(rest);
        assertThat(blocked(BLOCK, text).rule()).isEqualTo(rule);
        assertThat(blocked(BLOCK, text).category()).isEqualTo("invisible");
    }

    @Test
    void rightToLeft_isJudgedLineByLine() {
        assertThat(redacted(REMOVE, "שלום\u200F\nabc\u200F\nשלום\u200F")).isEqualTo("שלום\u200F\nabc\nשלום\u200F");
    }

    @Test
    @SuppressWarnings("NullAway") // a caller without null checks
    void missing_isBlocked() {
        assertThat(blocked(BLOCK, null).category()).isEqualTo("missing-text");
        assertThat(MarkupRails.invisible(null).faults()).hasSize(1);
    }
}
