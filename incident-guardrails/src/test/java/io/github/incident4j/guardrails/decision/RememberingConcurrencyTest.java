// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.RecentKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RememberingConcurrencyTest {
    private static final int THREADS = 4;
    private static final int CALLS = Boolean.getBoolean("incident4j.full") ? 2_000_000 : 100_000;

    private record Reading(int key, double driver, double value) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1_023, 1_024, 5_000})
    void memory_staysWithinItsBoundWhateverTheThreadsAsk(int keys) throws Exception {
        Memory memory = Memory.of(keys, Duration.ofDays(1));
        RateOfChange<Reading> rate = new RateOfChange<>(Reading::key, Reading::value, 1, memory);
        Monotone<Reading> rising = new Monotone<>(Reading::key, Reading::driver, Reading::value, true, 0, memory);
        List<Integer> largest = inThreads(thread -> {
            SplittableRandom random = new SplittableRandom(thread);
            int most = 0;
            for (int i = 0; i < CALLS / THREADS; i++) {
                Reading reading = new Reading(random.nextInt(20_000), i, i);
                rate.check(reading);
                rising.check(reading);
                if (i % 1_000 == 0) {
                    most = Math.max(most, Math.max(rate.remembered(), rising.remembered()));
                }
            }
            return most;
        });
        assertThat(largest).allMatch(size -> size <= keys);
        assertThat(rate.remembered()).isBetween(keys - 15, keys);
        assertThat(rising.remembered()).isBetween(keys - 15, keys);
    }

    /** Of many different numbers of one key, no two of which may stand together, exactly one passes. */
    @Test
    void callsOfOneKey_areJudgedOneAfterTheOther() throws Exception {
        for (int round = 0; round < 200; round++) {
            Memory memory = Memory.of(10, Duration.ofDays(1));
            RateOfChange<Reading> rate = new RateOfChange<>(Reading::key, Reading::value, 0.5, memory);
            Monotone<Reading> same = new Monotone<>(Reading::key, Reading::driver, Reading::value, true, 0, memory);
            List<int[]> passed = inThreads(thread -> {
                int[] counts = new int[2];
                for (int i = 0; i < 20; i++) {
                    Reading reading = new Reading(7, 1, thread * 100 + i);
                    counts[0] += rate.check(reading) instanceof Verdict.Pass ? 1 : 0;
                    counts[1] += same.check(reading) instanceof Verdict.Pass ? 1 : 0;
                }
                return counts;
            });
            assertThat(passed.stream().mapToInt(counts -> counts[0]).sum()).isEqualTo(1);
            assertThat(passed.stream().mapToInt(counts -> counts[1]).sum()).isEqualTo(1);
        }
    }

    @Test
    void newKey_takesThePlaceOfTheOneNotAskedForTheLongest() {
        RecentKeys<Integer> keys = new RecentKeys<>(2);
        keys.update("a", known -> 1);
        keys.update("b", known -> 1);
        keys.update("a", known -> known == null ? -1 : known + 1);
        keys.update("c", known -> 1);
        assertThat(keys.update("a", known -> known == null ? -1 : known + 1)).isEqualTo(3);
        assertThat(keys.update("b", known -> known == null ? -1 : known + 1)).isEqualTo(-1);
        assertThat(keys.size()).isEqualTo(2);
    }

    private interface Work<R> {
        R of(int thread);
    }

    private static <R> List<R> inThreads(Work<R> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<R>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                all.add(() -> work.of(thread));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> future : threads.invokeAll(all)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
