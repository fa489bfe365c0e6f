// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.detect.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Intervals that hold whenever one looks, whichever onset was chosen. */
class BetaMixtureTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("incident4j.shared", "../../shared"), "vectors", "confseq.json");
    private static final double LEVEL = 0.99;

    private static double expected(String function) throws IOException {
        assumeTrue(Files.exists(VECTORS), "the vectors " + VECTORS + " are not there; set -Dincident4j.shared=DIR");
        for (JsonNode each : new ObjectMapper().readTree(VECTORS.toFile()).path("cases")) {
            if (each.path("fn").asText().equals(function)) {
                return each.path("expected").asDouble();
            }
        }
        throw new AssertionError("no vector of " + function);
    }

    /** The same mixture in the terms of that implementation: g = m, h = 1 − m, v = n g h, s = S − n m. */
    @Test
    void evidence_isThatOfAnotherImplementation() throws IOException {
        double rho = expected("TwoSidedNormalMixture.best_rho");
        double g = 0.2;
        double h = 0.8;
        BetaMixture mixture = new BetaMixture((rho - g * h) / h, (rho - g * h) / g);
        double n = 100 / (g * h);
        assertThat(mixture.logEvidence(n, n * g + 10, g))
                .isCloseTo(
                        expected("BetaBinomialMixture(100,.05,g=.2,h=.8,one_sided=false).log_superMG"), within(1e-5));
        double bound = expected("BetaBinomialMixture(...false).bound");
        assertThat(mixture.logEvidence(n, n * g + bound, g)).isCloseTo(Math.log(1 / 0.05), within(1e-5));
    }

    @Test
    void logGamma_isThatOfFactorials() {
        double factorials = 0;
        for (int n = 1; n <= 200; n++) {
            assertThat(BetaMixture.logGamma(n)).isCloseTo(factorials, within(1e-10 * Math.max(1, factorials)));
            factorials += Math.log(n);
        }
        assertThat(BetaMixture.logGamma(0.5)).isCloseTo(Math.log(Math.sqrt(Math.PI)), within(1e-11));
    }

    @Test
    void ends_areWhereTheEvidenceIsEnough() {
        Interval interval = BetaMixture.UNKNOWING.interval(200, 24, Math.log(100), LEVEL);
        assertThat(interval.low()).isBetween(0.03, 0.12);
        assertThat(interval.high()).isBetween(0.12, 0.25);
        for (double end : new double[] {interval.low(), interval.high()}) {
            assertThat(BetaMixture.UNKNOWING.logEvidence(200, 24, end)).isCloseTo(Math.log(100), within(1e-6));
        }
        assertThat(BetaMixture.UNKNOWING.interval(50, 0, Math.log(100), LEVEL).low())
                .isZero();
        assertThat(BetaMixture.UNKNOWING.interval(50, 50, Math.log(100), LEVEL).high())
                .isEqualTo(1);
        assertThat(BetaMixture.UNKNOWING.interval(1, 0.5, Math.log(100), LEVEL))
                .as("one observation says next to nothing")
                .satisfies(one -> assertThat(one.high() - one.low()).isGreaterThan(0.9));
    }

    /** A stream without a change: at whatever time, the interval of the onset that is most likely then is right. */
    @Test
    void intervalSinceTheOnset_isRightAtAllTimes_thoughTheOnsetIsChosen() {
        int wrong = 0;
        int wrongIfGiven = 0;
        int runs = Simulation.runs(100);
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(run);
            EDetector detector = EDetector.atLeast(0.1);
            boolean missed = false;
            boolean missedIfGiven = false;
            for (int i = 1; i <= 3_000; i++) {
                detector.observe(Simulation.bernoulli(random, 0.1), i, i);
                if (i % 3 != 0) {
                    continue; // to be done sooner
                }
                missed |= !holds(detector.onsetInterval(1).orElseThrow(), 0.1);
                missedIfGiven |= !holds(
                        BetaMixture.UNKNOWING.interval(
                                (double) detector.onsetCount(),
                                detector.onsetMean() * (double) detector.onsetCount(),
                                Math.log(1 / (1 - LEVEL)),
                                LEVEL),
                        0.1);
            }
            wrong += missed ? 1 : 0;
            wrongIfGiven += missedIfGiven ? 1 : 0;
        }
        assertThat(wrong).as("of %d runs", runs).isLessThanOrEqualTo(Math.max(1, runs / 100));
        assertThat(wrongIfGiven)
                .as("what it would be if the onset were taken as given")
                .isGreaterThan(runs / 20);
    }

    /** At an alarm of a true change: the mean behind it. */
    @Test
    void intervalOfASignal_holdsWhatTheMeanHasBecome() {
        int wrong = 0;
        int runs = Simulation.runs(200);
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(run);
            EDetector detector = EDetector.atLeast(0.05);
            for (int i = 1; detector.statistic() < 1_000_000; i++) {
                detector.observe(Simulation.bernoulli(random, i < 2_000 ? 0.02 : 0.1), i, i);
            }
            Interval interval = detector.onsetInterval(1).orElseThrow();
            wrong += holds(interval, 0.1) ? 0 : 1;
            assertThat(interval.level()).isEqualTo(LEVEL);
        }
        assertThat(wrong).as("of %d runs", runs).isLessThanOrEqualTo(Math.max(2, runs / 100));
    }

    private static boolean holds(Interval interval, double mean) {
        return interval.low() <= mean && mean <= interval.high();
    }
}
