// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The evidence by which a recovery ramp goes on. */
class RecoveryTest {
    private static final double ENOUGH = 20;

    /** The first observation at which the evidence is enough, or -1. */
    private static int passesAt(double nullMean, double rate, int length, long seed) {
        EDetector detector = EDetector.atLeast(nullMean);
        Random random = new Random(seed);
        for (int i = 0; i < length; i++) {
            detector.observe(random.nextDouble() < rate ? 1 : 0, i, i);
            if (detector.recovery() >= ENOUGH) {
                return i;
            }
        }
        return -1;
    }

    /** At the edge of harm it may pass in one of twenty cases, however often one looks. */
    @Test
    void harmAtTheLimit_passesInAtMostOneOfTwentyCases() {
        int passed = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            passed += passesAt(0.15, 0.15, 5_000, seed) >= 0 ? 1 : 0;
        }
        assertThat(passed).isLessThanOrEqualTo(50 + 21); // three standard deviations of a twentieth
    }

    @Test
    void plainHarm_neverPasses() {
        for (int seed = 0; seed < 200; seed++) {
            assertThat(passesAt(0.15, 0.3, 2_000, seed)).isEqualTo(-1);
        }
    }

    @Test
    void soundRoute_passesSoon() {
        double sum = 0;
        for (int seed = 0; seed < 200; seed++) {
            int at = passesAt(0.15, 0.1, 5_000, seed);
            assertThat(at).isNotNegative();
            sum += at;
        }
        assertThat(sum / 200)
                .as("decisions until a rate of 10 % is shown to be below 15 %")
                .isLessThan(600);
    }

    @Test
    void reset_startsAnew() {
        EDetector detector = EDetector.atLeast(0.5);
        for (int i = 0; i < 100; i++) {
            detector.observe(0, i, i);
        }
        assertThat(detector.recovery()).isGreaterThan(ENOUGH);
        detector.reset();
        assertThat(detector.recovery()).isEqualTo(1);
    }

    /** The first observation at which a rate is shown to be above a limit, or -1. */
    private static int harmfulAt(double limit, double rate, int length, long seed) {
        MeanEvidence harmful = MeanEvidence.above(limit);
        Random random = new Random(seed);
        for (int i = 0; i < length; i++) {
            harmful.observe(random.nextDouble() < rate ? 1 : 0);
            if (harmful.value() >= ENOUGH) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void failuresAtTheLimit_areHarmInAtMostOneOfTwentyCases() {
        int harmful = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            harmful += harmfulAt(0.05, 0.05, 5_000, seed) >= 0 ? 1 : 0;
        }
        assertThat(harmful).isLessThanOrEqualTo(50 + 21); // three standard deviations of a twentieth
    }

    @Test
    void routeThatFailsOften_isHarmSoon() {
        for (int seed = 0; seed < 200; seed++) {
            assertThat(harmfulAt(0.05, 0.4, 200, seed)).isBetween(0, 60);
        }
    }

    @Test
    void routeWithoutFailures_isSoundSoon() {
        MeanEvidence sound = MeanEvidence.below(0.05);
        int attempts = 0;
        while (sound.value() < ENOUGH) {
            sound.observe(0);
            attempts++;
        }
        assertThat(attempts).isBetween(70, 90);
    }
}
