// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import static io.github.incident4j.guardrails.text.TextRails.deniedTerms;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Names;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeniedTermsTest {
    private record Answer(CharSequence text) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bomb",
                "The bomb!",
                "a BoMb",
                "\"bomb\"",
                "bomb_maker",
                "bomb-maker",
                "bomb\n",
                "a\tbomb\u00A0b",
                "ｂｏｍｂ", // full width
                "a ＢＯＭＢ.",
                "bo\u200Bmb", // zero-width space
                "b\u200Do\u200Cm\u2060b", // joiners
                "\uFEFFbomb",
                "bo\u00ADmb", // soft hyphen
                "\u202Ebomb\u202C", // bidirectional override
                "bo\u2066mb\u2069",
                "bo\uFE0Fmb", // variation selector
                "bo\uDB40\uDD00mb", // variation selector of plane 14
                "bo\uDB40\uDC41mb", // tag
                "bo\u0000mb", // control
                "bo\u007Fm\u0008b",
                "bo\u034Fmb", // combining grapheme joiner
                "𝐛𝐨𝐦𝐛", // mathematical bold
                "ⓑⓞⓜⓑ", // circled
                "ᵇᵒᵐᵇ", // superscript
                "´bomb", // decomposes to a space and a mark
                "the bomb’s fuse",
                "é bomb é",
                "これはbombです", // beside kana
                "爆bomb弾", // beside Han
                "ทำbombได้", // beside Thai
                "💣bomb💣"
            })
    void deniedWord_isBlocked(String text) {
        assertThat(hit("bomb", text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "bombastic",
                "abomb",
                "bombs",
                "bomb1",
                "1bomb",
                "bomb\u200Bastic", // what does not show does not part
                "bomb\u00ADs",
                "bombé",
                "ébomb",
                "bombe\u0301",
                "bomb\u0301", // a mark goes with the letter
                "bom",
                "bo mb",
                "bombы",
                "ыbomb",
                "폭bomb",
                "bo_mb",
                "aplombomb"
            })
    void otherWords_pass(String text) {
        assertThat(hit("bomb", text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "爆弾, これは爆弾です, true",
        "爆弾, abc爆弾def, true",
        "爆弾, 爆 弾, false",
        "爆弾, 爆炎弾, false",
        "か, が, false", // another letter, composed
        "か, が, false", // the same, from two
        "が, が, true",
        "ガス, ｶﾞｽ, true", // half width
        "ระเบิด, ทำระเบิดได้, true",
        "ຂ້າ, ກຂ້າກ, true",
        "គ្រាប់, កគ្រាប់ក, true",
        "ဗုံး, ကဗုံးက, true",
        "폭탄, 폭탄, true",
        "폭탄, 대폭탄, false",
        "bomb爆, abomb爆, false",
        "bomb爆, bomb爆弾, true",
        "💣, boom💣boom, true",
        "💣, boom💥boom, false"
    })
    void scriptsWithoutSpaces_needNoEdge(String term, String text, boolean denied) {
        assertThat(hit(term, text)).isEqualTo(denied);
    }

    @ParameterizedTest
    @CsvSource({
        "straße, STRASSE, true",
        "STRASSE, eine straße, true",
        "straße, die STRAẞE, true",
        "ΟΔΟΣ, οδος, true",
        "οδός, ΟΔΌΣ, true", // final sigma
        "café, CAFÉ, true",
        "café, CAFÉ, true", // from two
        "café, cafe, false",
        "cafe, café, false",
        "ǰ, J̌, true", // composes in small letters only
        "İstanbul, istanbul, true",
        "ı, I, true",
        "file, ﬁle, true", // ligature
        "don't, don’t, true",
        "e-mail, e‑mail, true", // no-break hyphen
        "БОМБА, бомба, true",
        "C++, I like c++!, true",
        "C++, C++11, true",
        "C++, objC++, false",
        ".net, asp.net, true",
        "42, 042, false",
        "42, x 42., true"
    })
    void caseAndForm_makeNoDifference(String term, String text, boolean denied) {
        assertThat(hit(term, text)).isEqualTo(denied);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "make a bomb",
                "How to MAKE  A\r\n\tBomb?",
                "make\u2028a\u3000bomb",
                "make \u200B a bomb",
                "make a\u00A0\u2003bomb",
                "make\u2800a bomb",
                "make\u0085a bomb"
            })
    void phrase_isFoundAcrossWhiteSpace(String text) {
        assertThat(hit("make a bomb", text)).isTrue();
        assertThat(hit("\t make\n\na   bomb ", text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"make abomb", "makea bomb", "make an bomb", "remake a bomb", "make a bomber", "make, a bomb"})
    void phraseWithOtherWords_passes(String text) {
        assertThat(hit("make a bomb", text)).isFalse();
    }

    @Test
    void overlappingTerms_nameTheOneThatEndsFirst() {
        Guardrail<String> rail = deniedTerms("make a bomb now", "a bomb", "bomb", "b", "make a");
        assertThat(finding(rail, "make a bomb now").message()).contains("entry 5 ", "\"make a\"");
        assertThat(finding(rail, "take a bomb now").message()).contains("entry 2 ", "\"a bomb\"");
        assertThat(finding(rail, "The Bomb").message()).contains("entry 3 ", "\"bomb\"");
    }

    @Test
    void sameTermTwice_namesTheFirst() {
        Guardrail<String> rail = deniedTerms("other", "Bomb", "bomb");
        assertThat(rail.faults()).isEmpty();
        assertThat(finding(rail, "bomb").message()).contains("entry 2 ", "\"Bomb\"");
    }

    @Test
    void failedLongTerm_doesNotHideTheShortOneInside() {
        assertThat(hit(List.of("abc abd", "abc", "c a"), "abc abc")).isTrue();
        assertThat(hit(List.of("爆弾魔人", "弾魔"), "爆弾魔女")).isTrue();
        assertThat(hit(List.of("aaab"), "aaaaaaab")).isFalse();
        assertThat(hit(List.of("a a a b"), "a a a a a b")).isTrue();
    }

    @Test
    void finding_namesRuleAndEntryAndNothingOfTheText() {
        Finding finding = finding(deniedTerms("x", "bomb"), "my secret 4711 bomb plan");
        assertThat(finding)
                .isEqualTo(new Finding(
                        "denied-term", "denied-term", "the text holds entry 2 of the denied terms, \"bomb\""));
    }

    @Test
    void pass_isTheOneInstance() {
        assertThat(DeniedTermsTest.<String>rail(List.of("bomb")).check("all is well"))
                .isSameAs(Verdict.pass());
    }

    @Test
    void supplementaryCharacters_areWhole() {
        assertThat(hit("😀", "a😀b")).isTrue();
        assertThat(hit("😀", "a😁b")).isFalse();
        assertThat(hit("𐐀𐐁", "𐐨𐐩")).isTrue(); // Deseret has case
        assertThat(hit("𐐀𐐁", "𐐨𐐩𐐪")).isFalse(); // and words
        assertThat(hit("𠮷", "x𠮷野家")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\uD83D", "\uDCA3", "\uDCA3\uD83D", "bomb\uD83D", "\uDB40bomb", "\uD83D\u200B\uDCA3", "é\uD83D"})
    void loneSurrogates_throwNothing(String text) {
        assertThat(hit("bomb", text)).isEqualTo(text.contains("bomb"));
        assertThat(hit("bomb", text + " bomb")).isTrue();
    }

    @Test
    void everyPlaceOfTheTerm_isFoundWhereAsciiEnds() {
        for (String strange : List.of("é", "\u200B", "\u0001", "爆", "💣", "\u0301", "\uD83D")) {
            for (int before = 0; before < 4; before++) {
                String text = "x".repeat(before) + strange + " bomb " + strange;
                assertThat(hit("bomb", text)).as(text).isTrue();
                assertThat(hit("bomb", "bomb " + text)).as(text).isTrue();
            }
        }
        assertThat(hit("é", "xxx e\u0301 xxx")).isTrue();
        assertThat(hit("é", "xxx e\u0001\u0301 xxx")).isTrue();
        assertThat(hit("e", "xxx e\u0301 xxx")).isFalse();
    }

    @Test
    void otherCharSequences_areJudgedToo() {
        Guardrail<CharSequence> rail = deniedTerms("bomb");
        assertThat(rail.check(CharBuffer.wrap("a bomb"))).isInstanceOf(Verdict.Block.class);
        assertThat(rail.check(CharBuffer.wrap("a bömb, a ｂｏｍｂ"))).isInstanceOf(Verdict.Block.class);
    }

    @Test
    void extractor_takesTheText() {
        Guardrail<Answer> rail = deniedTerms(Answer::text, List.of("bomb"));
        assertThat(rail.check(new Answer("a bomb"))).isInstanceOf(Verdict.Block.class);
        assertThat(rail.check(new Answer("a flower"))).isSameAs(Verdict.pass());
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void missingText_isBlocked() {
        Guardrail<Answer> rail = deniedTerms(Answer::text, List.of("bomb"));
        Verdict<Answer> verdict = rail.check(new Answer(null));
        assertThat(((Verdict.Block<Answer>) verdict).finding().category()).isEqualTo("missing-text");
    }

    @Test
    void name_isLegal() {
        assertThat(rail(List.of("bomb")).name()).isEqualTo("denied-terms");
        assertThat(rail(List.of()).name()).isEqualTo("denied-terms");
        assertThat(Names.faultOf("guardrail", "denied-terms")).isEmpty();
    }

    @Test
    void termsChangedLater_doNotMatter() {
        List<String> terms = new ArrayList<>(List.of("bomb", "mine"));
        Guardrail<String> rail = deniedTerms(text -> text, terms);
        terms.clear();
        assertThat(finding(rail, "a mine").message()).contains("entry 2 ", "\"mine\"");
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void missingParts_areFaults() {
        assertThat(deniedTerms().faults()).singleElement().asString().contains("no term");
        assertThat(rail(List.of()).faults()).singleElement().asString().contains("no term");
        assertThat(deniedTerms(text -> "", null).faults()).hasSize(1);
        assertThat(deniedTerms((String[]) null).faults()).hasSize(1);
        assertThat(deniedTerms((Function<String, String>) null, List.of()).faults())
                .hasSize(2);
        assertThat(deniedTerms((Function<String, String>) null, List.of("bomb")).faults())
                .singleElement()
                .asString()
                .contains("function");
    }

    @Test
    void badTerms_areListedTogetherWithTheirPlaces() {
        List<String> faults = rail(Arrays.asList(
                        "bomb", " \t", "\u200B\u00AD", null, "x".repeat(257), "x".repeat(256), "\uD83D", "\u00A0"))
                .faults();
        assertThat(faults).hasSize(6);
        assertThat(faults.get(0)).contains("denied term 2", "blank");
        assertThat(faults.get(1)).contains("denied term 3", "do not show");
        assertThat(faults.get(2)).contains("denied term 4", "null");
        assertThat(faults.get(3)).contains("denied term 5", "257", "256");
        assertThat(faults.get(4)).contains("denied term 7", "surrogate");
        assertThat(faults.get(5)).contains("denied term 8");
    }

    @Test
    void manyBadTerms_areCounted() {
        List<String> faults = rail(Collections.nCopies(1_000, "")).faults();
        assertThat(faults).hasSize(21);
        assertThat(faults.get(20)).contains("980 more");
    }

    @Test
    void tooManyTerms_areAFault() {
        assertThat(rail(Collections.nCopies(100_001, "bomb")).faults())
                .singleElement()
                .asString()
                .contains("100001", "100000");
    }

    @Test
    void railWithFaults_blocksEverything() {
        assertThat(finding(deniedTerms("bomb", " "), "all is well").category()).isEqualTo("misconfigured");
    }

    @Test
    void mostTerms_areAllFound() {
        List<String> terms = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            terms.add("term number " + i);
        }
        Guardrail<String> rail = deniedTerms(terms.toArray(String[]::new));
        assertThat(rail.faults()).isEmpty();
        assertThat(rail.check("term number 100000")).isSameAs(Verdict.pass());
        for (int i = 0; i < 100_000; i += 997) {
            assertThat(finding(rail, "the term  number " + i).message()).contains("entry " + (i + 1) + " ");
        }
    }

    @Test
    void twoThreads_getTheSameVerdicts() throws Exception {
        Guardrail<String> rail = deniedTerms("bomb", "爆弾", "make a mine");
        List<String> texts = List.of("a bomb", "bombastic", "これは爆弾です", "make  a\nmine", "ｍine", "é");
        List<Verdict<String>> expected = judge(rail, texts);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            CountDownLatch start = new CountDownLatch(2);
            Callable<Boolean> task = () -> {
                start.countDown();
                boolean met = start.await(10, TimeUnit.SECONDS);
                boolean same = true;
                for (int i = 0; i < 2_000; i++) {
                    same &= judge(rail, texts).equals(expected);
                }
                return met && same;
            };
            List<Future<Boolean>> results = List.of(threads.submit(task), threads.submit(task));
            for (Future<Boolean> result : results) {
                assertThat(result.get(60, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Verdict<String>> judge(Guardrail<String> rail, List<String> texts) {
        return texts.stream().map(rail::check).toList();
    }

    private static <T extends CharSequence> Guardrail<T> rail(Collection<String> terms) {
        return deniedTerms(terms.toArray(String[]::new));
    }

    private static boolean hit(String term, String text) {
        return hit(List.of(term), text);
    }

    private static boolean hit(Collection<String> terms, String text) {
        Guardrail<String> rail = deniedTerms(terms.toArray(String[]::new));
        assertThat(rail.faults()).isEmpty();
        return rail.check(text) instanceof Verdict.Block;
    }

    private static Finding finding(Guardrail<String> rail, String text) {
        Verdict<String> verdict = rail.check(text);
        assertThat(verdict).isInstanceOf(Verdict.Block.class);
        return ((Verdict.Block<String>) verdict).finding();
    }
}
