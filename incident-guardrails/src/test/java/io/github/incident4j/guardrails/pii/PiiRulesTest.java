// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.pii.Vectors.Vector;
import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule by itself, then among all others. */
class PiiRulesTest {
    private static final Map<String, Recogniser> RULES =
            Pii.rules().stream().collect(Collectors.toMap(Recogniser::rule, Function.identity()));

    /** What may stand before and after a value. */
    private static final List<String> SURROUNDINGS = List.of(
            "%s",
            "%s.",
            " %s ",
            "(%s)",
            "\"%s\",",
            "\n%s\n",
            "=%s;",
            "身份%s号码", // Han
            "ひら%sカナ",
            "한글%s한글",
            "رقم%sرقم", // Arabic
            "מס%sמס", // Hebrew
            "счёт%sсчёт", // Cyrillic
            "αβ%sγδ", // Greek
            "अंक%sअंक", // Devanagari
            "ไทย%sไทย", // Thai
            "é%sß",
            "💳%s💳",
            "\uD83D%s\uD83D", // half a pair
            "\u200B%s\u200B",
            "\u202E%s\u202C");

    /** Signs that stand for ASCII letters and digits. */
    private static final List<String> SIGNS =
            List.of("²%s¹", "ª%s™", "№%s℡", "①%sⓐ", "½%s½", "㎏%s㏂", "ﬁ%sﬁ", "Ⅳ%s⒈", "₄%sˣ", "see²%s² 7", "🄰%s🄰");

    @ParameterizedTest
    @CsvSource({
        "at-svnr, Sozialversicherungsnummer 1237 010180",
        "de-health-insurance, Krankenversichertennummer A123456780",
        "de-tax-id, Steueridentifikationsnummer 86095742719"
    })
    void longContextWords_areRead(String rule, String text) {
        assertThat(new TextScanner(Pii.rules(), 0.5).scan(text))
                .extracting(Match::rule, Match::why)
                .contains(org.assertj.core.api.Assertions.tuple(rule, "checked, near a context word"));
    }

