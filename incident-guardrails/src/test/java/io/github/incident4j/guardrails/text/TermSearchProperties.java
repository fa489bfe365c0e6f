// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TermSearchProperties {
    private static final Set<UnicodeScript> UNSPACED = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);
    private static final List<String> ASCII_PIECES = List.of("a", "b", "A", "B", " ", "\n", "-", "1");
    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "B",
            "ab",
            " ",
            "\n",
            "-",
            "1",
            "\u200B",
            "\u00AD",
            "\u0001",
            "é",
            "e",
            "\u0301",
            "´",
            "ａ",
            "ß",
            "ss",
            "ﬁ",
            "爆",
            "の",
            "ー",
            "ก",
            "ิ",
            "한",
            "💣",
            "𐐨",
            "\uD83D",
            "\uDCA3",
            "\uFE0F",
            "\uDB40\uDC41");

    @Property
    void search_equalsTheNaiveOne(@ForAll("terms") List<String> terms, @ForAll("texts") String text) {
        List<String> forms = terms.stream().map(TermSearch::formOf).toList();
        assertThat(new TermSearch(forms).firstIn(text)).isEqualTo(naive(forms, text));
    }

    @Property
    void searchOfAsciiText_equalsTheNaiveOne(@ForAll("asciiTerms") List<String> terms, @ForAll("ascii") String text) {
        List<String> forms = terms.stream().map(TermSearch::formOf).toList();
        assertThat(new TermSearch(forms).firstIn(text)).isEqualTo(naive(forms, text));
    }

    @Property
    void anyTextAtAll_givesTheNaiveAnswer(@ForAll String text, @ForAll("terms") List<String> terms) {
        List<String> forms = terms.stream().map(TermSearch::formOf).toList();
        assertThat(new TermSearch(forms).firstIn(text)).isEqualTo(naive(forms, text));
    }

    @Property
    void textsOwnWords_areFoundInIt(@ForAll String text) {
        String form = TermSearch.formOf(text);
        if (!form.isEmpty() && !startsWithMark(form)) {
            assertThat(new TermSearch(List.of(form)).firstIn(text)).isEqualTo(1);
            assertThat(new TermSearch(List.of(form)).firstIn("x " + text + " x"))
                    .isEqualTo(1);
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return join(16, PIECES);
    }

    @Provide
    Arbitrary<List<String>> terms() {
        return lists(join(4, PIECES)
                .filter(term -> !TermSearch.formOf(term).isEmpty())
                .filter(term -> !NormalForm.hasLoneSurrogate(term))
                .filter(term -> !startsWithMark(TermSearch.formOf(term))));
    }

    @Provide
    Arbitrary<String> ascii() {
        return join(24, ASCII_PIECES);
    }

    @Provide
    Arbitrary<List<String>> asciiTerms() {
        return lists(join(5, ASCII_PIECES).filter(term -> !term.isBlank()));
    }

    private static Arbitrary<String> join(int most, List<String> pieces) {
        return Arbitraries.of(pieces).list().ofMaxSize(most).map(list -> String.join("", list));
    }

    private static Arbitrary<List<String>> lists(Arbitrary<String> terms) {
        return terms.list().ofMinSize(1).ofMaxSize(8);
    }

    private static boolean startsWithMark(String form) {
        return NormalForm.isMark(form.codePointAt(0));
    }

    /** Each term at each place of the whole text's normal form, with a look at both neighbours. */
    private static int naive(List<String> terms, String text) {
        int[] form = collapse(NormalForm.of(text, 0));
        for (int end = 1; end <= form.length; end++) {
            for (int i = 0; i < terms.size(); i++) {
                int[] term = collapse(terms.get(i));
                int start = end - term.length;
                if (start >= 0
                        && Arrays.equals(form, start, end, term, 0, term.length)
                        && isEdge(form, start)
                        && isEdge(form, end)) {
                    return i + 1;
                }
            }
        }
        return 0;
    }

    private static int[] collapse(String form) {
        return form.replaceAll(" +", " ").codePoints().toArray();
    }

    private static boolean isEdge(int[] form, int at) {
        return at == 0 || at == form.length || !(isWord(form, at - 1) && isWord(form, at));
    }

    private static boolean isWord(int[] form, int at) {
        int base = at;
        while (base >= 0 && NormalForm.isMark(form[base])) {
            base--;
        }
        return base >= 0
                && Character.isLetterOrDigit(form[base])
                && form[base] != 'ー'
                && !UNSPACED.contains(UnicodeScript.of(form[base]));
    }
}
