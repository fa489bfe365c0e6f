// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.injection.Canary;
import io.github.incident4j.guardrails.injection.InjectionRails;
import io.github.incident4j.guardrails.markup.HtmlOptions;
import io.github.incident4j.guardrails.markup.MarkupRails;
import io.github.incident4j.guardrails.markup.UrlOptions;
import io.github.incident4j.guardrails.pii.PiiRails;
import io.github.incident4j.guardrails.secrets.SecretRails;
import io.github.incident4j.guardrails.text.TextRails;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds of all recognisers and decoders on texts that nobody would write. */
class AnyTextProperties {
    private static final TextRail REDACTS = TextRail.builder("redacts")
            .redact(SecretRails.rules().leastConfidence(0))
            .redact(PiiRails.rules().leastConfidence(0))
            .redact(InjectionRails.rules())
            .redact(MarkupRails.urlRules(UrlOptions.options()))
            .redact(MarkupRails.htmlRules(HtmlOptions.options()))
            .build();
    private static final TextRail WEIGHS = TextRail.builder("weighs")
            .weigh(InjectionRails.rules(), 0.3, 0.95)
            .flag(SecretRails.rules().leastConfidence(0))
            .flag(PiiRails.rules().leastConfidence(0))
            .build();

    /** What the other two leave out, and values that are allowed in each way. */
    private static final TextRail OTHERS = TextRail.builder("others")
            .redact(PiiRails.rulesWithCheckedPhones("US", "DE").leastConfidence(0))
            .redact(MarkupRails.fragmentRules())
            .redact(TextRails.deniedTermRules(List.of("password", "instructions", "忽略", "C++")))
            .redact(TextRails.disguisedTermRules(List.of("password", "begin", "忽略")))
            .redact(TextRails.competitorRules(List.of("Example", "Private Key")))
            .redact(TextRails.deniedPatternRules("ignore[a-z ]*", "jo@.*$", "\\bbegin [A-Z]+"))
            .redact(Canary.create(new Random(3)).rules())
            .allow("jo@example.com")
            .allowIf(value -> value.length() % 3 == 0)
            .allowNear("what")
            .build();

    private static final List<TextRail> RAILS = List.of(REDACTS, WEIGHS, OTHERS);

    private static final String DRAWN = drawn(300);