    private static final Map<String, TextScanner> ALONE = RULES.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, rule -> new TextScanner(List.of(rule.getValue()), 0)));

    private static final TextScanner ALL = new TextScanner(Pii.rules(), 0.5);

    private static final TextRail RAIL = PiiRails.redact();

    /** A longer value may be another one of the same rule. */
    private static final Set<String> SEVERAL_LENGTHS =
            Pii.words("credit-card au-medicare se-personnummer de-id-card phone mrz street-address coordinates"
                    + " driver-license licence-plate birth-date po-box postal-code postal-code-digits");

    /** The same value in other characters. */
    private static final Map<String, Function<String, String>> DISGUISES = Map.of(
            "full width", value -> mapped(value, c -> c == ' ' ? 0x3000 : c + 0xFEE0),
            "Arabic-Indic digits", value -> mapped(value, c -> Character.isDigit(c) ? c - '0' + 0x0660 : c),
            "Devanagari digits", value -> mapped(value, c -> Character.isDigit(c) ? c - '0' + 0x0966 : c),
            "mathematical digits", value -> mapped(value, c -> Character.isDigit(c) ? c - '0' + 0x1D7CE : c),
            "no-break spaces", value -> mapped(value, c -> c == ' ' ? 0xA0 : c == '-' ? 0x2011 : c),
            "zero width", value -> String.join("\u200B", value.split("")),
            "soft hyphens", value -> String.join("\u00AD", value.split("")),
            "tags", value -> String.join("\uDB40\uDC41", value.split("")),
            "variation selectors", value -> String.join("\uFE0F", value.split("")) + "\uFE0F",
            "underlined", value -> value.replaceAll("([0-9])", "$1\u0332"));

    private static String mapped(String value, IntUnaryOperator map) {
        return value.codePoints()
                .map(map)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static List<Vector> valid() {
        return Vectors.valid();
    }

    static List<Vector> invalid() {
        return Vectors.invalid();
    }

    private static TextScanner alone(Vector vector) {
        return java.util.Objects.requireNonNull(ALONE.get(vector.rule()));
    }

    @Test
    void everyRule_hasVectorsOfBothKinds() {
        Set<String> valid = valid().stream().map(Vector::rule).collect(Collectors.toSet());
        Set<String> invalid = invalid().stream().map(Vector::rule).collect(Collectors.toSet());
        assertThat(valid).isEqualTo(RULES.keySet()).isEqualTo(invalid);
        assertThat(Pii.rules()).allSatisfy(rule -> assertThat(rule.faults()).isEmpty());
    }

    @Test
    void everyRule_standsInTheReadme_withAnExampleThatItFinds() throws IOException {
        List<String> named = new ArrayList<>();
        boolean ofThisFamily = false;
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            ofThisFamily = line.startsWith("## ") ? line.equals("## Personal data") : ofThisFamily;
            if (ofThisFamily && line.startsWith("| `")) {
                int cell = line.indexOf("` | ");
                String rule = line.substring(3, cell);
                String example = line.substring(cell + 4, line.indexOf(" | ", cell + 4));
                named.add(rule);
                assertThat(RULES).containsKey(rule);
                assertThat(new TextScanner(List.of(RULES.get(rule)), 0).scan(example))
                        .as(line)
                        .anyMatch(match -> match.start() == 0 && match.end() == example.length());
            }
        }
        assertThat(named)
                .containsExactlyElementsOf(
                        Pii.rules().stream().map(Recogniser::rule).toList());
    }

    @ParameterizedTest
    @MethodSource("valid")
    void value_isFoundBesideEveryScript(Vector vector) {
        for (String surroundings : SURROUNDINGS) {
            assertFound(vector, surroundings, vector.value());
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void value_isFoundBesideSignsThatStandForLettersAndDigits(Vector vector) {
        for (String surroundings : SIGNS) {
            assertFound(vector, surroundings, vector.value());
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void value_isFoundInEveryDisguise(Vector vector) {
        DISGUISES.forEach((name, disguise) -> {
            for (String surroundings : SURROUNDINGS) {
                assertFound(vector, surroundings, disguise.apply(vector.value()));
            }
        });
    }

    private static void assertFound(Vector vector, String surroundings, String value) {
        String text = surroundings.replace("%s", value);
        int start = surroundings.indexOf("%s");
        List<Match> matches = alone(vector).scan(text);
        assertThat(matches).as(text).hasSize(1);
        Match match = matches.get(0);
        // A selector behind the last character is no part of the value, but no harm either.
        int end = start + value.length() - (value.endsWith("\uFE0F") ? 1 : 0);
        assertThat(match.rule()).isEqualTo(vector.rule());
        assertThat(match.category()).isEqualTo("pii");
        assertThat(match.start()).as(text).isEqualTo(start);
        assertThat(match.end()).as(text).isEqualTo(end);
        assertThat(match.codePointStart()).isEqualTo(text.codePointCount(0, match.start()));
        assertThat(match.codePointEnd()).isEqualTo(text.codePointCount(0, match.end()));
        assertThat(match.toString()).doesNotContain(value);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void value_isFoundAmongAllRules_byDefault_nearItsContextWord(Vector vector) {
        String text = vector.context() + " 号" + vector.value() + "号";
        List<Match> matches = ALL.scan(text);
        assertThat(matches).as(text).hasSize(1);
        assertThat(matches.get(0).rule()).isEqualTo(vector.rule());
        assertThat(matches.get(0).end()).isEqualTo(text.length() - 1);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void otherValue_isNotFound(Vector vector) {
        for (String surroundings : SURROUNDINGS) {
            String text = vector.context() + " " + surroundings.replace("%s", vector.value());
            assertThat(alone(vector).scan(text)).as(text).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void value_inALongerWord_isNotFound(Vector vector) {
        if (Set.of("email", "url-credentials", "url", "ipv4", "ipv6").contains(vector.rule())) {
            return; // these go on with further letters; their own tests say where they end
        }
        for (String longer : List.of("a%s", "%sa", "1%s", "%s1", "xx7%s", "%s7xx", "1\u200B%s", "%s\u200B1", "１%s")) {
            String text = longer.replace("%s", vector.value());
            int start = longer.indexOf("%s");
            List<Match> matches = alone(vector).scan(text);
            if (SEVERAL_LENGTHS.contains(vector.rule())) {
                // These have several lengths: the longer value may be another one, but never this one.
                assertThat(matches)
                        .as(text)
                        .noneMatch(match -> match.start() == start
                                && match.end() == start + vector.value().length());
            } else {
                assertThat(matches).as(text).isEmpty();
            }
        }
    }

    @Test
    void numbersBeyondASign_areOneLongerNumber() {
        for (String text :
                List.of("SSN 9-123-45-6789", "SSN 123-45-6789-1", "SSN 1.123-45-6789", "SSN 123-45-6789/2")) {
            assertThat(new TextScanner(List.of(RULES.get("us-ssn")), 0).scan(text))
                    .as(text)
                    .isEmpty();
        }
    }

    @Test
    void wordsThatNoRuleBeginsWith_areWordsStill() {
        assertThat(new TextScanner(List.of(RULES.get("us-ssn")), 0).scan("q123-45-6789 q123456789"))
                .isEmpty();
        assertThat(new TextScanner(List.of(RULES.get("ipv6")), 0).scan("zz::ffff:192.0.2.1"))
                .isEmpty();
    }

    @Test
    void weakNumbers_countOnlyNearAContextWord() {
        assertThat(ALL.scan("order 123456782 of 9434765919 and 2123456701")).isEmpty();
        assertThat(ALL.scan("my TFN is 123456782")).extracting(Match::rule).containsExactly("au-tfn");
        assertThat(ALL.scan("123456782 (SIN)")).extracting(Match::rule).containsExactly("ca-sin");
        assertThat(ALL.scan("[AU_TFN] 123456782")).isEmpty();
        assertThat(ALL.scan("12.345.678")).isEmpty();
        assertThat(ALL.scan("TFN" + " .".repeat(40) + "123456782")).isEmpty();
    }

    @Test
    void endsOfAddresses() {
        assertSpan("email", "a.b@example.com.", "a.b@example.com");
        assertSpan("email", "<a.b@example.com>", "a.b@example.com");
        assertSpan("email", "mailto:a.b@example.com?x", "a.b@example.com");
        assertSpan("email", "name='a@example.com'", "a@example.com");
        assertSpan("email", "https://example.com/?mail=a.b@example.com&c=1", "a.b@example.com");
        assertSpan("email", "a@b.example.com-c", "a@b.example.com");
        assertSpan("email", "''a@example.com''", "a@example.com");
        assertSpan("email", "joe@example.com™ hi", "joe@example.com");
        assertSpan("email", "²joe@example.com¹", "joe@example.com");
        assertSpan("email", "ofﬁce@example.com", "ofﬁce@example.com");
        assertSpan("email", "ⓙⓞⓔ@ⓔⓧⓐⓜⓟⓛⓔ.ⓒⓞⓜ", "ⓙⓞⓔ@ⓔⓧⓐⓜⓟⓛⓔ.ⓒⓞⓜ");
        assertSpan("credit-card", "card:④②④②-④②④②-④②④②-④②④②", "④②④②-④②④②-④②④②-④②④②");
        assertSpan("url-credentials", "at https://u:p@example.com/x?y", "https://u:p@example.com");
        assertSpan("url-credentials", "https://u:p@ss@example.com:8080.", "https://u:p@ss@example.com:8080");
        assertSpan("ipv4", "at 192.0.2.10.", "192.0.2.10");
        assertSpan("ipv4", "192.0.2.10:80", "192.0.2.10");
        assertSpan("ipv6", "[2001:db8::1]:80", "2001:db8::1");
        assertSpan("ipv6", "at fe80::1: it", "fe80::1");
    }

    private static void assertSpan(String rule, String text, String value) {
        List<Match> matches = new TextScanner(List.of(RULES.get(rule)), 0).scan(text);
        assertThat(matches).hasSize(1);
        assertThat(text.substring(matches.get(0).start(), matches.get(0).end())).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "Update to version 1.2.30.4 => false",
                "The server version 1.2.30.4 is old => false",
                "Siehe Abschnitt 1.2.30.4 => false",
                "version 7 listens at 1.2.30.4 => true",
                "Version 7, host 1.2.30.4 => true",
                "our order number 4242424242424242 => false",
                "our order number 4242 4242 4242 4242 => true",
                "order with card 4242424242424242 => true",
                "order 17, 4242424242424242 => true",
                "invoice no. 212-555-0142 => false",
                "To order call 212-555-0142 => true",
                "for the order +1 212 555 0142 => true",
                "geboren, Pass gültig bis 01.02.2030 => false",
                "geboren am 01.02.1980 => true"
            })
    void wordDirectlyBeforeAValue_speaksAgainstIt(String text, boolean found) {
        assertThat(RAIL.screen(text).found().isEmpty()).as(text).isEqualTo(!found);
    }

    @Test
    void layout_hasWordsAgainstIt() {
        LayoutRecogniser staff = LayoutRecogniser.of("staff", "pii", "S-999999").against("invoice");
        TextRail rail = TextRail.builder("pii")
                .redact(PiiRails.rules().only("email").with(staff))
                .build();
        assertThat(rail.screen("S-123456, invoice S-123456").text()).isEqualTo("[STAFF], invoice S-123456");
        assertThat(LayoutRecogniser.of("staff", "pii", "S-999999")
                        .against("two words")
                        .faults())
                .singleElement()
                .asString()
                .contains("two words");
    }
}
