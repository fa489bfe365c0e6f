// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encoded texts of any length, and values anywhere in them. */
class LongDecodingTest {
    private static final String PROSE =
            "It was a day like any other, and the people of the town went about their work. ";
    private static final boolean FULL = Boolean.getBoolean("incident4j.full");
    private static final int[] PLACES = {100, 700, 1_400, 2_990, 4_001, 5_994, 9_000, 19_990, 29_000};
    private static final int[] FEW = {5_994, 29_000};
    private static final List<String> OUTER = List.of("base64", "base32", "percent", "base64 of URLs", "hex", "tags");
    private static final TextRail RAIL = TextRail.builder("codes")
            .redact(Rules.of("codes", List.of(LayoutRecogniser.of("code", "pii", "K-999999"))))
            .build();

    static List<String> names() {
        return DecodingTest.names();
    }

    private static String withCodeAt(int place, int length) {
        StringBuilder text = new StringBuilder(PROSE.repeat(length / PROSE.length()));
        return text.replace(place, place + 10, " K-123456 ").toString();
    }

    @ParameterizedTest
    @MethodSource("names")
    void valueAnywhereInALongEncodedText_isFound(String name) {
        for (int place : FULL ? PLACES : FEW) {
            String encoded = "See: " + Encoded.of(name, withCodeAt(place, 30_000)) + " .";
            Screening screening = RAIL.screen(encoded);
            assertThat(screening.found()).as(name + " at " + place).isNotEmpty();
            assertThat(RAIL.screen(screening.text()).found()).isEmpty();
            assertThat(Cuts.screened(RAIL, encoded, 997, new Random(place))).isEqualTo(screening);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void valueAnywhereInATextThatIsEncodedTwice_isFound(String name) {
        for (String outer : FULL ? OUTER : OUTER.subList(0, 3)) {
            for (int place : FULL ? new int[] {300, 2_990, 8_000} : new int[] {8_000}) {
                String inner = Encoded.of(name, withCodeAt(place, 9_000));
                boolean holds = !outer.equals("tags") || inner.chars().allMatch(c -> c < 0x7F); // tags are ASCII
                String encoded = Encoded.of(
                        holds ? outer : "hex", "so:" + " ".repeat(1 + place % 7) + inner + " and that is all");
                assertThat(RAIL.screen(encoded).found())
                        .as(name + " in " + outer + " at " + place)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void valueInManyEscapes_isFound() {
        for (int place : new int[] {100, 30_000, 60_000}) {
            String encoded = Encoded.of("percent", withCodeAt(place, 70_000));
            assertThat(RAIL.screen(encoded).found()).hasSize(1);
        }
    }

    @Test
    void pieceOfALongText_isAllThatIsTaken() {
        String encoded = Encoded.of("hex with spaces", withCodeAt(15_000, 30_000));
        Screening screening = RAIL.screen(encoded);
        assertThat(screening.text().length()).isGreaterThan(encoded.length() - 2 * Decoder.LONGEST);
        assertThat(screening.text()).startsWith("49 74").endsWith("2E 20").contains("[CODE]");
    }

    @Test
    void base64BehindOtherSigns_isRead() {
        String encoded = Encoded.of("base64", "the code is K-123456 my dear");
        for (String before : List.of("x", "xy", "xyz", "x/", "id-", "_")) {
            assertThat(RAIL.screen(before + encoded).found()).as(before).hasSize(1);
        }
    }

    @Test
    void bytesThatAreNoText_doNotHideOneRoundThem() {
        byte[] bytes = "the code is K-123456, and more than that".getBytes(StandardCharsets.ISO_8859_1);
        bytes[3] = (byte) 0xFF;
        bytes[25] = 1;
        assertThat(RAIL.screen(Base64.getEncoder().encodeToString(bytes)).found())
                .hasSize(1);
    }

    @Test
    void utf16_ofEitherOrder_isRead() {
        String text = "the code is K-123456 my dear";
        for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(RAIL.screen(Base64.getEncoder().encodeToString(text.getBytes(charset)))
                            .found())
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"base64", "base64 of URLs", "base32", "hex"})
    void shortLines_areReadAsOneText(String encoding) {
        String encoded = Encoded.of(encoding, "of what is written here the code is K-123456, and no other one, my dear")
                .replace("=", ""); // at the end of a line it would be quoted-printable
        for (String lineBreak : List.of("\n", "\r\n", "\n    ", "\n\t", " \n")) {
            for (int length = 20; length <= 60; length += 5) {
                String text =
                        "See:\n" + encoded.replaceAll("(.{" + length + "})(?=.)", "$1" + lineBreak) + "\nand more.";
                assertThat(RAIL.screen(text).text()).as(text).isEqualTo("See:\n[CODE]\nand more.");
                assertThat(Cuts.screened(RAIL, text, 7, new Random(length))).isEqualTo(RAIL.screen(text));
            }
        }
    }

    @Test
    void linesThatAreEncodedOneByOne_areReadOneByOne() {
        String line = Encoded.of("base64 of URLs", "the code is K-123456 my dear");
        String other = Encoded.of("base64 of URLs", "here is nothing to see, dear");
        assertThat(RAIL.screen(other + "\nandThisIsALongNameOfSomething\n" + line + "\n")
                        .found())
                .isNotEmpty();
    }

    @Test
    void aSentenceBehindAnEncodedLine_stays() {
        String line = Encoded.of("base64", "the code is K-123456").replace("=", "");
        assertThat(RAIL.screen(line + "\nThat was it.").text()).isEqualTo("[CODE]\nThat was it.");
    }
}
