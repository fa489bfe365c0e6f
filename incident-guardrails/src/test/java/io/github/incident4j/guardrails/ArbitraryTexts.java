// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.scan.Match;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Texts for the laws that hold for every text, and the law of the spans. */
public final class ArbitraryTexts {

    private ArbitraryTexts() {}

    /** Any UTF-16 units at all, half pairs among them. */
    public static Arbitrary<String> units() {
        return Arbitraries.chars().all().list().ofMaxSize(60).map(units -> {
            StringBuilder text = new StringBuilder();
            units.forEach(text::append);
            return text.toString();
        });
    }

    /** Values, halves of values, and pieces, so many of them at most, one after the other. */
    public static Arbitrary<String> valuesAndPieces(List<String> values, List<String> pieces, int most) {
        Arbitrary<String> halves = Arbitraries.of(values).map(value -> value.substring(value.length() / 2));
        return Arbitraries.oneOf(List.of(Arbitraries.of(pieces), Arbitraries.of(values), halves))
                .list()
                .ofMaxSize(most)
                .map(parts -> String.join("", parts));
    }

    /** Every span lies in its text, behind the one before. */
    public static void assertApart(List<Match> matches, String text) {
        int at = 0;
        for (Match match : matches) {
            assertThat(match.start()).isGreaterThanOrEqualTo(at).isLessThan(match.end());
            assertThat(match.end()).isLessThanOrEqualTo(text.length());
            assertThat(match.codePointStart()).isEqualTo(text.codePointCount(0, match.start()));
            assertThat(match.codePointEnd()).isEqualTo(text.codePointCount(0, match.end()));
            at = match.end();
        }
    }
}
