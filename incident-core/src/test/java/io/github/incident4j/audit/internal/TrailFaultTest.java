// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.SideRecord;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.Verification;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was acknowledged is there after whatever the disk does, in order and once. */
class TrailFaultTest {
    private static final GuardInfo GUARD = new GuardInfo(
            7,
            "model",
            List.of(new GuardInfo.Route("v1", RouteKind.MODEL)),
            List.of("tenant"),
            List.of(),
            Recording.of(Durability.DURABLE));
    private static final int IMAGES = Boolean.getBoolean("incident4j.full") ? 1_000 : 60;

    private static final Cause REQUEST = Cause.by("desk").because("request 17");

    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk();
    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch resumed = new CountDownLatch(1);

    private final class Observer implements JournalObserver {
        @Override
        public void passed(TrailEntry entry, long epochNanos) {
            if (entry instanceof Marker marker) {
                marker.passed().complete(null);
            }
        }

        @Override
        public void writingFailed(IOException cause) {
            failures.incrementAndGet();
        }

        @Override
        public void writingResumed(long lost) {
            resumed.countDown();
        }
    }

    private static DecisionRecord decision(long number) {
        return DecisionRecord.answered(
                GUARD,
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

    private Journal open(Path home, SegmentChannel.Opener opener) throws IOException {
        TrailSettings settings =
                new TrailSettings(1_024, 1 << 20, Duration.ofSeconds(10), List.of(), List.of(), Retention.forever());
        Journal journal =
                Journal.open(home, settings, TimeSource.system(), stored -> {}, List.of(), new Observer(), opener);
        journal.start();
        return journal;
    }

    private static List<Long> numbers(Path home) {
        try (Stream<TrailRecord> records =
                AuditTrail.in(home).query().unsealed().records()) {
            return records.filter(each -> each.type().equals("decision"))
                    .filter(each -> each.segment("tenant").isPresent())
                    .map(each -> String.valueOf(each.members().get("id")))
                    .map(id -> Long.parseLong(id.substring(id.indexOf('-') + 1)))
                    .toList();
        }
    }

    private static List<String> types(Path home) {
        try (Stream<TrailRecord> records = AuditTrail.in(home).records()) {
            return records.map(TrailRecord::type).distinct().toList();
        }
    }

    @ParameterizedTest
    @EnumSource(value = FaultyDisk.Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void diskThatFails_losesNothingThatWasAcknowledgedAndResumes(FaultyDisk.Fault fault) throws Exception {
        List<Long> acknowledged = new ArrayList<>();
        try (Journal journal = open(directory, disk)) {
            for (long i = 0; i < 100; i++) {
                if (i == 40) {
                    disk.fail(fault);
                }
                if (journal.recordAndAwait(decision(i))) {
                    acknowledged.add(i);
                }
                if (i == 60) {
                    disk.fail(FaultyDisk.Fault.NONE);
                    assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
                }
            }
        }
        assertThat(disk.faults()).as("the fault happened").isPositive();
        assertThat(failures.get()).as("it was told").isPositive();
        assertThat(acknowledged)
                .as("not all, and again after it")
                .hasSizeLessThan(100)
                .contains(39L, 61L, 99L);
        List<Long> there = numbers(directory);
        assertThat(there).containsAll(acknowledged).doesNotHaveDuplicates().isSorted();
        assertThat(types(directory)).contains("trail.resumed");
        Verification verification = AuditTrail.in(directory).verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(new TrailFiles(directory.resolve("trail")).segments())
                .as("a new segment")
                .hasSizeGreaterThan(1);
        if (fault == FaultyDisk.Fault.FORCE) {
            // A force that succeeds after one that failed says nothing of the pages between them.
            Path image = directory.resolve("image");
            write(image, disk.afterPowerCut(new Random(1)), directory);
            assertThat(numbers(image)).containsAll(acknowledged);
        }
    }

    @Test
    void erasureThatFails_saysSoAndIsDoneWhenAskedAgain() throws Exception {
        try (Journal journal = open(directory, disk)) {
            for (long i = 0; i < 100; i++) {
                assertThat(journal.recordAndAwait(decision(i))).isTrue();
            }
            Erasure erasure = new Erasure(directory, journal);
            AtomicInteger forces = new AtomicInteger();
            disk.beforeForce(() -> {
                if (forces.incrementAndGet()
                        == 2) { // the first one is of the record that says what is about to be done
                    disk.fail(FaultyDisk.Fault.FORCE);
                }
            });
            assertThatThrownBy(() -> erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ask again");
            assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .as("in the new segment, which had taken it over")
                    .isEqualTo(1);
            assertThat(journal.recordAndAwait(decision(107))).isTrue();
        }
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().type("decision").unsealed().records()) {
            assertThat(records.filter(each -> each.side().state() == SideRecord.State.ERASED))
                    .hasSize(2);
        }
        Verification verification = AuditTrail.in(directory).verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(99, 2, 0));
    }

    /** What is held while the disk refuses is sealed when it is written, which must not come after an erasure. */
    @Test
    void erasureDuringAnOutage_isRefusedAndOvertakesNothing() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(7))).isTrue();
            disk.fail(FaultyDisk.Fault.WRITE);
            assertThat(journal.record(decision(57))).isTrue();
            Erasure erasure = new Erasure(directory, journal);
            assertThatThrownBy(() -> erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ask again");
            disk.fail(FaultyDisk.Fault.NONE);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .isPositive();
        }
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().type("decision").unsealed().records()) {
            assertThat(records.map(each -> each.side().state())).containsOnly(SideRecord.State.ERASED);
        }
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    @Test
    void directoryThatIsRemoved_isNoticedAndTheTrailGoesOn() throws Exception {
        try (Journal journal = open(directory, SegmentChannel::of)) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            try (Stream<Path> files = Files.walk(directory.resolve("trail/log"))) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
            assertThat(journal.recordAndAwait(decision(1)))
                    .as("not on any disk")
                    .isFalse();
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(journal.recordAndAwait(decision(2))).isTrue();
        }
        assertThat(failures.get()).isPositive();
        assertThat(numbers(directory)).contains(1L, 2L);
        assertThat(AuditTrail.in(directory).verify().faults().toString()).contains("begins with record 1 ");
    }

    /** Every moment of a run may be the last one. */
    @Test
    void powerCut_leavesNothingAcknowledgedOut() throws Exception {
        Random random = new Random(4);
        Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        List<Map.Entry<Map<Path, byte[]>, Set<Long>>> cuts = new ArrayList<>();
        disk.beforeForce(() -> cuts.add(Map.entry(disk.afterPowerCut(random), Set.copyOf(acknowledged))));
        try (Journal journal = open(directory, disk)) {
            List<Thread> producers = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                long from = p * 10_000L;
                Thread producer = new Thread(() -> {
                    for (long i = from; i < from + 400; i++) {
                        if (journal.recordAndAwait(decision(i))) {
                            acknowledged.add(i);
                        }
                        journal.record(decision(i + 5_000)); // nobody waits for these
                    }
                });
                producers.add(producer);
                producer.start();
            }
            for (Thread producer : producers) {
                producer.join();
            }
        }
        assertThat(acknowledged).hasSize(1_200);
        java.util.Collections.shuffle(cuts, random);
        int torn = 0;
        for (Map.Entry<Map<Path, byte[]>, Set<Long>> cut : cuts.subList(0, Math.min(IMAGES, cuts.size()))) {
            Path image = directory.resolve("image");
            write(image, cut.getKey(), directory);
            try (Journal reopened = open(image, SegmentChannel::of)) {
                assertThat(reopened.recordAndAwait(decision(99_999))).isTrue();
            }
            assertThat(numbers(image))
                    .containsAll(cut.getValue())
                    .doesNotHaveDuplicates()
                    .contains(99_999L);
            assertThat(AuditTrail.in(image).verify().faults()).isEmpty();
            torn += Files.exists(image.resolve("trail/broken")) ? 1 : 0;
        }
        assertThat(torn).as("some of the images had a torn end").isPositive();
    }

    /** Makes a directory of what lay on the disk; without tiles and checkpoint, which a power cut may take, too. */
    private static void write(Path image, Map<Path, byte[]> files, Path of) throws IOException {
        if (Files.exists(image)) {
            try (Stream<Path> old = Files.walk(image)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            boolean segment = file.getKey().toString().contains("log");
            if ((file.getValue().length > 0 || !segment) && Files.exists(file.getKey())) {
                Path to = image.resolve(of.relativize(file.getKey()).toString());
                Files.createDirectories(to.getParent());
                Files.write(to, file.getValue());
            }
        }
    }
}
