// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Retention;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class JournalEndTest {
    private static final int MANY = 10_000;

    /** Callers that go on while the journal ends: each gap that it records finds more that was lost meanwhile. */
    @Test
    void recordsThatAreLostWhileTheJournalEnds_doNotKeepItFromItsEnd() {
        List<Journal> self = new ArrayList<>();
        AtomicInteger gaps = new AtomicInteger();
        Journal journal = Journal.discarding(
                new TrailSettings(1_024, 1 << 20, Duration.ofSeconds(1), List.of(), List.of(), Retention.forever()),
                TimeSource.system(),
                new JournalObserver() {
                    @Override
                    public void passed(TrailEntry entry, long epochNanos) {
                        if (entry.type().equals("trail.gap") && gaps.incrementAndGet() < MANY) {
                            self.get(0).lose();
                        }
                    }

                    @Override
                    public void writingFailed(IOException cause) {}

                    @Override
                    public void writingResumed(long lost) {}
                });
        self.add(journal);
        journal.lose();
        journal.start();
        journal.close();
        assertThat(gaps).hasValueBetween(1, MANY - 1);
    }
}
