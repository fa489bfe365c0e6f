// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.CpuTime;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecodingTest {
    private static final String SECRET = "the code is K-123456 my dear";
    private static final TextRail RAIL = TextRail.builder("codes")
            .redact(Rules.of("codes", List.of(LayoutRecogniser.of("code", "pii", "K-999999"))))
            .build();

    static Map<String, UnaryOperator<String>> encodings() {
        Map<String, UnaryOperator<String>> all = new LinkedHashMap<>();
        all.put("base64", text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        all.put(
                "base64 of URLs",
                text -> Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        all.put(
                "base64 of UTF-16",
                text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_16LE)));
        String before = "what stands before it in a mail of some length, ";
        all.put(
                "base64 in lines",
                text -> Base64.getMimeEncoder()
                        .encodeToString((before + text + " and behind it, too").getBytes(StandardCharsets.UTF_8)));
        all.put(
                "base64 in lines of 64",
                text -> Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString((before + before + text).getBytes(StandardCharsets.UTF_8)));
        all.put("base32", DecodingTest::base32);
        all.put("hex", text -> codes(text, "%02x", ""));
        all.put("hex with spaces", text -> codes(text, "%02X", " "));
        all.put("hex with 0x", text -> codes(text, "0x%02x", ", ").replace(", ", ","));
        all.put(
                "binary",
                text -> text.chars()
                        .mapToObj(c ->
                                String.format("%8s", Integer.toBinaryString(c)).replace(' ', '0'))
                        .collect(Collectors.joining(" ")));
        all.put("decimal", text -> codes(text, "%d", " "));
        all.put("percent", text -> codes(text, "%%%02X", ""));
        all.put(
                "percent where needed",
                text -> URLEncoder.encode("é " + text, StandardCharsets.UTF_8).replace("-", "%2D"));
        all.put("quoted-printable", text -> codes(text, "=%02X", ""));
        all.put("JSON", text -> codes(text, "\\u%04x", ""));
        all.put("backslash x", text -> codes(text, "\\x%02x", ""));
        all.put("HTML", text -> codes(text, "&#%d;", ""));
        all.put("HTML in hex", text -> codes(text, "&#x%X;", ""));
        all.put("ROT13", DecodingTest::rot13);
        all.put(
                "tags",
                text -> text.codePoints()
                        .map(c -> 0xE0000 + c)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()));
        all.put(
                "variation selectors",
                text -> text.codePoints()
                        .map(c -> c < 16 ? 0xFE00 + c : 0xE0100 + c - 16)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()));
        return all;
    }

    static List<String> names() {
        return List.copyOf(encodings().keySet());
    }

    private static String codes(String text, String format, String between) {
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return bytes.chars().mapToObj(c -> String.format(format, c)).collect(Collectors.joining(between));
    }

    static String rot13(String text) {
        return text.chars()
                .map(c -> c >= 'a' && c <= 'z'
                        ? 'a' + (c - 'a' + 13) % 26
                        : c >= 'A' && c <= 'Z' ? 'A' + (c - 'A' + 13) % 26 : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static String base32(String text) {
        StringBuilder bits = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bits.append(String.format("%8s", Integer.toBinaryString(b & 0xFF)).replace(' ', '0'));
        }
        while (bits.length() % 5 != 0) {
            bits.append('0');
        }
        StringBuilder signs = new StringBuilder();
        for (int i = 0; i < bits.length(); i += 5) {
            signs.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(Integer.parseInt(bits.substring(i, i + 5), 2)));
        }
        return signs.toString();
    }

    static String encoded(String name, String text) {
        return encodings().getOrDefault(name, UnaryOperator.identity()).apply(text);
    }

    @ParameterizedTest
    @MethodSource("names")
    void encodedValue_isFoundAndTaken(String name) {
        String encoded = encoded(name, SECRET);
        Screening screening = RAIL.screen("See: " + encoded + " and more.");
        assertThat(screening.found()).as(encoded).hasSize(1);
        Match match = screening.found().get(0).match();
        assertThat(match.layer()).isNotEmpty();
        assertThat(screening.text()).contains("[CODE]").startsWith("See: ").endsWith(" and more.");
        assertThat(RAIL.screen("See: " + screening.text()).found()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void encodedTwice_isFound(String name) {
        for (String outer : List.of("base64", "percent", "hex")) {
            String encoded = encoded(outer, "x: " + encoded(name, SECRET) + " .");
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
        assertThat(rail.screen(encoded("base64", SECRET)).found()).isEmpty();
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
                "4b 2d"));
        encodings().forEach((name, encoding) -> {
            String encoded = encoding.apply(SECRET);
            pieces.add(encoded);
            pieces.add(encoded.substring(encoded.length() / 2));
            pieces.add(encoded(name, "K-123456"));
        });
        return Arbitraries.of(pieces).list().ofMaxSize(10).map(each -> String.join("", each));
    }

    @Property(tries = 2_000)
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
