// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import static org.assertj.core.api.Assertions.assertThat;

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

class RecentKeysTest {
    private static final int THREADS = 4;
    private static final int CALLS = Boolean.getBoolean("incident4j.full") ? 2_000_000 : 100_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1_023, 1_024, 5_000})
    void size_staysWithinItsBoundWhateverTheThreadsAsk(int most) throws Exception {
        RecentKeys<Integer> keys = new RecentKeys<>(most);
        List<Callable<Integer>> work = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            work.add(() -> largestSeen(keys, new SplittableRandom(thread)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Integer> largest : threads.invokeAll(work)) {
                assertThat(largest.get()).isLessThanOrEqualTo(most);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(keys.size()).isBetween(most - 15, most);
    }

    private static int largestSeen(RecentKeys<Integer> keys, SplittableRandom random) {
        int largest = 0;
        for (int i = 0; i < CALLS / THREADS; i++) {
            keys.update(random.nextInt(20_000), known -> known == null ? 1 : known + 1);
            if (i % 1_000 == 0) {
                largest = Math.max(largest, keys.size());
            }
        }
        return largest;
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
}
