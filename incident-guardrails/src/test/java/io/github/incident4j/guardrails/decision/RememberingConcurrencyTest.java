// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RememberingConcurrencyTest {
    private static final int THREADS = 4;

    private record Reading(int key, double driver, double value) {}

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
