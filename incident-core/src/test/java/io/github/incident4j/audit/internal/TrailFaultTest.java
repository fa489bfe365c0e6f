// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.SideRecord;
import io.github.incident4j.audit.TrailFollower;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.Verification;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was acknowledged is there after whatever the disk does, in order and once. */
class TrailFaultTest {
    private static final GuardInfo GUARD = new GuardInfo(
            7,
            "model",
            List.of(new GuardInfo.Route("v1", RouteKind.MODEL)),
            List.of("tenant"),
            List.of(),
            Recording.of(Durability.DURABLE));
    private static final int IMAGES = Boolean.getBoolean("incident4j.full") ? 1_000 : 40;

    private static final Cause REQUEST = Cause.by("desk").because("request 17");

    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk();
    private final AtomicInteger failures = new AtomicInteger();
    private final List<String> warned = new CopyOnWriteArrayList<>();
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

        @Override
        public void warned(String what) {
            warned.add(what);
        }
    }

    private static GuardInfo guard(Durability durability) {
        return new GuardInfo(
                7,
                "model",
                List.of(new GuardInfo.Route("v1", RouteKind.MODEL)),
                List.of("tenant"),
                List.of(),
                Recording.of(durability));
    }

    private static DecisionRecord decision(long number) {
        return decision(GUARD, number);
    }

    private static DecisionRecord decision(GuardInfo guard, long number) {
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

    private Journal open(Path home, SegmentChannel.Opener opener) throws IOException {
        return open(home, opener, Ownership.UNDISPUTED, System::nanoTime);
    }

    private Journal open(Path home, SegmentChannel.Opener opener, Ownership ownership, LongSupplier ticker)
            throws IOException {
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

    /** A dead mount does not fail: it does not answer. */
    @Test
    void diskThatHangs_refusesBeforeTheModelIsAskedIsToldOnceAndHoldsUpNoClose() throws Exception {
        AtomicLong ticker = new AtomicLong();
        Journal journal = open(directory, disk, Ownership.UNDISPUTED, ticker::get);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        disk.fail(FaultyDisk.Fault.HANG, FaultyDisk.Kind.LOG);
        CompletableFuture<Boolean> asked = CompletableFuture.supplyAsync(() -> journal.recordAndAwait(decision(1)));
        while (disk.faults() == 0) {
            Thread.onSpinWait();
        }
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
        while (journal.isWriting()) {
            Thread.onSpinWait();
        }
        assertThat(numbers(directory)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    static Stream<Arguments> everyFaultOfEveryFile() {
        return Stream.of(FaultyDisk.Fault.WRITE, FaultyDisk.Fault.SHORT_WRITE, FaultyDisk.Fault.FORCE)
                .flatMap(fault -> Stream.of(FaultyDisk.Kind.LOG, FaultyDisk.Kind.SIDE, FaultyDisk.Kind.KEYS)
                        .map(kind -> Arguments.of(fault, kind)));
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
        until(() -> Files.exists(directory.resolve("trail/verifier.pub")));
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
                // By turns before anything of the attempt is on the disk, and behind the record that says that it is.
                AtomicInteger lines = new AtomicInteger();
                boolean early = attempt % 2 == 0;
                disk.fail(early ? FaultyDisk.Fault.WRITE : FaultyDisk.Fault.NONE, FaultyDisk.Kind.LOG);
                disk.beforeForceOf(FaultyDisk.Kind.LOG, () -> {
                    if (lines.incrementAndGet() == 2) {
                        disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
                    }
                });
                ticker.addAndGet(TimeUnit.SECONDS.toNanos(2));
                while (disk.faults() == before) {
                    await(journal);
                }
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

    private static boolean within(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A thread that was stopped for long between write and acknowledgement looks first whose the directory is. */
    @Test
    void directoryThatIsTakenOverDuringAPause_isWrittenNoMore() throws Exception {
        AtomicLong ticker = new AtomicLong();
        AtomicBoolean other = new AtomicBoolean();
        Ownership ownership = () -> {
            if (other.get()) {
                throw new TakenOverException("process 4711 has it");
            }
        };
        Journal journal = open(directory, disk, ownership, ticker::get);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        disk.beforeForce(() -> {
            other.set(true);
            ticker.addAndGet(TimeUnit.HOURS.toNanos(1));
        });
        assertThat(journal.recordAndAwait(decision(1))).isFalse();
        await(journal);
        assertThat(failures).as("it was told").hasValue(1);
        Path segment = directory.resolve("trail/log/00000000000000000000.jsonl");
        byte[] before = Files.readAllBytes(segment);
        assertThat(journal.reserve(0)).isFalse();
        assertThat(journal.recordAndAwait(decision(2))).isFalse();
        assertThat(journal.record(decision(3))).as("others fail open").isTrue();
        other.set(false);
        ticker.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(journal.recordAndAwait(decision(4))).as("for good").isFalse();
        journal.close();
        assertThat(Files.readAllBytes(segment))
                .as("not even its end is cut off")
                .isEqualTo(before);
        assertThat(journal.dropped()).isEqualTo(3);
    }

    /** Who is out of file descriptors cannot tell whether another process has come, which waits two seconds only. */
    @ParameterizedTest
    @ValueSource(strings = {"it is ours", "it is another's", "closed before anybody knows"})
    void directoryOfWhichNobodyCanTellWhoseItIs_isWrittenAndAcknowledgedNoMore(String end) throws Exception {
        AtomicLong ticker = new AtomicLong();
        AtomicReference<@Nullable IOException> answer = new AtomicReference<>();
        Ownership ownership = () -> {
            IOException failure = answer.get();
            if (failure != null) {
                throw failure;
            }
        };
        Journal journal = open(directory, disk, ownership, ticker::get);
        assertThat(journal.recordAndAwait(decision(0))).isTrue();
        disk.beforeForce(() -> {
            answer.compareAndSet(null, new IOException("Too many open files (injected)"));
            ticker.addAndGet(Ownership.LOOK_NANOS);
            disk.beforeForce(() -> {});
        });
        assertThat(journal.recordAndAwait(decision(1))).isFalse();
        until(() -> failures.get() == 1);
        assertThat(journal.reserve(0)).isFalse();
        Path segment = directory.resolve("trail/log/00000000000000000000.jsonl");
        byte[] before = Files.readAllBytes(segment);
        ticker.addAndGet(Ownership.LOOK_NANOS);
        assertThat(journal.recordAndAwait(decision(2)))
                .as("nor is it tried in vain")
                .isFalse();
        assertThat(Files.readAllBytes(segment)).isEqualTo(before);
        if (end.equals("it is ours")) {
            answer.set(null);
            ticker.addAndGet(Ownership.LOOK_NANOS);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(journal.recordAndAwait(decision(3))).isTrue();
            journal.close();
            assertThat(numbers(directory)).containsExactly(0L, 1L, 2L, 3L);
            assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
            return;
        }
        if (end.equals("it is another's")) {
            answer.set(new TakenOverException("process 4711 has it"));
            ticker.addAndGet(Ownership.LOOK_NANOS);
            until(() -> failures.get() == 2);
        }
        journal.close();
        assertThat(Files.readAllBytes(segment))
                .as("not even its end is cut off")
                .isEqualTo(before);
    }

    /** What a look has seen at its beginning says little when it took as long as another process needs to come in. */
    @Test
    void lookThatTakesLong_isRepeatedBeforeAnythingIsAcknowledged() throws Exception {
        AtomicLong ticker = new AtomicLong();
        AtomicInteger looks = new AtomicInteger();
        Ownership ownership = () -> {
            if (looks.incrementAndGet() == 1) {
                ticker.addAndGet(2 * Ownership.LOOK_NANOS);
            } else {
                throw new TakenOverException("process 4711 has it");
            }
        };
        Journal journal = open(directory, disk, ownership, ticker::get);
        disk.beforeForce(() -> ticker.compareAndSet(0, Ownership.LOOK_NANOS));
        assertThat(journal.recordAndAwait(decision(0))).isFalse();
        assertThat(looks).hasValue(2);
        journal.close();
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

    private static void await(Journal journal) throws Exception {
        Marker marker = new Marker();
        assertThat(journal.append(marker)).isTrue();
        marker.passed().get(30, TimeUnit.SECONDS);
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
                    .hasSize(1);
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
                    .isNotEmpty();
        }
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().type("decision").unsealed().records()) {
            assertThat(records.map(each -> each.side().state())).containsOnly(SideRecord.State.ERASED);
        }
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    /** The secrets go on in another file, where those that were destroyed before are no erasure of their own. */
    @Test
    void outageAfterAnErasure_isNoSecondErasure() throws Exception {
        try (Journal journal = open(directory, disk)) {
            for (long i = 0; i < 20; i++) {
                assertThat(journal.recordAndAwait(decision(i))).isTrue();
            }
            Erasure erasure = new Erasure(directory, journal);
            assertThat(erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .hasSize(1);
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            assertThat(journal.recordAndAwait(decision(21))).isFalse();
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(journal.recordAndAwait(decision(57))).isTrue(); // of the same person
        }
        assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
        Verification verification = AuditTrail.in(directory).verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(21, 1, 0));
    }

    /** What waits to be forced is written again after a failure, and must be found erased then, not lost. */
    @Test
    void outageAfterAnErasureOfWhatWaitedForTheDisk_leavesItErased() throws Exception {
        AtomicLong ticker = new AtomicLong();
        try (Journal journal = open(directory, disk, Ownership.UNDISPUTED, ticker::get)) {
            assertThat(journal.record(decision(guard(Durability.NONE), 0))).isTrue();
            AtomicInteger lines = new AtomicInteger();
            Erasure erasure = new Erasure(directory, journal);
            disk.beforeForceOf(FaultyDisk.Kind.LOG, () -> {
                if (lines.incrementAndGet() == 1) { // what was planned is about to be forced
                    journal.record(decision(guard(Durability.NONE), 50));
                }
            });
            assertThat(erasure.destroy("person-0", REQUEST, TimeSource.system()))
                    .hasSize(1);
            disk.fail(FaultyDisk.Fault.FORCE, FaultyDisk.Kind.LOG);
            assertThat(journal.recordAndAwait(decision(1))).isFalse();
            ticker.addAndGet(TimeUnit.SECONDS.toNanos(2));
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(disk.faults()).as("the fault happened").isEqualTo(1);
        Verification verification = AuditTrail.in(directory).verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(1, 2, 0));
    }

    private static Erasing.Result erase(Journal journal, Erasing erasing) throws Exception {
        assertThat(journal.append(erasing)).isTrue();
        return erasing.done().get(30, TimeUnit.SECONDS);
    }

    /** A secret that came after the trail has told of an erasure is none that it has told of. */
    @Test
    void firstDecisionDuringAnErasure_isOnRecordBeforeItIsErased() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(erase(journal, new Erasing("person-7", Set.of())).untold())
                    .isEmpty();
            assertThat(journal.recordAndAwait(decision(7))).isTrue();
            Erasing.Result late = erase(journal, new Erasing("person-7", Set.of()));
            assertThat(late.destroyed()).isEmpty();
            assertThat(late.untold()).hasSize(1);
            assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
            AtomicInteger lines = new AtomicInteger();
            disk.beforeForceOf(FaultyDisk.Kind.KEYS, () -> {
                if (lines.incrementAndGet() == 1) { // it is being overwritten
                    journal.record(decision(guard(Durability.NONE), 57));
                }
            });
            assertThat(new Erasure(directory, journal).destroy("person-7", REQUEST, TimeSource.system()))
                    .as("the second one came afterwards")
                    .hasSize(1);
            assertThat(lines).hasValueGreaterThan(0);
        }
        Verification verification = AuditTrail.in(directory).verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(1, 1, 0));
    }

    /** Asking again tells of the same secret, which must not leave room for one that somebody destroys by hand. */
    @Test
    void erasureThatIsAskedAgain_countsOnce() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(7))).isTrue();
            assertThat(journal.recordAndAwait(decision(8))).isTrue();
            disk.fail(FaultyDisk.Fault.WRITE, FaultyDisk.Kind.KEYS);
            Erasure erasure = new Erasure(directory, journal);
            assertThatThrownBy(() -> erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .isInstanceOf(IOException.class);
            disk.fail(FaultyDisk.Fault.NONE);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(erasure.destroy("person-7", REQUEST, TimeSource.system()))
                    .hasSize(2);
        }
        assertThat(disk.faults()).as("the fault happened").isPositive();
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
        Path first = new TrailFiles(directory.resolve("trail")).secrets().get(0);
        byte[] secrets = Files.readAllBytes(first);
        Arrays.fill(secrets, SecretFile.LINE, 2 * SecretFile.LINE - 1, (byte) '-');
        Files.write(first, secrets);
        assertThat(AuditTrail.in(directory).verify().faults().toString())
                .contains("3 secrets are destroyed", "erasure of 2 only");
    }

    /** What nobody waits for any more must not destroy anything later, when a hold may be in force. */
    @Test
    void erasureThatIsGivenUp_destroysNothingLater() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(7))).isTrue();
            String secret =
                    erase(journal, new Erasing("person-7", Set.of())).untold().get(0);
            Erasing late = new Erasing("person-7", Set.of(secret));
            assertThat(late.giveUp()).isTrue();
            assertThat(erase(journal, late).destroyed()).isEmpty();
            Erasing done = new Erasing("person-7", Set.of(secret));
            assertThat(erase(journal, done).destroyed()).containsExactly(secret);
            assertThat(done.giveUp()).isFalse();
        }
        assertThat(AuditTrail.in(directory).verify().faults().toString())
                .as("nobody told of it")
                .contains("1 secrets are destroyed");
    }

    /** A crash in the midst of overwriting a secret, at each of its bytes, from either end. */
    @Test
    void crashInTheMidstOfAnErasure_leavesNoPartOfTheSecret() throws Exception {
        try (Journal journal = open(directory, disk)) {
            assertThat(journal.recordAndAwait(decision(7))).isTrue();
            assertThat(new Erasure(directory, journal).destroy("person-7", REQUEST, TimeSource.system()))
                    .hasSize(1);
            assertThat(journal.recordAndAwait(decision(8))).isTrue();
        }
        Path file = new TrailFiles(directory.resolve("trail")).secrets().get(0);
        byte[] whole = Files.readAllBytes(file);
        String secret = "0123456789abcdef".repeat(4) + " ";
        for (int written : new int[] {1, 32, 33, 70, 105, -1, -40, -105}) {
            byte[] torn = whole.clone();
            byte[] line = ("0".repeat(32) + " " + secret + "00000000").getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(line, 0, torn, 0, line.length);
            Arrays.fill(torn, written < 0 ? 106 + written : 0, written < 0 ? 106 : written, (byte) '-');
            Files.write(file, torn);
            assertThat(AuditTrail.in(directory).verify().faults()).hasSize(1);
            List<SecretFile.Line> lines = SecretFile.read(file);
            assertThat(lines.get(0).kind()).as("after %s bytes", written).isEqualTo(SecretFile.Kind.TORN);
            open(directory, SegmentChannel::of).close();
            assertThat(Files.readAllBytes(file)).as("after %s bytes", written).isEqualTo(whole);
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
            until(() -> Files.exists(directory.resolve("trail/checkpoint")));
            Path removed = directory.resolve(folder).normalize();
            if (Files.exists(removed)) {
                try (Stream<Path> files = Files.walk(removed)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
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

    private static long number(TrailRecord record) {
        String id = String.valueOf(record.members().get("id"));
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    private static void until(BooleanSupplier done) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(done.getAsBoolean()).isTrue();
    }

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
            assertThat(numbers(image))
                    .containsAll(cut.acknowledged())
                    .doesNotHaveDuplicates()
                    .contains(99_999L);
            assertThat(numbers(image).subList(0, numbers(image).size() - 1))
                    .satisfies(TrailFaultTest::areInTheOrderOfTheirProducers);
            assertThat(types(image)).doesNotContain("trail.damage");
            assertThat(AuditTrail.in(image).verify().faults()).isEmpty();
            torn += Files.exists(image.resolve("trail/broken")) ? 1 : 0;
        }
        assertThat(torn).as("some of the images had a torn end").isPositive();
        assertThat(attested).as("some of them had a checkpoint").isPositive();
    }

    static Stream<Arguments> someFaults() {
        return Boolean.getBoolean("incident4j.full")
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
            if (taken[0] && cuts.size() < IMAGES) {
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

    /** Makes a directory of what lay on the disk; without tiles and checkpoint, which a power cut may take, too. */
    private static void write(Path image, Map<Path, byte[]> files, Path of) throws IOException {
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
            boolean segment = file.getKey().toString().contains("log");
            if ((file.getValue().length > 0 || !segment) && Files.exists(file.getKey())) {
                Path to = image.resolve(of.relativize(file.getKey()).toString());
                Files.createDirectories(to.getParent());
                Files.write(to, file.getValue());
            }
        }
    }
}