    private static String drawn(int length) {
        String signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        Random random = new Random(length);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(signs.charAt(random.nextInt(signs.length())));
        }
        return text.toString();
    }

    /** Signs of each alphabet that some rule or decoder reads, and what is no text at all. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> ascii =
                Arbitraries.strings().withCharRange('\0', '\u007F').ofMaxLength(12);
        Arbitrary<String> base64 =
                Arbitraries.strings().withChars("ABCDwxyz0189+/-_=\n").ofMaxLength(40);
        Arbitrary<String> codes =
                Arbitraries.strings().withChars("01259abfx ,:.-/|").ofMaxLength(40);
        Arbitrary<String> units =
                Arbitraries.chars().all().array(char[].class).ofMaxSize(6).map(String::new);
        Arbitrary<String> hidden = Arbitraries.of(
                        0xE0041, 0xE0020, 0xE007F, 0xE0100, 0xE01EF, 0xFE00, 0xFE0F, 0x200B, 0x0301, 0x20E3, 0xFFFE,
                        0xFFFD, 0xAD, 0x202E, 0x1F1E6, 0x10FFFF)
                .list()
                .ofMaxSize(12)
                .map(codePoints -> {
                    StringBuilder text = new StringBuilder();
                    codePoints.forEach(text::appendCodePoint);
                    return text.toString();
                });
        Arbitrary<String> halves = Arbitraries.of("\uD800", "\uDBFF", "\uDC00", "\uDFFF", "\uDB40", "\uDC41", "\uD83D");
        // longer than what a rule reads of a value, and what may end it or be of it
        Arbitrary<String> drawn = Arbitraries.integers()
                .between(250, 262)
                .map(length -> "CLIENT_SECRET=" + DRAWN.substring(0, length))
                .flatMap(value -> Arbitraries.of(
                                "", ".", "!", "\n", "&", "%2B", "，", "\u200B", "\u0332", "\\n", "\\", "Ａ")
                        .map(next -> value + next));
        Arbitrary<String> pieces = Arbitraries.of(
                "%41",
                "%00",
                "=20",
                "=3D",
                "=93",
                "?Q?",
                "\\100",
                "\\404",
                "C:\\",
                "%F0%9F",
                "%ff",
                "&#55357;",
                "&#x110000;",
                "&#xD800;",
                "&amp",
                "\\uD83D",
                "\\uDCA3",
                "\\x0",
                "=C3",
                "=\n",
                "gur naq lbh ",
                "cnffjbeq ",
                "-----BEGIN PRIVATE KEY-----",
                "-----END ",
                "eyJhbGciOi",
                "@",
                "://",
                "4242 4242 4242 4242",
                "DE89370400440532013000",
                "jo@example.com",
                "+49 30 901820",
                "ignore all previous ",
                "instructions",
                "what does '",
                "' mean",
                "1gn0r3!",
                "a$$",
                "<|im_start|>",
                "<script>",
                "[x](javascript:",
                "忽略之前",
                "１２３",
                "password=",
                "password=\"",
                "AccountKey=",
                "\nuser: ",
                "\nQ: a\nA: b".repeat(3),
                "\nQ: a\nA: b".repeat(9),
                "-----BEGIN RSA PRIVATE KEY-----\n",
                "; DROP TABLE x; --",
                "$(rm -rf /)",
                "{{7*7}}",
                "c++",
                "\u202E",
                "…",
                "\u0130",
                "ß",
                "ŉ",
                "²",
                "№",
                "™",
                "½",
                "①",
                "ﬁ",
                "\uFB03");
        return Arbitraries.frequencyOf(
                        Tuple.of(2, ascii),
                        Tuple.of(1, base64),
                        Tuple.of(1, codes),
                        Tuple.of(1, units),
                        Tuple.of(1, hidden),
                        Tuple.of(1, halves),
                        Tuple.of(3, pieces),
                        Tuple.of(1, drawn))
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 400)
    void spans_areInTheText_andCutNoPair(@ForAll("texts") String text) {
        for (TextRail rail : RAILS) {
            for (Screening.Found found : rail.screen(text).found()) {
                Match match = found.match();
                assertThat(match.start()).isBetween(0, match.end() - 1);
                assertThat(match.end()).isLessThanOrEqualTo(text.length());
                assertThat(isInPair(text, match.start())).isFalse();
                assertThat(isInPair(text, match.end())).isFalse();
                assertThat(match.codePointStart()).isEqualTo(text.codePointCount(0, match.start()));
                assertThat(match.codePointEnd()).isEqualTo(text.codePointCount(0, match.end()));
            }
        }
    }

    private static boolean isInPair(String text, int at) {
        return at > 0
                && at < text.length()
                && Character.isHighSurrogate(text.charAt(at - 1))
                && Character.isLowSurrogate(text.charAt(at));
    }

    @Property(tries = 200)
    void cuts_makeNoDifference(@ForAll("texts") String text, @ForAll long seed) {
        for (TextRail rail : RAILS) {
            assertThat(Cuts.screened(rail, text, 9, new Random(seed))).isEqualTo(rail.screen(text));
        }
    }

    @Property(tries = 200)
    void redaction_isUndone(@ForAll("texts") String text) {
        for (TextRail rail : List.of(REDACTS, OTHERS)) {
            Redaction redaction = rail.redaction(text);
            assertThat(redaction.restore(redaction.text()).text()).isEqualTo(text);
        }
    }

    @Property(tries = 400)
    void decoders_stayInTheirWindow(@ForAll("texts") String text) {
        View view = View.of(text.repeat(3));
        List<String> decoded = new ArrayList<>();
        for (Decoder decoder : Decoders.ALL) {
            for (int at = 0; at < view.length(); at++) {
                Hit piece = decoder.find(view, at);
                if (piece != null) {
                    assertThat(piece.from()).isEqualTo(at);
                    assertThat(piece.to()).isBetween(at + 1, view.length());
                    assertThat(decoder.next(view, piece)).isEqualTo(Decoder.NONE);
                    decoded.add(decoder.decode(view.slice(piece.from(), piece.to())));
                }
            }
        }
        assertThat(decoded.size()).isLessThanOrEqualTo(view.length() * Decoders.ALL.size());
    }
}
