// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.detect.internal.PageTest;
import io.github.incident4j.model.ConfigurationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BacktestTest {
    /** A synthetic row. */
    private record Row(String sex, double score, boolean approved) {}

    private final SplittableRandom random = new SplittableRandom(2);

    private List<Signal> replay(Backtest<Row> backtest, int rows, double shift) {
        List<Signal> signals = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            Row row = new Row(random.nextBoolean() ? "f" : "m", shift + random.nextDouble(), random.nextBoolean());
            signals.addAll(backtest.observe(row, Instant.EPOCH.plusSeconds(backtest.rows())));
        }
        return signals;
    }

    @Test
    void signals_nameRowsAndTimes() {
        Backtest<Row> backtest = Backtest.<Row>of(
                        Detectors.outputDrift(Row::score), Detectors.groupDisparity("sex", Row::approved))
                .segment("sex", Row::sex)
                .start();
        assertThat(replay(backtest, 4_000, 0)).isEmpty();
        assertThat(backtest.readings())
                .as("the groups learn for 5,000 rows")
                .singleElement()
                .satisfies(reading -> {
                    assertThat(reading.detector()).isEqualTo("output-drift");
                    assertThat(reading.threshold()).as("shared by two").isEqualTo(2_000_000);
                    assertThat(reading.statistic()).isLessThan(2_000_000);
                });
        Signal signal = replay(backtest, 300, 0.5).get(0);
        assertThat(signal.onsetDecision()).isBetween(3_990L, 4_010L);
        assertThat(signal.onset()).isEqualTo(Instant.EPOCH.plusSeconds(signal.onsetDecision() - 1));
        assertThat(backtest.rows()).isEqualTo(4_300);
    }

    @Test
    void relearning_takesTheChangeForTheNorm() {
        Detection<Object, Row> drift = Detectors.outputDrift(Row::score).warmUp(500);
        Backtest<Row> same = Backtest.<Row>of(drift).start();
        Backtest<Row> relearning = Backtest.<Row>of(drift).relearning().start();
        assertThat(replay(same, 2_000, 0)).isEmpty();
        assertThat(replay(relearning, 2_000, 0)).isEmpty();
        assertThat(replay(same, 2_000, 0.4)).hasSizeGreaterThan(10);
        assertThat(replay(relearning, 2_000, 0.4)).hasSize(1);
        assertThat(replay(relearning, 2_000, 0)).as("and back").hasSize(1);
    }

    @Test
    void labels_areTakenAsKnownAtOnce() {
        Backtest<Row> backtest = Backtest.<Row>of(Detectors.<Row>accuracy(row -> row.score() < 0.8 ? "f" : "m"))
                .label(Row::sex)
                .start();
        for (int i = 0; i < 4_000; i++) {
            backtest.observe(new Row(i % 2 == 0 ? "f" : "m", i % 2 == 0 ? 0.1 : 0.9, true), Instant.EPOCH);
        }
        List<Signal> signals = replay(backtest, 100, 0);
        assertThat(signals.get(0).sentence())
                .startsWith("'accuracy' fell from 100.0 % to ")
                .doesNotContain("labels");
        assertThat(backtest.readings().get(0).labelling())
                .hasValueSatisfying(
                        labelling -> assertThat(labelling.labelled()).isEqualTo(4_100));
        assertThatThrownBy(() ->
                        Backtest.<Row>of(Detectors.<Row>accuracy(Row::sex)).start())
                .hasMessageContaining("asks for labels, and none are declared; declare them by label(…)");
    }

    @Test
    void faults_areToldAllAtOnce() {
        assertThatThrownBy(() -> Backtest.<Row>of(
                                Detectors.outputDrift(Row::score).tolerance(7),
                                Detectors.outputDrift(Row::score).by("sex"))
                        .start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "a tolerance of 7.0", "two detectors have the name 'output-drift'", "attribute 'sex'");
        assertThatThrownBy(() -> Backtest.<Row>of(List.of()).start()).hasMessageContaining("there is nothing to watch");
    }

    /** A reading may come at any moment, such as right behind an alarm. */
    @Test
    void readings_canBeHadBeforeTheFirstDecisionOfAStatistic() {
        for (Detection<Object, Row> detection : List.<Detection<Object, Row>>of(
                Detectors.rate("denials", row -> !row.approved()),
                Detectors.outputDrift(row -> row.approved() ? 1 : 0),
                Detectors.outputCategories(row -> String.valueOf(row.approved())),
                Detectors.custom("page", PageTest::new, row -> row.approved() ? 0 : 1))) {
            Backtest<Row> backtest = Backtest.<Row>of(detection).start();
            List<Signal> signals = new ArrayList<>();
            for (int i = 0; i < 3_000 || (signals.isEmpty() && i < 10_000); i++) {
                boolean approved = i < 3_000 && i % 2 == 0;
                signals.addAll(backtest.observe(new Row("f", 0, approved), Instant.EPOCH));
            }
            assertThat(signals).as(detection.name()).isNotEmpty();
            assertThat(backtest.readings()).singleElement().satisfies(reading -> {
                assertThat(reading.detector()).isEqualTo(detection.name());
                assertThat(reading.statistic()).as("the alarm was the last row").isZero();
                assertThat(reading.current()).isNaN();
            });
        }
    }
}
