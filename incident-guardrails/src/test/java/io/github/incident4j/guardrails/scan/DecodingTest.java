// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.CpuTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecodingTest {
    private static final String SECRET = "the code is K-123456 my dear";
    private static final TextRail RAIL = TextRail.builder("codes")
            .redact(Rules.of("codes", List.of(LayoutRecogniser.of("code", "pii", "K-999999"))))
            .build();

    static List<String> names() {
        return List.copyOf(Encoded.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void encodedValue_isFoundAndTaken(String name) {
        String encoded = Encoded.of(name, SECRET);
        Screening screening = RAIL.screen("See: " + encoded + " and more.");
        assertThat(screening.found()).as(encoded).hasSize(1);
        Match match = screening.found().get(0).match();
        assertThat(match.layer()).isNotEmpty();
        assertThat(screening.text()).contains("[CODE]").startsWith("See: ").endsWith(" and more.");
        assertThat(RAIL.screen("See: " + screening.text()).found()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"base64", "base64 of UTF-16", "base32", "base32 with padding", "base64 in lines"})
    void padding_goesWithTheValue(String name) {
        for (String before : List.of("", "a ", "ab ", "abc ", "abcd ")) {
            String text = "See: " + Encoded.of(name, before + SECRET) + " and more.";
            assertThat(RAIL.screen(text).text()).as(text).isEqualTo("See: [CODE] and more.");
            assertThat(Cuts.screened(RAIL, text, 3, new Random(1))).isEqualTo(RAIL.screen(text));
        }
    }

    /** Escapes that hide or part what is seen where they are shown. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "K&ndash;123456",
                "K&hyphen;123456",
                "K&dash;123456",
                "K&minus;123456",
                "K-12&shy;34&zwnj;5&zwj;6",
                "K-123&ZeroWidthSpace;456",
                "K\\u{2d}123456",
                "K\\u{00002D}123456",
                "K\\x{2d}123456"
            })
    void escapeInAValue_isRead(String value) {
        String text = "See: " + value + " and more.";
        assertThat(RAIL.screen(text).text()).isEqualTo("See: [CODE] and more.");
        assertThat(Cuts.screened(RAIL, text, 3, new Random(1))).isEqualTo(RAIL.screen(text));
    }

    @Test
    void bracesThatHoldNoCodePoint_areNone() {
        for (String text : List.of("K\\u{}123456", "K\\u{2d 123456", "K\\u{110000}1", "K\\x{2g}123456", "K\\u{")) {
            assertThat(RAIL.screen(text)).isEqualTo(new Screening(text, List.of(), java.util.Optional.empty()));
            assertThat(Cuts.screened(RAIL, text, 1, new Random(1))).isEqualTo(RAIL.screen(text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tags", "variation selectors"})
    void othersThatDoNotShow_doNotPartARun(String name) {
        for (int between : new int[] {0x200B, 0xE0001, 0xE007F, 0xAD}) {
            StringBuilder hidden = new StringBuilder();
            Encoded.of(name, SECRET)
                    .codePoints()
                    .forEach(c -> hidden.appendCodePoint(c).appendCodePoint(between));
            String text = "See: " + hidden + " and more.";
            assertThat(RAIL.screen(text).found()).hasSize(1);
            assertThat(Cuts.screened(RAIL, text, 3, new Random(1))).isEqualTo(RAIL.screen(text));
        }
    }

    /** The padding counts. */
    @ParameterizedTest
    @ValueSource(strings = {"is K-123456", "K-123456 is", "K-123456!x", "oh K-123456"})
    void shortestBase64_isDecoded(String value) {
        String encoded = Encoded.of("base64", value);
        assertThat(encoded).hasSize(16).endsWith("=");
        String text = "See: " + encoded + " and more.";
        assertThat(RAIL.screen(text).text()).isEqualTo("See: [CODE] and more.");
        assertThat(Cuts.screened(RAIL, text, 3, new Random(1))).isEqualTo(RAIL.screen(text));
    }

    /** A sign of equality before a line's end is also that with which quoted-printable goes on in the next line. */
    @ParameterizedTest
    @ValueSource(strings = {"base64", "base64 of UTF-16", "base32 with padding", "base64 in lines"})
    void paddingAtTheEndOfALine_leavesTheNextLineAlone(String name) {
        int padded = 0;
        for (String before : List.of("", "a ", "ab ", "abc ", "abcd ", "long ".repeat(100) + "a ")) {
            String encoded = Encoded.of(name, before + SECRET);
            for (String behind : encoded.endsWith("=") ? List.of("\nThe next", "\r\nto be") : List.<String>of()) {
                String text = "See: " + encoded + behind + " and more.";
                assertThat(RAIL.screen(text).text()).as(text).isEqualTo("See: [CODE]" + behind + " and more.");
                assertThat(Cuts.screened(RAIL, text, 3, new Random(1))).isEqualTo(RAIL.screen(text));
                padded++;
            }
        }
        assertThat(padded).isGreaterThan(4);
    }

    /** A writer of quoted-printable breaks lines where they are full, whatever is broken there. */
    @Test
    void fullLineOfQuotedPrintable_goesOnInTheNext() {
        String encoded = Encoded.of("base64", "this is my code, " + SECRET + ", and more that nobody wants to know");
        for (int indent = 0; indent < 40; indent++) {
            int cut = 75 - indent;
            String text =
                    " ".repeat(indent) + encoded.substring(0, cut) + "=\r\n" + encoded.substring(cut) + " and more.";
            assertThat(RAIL.screen(text).text()).as(text).isEqualTo(" ".repeat(indent) + "[CODE] and more.");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void encodedValue_isFoundBesideSignsThatStandForLettersAndDigits(String name) {
        for (String text : List.of("²%s¹", "№%s™", "½%s ½")) {
            String between = name.equals("ROT13") ? "cnffjbeq " + Encoded.of(name, SECRET) : Encoded.of(name, SECRET);
            String encoded = text.replace("%s", between);
            assertThat(RAIL.screen(encoded).text()).as(encoded).contains("[CODE]");
            assertThat(Cuts.screened(RAIL, encoded, 5, new Random(3))).isEqualTo(RAIL.screen(encoded));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void encodedTwice_isFound(String name) {
        for (String outer : List.of("base64", "percent", "hex")) {
            String encoded = Encoded.of(outer, "x: " + Encoded.of(name, SECRET) + " .");
            assertThat(RAIL.screen(encoded).found()).as(outer + " of " + name).isNotEmpty();
        }
    }

    @Test
    void morse_isRead() {
        TextRail rail = TextRail.builder("words")
                .flag(Rules.of("words", List.of(LayoutRecogniser.of("sos", "words", "SOS99"))))
                .build();
        assertThat(rail.screen("... --- ... ----. ---.. / .... . .-.. .--.").found())
                .hasSize(1);
        assertThat(rail.screen("... --- ... ----. ----. ---.. / .... . .-.. .--.")
                        .found())
                .isEmpty();
    }

    @Test
    void onlyWhatIsEncoded_isReported_withItsPlace() {
        String text = "K-123456 is plain, a%20K%2D123456 is not";
        assertThat(RAIL.screen(text).found().stream()
                        .map(each -> each.match().start() + " " + each.match().layer()))
                .containsExactly("0 ", text.indexOf("K%2D") + " escapes");
        assertThat(RAIL.check(text))
                .hasToString(RAIL.check(text).toString())
                .asString()
                .contains("code in escapes at ");
    }

    @Test
    void withoutDecoding_nothingIsDecoded() {
        TextRail rail = TextRail.builder("codes")
                .block(Rules.of("codes", List.of(LayoutRecogniser.of("code", "pii", "K-999999"))))
                .withoutDecoding()
                .build();
        assertThat(rail.screen(Encoded.of("base64", SECRET)).found()).isEmpty();
    }

    @Test
    void ordinaryBinaries_giveNothing() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[300];
            random.nextBytes(bytes);
            assertThat(RAIL.screen("data:image/png;base64,"
                                    + Base64.getEncoder().encodeToString(bytes))
                            .found())
                    .isEmpty();
        }
    }

    @Provide
    Arbitrary<String> texts() {
        List<String> pieces = new ArrayList<>(List.of(
                " ",
                "K-123456",
                "K%2D123456",
                "%",
                "%4",
                "&",
                "&#",
                "&amp;",
                "\\",
                "\\u00",
                "=",
                "=\n",
                "=\r",
                "=\r\n",
                "%u",
                "%u00",
                "\\U000000",
                "\\1",
                "\\4",
                "\\00004",
                "0x",
                "\\x",
                "=4",
                "a",
                "1",
                "01",
                "\uD83D",
                "\uDCA3",
                "\uDB40",
                "\uDC41",
                "\uFE0F",
                "%C3%A9",
                "%E4%B8",
                "\\uD83D\\uDCA3",
                "- ",
                ". ",
                "gur naq ",
                "X-123456",
                "²",
                "№",
                "½",
                "ﬁ",
                "4b 2d"));
        Encoded.all().forEach((name, encoding) -> {
            String encoded = encoding.apply(SECRET);
            pieces.add(encoded);
            pieces.add(encoded.substring(encoded.length() / 2));
            pieces.add(Encoded.of(name, "K-123456"));
        });
        return Arbitraries.of(pieces).list().ofMaxSize(10).map(each -> String.join("", each));
    }

    @Property
    void cuts_makeNoDifference(@ForAll("texts") String text, @ForAll long seed) {
        for (int longest : new int[] {1, 30}) {
            assertThat(Cuts.screened(RAIL, text, longest, new Random(seed))).isEqualTo(RAIL.screen(text));
        }
    }

    @Test
    void signThatMayBecomeAnEscape_makesNoDifference() {
        cuts_makeNoDifference("K-123456= K%2D123456", 0);
    }

    @Test
    void time_growsAsTheText() {
        for (String piece : Arrays.asList(
                "%41",
                "%",
                "&",
                "&#",
                "\\",
                "\\u",
                "=",
                "A/",
                "AAAA-",
                "QUFB",
                "41 ",
                "01000001 ",
                "65,",
                ".- ",
                "a+",
                "%25",
                "\\\\",
                "\uDB40\uDC41",
                "\uFE00",
                "gur naq ",
                "gur                                                                                             ",
                "cnffjbeqcnffjbeq",
                "4a",
                "MFRGGZDF",
                "mfrggzdf",
                "0x4a",
                "\\x4a4a4a4a4a4a4a4a ",
                "=\r",
                "%u",
                "\\00",
                "\\4",
                "/+/+")) {
            long small = time(piece.repeat(20_000 / piece.length()));
            long large = time(piece.repeat(200_000 / piece.length()));
            assertThat(large).as(piece).isLessThan(Math.max(small, 5_000_000) * 10 * 5);
        }
    }

    private static long time(String text) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = CpuTime.nanos();
            assertThat(RAIL.screen(text).text()).isEqualTo(text);
            least = Math.min(least, CpuTime.nanos() - start);
        }
        return least;
    }

    /** What is quickly taken for no text is none by the definition either. */
    @Test
    void bytes_areAText_whenNoMoreThanATenthIsOdd() {
        Random random = new Random(5);
        int texts = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[4 + random.nextInt(40)];
            random.nextBytes(bytes);
            for (int j = 0; j < bytes.length; j++) {
                boolean plain = random.nextInt(30) < i % 31;
                bytes[j] = plain ? (byte) ('a' + random.nextInt(26)) : bytes[j];
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            long odd = text.codePoints()
                    .filter(c -> c == 0xFFFD
                            || (Character.getType(c) == Character.CONTROL && !Character.isWhitespace(c))
                            || Character.getType(c) == Character.UNASSIGNED
                            || Character.getType(c) == Character.PRIVATE_USE)
                    .count();
            boolean isText = text.length() >= 4 && odd * 10 <= text.length();
            boolean wide = (bytes[1] == 0 && bytes[3] == 0) || (bytes[0] == 0 && bytes[2] == 0);
            if (!wide) {
                assertThat(Bytes.text(bytes)).as(text).isEqualTo(isText ? text : null);
                texts += isText ? 1 : 0;
            }
        }
        assertThat(texts).isBetween(2_000, 18_000);
    }
}
