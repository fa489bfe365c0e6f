// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

/** A journal on a disk that fails when a test wants it to. */
abstract class FaultyTrail {
    static final GuardInfo GUARD = GuardInfos.of(7, "model", List.of("tenant"), List.of(), Durability.DURABLE);

    static final Cause REQUEST = Cause.by("desk").because("request 17");

    @TempDir
    Path directory;

    final FaultyDisk disk = new FaultyDisk();
    final AtomicInteger failures = new AtomicInteger();
    final List<String> causes = new CopyOnWriteArrayList<>(); // of failures
    final List<String> warned = new CopyOnWriteArrayList<>();
    final CountDownLatch resumed = new CountDownLatch(1);

    final class Observer implements JournalObserver {
        @Override
        public void passed(TrailEntry entry, long epochNanos) {
            if (entry instanceof Marker marker) {
                marker.passed().complete(null);
            }
        }

        @Override
        public void writingFailed(IOException cause) {
            causes.add(cause.toString());
            failures.incrementAndGet();
        }

        @Override
        public void writingResumed(long lost) {
            resumed.countDown();
        }

        @Override
        public void warned(String what) {
            warned.add(what);
        }
    }

    static GuardInfo guard(Durability durability) {
        return GuardInfos.of(7, "model", List.of("tenant"), List.of(), durability);
    }

    static DecisionRecord decision(long number) {
        return decision(GUARD, number);
    }

    static DecisionRecord decision(GuardInfo guard, long number) {
        return DecisionRecord.answered(
                guard,
                number,
                System.nanoTime(),
                5,
                0,
                0,
                -1,
                List.of(),
                List.of(),
                new @Nullable String[] {"tenant-" + number % 3},
                new double[0],
                new CallFacts("person-" + number % 50, null, null, null, null, null, null, false, List.of()));
    }

    Journal open(Path home, SegmentChannel.Opener opener) throws IOException {
        return open(home, opener, Ownership.UNDISPUTED, System::nanoTime);
    }

    Journal open(Path home, SegmentChannel.Opener opener, Ownership ownership, LongSupplier ticker) throws IOException {
        TrailSettings settings =
                new TrailSettings(1_024, 1 << 20, Duration.ofSeconds(10), List.of(), List.of(), Retention.forever());
        Journal journal = Journal.open(
                home,
                settings,
                TimeSource.system(),
                stored -> {},
                List.of(),
                ownership,
                new Observer(),
                opener,
                ticker);
        journal.start();
        return journal;
    }

    static List<Long> numbers(Path home) {
        try (Stream<TrailRecord> records =
                AuditTrail.in(home).query().unsealed().records()) {
            return records.filter(each -> each.type().equals("decision"))
                    .filter(each -> each.segment("tenant").isPresent())
                    .map(each -> String.valueOf(each.members().get("id")))
                    .map(id -> Long.parseLong(id.substring(id.indexOf('-') + 1)))
                    .toList();
        }
    }

    static List<String> types(Path home) {
        try (Stream<TrailRecord> records = AuditTrail.in(home).records()) {
            return records.map(TrailRecord::type).distinct().toList();
        }
    }

    static Stream<Arguments> everyFaultOfEveryFile() {
        return Stream.of(FaultyDisk.Fault.WRITE, FaultyDisk.Fault.SHORT_WRITE, FaultyDisk.Fault.FORCE)
                .flatMap(fault -> Stream.of(FaultyDisk.Kind.LOG, FaultyDisk.Kind.SIDE, FaultyDisk.Kind.KEYS)
                        .map(kind -> Arguments.of(fault, kind)));
    }

    static boolean within(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void await(Journal journal) throws Exception {
        Marker marker = new Marker();
        assertThat(journal.append(marker)).isTrue();
        marker.passed().get(30, TimeUnit.SECONDS);
    }

    static Erasing.Result erase(Journal journal, Erasing erasing) throws Exception {
        assertThat(journal.append(erasing)).isTrue();
        return erasing.done().get(30, TimeUnit.SECONDS);
    }

    /** Makes a directory of what lay on the disk; without tiles and checkpoint, which a power cut may take, too. */
    static void write(Path image, Map<Path, byte[]> files, Path of) throws IOException {
        if (Files.exists(image)) {
            try (Stream<Path> old = Files.walk(image)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Path key = Path.of("subjects/tag.key"); // on the disk before any secret that is filed under it
        Files.createDirectories(image.resolve("subjects"));
        Files.copy(of.resolve(key), image.resolve(key));
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            if (Files.exists(file.getKey())) {
                Path to = image.resolve(of.relativize(file.getKey()).toString());
                Files.createDirectories(to.getParent());
                Files.write(to, file.getValue());
            }
        }
    }
}
