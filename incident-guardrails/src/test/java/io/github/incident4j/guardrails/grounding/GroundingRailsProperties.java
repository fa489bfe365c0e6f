// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.scan.View;
import io.github.incident4j.guardrails.words.Words;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class GroundingRailsProperties {
    private record Answer(String text, List<String> sources) {}

    private static final List<String> PIECES = List.of(
            "1",
            "12",
            "2024",
            "000",
            ".",
            ",",
            " ",
            "\n",
            "-",
            "/",
            "'",
            "’",
            "[",
            "]",
            "`",
            "```",
            "[1]",
            "[doc-3]",
            "%",
            "$",
            "km",
            "Mio.",
            " million ",
            "March ",
            "Word ",
            "word ",
            "two ",
            "年",
            "月",
            "日",
            "万",
            "\u200B",
            "\u0301",
            "\uD83D",
            "\uDCA3",
            "٣",
            "１",
            "½",
            "ﷺ",
            "#",
            ":",
            "Ä",
            "0.");

    private static final List<Guardrail<Answer>> RAILS = List.of(
            GroundingRails.numbersInSources(Answer::text, Answer::sources),
            GroundingRails.datesInSources(Answer::text, Answer::sources),
            GroundingRails.namesInSources(Answer::text, Answer::sources),
            GroundingRails.citations(Answer::text, Answer::sources),
            GroundingRails.citedSentences(Answer::text, Answer::sources),
            GroundingRails.overlap(Answer::text, Answer::sources));

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(PIECES).list().ofMaxSize(24).map(pieces -> String.join("", pieces));
    }

    /** Any UTF-16 units at all, half pairs among them. */
    @Provide
    Arbitrary<String> units() {
        return Arbitraries.chars().all().list().ofMaxSize(60).map(units -> {
            StringBuilder text = new StringBuilder();
            units.forEach(text::append);
            return text.toString();
        });
    }

    @Property
    void anyText_isJudged(@ForAll("texts") String text, @ForAll("texts") String source) {
        assertJudged(text, source);
    }

    @Property
    void anyUnits_areJudged(@ForAll("units") String text, @ForAll("units") String source) {
        assertJudged(text, source);
    }

    private static void assertJudged(String text, String source) {
        for (Guardrail<Answer> rail : RAILS) {
            Answer answer = new Answer(text, List.of(source, "1"));
            assertThat(rail.check(answer)).as(rail.name()).isNotNull().isEqualTo(rail.check(answer));
        }
    }

    /** What an answer takes over from its source as it stands there is in it. */
    @Property
    void answerThatIsItsSource_isGrounded(@ForAll("texts") String text) {
        for (Guardrail<Answer> rail : RAILS.subList(0, 3)) {
            assertThat(rail.check(new Answer(text, List.of(text))))
                    .as(rail.name())
                    .isSameAs(Verdict.pass());
        }
    }

    @Property
    void figuresAndDates_areInTheTextAndApart(@ForAll("texts") String text) {
        View view = View.of(text);
        int at = 0;
        for (Figure figure : Figures.in(view)) {
            assertThat(figure.start()).isGreaterThanOrEqualTo(at).isLessThan(figure.end());
            assertThat(figure.end()).isLessThanOrEqualTo(view.length());
            at = figure.end();
        }
        at = 0;
        for (Dates.Date date : Dates.in(Words.of(view))) {
            assertThat(date.start()).isGreaterThanOrEqualTo(at).isLessThan(date.end());
            assertThat(date.end()).isLessThanOrEqualTo(view.length());
            at = date.end();
        }
    }

    @Property
    void number_isTheSame_howeverALanguageWritesIt(
            @ForAll @LongRange(min = 10, max = 999_999_999_999L) long number, @ForAll("locales") Locale locale) {
        String written = NumberFormat.getIntegerInstance(locale).format(number);
        Guardrail<Answer> rail = RAILS.get(0);
        assertThat(rail.check(new Answer("It is " + written + "!", List.of("It is " + number + "."))))
                .isSameAs(Verdict.pass());
        assertThat(rail.check(new Answer("It is " + number + "!", List.of("It is " + written + "."))))
                .isSameAs(Verdict.pass());
        assertThat(rail.check(new Answer("It is " + (number + 1) + "!", List.of("It is " + written + "."))))
                .isInstanceOf(Verdict.Flag.class);
    }

    @Provide
    Arbitrary<Locale> locales() {
        return Arbitraries.of(
                Locale.ENGLISH,
                Locale.GERMAN,
                Locale.FRENCH,
                Locale.ITALIAN,
                Locale.JAPANESE,
                new Locale("de", "CH"),
                new Locale("en", "IN"),
                new Locale("es"),
                new Locale("pl"),
                new Locale("sv"),
                new Locale("ar", "EG"));
    }
}
