// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.CpuTime;
import io.github.incident4j.guardrails.presets.Rails;
import io.github.incident4j.guardrails.secrets.SecretRails;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are longer than what a rule reads, or known late. */
class LongValueTest {
    private static final TextRail ALL = Rails.chatOutput();
    private static final TextRail SECRETS =
            TextRail.builder("secrets").redact(SecretRails.rules()).build();

    /** What stands between an angle bracket and its end, up to 500 characters; told by the word {@code staff}. */
    private record Bracketed() implements Recogniser {
        @Override
        public String rule() {
            return "bracketed";
        }

        @Override
        public String category() {
            return "test";
        }

        @Override
        public String triggers() {
            return "<";
        }

        @Override
        public Set<String> context() {
            return Set.of("staff");
        }

        @Override
        public @Nullable Hit find(View view, int at) {
            int to = at + 1;
            while (to - at < 500 && !view.isEnd(to) && view.charAt(to) != '>') {
                to++;
            }
            return view.charAt(to) == '>' ? new Hit(at, to + 1, 0.2, 0.9) : null;
        }
    }

    @Test
    void context_ofAValueThatIsKnownLate_isThatBeforeIt() {
        TextRail rail = TextRail.builder("late")
                .redact(Rules.of(
                        "late",
                        List.of(
                                new Bracketed(),
                                LayoutRecogniser.of("code", "test", "K-999999")
                                        .confidence(0.1, 0.1, 0.9)
                                        .context("other"))))
                .build();
        String text = "staff <" + "x ".repeat(100) + "K-123456" + " yyy".repeat(40) + "> end";
        assertThat(rail.screen(text).text()).isEqualTo("staff [BRACKETED] end");
        assertThat(inPieces(rail, text)).isEqualTo("staff [BRACKETED] end");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 5_000, 30_000})
    void token_isReplacedToItsEnd(int length) {
        String text = "token " + jwt(length) + " end. Then.";
        assertThat(SECRETS.screen(text).text()).isEqualTo("token [JWT] end. Then.");
        assertThat(inPieces(SECRETS, text)).isEqualTo("token [JWT] end. Then.");
        Redaction redaction = SECRETS.redaction(text);
        assertThat(redaction.text()).isEqualTo("token [JWT-1] end. Then.");
        assertThat(redaction.restore(redaction.text()).text()).isEqualTo(text);
    }

    /** The lines of a synthetic key, with something behind each. */
    private static String key(String label, int length, String between) {
        String body = random(length);
        StringBuilder lines = new StringBuilder("-----BEGIN " + label + "-----" + between);
        for (int i = 0; i < body.length(); i += 64) {
            lines.append(body, i, Math.min(body.length(), i + 64)).append(between);
        }
        return lines + "-----END " + label + "-----";
    }

    private static void assertRedacted(String text, String redacted) {
        assertThat(SECRETS.screen(text).text()).isEqualTo(redacted);
        assertThat(inPieces(SECRETS, text)).isEqualTo(redacted);
        Redaction redaction = SECRETS.redaction(text);
        assertThat(redaction.restore(redaction.text()).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 3_850, 3_950, 4_000, 8_001, 12_600, 60_000})
    void privateKey_isReplacedToItsEnd(int length) {
        for (String between :
                List.of("\n", "\r\n", "\\n", "\n    ", "\\n\" +\n            \"", "\u200B\n", " ", "%0A")) {
            String text = "key " + key("RSA PRIVATE KEY", length, between) + " end. Then.";
            assertRedacted(text, "key [RSA_PRIVATE_KEY] end. Then.");
        }
        assertRedacted(
                key("ENCRYPTED PRIVATE KEY", length, "\n") + "\n\n" + key("EC PRIVATE KEY", length, "\n"),
                "[ENCRYPTED_PRIVATE_KEY]\n\n[EC_PRIVATE_KEY]");
        String header =
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0123456789ABCDEF\n\n";
        assertRedacted(
                key("RSA PRIVATE KEY", length, "\n").replace("-----BEGIN RSA PRIVATE KEY-----\n", header) + "\nend",
                "[RSA_PRIVATE_KEY]\nend");
        assertRedacted(
                "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: c\nPrivate-Lines: 99\n"
                        + key("X", length, "\n").replaceAll("-----[^-]*-----", "")
                        + "Private-MAC: 0123456789abcdef\nend",
                "[PUTTY_PRIVATE_KEY]\nend");
    }

    @Test
    void longKeyWithoutItsLastLine_takesLittleOfWhatFollows() {
        String text = key("RSA PRIVATE KEY", 8_000, "\n");
        String cut = text.substring(0, text.indexOf("-----END"));
        String prose = "And this is what somebody wrote behind it, in words as they are. ".repeat(5);
        String out = SECRETS.screen(cut + prose).text();
        assertThat(out).startsWith("[RSA_PRIVATE_KEY]").hasSizeGreaterThan(prose.length() - 64);
        assertThat(prose).endsWith(out.substring("[RSA_PRIVATE_KEY]".length()));
        assertThat(inPieces(SECRETS, cut + prose)).isEqualTo(out);
    }

    @Test
    void tokenWithCharactersThatDoNotShow_isReplacedToItsEnd() {
        String token = jwt(30_000);
        String text = "token " + token.substring(0, 20_000) + "\u200B\uDB40\uDC41" + token.substring(20_000) + " end";
        assertRedacted(text, "token [JWT] end");
    }

    @Test
    void escapesInALongToken_areRead() {
        String token = jwt(2_000);
        for (String written : List.of(token.replace(".", "%2E"), "\\u0065" + token.substring(1))) {
            String text = "token " + written + " end";
            assertThat(SECRETS.screen(text).text()).isEqualTo("token [JWT] end");
            assertThat(inPieces(SECRETS, text)).isEqualTo("token [JWT] end");
        }
    }

    /** Longer than what the layer of escapes knows of it. */
    @ParameterizedTest
    @ValueSource(strings = {"%2E", "%2e", "&#46;", "&#x2e;", "&period;", "\\u002e", "\\x2e", "=2E", "%252E"})
    void escapedDotInALongToken_isRead(String dot) {
        for (int length : new int[] {100, 400, 2_000}) {
            String token = jwt(length);
            int second = token.lastIndexOf('.');
            String written = token.substring(0, second) + dot + token.substring(second + 1);
            assertRedacted("token " + written + " end", "token [JWT] end");
        }
    }

    @Test
    void longDrawnValueBehindAName_isReplacedToItsEnd() {
        for (int length : new int[] {250, 256, 257, 300, 600, 5_000}) {
            assertRedacted("refresh_token=\"" + random(length) + "\" end", "refresh_token=\"[TOKEN_ASSIGNMENT]\" end");
            assertRedacted("client_secret: " + random(length) + " end", "client_secret: [SECRET_ASSIGNMENT] end");
        }
        assertThat(SECRETS.screen("token=\"" + "what one reads. ".repeat(40) + "\"")
                        .found())
                .isEmpty();
    }

    /** What follows it stays, and what is of it does not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\nDB_HOST=localhost\nLOG=info level",
                "\r\nA=b",
                "\\nDB_HOST=db\"",
                "\\\"}",
                ", b",
                "&b=c",
                ". Then."
            })
    void longValueBehindAName_endsWhereItDoes(String next) {
        for (int length : new int[] {250, 256, 257, 300, 600, 5_000}) {
            for (String in : List.of("", "!", ".", "~", "*", "%2B", "\\/", "\u200B")) {
                String value = random(length) + in + random(40);
                assertRedacted("CLIENT_SECRET=" + value + next, "CLIENT_SECRET=[SECRET_ASSIGNMENT]" + next);
                assertRedacted("refresh_token=\"" + value + "\"" + next, "refresh_token=\"[TOKEN_ASSIGNMENT]\"" + next);
            }
        }
    }

    /** What a rule reads as one value is one to its end. */
    @Test
    void longValueWithMarksOrFullWidth_isReplacedToItsEnd() {
        for (String mark : List.of("\u0332", "\u0305", "\uFE0F")) {
            assertRedacted(
                    "CLIENT_SECRET=" + random(280) + mark + random(40) + "\nA=b",
                    "CLIENT_SECRET=[SECRET_ASSIGNMENT]\nA=b");
            assertRedacted("token " + jwt(8_000) + mark + random(40) + " end", "token [JWT] end");
        }
        assertRedacted("CLIENT_SECRET=" + fullWidth(random(300)) + "。", "CLIENT_SECRET=[SECRET_ASSIGNMENT]。");
        assertRedacted("CLIENT_SECRET=" + fullWidth(random(300)) + "，b", "CLIENT_SECRET=[SECRET_ASSIGNMENT]，b");
        assertRedacted("token " + fullWidth(jwt(8_000)) + " end", "token [JWT] end");
    }

    @Test
    void longValueInCircledOrMathematicalLetters_isReplacedToItsEnd() {
        String secret = "CLIENT_SECRET=" + circled(random(300));
        assertRedacted(secret + "\nA=b", "CLIENT_SECRET=[SECRET_ASSIGNMENT]\nA=b");
        assertRedacted("token " + monospace(jwt(8_000)) + " end", "token [JWT] end");
        assertRedacted("It is " + jwt(400) + "\u00B2 ok", "It is [JWT]\u00B2 ok");
    }

    private static String circled(String text) {
        return written(text, 0x24B6, 0x24D0, 0x24EA, 0x2460);
    }

    private static String monospace(String text) {
        return written(text, 0x1D670, 0x1D68A, 0x1D7F6, 0x1D7F7);
    }

    private static String written(String text, int capital, int small, int zero, int one) {
        StringBuilder written = new StringBuilder();
        text.chars()
                .map(c -> Character.isUpperCase(c)
                        ? c - 'A' + capital
                        : Character.isLowerCase(c)
                                ? c - 'a' + small
                                : c == '0' ? zero : Character.isDigit(c) ? c - '1' + one : c)
                .forEach(written::appendCodePoint);
        return written.toString();
    }

    private static String fullWidth(String text) {
        StringBuilder wide = new StringBuilder();
        text.chars().forEach(c -> wide.append((char) (c - 0x20 + 0xFF00)));
        return wide.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {".Thanks", "%2EThanks", "\\.html", "&#46;Then", ".json", ".Thanks."})
    void wordBehindTheFullStopOfAToken_isNoPartOfIt(String next) {
        for (int length : new int[] {60, 100, 400}) {
            assertRedacted("It is " + jwt(length) + next + " ok", "It is [JWT]" + next + " ok");
        }
    }

    @Test
    void sentenceBehindALongValue_stays() {
        assertThat(SECRETS.screen("It is " + jwt(400) + ". Then.").text()).isEqualTo("It is [JWT]. Then.");
        assertThat(SECRETS.screen("It is " + jwt(400) + "\nThen.").text()).isEqualTo("It is [JWT]\nThen.");
    }

    /** In pieces a text does not take a hundred times as long as the whole. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN PRIVATE KEY-----\nMIIE",
                "-----BEGIN PRIVATE KEY-----\n",
                "PuTTY-User-Key-File-2: ",
                "AccountKey=",
                "password=\"",
                "eyJhbGciOi",
                "%41",
                "QUJDREVG"
            })
    void pieces_takeLinearTime(String repeated) {
        String text = repeated.repeat(20_000 / repeated.length());
        for (int i = 0; i < 3; i++) { // until it is compiled
            SECRETS.screen(text);
            inPieces(SECRETS, text);
        }
        long begin = CpuTime.nanos();
        SECRETS.screen(text);
        long between = CpuTime.nanos();
        inPieces(SECRETS, text);
        assertThat(CpuTime.nanos() - between).isLessThan(40 * (between - begin));
    }

    /** What makes many rules wait costs not much more than prose, in pieces too. */
    @ParameterizedTest
    @ValueSource(strings = {"-----BEGIN PRIVATE KEY-----\n", "PuTTY-User-Key-File-2: "})
    void rulesThatWait_areNotAskedOverAndOver(String repeated) {
        long hostile = timeInPieces(repeated.repeat(8_000 / repeated.length()));
        long prose = timeInPieces("Most people in this town would rather walk, so streets are quiet. ".repeat(121));
        assertThat(hostile).isLessThan(25 * prose);
    }

    private static long timeInPieces(String text) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 6; i++) {
            long begin = CpuTime.nanos();
            inPieces(ALL, text);
            least = Math.min(least, CpuTime.nanos() - begin);
        }
        return least;
    }

    private static String jwt(int length) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
        String payload = "{\"sub\":\"1\",\"data\":\"" + random(length * 3 / 4) + "\"}";
        return encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8))
                + '.'
                + encoder.encodeToString(payload.getBytes(StandardCharsets.UTF_8))
                + '.'
                + random(43);
    }

    private static String random(int length) {
        String signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        Random random = new Random(length);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(signs.charAt(random.nextInt(signs.length())));
        }
        return text.toString();
    }

    private static String inPieces(TextRail rail, String text) {
        TextStreamGuard guard = rail.stream(1);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i += 7) {
            out.append(guard.append(text.substring(i, Math.min(text.length(), i + 7)))
                    .text());
        }
        return out.append(guard.end().text()).toString();
    }
}
