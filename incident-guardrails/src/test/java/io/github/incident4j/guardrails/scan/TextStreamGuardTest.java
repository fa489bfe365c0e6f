// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.pii.PiiRails;
import io.github.incident4j.guardrails.presets.Rails;
import io.github.incident4j.model.Finding;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All values are synthetic. */
class TextStreamGuardTest {
    private static final TextRail RAIL = PiiRails.redact();
    private static final String PROSE = "They said it over and over, one day and then another. ".repeat(40);

    @Test
    void fullBatch_isLookedAt() {
        TextStreamGuard guard = RAIL.stream(20);
        assertThat(guard.append("one, two, ").text()).isEmpty();
        assertThat(guard.append("three, fo").text()).isEmpty();
        assertThat(guard.append("u").text()).as("20 characters").isNotEmpty();
        assertThat(guard.append("r, five, ").text()).as("a new batch").isEmpty();
    }

    @Test
    void pause_isSaidByFlush() {
        TextStreamGuard guard = RAIL.stream();
        assertThat(guard.append("It is over now, ").text()).isEmpty();
        assertThat(guard.flush().text()).startsWith("It is ");
        assertThat(guard.flush()).as("nothing came since").isEqualTo(Screening.NOTHING);
        guard.append("and jo.doe@exa");
        assertThat(guard.flush().text()).endsWith("and ");
        guard.append("mple.com is");
        assertThat(guard.flush().text()).startsWith("[EMAIL]");
    }

    @Test
    void flush_saysNothingBehindTheEnd() {
        TextStreamGuard guard = RAIL.stream();
        guard.append("It is over.");
        assertThat(guard.end().text()).isEqualTo("It is over.");
        assertThat(guard.flush()).isEqualTo(Screening.NOTHING);
        assertThat(guard.end()).isEqualTo(Screening.NOTHING);
    }

    @Test
    void valueThatBlocks_stopsAtTheFlush() {
        TextRail blocking = TextRail.builder("no-pii").block(PiiRails.rules()).build();
        TextStreamGuard guard = blocking.stream();
        guard.append("Write to jo.doe@example.com at once");
        Screening last = guard.flush();
        assertThat(last.text()).isEqualTo("Write to ");
        assertThat(last.stop()).isPresent();
        assertThat(guard.append(" or later")).isEqualTo(Screening.NOTHING);
        assertThat(guard.end()).isEqualTo(Screening.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 500})
    void prose_isHeldBackForItsBatchAndSomeWords(int batch) {
        TextStreamGuard guard = Rails.chatOutput().stream(batch);
        int[] held = new int[PROSE.length()];
        int passed = 0;
        for (int i = 0; i < held.length; i++) {
            passed += guard.append(PROSE.substring(i, i + 1)).text().length();
            held[i] = i + 1 - passed;
        }
        assertThat(Arrays.stream(held).max().orElseThrow()).isLessThan(batch + 32);
        assertThat(guard.holdBack()).isEqualTo(Rails.chatOutput().holdBack() + batch - 1);
    }

    /** What could not be checked does not leave afterwards. */
    @Test
    void textEnds_whereAMaskOrConditionOfTheHostThrows() {
        TextRail masks = TextRail.builder("masks")
                .redact(PiiRails.rules(), (match, value) -> {
                    throw new IllegalStateException("no key");
                })
                .build();
        TextRail conditions = TextRail.builder("conditions")
                .redact(PiiRails.rules())
                .allowIf(value -> {
                    throw new IllegalStateException("no list");
                })
                .build();
        for (TextRail rail : List.of(masks, conditions)) {
            for (int batch : new int[] {1, 64}) {
                TextStreamGuard guard = rail.stream(batch);
                StringBuilder out = new StringBuilder();
                int thrown = 0;
                for (String piece : List.of("mail jo@exam", "ple.com now, ", "and more of it. ".repeat(20), "")) {
                    try {
                        out.append(
                                piece.isEmpty()
                                        ? guard.end().text()
                                        : guard.append(piece).text());
                    } catch (IllegalStateException e) {
                        thrown++;
                    }
                }
                assertThat(thrown).isEqualTo(1);
                assertThat("mail ").startsWith(out.toString());
                assertThat(guard.flush()).isEqualTo(Screening.NOTHING);
            }
        }
    }

    /** An escape counts as the one character that it stands for. */
    @ParameterizedTest
    @CsvSource({
        "%41, 3",
        "\\U00000041, 10",
        "%2541, 5",
        "&#0000000065;, 13",
        "A, 1",
        "QUFB, 1",
        "0, 1",
        "cnffjbeq, 1",
        "aA+, 1"
    })
    void heldBack_isNoMoreThanStated(String unit, int width) {
        for (TextRail rail : List.of(Rails.chatOutput(), Rails.chatInput())) {
            TextStreamGuard guard = rail.stream(1);
            String text = unit.repeat(12_000 * width / unit.length());
            int passed = 0;
            int most = 0;
            for (int at = 0; at < text.length(); at += 16) {
                int end = Math.min(text.length(), at + 16);
                passed += guard.append(text.substring(at, end)).text().length();
                most = Math.max(most, end - passed);
            }
            assertThat(most / width).isLessThanOrEqualTo(guard.holdBack());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 8_193})
    void batchThatIsNone_stopsTheText(int batch) {
        TextStreamGuard guard = RAIL.stream(batch);
        Screening first = guard.append("one");
        assertThat(first.text()).isEmpty();
        assertThat(first.stop().map(Finding::category)).contains("misconfigured");
        assertThat(first.stop().map(Finding::message).orElse(""))
                .contains("" + batch)
                .contains("from 1 to 8192");
        assertThat(guard.end()).isEqualTo(Screening.NOTHING);
    }
}
