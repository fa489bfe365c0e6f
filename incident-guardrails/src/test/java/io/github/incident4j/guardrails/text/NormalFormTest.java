// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;

class NormalFormTest {

    @Test
    void everyCodePoint_leavesNothingInvisibleAndNoWhiteSpaceButSpaces() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String form = NormalForm.of(Character.toString(c), 0);
            int codePoint = c;
            assertThat(form.codePoints().noneMatch(NormalForm::isInvisible))
                    .as("U+%04X", codePoint)
                    .isTrue();
            assertThat(form.codePoints().allMatch(f -> f == ' ' || !NormalForm.isWhiteSpace(f)))
                    .as("U+%04X", codePoint)
                    .isTrue();
        }
    }

    @Test
    void everyCodePoint_hasTheFormOfItsCanonicalAndCompatibilityEquivalents() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String text = Character.toString(c);
            String form = NormalForm.of(text, 0);
            for (Normalizer.Form other : Normalizer.Form.values()) {
                String equivalent = Normalizer.normalize(text, other);
                if (!equivalent.equals(text) && equivalent.codePoints().noneMatch(NormalForm::isInvisible)) {
                    assertThat(NormalForm.of(equivalent, 0))
                            .as("U+%04X in %s", c, other)
                            .isEqualTo(form);
                }
            }
        }
    }

    @Test
    void everyCaseOfACodePoint_hasTheSameForm() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String form = NormalForm.of(Character.toString(c), 0);
            String upper = Character.toString(Character.toUpperCase(c));
            assertThat(NormalForm.of(upper, 0)).as("U+%04X", c).isEqualTo(form);
        }
    }

    /** What the normaliser would sort has to be counted as marks before: else a run of it takes quadratic time. */
    @Test
    void everyCodePointThatTheNormaliserSorts_countsAsAMark() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String text = Character.toString(c);
            if (Normalizer.normalize(text, Normalizer.Form.NFKD).codePoints().allMatch(NormalFormTest::isSorted)) {
                assertThat(NormalForm.of("a" + text.repeat(1_000), 0)
                                .codePoints()
                                .count())
                        .as("U+%04X", c)
                        .isLessThan(100);
            }
        }
    }

    /** A code point with a combining class changes places with a mark of a higher class before or a lower one after. */
    private static boolean isSorted(int codePoint) {
        return isReordered("\u0301" + Character.toString(codePoint))
                || isReordered(Character.toString(codePoint) + "\u0334");
    }

    private static boolean isReordered(String text) {
        String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
        return decomposed.codePointAt(0) != text.codePointAt(0);
    }

    @Test
    void whatDoesNotShow_goesBeforeLettersCompose() {
        assertThat(NormalForm.of("e\u200B\u0301", 0)).isEqualTo("é");
    }

    @Test
    void from_leavesOutWhatStandsBefore() {
        assertThat(NormalForm.of("abÉ", 1)).isEqualTo("bé");
    }
}
