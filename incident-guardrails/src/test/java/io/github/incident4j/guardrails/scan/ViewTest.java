// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewTest {

    @ParameterizedTest
    @CsvSource({
        "plain Text, plain Text",
        "ＡＢ１２＠．－, AB12@.-",
        "١٢३४๕𝟞, 123456",
        "a\u200Bb\u00ADc\uFE0Fd\u202E, abcd",
        "a\uDB40\uDC41b, ab",
        "1\u00A02\u30003\u20074, 1 2 3 4",
        "1\u20112\u20133, 1-2-3",
        "e\u0301, é",
        "é, é",
        "1\u0301\u0332, 1",
        "ﬁ½, fi½",
        "①², 12",
        "a💣b, a\uFFFDb",
        "я中ع, я中ع"
    })
    void view_isPlain(String text, String view) {
        assertThat(View.normalForm(text)).isEqualTo(view);
    }

    @Test
    void lineBreaks_stay() {
        assertThat(View.normalForm("a\nb\tc\u2028d\u0085e")).isEqualTo("a\nb\tc\nd\ne");
    }

    @ParameterizedTest
    @CsvSource({
        "plain text, 0000000000",
        "a\u200Bb, 10",
        "\u200B\u200Bab, 20",
        "ab\u200B, 01",
        "ａb①, 100",
        "a\u0336\u0336b, 20",
        "e\u0301b, 00",
        "é①, 00",
        "💣\uDB40\uDC41\uDB40\uDC42, 2",
        "ﬁ, 00"
    })
    void disguise_isCounted(String text, String expected) {
        View view = View.of(text);
        StringBuilder counts = new StringBuilder();
        for (int i = 0; i < view.length(); i++) {
            counts.append(view.disguise(i));
        }
        assertThat(counts).hasToString(expected);
        assertThat(view.disguise(-1) + view.disguise(view.length())).isZero();
    }

    @Test
    void offsets_leadBack() {
        View view = View.of("💣\u200B１\u0301ﬁx");
        assertThat(view.slice(0, view.length())).isEqualTo("\uFFFD1fix");
        assertThat(view.originalStart(1)).isEqualTo(3);
        assertThat(view.originalEnd(1)).isEqualTo(5);
        assertThat(view.originalStart(3)).isEqualTo(5);
        assertThat(view.originalEnd(3)).isEqualTo(6);
        assertThat(view.originalStart(4)).isEqualTo(6);
        assertThat(view.charAt(-1)).isEqualTo('\n');
        assertThat(view.charAt(5)).isEqualTo('\n');
    }

    @Provide
    Arbitrary<String> units() {
        return Arbitraries.chars().all().array(char[].class).ofMaxSize(40).map(String::new);
    }

    @Property
    void offsets_ascendInsideTheText(@ForAll("units") String text) {
        View view = View.of(text);
        int start = 0;
        for (int i = 0; i < view.length(); i++) {
            assertThat(view.originalStart(i)).isGreaterThanOrEqualTo(start);
            assertThat(view.originalEnd(i)).isGreaterThan(view.originalStart(i)).isLessThanOrEqualTo(text.length());
            start = view.originalStart(i);
        }
    }
}
