// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lines say of a wall clock that is set. */
class RecordedTimeTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path directory;

    private final AtomicLong passed = new AtomicLong(1_000_000_000);
    private volatile Duration setBy = Duration.ZERO;

    private final TimeSource time = new TimeSource() {
        @Override
        public Instant instant() {
            return BEGIN.plusNanos(passed.get()).plus(setBy);
        }

        @Override
        public long nanoTime() {
            return passed.get();
        }
    };

    @Test
    void clockThatIsSet_isFlaggedOnceAndMovesNoMonotonicTime() throws Exception {
        SmallTrail small = new SmallTrail(directory, time);
        List<Duration> sets = new ArrayList<>();
        sets.add(Duration.ZERO);
        sets.add(Duration.ofHours(1));
        sets.add(Duration.ZERO);
        sets.add(Duration.ofHours(-1));
        sets.add(Duration.ofMillis(50));
        for (int i = 0; i < 20; i++) {
            sets.add(Duration.ofMillis(20)); // as who slews it
        }
        try (Journal journal = small.open()) {
            for (int i = 0; i < sets.size(); i++) {
                setBy = setBy.plus(sets.get(i));
                passed.addAndGet(1_000_000);
                assertThat(journal.recordAndAwait(small.decision(i))).isTrue();
            }
        }
        Map<Integer, Object> flags = new TreeMap<>();
        long before = -1;
        List<TrailRecord> decisions = small.records("decision");
        assertThat(decisions).hasSize(sets.size());
        for (int i = 0; i < decisions.size(); i++) {
            Map<String, Object> members = decisions.get(i).members();
            if (members.containsKey("clock_skew_ns")) {
                flags.put(i, members.get("clock_skew_ns"));
            }
            long monotonic = Long.parseLong(String.valueOf(members.get("mono_ns")));
            assertThat(monotonic).isEqualTo(before < 0 ? 0 : before + 1_000_000);
            before = monotonic;
        }
        long hour = Duration.ofHours(1).toNanos();
        assertThat(flags).isEqualTo(Map.of(1, hour, 3, -hour));
        assertThat(decisions.get(1).time())
                .isEqualTo(BEGIN.plusNanos(1_002_000_000).plus(Duration.ofHours(1)));
    }
}
