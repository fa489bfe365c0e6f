// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.detect.internal.PageTest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CustomDetectorTest {
    /** A synthetic answer. */
    private record Score(double value) {}

    private static List<Signal> replay(Supplier<? extends Detector> detectors, int rows) {
        Backtest<Score> backtest = Backtest.<Score>of(Detectors.custom("mine", detectors, Score::value))
                .start();
        SplittableRandom random = new SplittableRandom(1);
        List<Signal> signals = new ArrayList<>();
        for (int i = 1; i <= rows; i++) {
            Score score = new Score(random.nextDouble() + (i > 2_000 ? 0.4 : 0));
            signals.addAll(backtest.observe(score, Instant.EPOCH.plusSeconds(i)));
        }
        return signals;
    }

    @Test
    void alarm_isASignalInTheDetectorsOwnTerms() {
        List<Signal> signals = replay(PageTest::new, 2_200);
        assertThat(signals).isNotEmpty();
        Signal first = signals.get(0);
        assertThat(first.sentence()).isEqualTo("'mine' rose");
        assertThat(first.evidence().threshold()).isEqualTo(20);
        assertThat(first.evidence().statistic()).isGreaterThanOrEqualTo(20);
        assertThat(first.onsetDecision()).isBetween(1_980L, 2_010L);
        assertThat(first.onset()).isEqualTo(Instant.EPOCH.plusSeconds(first.onsetDecision()));
    }

    /** What is wrong with a detector says nothing of the model. */
    @Test
    void detectorThatThrows_isSwitchedOffAndIsNoSignal() {
        Supplier<Detector> broken = () -> new PageTest() {
            @Override
            public Optional<Alarm> observe(Observation observation) {
                throw new IllegalStateException("broken");
            }
        };
        Backtest<Score> backtest = Backtest.<Score>of(Detectors.custom("mine", broken, Score::value))
                .start();
        for (int i = 1; i <= 100; i++) {
            assertThat(backtest.observe(new Score(1), Instant.EPOCH)).isEmpty();
            assertThat(backtest.faults()).hasSize(i < 10 ? 0 : 1);
        }
        assertThat(backtest.faults())
                .singleElement()
                .asString()
                .contains("detector 'mine' has thrown 10 times, the last time java.lang.IllegalStateException")
                .contains("switched off until the next start");
    }

    /** As any Kotlin code may, and Java code by generics. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void detectorThatThrowsWhatNobodyDeclares_isSwitchedOff() {
        Supplier<Detector> broken = () -> new PageTest() {
            @Override
            public Optional<Alarm> observe(Observation observation) {
                throw CustomDetectorTest.<RuntimeException>sneaky(new IOException("a feature store"));
            }

            @Override
            public void reset() {
                throw new AssertionError("broken");
            }
        };
        Backtest<Score> backtest = Backtest.<Score>of(Detectors.custom("mine", broken, Score::value))
                .start();
        for (int i = 0; i < 20; i++) {
            assertThat(backtest.observe(new Score(1), Instant.EPOCH)).isEmpty();
        }
        assertThat(backtest.faults()).singleElement().asString().contains("java.io.IOException");
    }

    /** Half an alarm is no word about the model. */
    @Test
    @SuppressWarnings("NullAway") // as a caller without a checker may
    void alarmWithoutAnOnset_isAFaultOfTheDetectorAndNoSignal() {
        Supplier<Detector> broken = () -> new PageTest() {
            @Override
            public Optional<Alarm> observe(Observation observation) {
                return Optional.of(new Alarm(1, null, new Signal.Evidence(1, 1, 0, 0, 1), "rose"));
            }
        };
        Backtest<Score> backtest = Backtest.<Score>of(Detectors.custom("mine", broken, Score::value))
                .start();
        for (int i = 0; i < 20; i++) {
            assertThat(backtest.observe(new Score(1), Instant.EPOCH)).isEmpty();
        }
        assertThat(backtest.faults()).singleElement().asString().contains("NullPointerException");
    }

    /** Such as one that now and then meets the collector of garbage. */
    @Test
    void detectorThatSeldomThrows_goesOn() {
        int[] calls = new int[1];
        List<Signal> signals = replay(
                () -> new PageTest() {
                    @Override
                    public Optional<Alarm> observe(Observation observation) {
                        if (++calls[0] % 150 == 0) {
                            throw new IllegalStateException("now and then");
                        }
                        return super.observe(observation);
                    }
                },
                2_200);
        assertThat(signals).isNotEmpty();
    }

    @Test
    void detectorThatCannotBeMade_harmsNobodyAndIsTold() {
        Supplier<Detector> none = () -> {
            throw new IllegalStateException("no");
        };
        Backtest<Score> backtest =
                Backtest.<Score>of(Detectors.custom("mine", none, Score::value)).start();
        for (int i = 0; i < 100; i++) {
            assertThat(backtest.observe(new Score(1), Instant.EPOCH)).isEmpty();
        }
        assertThat(backtest.faults()).singleElement().asString().contains("detector 'mine' cannot be made");
    }

    @Test
    @SuppressWarnings("NullAway") // as a caller without a checker may
    void nothingThatMakesDetectors_isAFault() {
        assertThat(Detectors.custom("mine", null, Score::value).faults())
                .singleElement()
                .asString()
                .contains("what makes its detectors, is null");
    }

    /** It makes its own promise, so the others are no slower for it. */
    @Test
    void customDetector_takesNoPartOfTheSharedBudget() {
        Detection<Object, Score> mine = Detectors.custom("mine", PageTest::new, Score::value);
        assertThat(Detection.sharing(1_000_000, List.of(mine, Detectors.errors(), Detectors.fallbacks()))
                        .get(1)
                        .budget())
                .isEqualTo(2_000_000);
    }

    @Test
    void check_findsNothingWrongWithASoundDetector() {
        assertThat(DetectorCheck.faults(PageTest::new, SplittableRandom::nextDouble))
                .isEmpty();
    }

    @Test
    void check_findsWhatIsWrong() {
        assertThat(DetectorCheck.faults(
                        () -> new PageTest() {
                            @Override
                            public void restore(DetectorState state) {
                                // forgets
                            }
                        },
                        SplittableRandom::nextDouble))
                .anyMatch(fault -> fault.contains("after save() and restore() it answers otherwise"));
        SplittableRandom shared = new SplittableRandom();
        assertThat(DetectorCheck.faults(
                        () -> new PageTest() {
                            @Override
                            public Optional<Alarm> observe(Observation observation) {
                                return super.observe(new Observation(
                                        shared.nextDouble() * 2, observation.decision(), observation.time()));
                            }
                        },
                        SplittableRandom::nextDouble))
                .anyMatch(fault -> fault.contains("two equal detectors differ"));
        assertThat(DetectorCheck.faults(
                        () -> new PageTest() {
                            private final List<Double> all = new ArrayList<>();

                            @Override
                            public Optional<Alarm> observe(Observation observation) {
                                all.add(observation.value());
                                return super.observe(observation);
                            }

                            @Override
                            public DetectorState save() {
                                return new DetectorState(1, Map.of("all", all));
                            }
                        },
                        SplittableRandom::nextDouble))
                .anyMatch(fault -> fault.contains("its state has 50000 numbers"));
        assertThat(DetectorCheck.faults(
                        () -> new PageTest() {
                            @Override
                            public Optional<Alarm> observe(Observation observation) {
                                if (observation.value() > 10) {
                                    throw new ArithmeticException("too large");
                                }
                                return Optional.of(new Alarm(
                                        observation.decision() + 1,
                                        observation.time(),
                                        new Signal.Evidence(1, 1, 0, 0, 1),
                                        " "));
                            }
                        },
                        SplittableRandom::nextDouble))
                .anyMatch(fault -> fault.contains("on extreme numbers it throws"))
                .anyMatch(fault -> fault.contains("an onset behind its own decision"))
                .anyMatch(fault -> fault.contains("has no words"));
    }
}
