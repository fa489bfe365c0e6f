// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.2S, 200 ms",
        "PT0.0000015S, 1 µs 500 ns",
        "PT10S, 10 s",
        "PT1H30M, 1 h 30 min",
        "PT24H, 1 day",
        "P365D, 365 days",
        "PT-1M-0.5S, -1 min 500 ms",
    })
    void duration_isWrittenByItsUnits(Duration duration, String text) {
        assertThat(Durations.text(duration)).isEqualTo(text);
    }

    @Test
    void noDurationAndTheLongestOnes_areWrittenToo() {
        assertThat(Durations.text(null)).isEqualTo("null");
        assertThat(Durations.text(Duration.ofSeconds(Long.MAX_VALUE))).startsWith("106751991167300 days");
        assertThat(Durations.text(Duration.ofSeconds(Long.MIN_VALUE))).startsWith("PT-");
    }
}
