// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.pii.PiiRails;
import io.github.incident4j.guardrails.presets.Rails;
import io.github.incident4j.model.Finding;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
