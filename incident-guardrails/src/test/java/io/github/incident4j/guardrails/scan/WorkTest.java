// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much is read of texts in which many values begin and none ends, counted and not timed. */
class WorkTest {
    private static final int WINDOW = 256;

    /** Begins at each {@code k} and goes on up to a sign that does not come; counts what it reads. */
    private record Waiting(String rule, AtomicLong asked, AtomicLong read) implements Recogniser {
        @Override
        public String category() {
            return "test";
        }

        @Override
        public String triggers() {
            return "k";
        }

        @Override
        public int reach() {
            return WINDOW;
        }

        @Override
        public @Nullable Hit find(View view, int at) {
            asked.incrementAndGet();
            int to = at;
            while (to - at < WINDOW && view.charAt(to) != '!' && !view.isEnd(to)) {
                to++;
                read.incrementAndGet();
            }
            return view.charAt(to) == '!' ? new Hit(at, to + 1, 1, 1) : null;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k=", "key=value;"})
    void manyThatWait_readAboutAsMuchInPiecesAsInTheWhole(String piece) {
        Waiting whole = new Waiting("waiting", new AtomicLong(), new AtomicLong());
        Waiting stream = new Waiting("waiting", new AtomicLong(), new AtomicLong());
        String text = piece.repeat(8_192 / piece.length());

        rail(whole).check(text);
        TextStreamGuard guard = rail(stream).stream(1);
        text.chars().forEach(c -> guard.append(String.valueOf((char) c)));
        guard.end();

        assertThat(stream.asked().get()).isLessThan(20 * whole.asked().get());
        assertThat(stream.read().get()).isLessThan(6 * whole.read().get());
    }

    private static TextRail rail(Recogniser of) {
        return decoding(of).withoutDecoding().build();
    }

    private static TextRail.Builder decoding(Recogniser of) {
        return TextRail.builder("waiting").block(Rules.of("test", List.of(of)));
    }

    /**
     * What begins like a byte of quoted-printable, but for letters of two cases or a single byte of small ones, is read
     * once and not decoded.
     */
    @ParameterizedTest
    @CsvSource({"k=Ac, false", "k=aC, false", "k=2c, true", "k=AC, true", "k=ac, false", "k=c3=ad, true"})
    void signBeforeLettersOfTwoCasesOrSmallOnes_isNoEscape(String piece, boolean escape) {
        Waiting rule = new Waiting("waiting", new AtomicLong(), new AtomicLong());
        decoding(rule).build().check(piece.repeat(1_000));
        assertThat(rule.asked().get() > 1_000).isEqualTo(escape);
    }

    @Property(tries = 500)
    void signsAreFoundAsByReadingAll_howeverTheViewGrows(
            @ForAll @Chars({'a', 'b', '=', ' ', '\u00B2', '.'}) @StringLength(max = 60) String text,
            @ForAll @IntRange(min = 1, max = 20) int step,
            @ForAll @IntRange(min = 0, max = 40) int most) {
        for (Signs signs : List.of(Signs.of("=\n"), Signs.allBut("ab2"), Signs.controlsAnd(" "))) {
            View view = new View(4);
            for (int from = 0; from < text.length(); from += step) {
                view.append(text.substring(from, Math.min(text.length(), from + step)), from);
                looksAlike(view, signs, most);
            }
            view.complete();
            looksAlike(view, signs, most);
        }
    }

    private static void looksAlike(View view, Signs signs, int most) {
        for (int at = 0; at < view.length(); at += 3) {
            view.look(at - 5, at + 30);
            int limit = at + Math.min(most, 30);
            int end = at;
            while (end < limit && !view.isEnd(end) && !signs.has(view.charAt(end))) {
                end++;
            }
            boolean undecided = view.isUndecided();
            view.look(at - 5, at + 30);
            int found = view.indexOf(signs, at, limit);
            if (!undecided) {
                assertThat(found).isEqualTo(end);
            }
            assertThat(view.isUndecided()).isEqualTo(undecided);

            view.look(at - 5, at + 30);
            int start = at;
            while (start > at - Math.min(most, 5) && start > 0 && !signs.has(view.charAt(start - 1))) {
                start--;
            }
            if (!view.isUndecided()) {
                assertThat(view.startOfRun(signs, at - Math.min(most, 5), at)).isEqualTo(start);
            }
        }
    }
}
