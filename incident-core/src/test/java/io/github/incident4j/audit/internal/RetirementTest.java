// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Retention;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What retention drops, and what a crash in its midst leaves. */
class RetirementTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Retention LIMIT = Retention.upTo(Duration.ofDays(200));
    private static final int SEGMENT = 256; // each is filled up when it is old

    @TempDir
    Path home;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final TimeSource time = TimeSource.following(now::get);
    private final List<String> warned = new ArrayList<>();
    private SmallTrail small = new SmallTrail(Path.of("."), TimeSource.system());

    /** Two old segments, and one of today. */
    @BeforeEach
    void write() throws IOException {
        small = new SmallTrail(home.resolve("trail-of-a-year"), time);
        Files.createDirectories(small.directory());
        try (Journal journal = small.open(LIMIT)) {
            for (int days : new int[] {0, 30, 60}) {
                now.set(START.plus(Duration.ofDays(days)));
                assertThat(journal.appendAndAwait(small.text("first", 1))).isTrue();
                assertThat(journal.recordAndAwait(small.decision(days))).isTrue();
                assertThat(journal.appendAndAwait(small.text("long", 100_000))).isTrue();
            }
        }
        assertThat(small.files().segments()).hasSize(3);
    }

    private Retirement retirement(
            SmallTrail of, Retention retention, List<TrailEntry> recorded, Retirement.Removal removal)
            throws IOException {
        return new Retirement(
                of.files(),
                retention,
                List.of(),
                time,
                recorded::add,
                () -> 0,
                new Fence(Ownership.UNDISPUTED),
                warned::add,
                removal);
    }

    private static void removeAll(Retirement retirement) {
        retirement.sweep(Long.MAX_VALUE); // records
        retirement.sweep(Long.MAX_VALUE); // removes
    }

    /** Dropped on record, and attested; nothing is removed yet. */
    private void drop() throws IOException {
        now.set(START.plus(Duration.ofDays(255))); // the third segment is younger than the limit
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
            new Retirement(
                            small.files(),
                            LIMIT,
                            List.of(),
                            time,
                            journal::appendAndAwait,
                            () -> 0,
                            new Fence(Ownership.UNDISPUTED),
                            warned::add)
                    .sweep(Long.MAX_VALUE);
        }
        assertThat(small.records("trail.retired")).hasSize(1);
    }

    @Test
    void crashInTheMidstOfARemoval_leavesATrailThatOpensAndVerifies() throws IOException {
        drop();
        int all = 0;
        for (int crashAfter = 0; crashAfter == all; crashAfter++) {
            SmallTrail image = small.copy(home.resolve("image-" + crashAfter));
            List<Path> removed = new ArrayList<>();
            int allowed = crashAfter;
            removeAll(retirement(image, LIMIT, new ArrayList<>(), file -> {
                if (removed.size() == allowed) {
                    throw new IOException("the process ends here (injected)");
                }
                removed.add(file);
                Files.deleteIfExists(file);
            }));
            all = removed.size() < allowed ? -1 : crashAfter + 1;
            assertThat(image.trail().verify().faults()).as("after %s", removed).isEmpty();
            try (Journal journal = image.open()) {
                assertThat(journal.recordAndAwait(image.decision(1_000))).isTrue();
            }
            assertThat(image.records("trail.damage")).as("after %s", removed).isEmpty();
            assertThat(image.trail().verify().faults()).as("after %s", removed).isEmpty();
            removeAll(retirement(image, LIMIT, new ArrayList<>(), Files::deleteIfExists));
            for (String folder : List.of("trail/log", "trail/side", "trail/aside", "subjects")) {
                assertThat(numbered(image.file(folder)))
                        .as("what is left in %s after %s", folder, removed)
                        .allMatch(name -> name.compareTo("%020d".formatted(2 * SEGMENT)) >= 0)
                        .isNotEmpty();
            }
            assertThat(image.trail().verify().retired()).isEqualTo(2 * SEGMENT);
            assertThat(image.trail().verify().faults()).as("after %s", removed).isEmpty();
        }
        assertThat(all).as("it came to its end").isEqualTo(-1);
    }

    /** The process ends before it removes what it has recorded as dropped, and the next one is to keep it. */
    @Test
    void whatWasToGoAndStays_isMissedWhenSomebodyRemovesIt() throws IOException {
        drop();
        List<Path> segments = small.files().segments();
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(1))).isTrue();
            for (int i = 0; i < 3_000 && small.records("trail.kept").isEmpty(); i++) {
                LockSupport.parkNanos(10_000_000);
            }
        }
        assertThat(small.records("trail.kept"))
                .singleElement()
                .satisfies(kept ->
                        assertThat(kept.members()).containsEntry("from", 0).containsEntry("through", 511));
        assertThat(small.files().segments()).containsAll(segments);
        assertThat(small.trail().verify().faults()).isEmpty();
        Files.delete(segments.get(0));
        assertThat(small.trail().verify().faults().toString()).contains("dropped on purpose");
        small.open().close();
        assertThat(small.records("trail.damage")).isNotEmpty();
    }

    /** Between the record and the checkpoint that attests it somebody comes to need the second segment. */
    @Test
    void holdThatComesBeforeTheRemoval_takesBackWhatItKeeps() throws IOException {
        now.set(START.plus(Duration.ofDays(255)));
        List<TrailEntry> recorded = new ArrayList<>();
        List<Instant> held = new ArrayList<>();
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
        }
        Retirement retirement = new Retirement(
                small.files(),
                LIMIT,
                List.of(() -> held.stream().findFirst()),
                time,
                recorded::add,
                () -> 0,
                new Fence(Ownership.UNDISPUTED),
                warned::add);
        retirement.sweep(Long.MAX_VALUE);
        held.add(START.plus(Duration.ofDays(20)));
        retirement.sweep(Long.MAX_VALUE);
        assertThat(recorded).extracting(TrailEntry::type).containsExactly("trail.retired", "trail.kept");
        assertThat(recorded.get(1).toString()).contains("from=" + SEGMENT, "through=" + (2 * SEGMENT - 1));
        assertThat(small.files().segments()).hasSize(2);
    }

    private static List<String> numbered(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(TrailFiles::nameOf)
                    .filter(name -> name.startsWith("0"))
                    .toList();
        }
    }

    /** A service that starts with a clock that is years ahead must not drop what nobody can bring back. */
    @Test
    void clockThatIsAheadOfTheNewestRecord_dropsNothing() throws IOException {
        List<TrailEntry> recorded = new ArrayList<>();
        now.set(START.plus(Duration.ofDays(4_000)));
        retirement(small, LIMIT, recorded, Files::deleteIfExists).sweep(Long.MAX_VALUE);
        assertThat(recorded).isEmpty();
        assertThat(warned).singleElement().asString().contains("the clock says 2036", "2 segments");
        now.set(START.plus(Duration.ofDays(255)));
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
        }
        retirement(small, LIMIT, recorded, Files::deleteIfExists).sweep(Long.MAX_VALUE);
        assertThat(recorded).hasSize(1);
    }

    @Test
    void recordsThatLieAside_takeRoomToo() throws IOException {
        long bytes = 0;
        for (Path segment : small.files().segments()) {
            bytes += Files.size(segment) + Files.size(small.files().side(segment));
        }
        List<TrailEntry> recorded = new ArrayList<>();
        for (long room : new long[] {bytes + 300_000 + 3 * 1_000, bytes + 200_000}) {
            Retention retention = Retention.upToBytes(room).atLeast(Duration.ZERO);
            retirement(small, retention, recorded, Files::deleteIfExists).sweep(Long.MAX_VALUE);
            assertThat(recorded).hasSize(room > bytes + 250_000 ? 0 : 1);
        }
    }
}
