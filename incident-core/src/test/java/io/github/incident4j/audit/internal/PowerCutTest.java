// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What was acknowledged is there after a power cut at any moment, in order and once. */
class PowerCutTest extends FaultyTrail {
    private static final boolean FULL = Boolean.getBoolean("incident4j.full");
    private static final int IMAGES = FULL ? 1_000 : 30; // that are opened
    private static final int DECISIONS = FULL ? 400 : 100; // of each producer, as awaited ones and as others

    /** Every moment of a run may be the last one. */
    @Test
    void powerCut_leavesNothingAcknowledgedOut() throws Exception {
        Random random = new Random(4);
        Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        List<Cut> cuts = new ArrayList<>();
        int[] forces = {0};
        disk.beforeForce(() -> {
            int place = forces[0]++ < IMAGES ? cuts.size() : random.nextInt(forces[0]);
            if (place < IMAGES) { // a sample of all forces: the whole would take long, and much memory
                Map<Path, byte[]> attested = random.nextBoolean() ? attested() : Map.of();
                Cut cut = new Cut(disk.afterPowerCut(random), attested, Set.copyOf(acknowledged));
                if (place == cuts.size()) {
                    cuts.add(cut);
                } else {
                    cuts.set(place, cut);
                }
            }
        });
        try (Journal journal = open(directory, disk)) {
            List<Thread> producers = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                long from = p * 10_000L;
                Thread producer = new Thread(() -> {
                    for (long i = from; i < from + DECISIONS; i++) {
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
        assertThat(acknowledged).hasSize(3 * DECISIONS);
        int torn = 0;
        int attested = 0;
        for (Cut cut : cuts) {
            Path image = directory.resolve("image");
            write(image, cut.files(), directory);
            copy(cut.attested(), image);
            attested += AuditTrail.in(image).verify().attested() > 0 ? 1 : 0;
            try (Journal reopened = open(image, SegmentChannel::of)) {
                assertThat(reopened.recordAndAwait(decision(99_999))).isTrue();
            }
            List<Long> there = numbers(image);
            assertThat(there)
                    .containsAll(cut.acknowledged())
                    .doesNotHaveDuplicates()
                    .contains(99_999L);
            assertThat(there.subList(0, there.size() - 1)).satisfies(PowerCutTest::areInTheOrderOfTheirProducers);
            assertThat(types(image)).doesNotContain("trail.damage");
            assertThat(AuditTrail.in(image).verify().faults()).isEmpty();
            torn += Files.exists(image.resolve("trail/broken")) ? 1 : 0;
        }
        assertThat(torn).as("some of the images had a torn end").isPositive();
        assertThat(attested).as("some of them had a checkpoint").isPositive();
    }

    static Stream<Arguments> someFaults() {
        return FULL
                ? everyFaultOfEveryFile()
                : Stream.of(
                        Arguments.of(FaultyDisk.Fault.SHORT_WRITE, FaultyDisk.Kind.LOG),
                        Arguments.of(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.SIDE));
    }

    /** What a failure has left in its file is cut off there, which is on the disk only when that is forced, too. */
    @ParameterizedTest
    @MethodSource("someFaults")
    void powerCutInAnOutage_leavesNothingAcknowledgedOut(FaultyDisk.Fault fault, FaultyDisk.Kind kind)
            throws Exception {
        Random random = new Random(5);
        Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        List<Cut> cuts = new ArrayList<>();
        boolean[] taken = {false};
        disk.beforeForce(() -> {
            if (taken[0] && cuts.size() < IMAGES / 2) {
                cuts.add(new Cut(disk.afterPowerCut(random), Map.of(), Set.copyOf(acknowledged)));
            }
        });
        try (Journal journal = open(directory, disk)) {
            for (long i = 0; i < 40; i++) {
                if (i == 20) {
                    disk.fail(fault, kind);
                    taken[0] = true;
                }
                if (journal.recordAndAwait(decision(i))) {
                    acknowledged.add(i);
                }
                journal.record(decision(i + 5_000));
                if (i == 25) {
                    disk.fail(FaultyDisk.Fault.NONE);
                    assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
                }
            }
        }
        assertThat(disk.faults()).as("the fault happened").isPositive();
        assertThat(cuts).hasSizeGreaterThan(5);
        for (Cut cut : cuts) {
            Path image = directory.resolve("image");
            write(image, cut.files(), directory);
            try (Journal reopened = open(image, SegmentChannel::of)) {
                assertThat(reopened.recordAndAwait(decision(99_999))).isTrue();
            }
            assertThat(numbers(image))
                    .containsAll(cut.acknowledged())
                    .doesNotHaveDuplicates()
                    .contains(99_999L);
            assertThat(damages(image)).isEmpty();
            assertThat(AuditTrail.in(image).verify().faults()).isEmpty();
        }
    }

    /**
     * What a killed process has written lies in the page cache; the next one goes on in another segment and signs it.
     */
    @Test
    void powerCutAfterAKill_takesNothingThatACheckpointAttests() throws Exception {
        killWithAFullSegment();
        Random random = new Random(6);
        List<Cut> cuts = new ArrayList<>();
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(50))).isTrue();
            Eventually.until(
                    () -> isAttestedBeyond(MerkleLog.SEGMENT_RECORDS)); // the opening may have signed what it found
            for (int i = 0; i < 20; i++) {
                cuts.add(new Cut(disk.afterPowerCut(random), attested(), Set.of()));
            }
        }
        for (Cut cut : cuts) {
            Path image = directory.resolve("image");
            write(image, cut.files(), directory);
            copy(cut.attested(), image);
            assertThat(AuditTrail.in(image).verify().attested()).isGreaterThan(MerkleLog.SEGMENT_RECORDS);
            assertThat(AuditTrail.in(image).verify().faults()).isEmpty();
            assertThat(numbers(image)).hasSize(51);
        }
    }

    /** A force that has failed leaves pages that count as written, and the next process reads them as if they were. */
    @Test
    void powerCutAfterAKillInAnOutage_takesNothingThatACheckpointAttests() throws Exception {
        AtomicBoolean alive = new AtomicBoolean(true);
        Ownership ownership = () -> {
            if (!alive.get()) {
                throw new TakenOverException("killed");
            }
        };
        Random random = new Random(7);
        List<Cut> cuts = new ArrayList<>();
        try (Journal killed = open(directory, disk, ownership, new AtomicLong()::get)) {
            assertThat(killed.recordAndAwait(decision(0))).isTrue();
            // The last file of its first checkpoint: a process that is killed does not write beside the next one.
            Eventually.until(() -> Files.exists(directory.resolve("trail/verifier.pub")));
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            assertThat(killed.recordAndAwait(decision(1))).isFalse();
            assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
            alive.set(false);
            disk.fail(FaultyDisk.Fault.NONE);
            try (Journal journal = open(directory, disk)) {
                assertThat(journal.recordAndAwait(decision(2))).isTrue();
                Eventually.until(() -> isAttestedBeyond(2));
                for (int i = 0; i < 20; i++) {
                    cuts.add(new Cut(disk.afterPowerCut(random), attested(), Set.of()));
                }
            }
        }
        for (Cut cut : cuts) {
            Path image = directory.resolve("image");
            write(image, cut.files(), directory);
            copy(cut.attested(), image);
            assertThat(AuditTrail.in(image).verify().faults()).isEmpty();
            assertThat(numbers(image)).containsExactly(0L, 1L, 2L);
        }
    }

    /** The second line of a checkpoint is how many records it attests. */
    private boolean isAttestedBeyond(long records) {
        Path checkpoint = directory.resolve("trail/checkpoint");
        try {
            return Files.exists(checkpoint)
                    && Long.parseLong(Files.readAllLines(checkpoint).get(1)) > records;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the last records nothing is forced. */
    private void killWithAFullSegment() throws IOException {
        TrailSettings settings =
                new TrailSettings(1_024, 1 << 20, Duration.ofSeconds(10), List.of(), List.of(), Retention.forever());
        Opening killed = Opening.of(directory, settings, TimeSource.system(), stored -> {}, Ownership.UNDISPUTED, disk);
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        for (int i = 0; i < MerkleLog.SEGMENT_RECORDS; i++) {
            killed.log().append(i < 50 ? decision(i) : small.text("text", 1), 0);
        }
        killed.log().commit();
        killed.log().abandon();
    }

    private static List<Object> damages(Path home) {
        try (Stream<TrailRecord> records = AuditTrail.in(home).records()) {
            return records.filter(each -> each.type().equals("trail.damage"))
                    .map(each -> (Object) each.members())
                    .toList();
        }
    }

    /**
     * What a power cut may leave.
     *
     * @param files files of the log
     * @param attested checkpoint and tiles; none where a power cut has taken them
     * @param acknowledged what must be there
     */
    private record Cut(Map<Path, byte[]> files, Map<Path, byte[]> attested, Set<Long> acknowledged) {}

    /** Checkpoint and tiles of one moment, by their paths within the directory; they are replaced as a whole. */
    private Map<Path, byte[]> attested() {
        Path checkpoint = directory.resolve("trail/checkpoint");
        while (true) {
            Map<Path, byte[]> found = new HashMap<>();
            try {
                if (Files.notExists(checkpoint)) {
                    return Map.of();
                }
                byte[] before = Files.readAllBytes(checkpoint);
                found.put(directory.relativize(checkpoint), before);
                for (String key : List.of("audit.key", "trail/verifier.pub", "subjects/tag.key")) {
                    found.put(Path.of(key), Files.readAllBytes(directory.resolve(key)));
                }
                try (Stream<Path> tiles = Files.walk(directory.resolve("trail/tile"))) {
                    for (Path tile : tiles.filter(Files::isRegularFile).toList()) {
                        found.put(directory.relativize(tile), Files.readAllBytes(tile));
                    }
                }
                if (Arrays.equals(before, Files.readAllBytes(checkpoint))) {
                    return found;
                }
            } catch (IOException | UncheckedIOException e) {
                Thread.onSpinWait(); // a tile was removed meanwhile; once more
            }
        }
    }

    private static void copy(Map<Path, byte[]> files, Path image) throws IOException {
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            Path to = image.resolve(file.getKey().toString());
            Files.createDirectories(to.getParent());
            Files.write(to, file.getValue());
        }
    }

    /** Each producer records i and then i + 5,000. */
    private static void areInTheOrderOfTheirProducers(List<? extends Long> numbers) {
        long[] last = {-1, -1, -1};
        for (long number : numbers) {
            int producer = (int) (number / 10_000);
            long place = number % 5_000 * 2 + (number % 10_000 >= 5_000 ? 1 : 0);
            assertThat(place).as("decision %d", number).isGreaterThan(last[producer]);
            last[producer] = place;
        }
    }
}
