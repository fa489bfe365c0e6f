// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.SideRecord;
import io.github.incident4j.audit.TrailFollower;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.Verification;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was acknowledged is there after whatever a disk does that fails, hangs or is full, in order and once. */
class OutageTest extends FaultyTrail {
    /** A dead mount does not fail: it does not answer. */
    @Test
    void diskThatHangs_refusesBeforeTheModelIsAskedIsToldOnceAndHoldsUpNoClose() throws Exception {
        AtomicLong ticker = new AtomicLong();
        Journal journal = open(directory, disk, Ownership.UNDISPUTED, ticker::get);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        disk.fail(FaultyDisk.Fault.HANG, FaultyDisk.Kind.LOG);
        CompletableFuture<Boolean> asked = CompletableFuture.supplyAsync(() -> journal.recordAndAwait(decision(1)));
        Eventually.until(() -> disk.faults() > 0);
        journal.look();
        assertThat(journal.reserve(0)).as("it may be slow only").isTrue();
        assertThat(journal.recordReserved(decision(2), false, 0)).isTrue();
        assertThat(warned).isEmpty();
        ticker.addAndGet(TimeUnit.SECONDS.toNanos(5));
        assertThat(journal.reserve(0)).isFalse();
        assertThat(journal.recordAndAwait(decision(3)))
                .as("nobody waits for it again")
                .isFalse();
        journal.look();
        assertThat(warned)
                .as("the JVM as a whole may have been stopped just now")
                .isEmpty();
        journal.look();
        journal.look();
        journal.look();
        assertThat(warned).singleElement().asString().contains("has not answered for 5 seconds");
        ticker.addAndGet(TimeUnit.SECONDS.toNanos(10));
        journal.close();
        assertThat(journal.isWriting()).isTrue();
        disk.fail(FaultyDisk.Fault.NONE);
        assertThat(asked.get(30, TimeUnit.SECONDS)).isTrue();
        Eventually.until(() -> !journal.isWriting());
        assertThat(numbers(directory)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("everyFaultOfEveryFile")
    void diskThatFails_losesNothingThatWasAcknowledgedAndResumes(FaultyDisk.Fault fault, FaultyDisk.Kind kind)
            throws Exception {
        List<Long> acknowledged = new ArrayList<>();
        try (Journal journal = open(directory, disk)) {
            for (long i = 0; i < 100; i++) {
                if (i == 40) {
                    disk.fail(fault, kind);
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

    /** The force at the end is one like any other: what it did not take is written again, elsewhere. */
    @Test
    void lastForceThatFails_isNoneThatIsTriedAgain() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            assertThat(journal.record(decision(guard(Durability.NONE), 1))).isTrue(); // forced by the close alone
        }
        assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
        assertThat(failures).hasValue(1);
        assertThat(types(directory)).contains("trail.resumed");
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
        Path image = directory.resolve("image");
        write(image, disk.afterPowerCut(new Random(1)), directory);
        assertThat(numbers(image)).containsExactly(0L, 1L);
    }

    /** Nobody can write it down then; the next opening sees that the end is missing (LifecycleTest). */
    @Test
    void stopDuringAnOutage_countsAllThatIsLost() throws Exception {
        Journal journal = open(directory, disk);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        disk.fail(FaultyDisk.Fault.WRITE);
        for (long i = 1; i <= 50; i++) {
            assertThat(journal.record(decision(i))).isTrue();
        }
        journal.close();
        assertThat(disk.faults()).as("the fault happened").isPositive();
        assertThat(journal.dropped()).isEqualTo(50);
        assertThat(numbers(directory)).containsExactly(0L);
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    /** The system may read back from memory what a force has not brought to the disk. */
    @ParameterizedTest
    @CsvSource({"LOG, true", "SIDE, true", "KEYS, true", "LOG, false"})
    void stopAfterAForceThatFailed_leavesNothingThatTheNextOpeningTakesForRecords(FaultyDisk.Kind kind, boolean mayMove)
            throws Exception {
        AtomicLong ticker = new AtomicLong();
        Journal journal = open(directory, disk, Ownership.UNDISPUTED, ticker::get);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        disk.fail(FaultyDisk.Fault.FORCE, kind);
        assertThat(journal.recordAndAwait(decision(1))).isFalse();
        Path broken = directory.resolve("trail/broken");
        if (!mayMove) {
            Files.writeString(broken, "a file where a directory is expected");
        }
        disk.fail(FaultyDisk.Fault.WRITE);
        journal.close();
        assertThat(disk.faults()).as("both happened").isGreaterThan(1);
        disk.fail(FaultyDisk.Fault.NONE);
        assertThat(numbers(directory)).containsExactly(0L);
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
        assertThat(Files.isDirectory(broken)).isEqualTo(mayMove);
        Files.deleteIfExists(mayMove ? directory.resolve("none") : broken);
        try (Journal again = open(directory, disk)) {
            assertThat(again.recordAndAwait(decision(1)))
                    .as("the host tries again")
                    .isTrue();
        }
        assertThat(numbers(directory)).containsExactly(0L, 1L);
        Path image = directory.resolve("image");
        write(image, disk.afterPowerCut(new Random(1)), directory);
        assertThat(numbers(image)).containsExactly(0L, 1L);
        assertThat(AuditTrail.in(image).verify().faults()).isEmpty();
    }

    /** Who ships a trail must not ship what an outage takes back, nor miss what gets its number. */
    @Test
    void followerDuringAnOutage_isGivenWhatIsThereAfterIt() throws Exception {
        Map<Long, String> shipped = new TreeMap<>();
        TrailFollower follower = AuditTrail.in(directory).query().follow();
        Runnable look = () -> follower.look(record -> assertThat(shipped.put(
                        record.sequence(), String.valueOf(record.members().get("id"))))
                .isNull());
        Journal journal = open(directory, disk);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        Eventually.until(() -> Files.exists(directory.resolve("trail/verifier.pub")));
        look.run();
        assertThat(shipped).hasSize(1);
        AtomicInteger looks = new AtomicInteger();
        disk.beforeForceOf(FaultyDisk.Kind.LOG, () -> {
            look.run();
            looks.incrementAndGet();
        });
        disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
        assertThat(journal.recordAndAwait(decision(1))).isFalse();
        disk.fail(FaultyDisk.Fault.WRITE);
        journal.close();
        assertThat(looks).as("in the moment when the record was written").hasPositiveValue();
        assertThat(disk.faults()).as("the faults happened").isGreaterThan(1);
        assertThat(shipped).hasSize(1);
        disk.fail(FaultyDisk.Fault.NONE);
        disk.beforeForce(() -> {});
        try (Journal again = open(directory, disk)) {
            assertThat(again.recordAndAwait(decision(2))).isTrue();
        }
        look.run();
        try (Stream<TrailRecord> records = AuditTrail.in(directory).records()) {
            assertThat(records.map(TrailRecord::sequence)).containsExactlyElementsOf(shipped.keySet());
        }
        assertThat(shipped.get(1L)).doesNotEndWith("-1");
    }

    /** A disk that fails again and again must not fill with what each attempt has left. */
    @Test
    void attemptsToResumeThatFail_leaveOneFileAndOneRecordOfTheOutage() throws Exception {
        AtomicLong ticker = new AtomicLong();
        try (Journal journal = open(directory, disk, Ownership.UNDISPUTED, ticker::get)) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            disk.fail(FaultyDisk.Fault.SHORT_WRITE, FaultyDisk.Kind.LOG);
            assertThat(journal.recordAndAwait(decision(1))).isFalse();
            for (int attempt = 0; attempt < 8; attempt++) {
                int before = disk.faults();
                disk.fail(FaultyDisk.Fault.WRITE, FaultyDisk.Kind.LOG); // before anything of the attempt is on the disk
                ticker.addAndGet(TimeUnit.SECONDS.toNanos(2));
                Eventually.until(() -> disk.faults() > before);
                assertThat(journal.recordAndAwait(decision(2 + attempt))).isFalse();
                await(journal); // it is held by now, so that the next attempt has something to force behind the first
            }
            disk.beforeForce(() -> {});
            disk.fail(FaultyDisk.Fault.NONE);
            ticker.addAndGet(TimeUnit.SECONDS.toNanos(2));
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(failures).as("told once").hasValue(1);
        assertThat(numbers(directory)).isEqualTo(LongStream.range(0, 10).boxed().toList());
        assertThat(AuditTrail.in(directory).query().type("trail.resumed").count())
                .isEqualTo(1);
        assertThat(AuditTrail.in(directory).query().type("trail.recovery").count())
                .isEqualTo(1);
        try (Stream<Path> broken = Files.list(directory.resolve("trail/broken"))) {
            assertThat(broken).hasSize(1);
        }
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    @Test
    void stopBehindAnOutage_writesWhatIsHeldAndTheGap() throws Exception {
        Journal journal = open(directory, disk);
        disk.fail(FaultyDisk.Fault.WRITE);
        assertThat(journal.recordAndAwait(decision(0))).isFalse();
        for (long i = 1; i < 3_000; i++) {
            assertThat(journal.record(decision(i))).isTrue();
        }
        disk.fail(FaultyDisk.Fault.NONE);
        journal.close();
        assertThat(disk.faults()).as("the fault happened").isPositive();
        assertThat(journal.dropped()).as("more than can be held").isPositive();
        assertThat(AuditTrail.in(directory)
                        .query()
                        .type("trail.gap")
                        .first()
                        .orElseThrow()
                        .members())
                .containsEntry("lost", (int) journal.dropped());
        assertThat(numbers(directory)).hasSize(3_000 - (int) journal.dropped()).contains(0L);
    }

    private enum Unencodable implements TrailEntry {
        ERROR,
        EXCEPTION;

        @Override
        public String type() {
            return "unencodable";
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("half", "of a record");
            if (this == ERROR) {
                throw new OutOfMemoryError("injected");
            }
            throw new IllegalStateException("injected");
        }
    }

    /** Memory may be short for one large record; it costs that one, nobody takes it for durable, and it is counted. */
    @Test
    void errorInOneRecord_costsThatRecordAloneAndLeavesAGap() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            assertThat(journal.appendAndAwait(Unencodable.ERROR)).isFalse();
            assertThat(journal.recordAndAwait(decision(1))).isTrue();
            assertThat(journal.appendAndAwait(Unencodable.EXCEPTION))
                    .as("what stands for it is on the disk, but not what was awaited")
                    .isFalse();
            assertThat(journal.recordAndAwait(decision(2))).isTrue();
            assertThat(journal.dropped()).isEqualTo(1);
        }
        assertThat(failures).as("the disk is sound").hasValue(0);
        assertThat(numbers(directory)).containsExactly(0L, 1L, 2L);
        try (Stream<TrailRecord> records = AuditTrail.in(directory).records()) {
            assertThat(records.map(TrailRecord::type))
                    .containsExactly("decision", "trail.gap", "decision", "trail.unencodable", "decision");
        }
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    static Stream<Arguments> everyErrorOfEveryFile() {
        return Stream.of(FaultyDisk.Fault.WRITE_ERROR, FaultyDisk.Fault.FORCE_ERROR)
                .flatMap(fault -> Stream.of(FaultyDisk.Kind.LOG, FaultyDisk.Kind.SIDE, FaultyDisk.Kind.KEYS)
                        .map(kind -> Arguments.of(fault, kind)));
    }

    /** Memory may be short in the midst of writing, too: then nobody knows what is on the disk. */
    @ParameterizedTest
    @MethodSource("everyErrorOfEveryFile")
    void errorWhileWriting_isAFailureOfTheDiskAndLosesNothing(FaultyDisk.Fault fault, FaultyDisk.Kind kind)
            throws Exception {
        AtomicLong ticker = new AtomicLong();
        Journal journal = open(directory, disk, Ownership.UNDISPUTED, ticker::get);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        Set<String> secret =
                Set.copyOf(erase(journal, new Erasing("person-0", Set.of())).untold());
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Marker gate = new Marker();
        CompletableFuture<Void> held = gate.passed()
                .thenRun(
                        () -> { // on the journal's thread
                            waiting.countDown();
                            assertThat(within(goOn)).isTrue();
                        });
        assertThat(journal.append(gate)).isTrue();
        assertThat(within(waiting)).isTrue();
        for (long i = 1; i < 100; i++) { // one batch, of which the disk takes none
            assertThat(journal.record(decision(i))).isTrue();
        }
        Awaited last = new Awaited(decision(100));
        Marker marker = new Marker();
        Erasing erasing = new Erasing("person-0", secret);
        assertThat(journal.append(last) && journal.append(erasing) && journal.append(marker))
                .isTrue();
        disk.fail(fault, kind);
        goOn.countDown();
        marker.passed().get(30, TimeUnit.SECONDS);
        assertThat(held).isCompleted();
        assertThat(last.await(TimeUnit.SECONDS.toNanos(30))).isFalse();
        assertThat(erasing.done()).isDone();
        await(journal);
        assertThat(disk.faults()).as("the fault happened").isPositive();
        assertThat(failures).as("it was told").hasValue(1);
        disk.fail(FaultyDisk.Fault.NONE);
        ticker.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(journal.recordAndAwait(decision(101))).as("the thread lives").isTrue();
        journal.close();
        assertThat(journal.dropped()).isZero();
        assertThat(AuditTrail.in(directory).query().type("decision").unsealed().count())
                .isEqualTo(102);
        assertThat(numbers(directory))
                .as("but what was erased")
                .containsSubsequence(LongStream.range(0, 102)
                        .filter(each -> each % 50 != 0)
                        .boxed()
                        .toList());
        assertThat(AuditTrail.in(directory).verify().faults())
                .as("but that the test erases without a word")
                .allMatch(each -> each.contains("the trail tells of the erasure of 0"));
    }

    /** No more than that much may be lost by a crash: forced in time, though nobody waits for it, and not before. */
    @ParameterizedTest
    @CsvSource({"GROUP, 10", "INTERVAL, 1000", "NONE, 10000"})
    void recordForWhichNobodyWaits_isForcedWithinItsWindow(Durability durability, long millis) throws Exception {
        AtomicLong ticker = new AtomicLong();
        AtomicInteger forces = new AtomicInteger();
        disk.beforeForce(forces::incrementAndGet);
        try (Journal journal = open(directory, disk, Ownership.UNDISPUTED, ticker::get)) {
            assertThat(journal.record(decision(guard(durability), 1))).isTrue();
            assertThat(journal.record(decision(guard(Durability.NONE), 2))).isTrue();
            await(journal);
            ticker.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis) - 1);
            await(journal);
            assertThat(forces).hasValue(0);
            ticker.incrementAndGet();
            await(journal);
            assertThat(forces).as("keys, side records, lines").hasValue(3);
            Path image = directory.resolve("image");
            write(image, disk.afterPowerCut(new Random(1)), directory);
            assertThat(numbers(image)).containsExactly(1L, 2L);
        }
    }

    /** The disk is full, and the incident about that must be written: there is room that was reserved before. */
    @Test
    void fullDisk_stillTakesTheIncidentInWhatIsReserved() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            disk.fail(FaultyDisk.Fault.FULL);
            for (long i = 1; failures.get() == 0; i++) {
                assertThat(i).as("it is told in time").isLessThan(20_000);
                assertThat(journal.record(decision(i))).isTrue();
                if (i % 50 == 0) {
                    await(journal); // or what waits would take the room
                }
            }
            assertThat(disk.faults()).as("the fault happened").isPositive();
            assertThat(journal.recordAndAwait(decision(20_000)))
                    .as("the disk takes no more, and yet")
                    .isTrue();
            assertThat(journal.dropped()).isZero();
            disk.fail(FaultyDisk.Fault.NONE);
        }
        assertThat(types(directory)).as("no outage").doesNotContain("trail.resumed");
        assertThat(numbers(directory)).contains(20_000L);
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    /** A shortage ends: the next one has a reserve of its own, and is told in time, too. */
    @Test
    void diskThatIsFullOnceMore_isToldInTimeAgain() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            for (int times = 1; times <= 2; times++) {
                disk.fail(FaultyDisk.Fault.FULL);
                for (long i = 1; failures.get() < times; i++) {
                    assertThat(i).as("it is told in time").isLessThan(20_000);
                    assertThat(journal.record(decision(i))).isTrue();
                    if (i % 50 == 0) {
                        await(journal);
                    }
                }
                assertThat(journal.recordAndAwait(decision(20_000 + times)))
                        .as("in what is reserved")
                        .isTrue();
                disk.fail(FaultyDisk.Fault.NONE);
                for (long i = 0; i < 500; i++) {
                    assertThat(journal.record(decision(i))).isTrue();
                }
                await(journal);
            }
            assertThat(failures).hasValue(2);
        }
        assertThat(types(directory)).as("no outage").doesNotContain("trail.resumed");
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    /** Or each question about a time would read it whole, for ever. */
    @Test
    void segmentThatAFailureHasEnded_getsAnIndex() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            assertThat(journal.recordAndAwait(decision(1))).isFalse();
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(journal.recordAndAwait(decision(2))).isTrue();
        }
        assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
        TrailFiles files = new TrailFiles(directory.resolve("trail"));
        List<Path> segments = files.segments();
        assertThat(segments).hasSizeGreaterThan(1);
        assertThat(segments.stream().map(files::index)).allMatch(Files::exists);
        for (Path segment : segments) {
            Files.delete(files.index(segment));
        }
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(3))).isTrue();
        }
        assertThat(files.segments().stream().map(files::index)).allMatch(Files::exists);
    }

    /** Root writes where it may not, so the permission is missed by the wrapper. */
    @Test
    void permissionThatIsTakenAway_isMissedAndTheTrailGoesOnWhenItIsBack() throws Exception {
        disk.fail(FaultyDisk.Fault.OPEN);
        assertThatThrownBy(() -> open(directory, disk)).isInstanceOf(AccessDeniedException.class);
        disk.fail(FaultyDisk.Fault.NONE);
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            disk.fail(FaultyDisk.Fault.WRITE, FaultyDisk.Kind.LOG); // as a file system that is read-only by now
            assertThat(journal.recordAndAwait(decision(1))).isFalse();
            int before = disk.faults();
            disk.fail(FaultyDisk.Fault.OPEN, FaultyDisk.Kind.LOG);
            while (disk.faults() == before) {
                await(journal);
            }
            assertThat(journal.recordAndAwait(decision(2))).isFalse();
            disk.fail(FaultyDisk.Fault.NONE);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(journal.recordAndAwait(decision(3))).isTrue();
        }
        assertThat(failures).as("told once").hasValue(1);
        assertThat(numbers(directory)).containsExactly(0L, 1L, 2L, 3L);
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

    /** Another file of that name, such as one that was put back from a copy, is not the one that was written. */
    @ParameterizedTest
    @ValueSource(strings = {"trail/log/00000000000000000000.jsonl", "trail/side/00000000000000000000.jsonl"})
    void fileThatIsReplaced_isNoticedAndTheTrailGoesOn(String name) throws Exception {
        try (Journal journal = open(directory, SegmentChannel::of)) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            Path file = directory.resolve(name);
            Path copy = Files.copy(file, directory.resolve("copy"));
            Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            assertThat(journal.recordAndAwait(decision(1)))
                    .as("not in the file of that name")
                    .isFalse();
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(journal.recordAndAwait(decision(2))).isTrue();
        }
        assertThat(failures.get()).isPositive();
        assertThat(numbers(directory)).containsExactly(0L, 1L, 2L);
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    /** Where nothing can be written to a folder that is gone, nothing is acknowledged until it is there again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "subjects",
                "trail/side",
                "trail/aside",
                "trail/tile",
                "trail/index",
                "trail/broken",
                "trail/log",
                "trail",
                "."
            })
    void folderThatIsRemoved_comesBackAndKeepsWhatIsAcknowledgedSince(String folder) throws Exception {
        AtomicLong ticker = new AtomicLong();
        List<Long> acknowledged = new ArrayList<>();
        try (Journal journal = open(directory, SegmentChannel::of, Ownership.UNDISPUTED, ticker::get)) {
            for (long i = 0; i < 5; i++) {
                assertThat(journal.recordAndAwait(decision(i))).isTrue();
            }
            Eventually.until(() -> Files.exists(directory.resolve("trail/checkpoint")));
            Path removed = directory.resolve(folder).normalize();
            Eventually.until(() -> isRemoved(removed));
            for (long i = 0; i < 12; i++) { // people who are known in the segment, and others
                if (journal.recordAndAwait(decision(i < 6 ? 50 + i : i))) {
                    acknowledged.add(i < 6 ? 50 + i : i);
                }
                ticker.addAndGet(TimeUnit.SECONDS.toNanos(2));
                await(journal);
            }
            assertThat(acknowledged).as("it comes back").hasSizeGreaterThan(8);
        }
        assertThat(numbers(directory)).as("they can be read").containsAll(acknowledged);
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().unsealed().records()) {
            assertThat(records.filter(each -> each.type().equals("decision"))
                            .filter(each -> acknowledged.contains(number(each)))
                            .map(each -> each.side().state()))
                    .hasSameSizeAs(acknowledged)
                    .containsOnly(SideRecord.State.OPENED);
        }
        assertThat(directory.resolve("subjects/tag.key")).exists();
        assertThat(directory.resolve("trail/checkpoint")).exists();
        try (Journal again = open(directory, SegmentChannel::of)) {
            assertThat(new Erasure(directory, again).destroy("person-11", REQUEST, TimeSource.system()))
                    .as("people are found")
                    .isNotEmpty();
        }
    }

    /** Removes a folder, into which somebody may still write. */
    private static boolean isRemoved(Path folder) {
        if (!Files.exists(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private static long number(TrailRecord record) {
        String id = String.valueOf(record.members().get("id"));
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    @Test
    void openingThatFails_leavesNoFileOpen() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(1))).isTrue();
        }
        disk.fail(FaultyDisk.Fault.OPEN, FaultyDisk.Kind.KEYS);
        assertThatThrownBy(() -> open(directory, disk)).isInstanceOf(IOException.class);
        assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
        assertThat(disk.open()).isZero();
    }

    /** What a full disk has given for the reserve is the last that it has: others need it more. */
    @Test
    void reserveThatFails_keepsNothingOfTheDisk() throws Exception {
        byte[] text = new byte[600 << 10];
        Path file = directory.resolve("segment");
        try (Segment segment = Segment.open(disk, file, 0)) {
            segment.write(text, 0, text.length);
            long before = Files.size(file);
            disk.fail(FaultyDisk.Fault.SHORT_WRITE);
            assertThatThrownBy(() -> segment.write(text, 0, text.length)).isInstanceOf(IOException.class);
            assertThat(disk.faults()).as("of the reserve, and of the bytes").isEqualTo(2);
            assertThat(segment.shortage()).isNotNull();
            assertThat(Files.size(file)).isEqualTo(before);
        }
    }
}
