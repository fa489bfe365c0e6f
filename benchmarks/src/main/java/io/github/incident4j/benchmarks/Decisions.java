// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.PayloadKind;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.audit.internal.JournalObserver;
import io.github.incident4j.audit.internal.Marker;
import io.github.incident4j.audit.internal.Ownership;
import io.github.incident4j.audit.internal.Recording;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.audit.internal.TrailSettings;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** Records of 25 fields, as a credit scorer would have them, and a journal for them. */
final class Decisions {
    private static final List<GuardInfo.Route> ROUTES = List.of(new GuardInfo.Route("v8", RouteKind.MODEL, null));
    private static final Recording RECORDING =
            new Recording(Durability.GROUP, false, PayloadKind.NONE, PayloadKind.NONE, "{}", "");

    private static final GuardInfo GUARD = new GuardInfo(
            7,
            "credit-risk",
            ROUTES,
            List.of("tenant", "region", "age", "channel", "product", "tier", "origin"),
            List.of("score", "limit", "income", "ratio", "term", "rate", "margin", "years"),
            RECORDING);

    private static final GuardInfo PLAIN = new GuardInfo(7, "credit-risk", ROUTES, List.of(), List.of(), RECORDING);

    private Decisions() {}

    static DecisionRecord decision(long i) {
        return DecisionRecord.answered(
                GUARD,
                i,
                System.nanoTime(),
                5_000,
                0,
                0,
                -1,
                List.of(),
                List.of(),
                new String[] {i % 50 == 7 ? "tenant-7" : "acme", "eu", "18-25", "web", "loan", "gold", "partner"},
                new double[] {0.31, 12_000, 43_000, 0.28, 36, 0.045, 0.02, 23},
                null);
    }

    /** A record without a side record: nothing about anybody, as long as one with. */
    static DecisionRecord plain(long i) {
        return DecisionRecord.answered(
                PLAIN,
                i,
                System.nanoTime(),
                5_000,
                0,
                7,
                1_000,
                List.of(new Skipped("v9", new Failure.BreakerOpen()), new Skipped("v10", new Failure.BreakerOpen())),
                List.of(),
                new String[0],
                new double[0],
                null);
    }

    static Journal journal(Path directory) throws IOException {
        Journal journal = Journal.open(
                directory,
                new TrailSettings(16_384, 1 << 20, Duration.ofSeconds(10), List.of(), List.of(), Retention.forever()),
                TimeSource.system(),
                stored -> {},
                List.of(),
                Ownership.UNDISPUTED,
                new Observer());
        journal.start();
        return journal;
    }

    static void remove(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Only passes markers on. */
    private static final class Observer implements JournalObserver {
        @Override
        public void passed(TrailEntry entry, long epochNanos) {
            if (entry instanceof Marker marker) {
                marker.passed().complete(null);
            }
        }

        @Override
        public void writingFailed(IOException cause) {
            throw new UncheckedIOException(cause);
        }

        @Override
        public void writingResumed(long lost) {}
    }
}
