// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in the place of a trail while it is written is left as it is, unless it is the trail itself. */
class TrailPlaceTest extends FaultyTrail {
    private final AtomicLong ticker = new AtomicLong(); // no look is due before it goes on

    private Journal open() throws IOException {
        return open(directory, disk, Ownership.UNDISPUTED, ticker::get);
    }

    private Path trail() {
        return directory.resolve("trail");
    }

    /** Has the journal look whose the directory is. */
    private void look(Journal journal) throws Exception {
        ticker.addAndGet(TimeUnit.SECONDS.toNanos(2));
        await(journal);
        await(journal); // the first one may have come behind that look
    }

    /** A trail that is not mounted yet. */
    private Path before(SmallTrail small) throws IOException {
        try (Journal journal = small.open()) {
            for (int i = 0; i < 300; i++) {
                assertThat(journal.record(small.decision(i))).isTrue();
            }
        }
        return Files.move(trail(), directory.resolve("away"));
    }

    /**
     * A volume that is mounted late, over what the service has begun without it; where that has no side records yet, or
     * the next record fills a tile, for which somebody waits or nobody.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 253, -253})
    void anotherTrailThatComesInThePlaceOfThisOne_isLeftAsItIs(int people) throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        Path away = before(small);
        Map<Path, String> before = contents(away);
        Journal journal = open();
        assertThat(journal.appendAndAwait(small.text("about nobody", 1))).isTrue();
        int number = Math.abs(people);
        for (int i = 0; i < number; i++) {
            assertThat(journal.recordAndAwait(decision(i))).isTrue();
        }
        Eventually.until(() -> isAttested(small, number + 2));
        Path began = Files.move(trail(), directory.resolve("began"));
        Files.move(away, trail());
        if (people < 0) {
            for (int i = 0; i < 3; i++) { // of people who are in the segment already
                assertThat(journal.record(decision(guard(Durability.NONE), i))).isTrue();
            }
            await(journal);
            await(journal);
        } else {
            assertThat(journal.recordAndAwait(decision(number))).isFalse();
        }
        look(journal);
        assertThat(journal.recordAndAwait(decision(number + 1))).isFalse();
        journal.close();
        assertThat(resumed.getCount()).as("it does not go on").isEqualTo(1);
        assertThat(causes)
                .as("it is told what it takes, once")
                .filteredOn(cause -> cause.contains("another trail"))
                .hasSize(1);
        assertThat(contents(trail())).isEqualTo(before);
        assertThat(began).exists();
    }

    /** A segment that is old begins another one, whatever lies there; without a force, where nothing waits for one. */
    @Test
    void anotherTrailThatComesBeforeASegmentIsFinished_isLeftAsItIs() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        Path away = before(small);
        Map<Path, String> before = contents(away);
        TrailSettings settings = new TrailSettings(
                1_024, 1 << 20, Duration.ofSeconds(10), List.of(), List.of(), Retention.upTo(Duration.ofDays(400)));
        Opening opened = Opening.of(directory, settings, TimeSource.system(), stored -> {}, Ownership.UNDISPUTED, disk);
        for (int i = 0; i < 256; i++) {
            opened.log().append(small.text("about nobody", 1), 0);
        }
        opened.log().force();
        Files.move(trail(), directory.resolve("began"));
        Files.move(away, trail());
        assertThatThrownBy(() -> opened.log().rollIfOld(TimeUnit.DAYS.toNanos(1_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another trail");
        opened.log().abandon();
        assertThat(contents(trail())).isEqualTo(before);
    }

    /** A look comes while nothing is there, or an empty mount point; nothing is made there, and nothing given up. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trailThatIsAwayForALook_goesOnAsIfNothingHadBeen(boolean mountPoint) throws Exception {
        try (Journal journal = open()) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            Eventually.until(() -> Files.exists(directory.resolve("trail/verifier.pub")));
            Path away = Files.move(trail(), directory.resolve("away"));
            if (mountPoint) {
                Files.createDirectory(trail());
            }
            look(journal);
            assertThat(trail().resolve("log")).doesNotExist();
            if (mountPoint) {
                Files.delete(trail());
            }
            assertThat(trail()).doesNotExist();
            Files.move(away, trail());
            look(journal);
            assertThat(journal.recordAndAwait(decision(1))).isTrue();
        }
        assertThat(failures).hasValue(0);
        assertThat(numbers(directory)).containsExactly(0L, 1L);
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    /** File systems that number their files anew at each mount have other keys for the same ones. */
    @Test
    void trailThatIsTheSameUnderOtherKeys_goesOnAfterAFailure() throws Exception {
        try (Journal journal = open()) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            disk.fail(FaultyDisk.Fault.WRITE);
            assertThat(journal.recordAndAwait(decision(1))).isFalse();
            Path away = Files.move(trail(), directory.resolve("away"));
            copy(away, trail());
            disk.fail(FaultyDisk.Fault.NONE);
            look(journal);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(journal.recordAndAwait(decision(2))).isTrue();
        }
        assertThat(disk.faults()).as("the fault happened").isPositive();
        assertThat(numbers(directory)).containsExactly(0L, 1L, 2L);
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    /** Somebody puts a backup back, of an earlier run, and has not ended the service. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void backupThatIsPutInThePlaceOfTheTrail_isLeftAsItIs(boolean lookBetween) throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        Path away = before(small);
        copy(away, trail());
        Map<Path, String> before = contents(away);
        Journal journal = open();
        for (int i = 0; i < 5; i++) {
            assertThat(journal.recordAndAwait(decision(i))).isTrue();
        }
        Eventually.until(
                () -> isAttested(small, 305) && names("trail/tile/0/001.p").equals(List.of("49")));
        empty(trail());
        if (lookBetween) {
            look(journal);
        }
        copy(away, trail());
        assertThat(journal.recordAndAwait(decision(5))).isFalse();
        look(journal);
        assertThat(journal.recordAndAwait(decision(6))).isFalse();
        journal.close();
        assertThat(contents(trail())).isEqualTo(before);
    }

    /** Where the trail goes on in an empty place, that is marked, too. */
    @Test
    void placeThatIsEmptied_isTakenAndFromThenOnTheTrailsOwn() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        Path away = before(small);
        try (Journal journal = open()) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            Eventually.until(() -> isAttested(small, 2));
            empty(trail());
            assertThat(journal.recordAndAwait(decision(1))).isFalse();
            look(journal);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(journal.recordAndAwait(decision(2))).isTrue();
            look(journal);
            assertThat(journal.recordAndAwait(decision(3))).isTrue();
            assertThat(failures).hasValue(1);
            Files.move(trail(), directory.resolve("began"));
            Files.move(away, trail());
            Map<Path, String> before = contents(trail());
            look(journal);
            assertThat(journal.recordAndAwait(decision(4))).isFalse();
            assertThat(contents(trail())).isEqualTo(before);
        }
    }

    /** The trail was away for long enough that it went on in an empty place; two trails are not one by a mark. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trailThatComesBackBehindAnOutage_isLeftAsItIsAndFoundWholeByTheNextStart(boolean closed) throws Exception {
        Journal journal = open();
        record(journal, 0, 300);
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        Eventually.until(() -> isAttested(small, 300));
        Path away = Files.move(trail(), directory.resolve("away"));
        assertThat(journal.recordAndAwait(decision(300))).isFalse();
        look(journal);
        assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
        Map<Path, String> before = contents(away);
        record(journal, 301, 600);
        Eventually.until(() -> isAttested(small, 601));
        Path began = Files.move(trail(), directory.resolve("began"));
        Files.move(away, trail());
        if (!closed) {
            look(journal);
            assertThat(journal.recordAndAwait(decision(600))).isFalse();
            look(journal);
        }
        journal.close();
        assertThat(contents(trail())).isEqualTo(before);
        assertThat(began).exists();
        try (Journal again = open()) {
            assertThat(again.recordAndAwait(decision(601))).isTrue();
        }
        assertThat(numbers(directory)).contains(0L, 299L, 601L).doesNotContain(301L, 599L);
        assertThat(small.records("trail.damage"))
                .allMatch(damage -> !damage.members().containsKey("disowned"));
        assertThat(AuditTrail.in(directory).verify().faults())
                .as("that there are secrets of other records")
                .singleElement()
                .asString()
                .contains("subjects");
    }

    /** What was begun between two looks at the mount point would be written over. */
    @Test
    void trailThatComesWhenASegmentIsOpened_isLeftAsItIs() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        Path away = before(small);
        Map<Path, String> before = contents(away);
        SegmentChannel.Opener late = file -> {
            if (file.startsWith(trail().resolve("log"))) {
                exchange(away);
            }
            return SegmentChannel.of(file);
        };
        assertThatThrownBy(() -> {
                    Journal journal = open(directory, late, Ownership.UNDISPUTED, ticker::get);
                    journal.recordAndAwait(decision(0));
                    journal.close();
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another trail");
        assertThat(contents(trail())).isEqualTo(before);
    }

    /** What was read of the one is nothing by which the other one may be mended. */
    @Test
    void trailThatComesWhileAnotherOneIsRead_isLeftAsItIs() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        Path away = before(small);
        Map<Path, String> before = contents(away);
        try (Journal journal = small.open()) {
            assertThat(journal.appendAndAwait(small.text("below the mount point", 1)))
                    .isTrue();
        }
        TrailSettings settings =
                new TrailSettings(1_024, 1 << 20, Duration.ofSeconds(10), List.of(), List.of(), Retention.forever());
        assertThatThrownBy(() -> Opening.of(
                        directory, settings, TimeSource.system(), stored -> exchange(away), Ownership.UNDISPUTED, disk))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another trail");
        assertThat(contents(trail())).isEqualTo(before);
    }

    private void exchange(Path away) {
        try {
            if (Files.exists(away)) {
                Files.move(trail(), directory.resolve("began"));
                Files.move(away, trail());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that was taken since the service has started; that it is older, its checkpoint tells. */
    @Test
    void backupOfThisRun_isLeftAsItIs() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        Journal journal = open();
        record(journal, 0, 100);
        Eventually.until(
                () -> isAttested(small, 100) && names("trail/tile/0/000.p").equals(List.of("100")));
        copy(trail(), directory.resolve("backup"));
        Map<Path, String> before = contents(directory.resolve("backup"));
        record(journal, 100, 200);
        Eventually.until(
                () -> isAttested(small, 200) && names("trail/tile/0/000.p").equals(List.of("200")));
        Path left = Files.move(trail(), directory.resolve("left"));
        Files.move(directory.resolve("backup"), trail());
        assertThat(journal.recordAndAwait(decision(200))).isFalse();
        look(journal);
        assertThat(journal.recordAndAwait(decision(201))).isFalse();
        assertThat(contents(trail())).isEqualTo(before);
        assertThat(causes).last().asString().contains("an older copy");
        Files.move(trail(), directory.resolve("backup"));
        Files.move(left, trail());
        look(journal);
        assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
        journal.close();
        assertThat(numbers(directory)).hasSize(202);
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    /** So a look takes no descriptor, of which there may be none left. */
    @Test
    void markThatWasRead_isKnownByTheLooksOfItsFile() throws Exception {
        TrailFiles files = new TrailFiles(trail());
        TrailPlace place = new TrailPlace(files, Ownership.UNDISPUTED);
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(files.opened(), time);
        place.check();
        DurableFiles.createDirectories(files.log());
        Files.createFile(files.segment(0));
        Files.writeString(files.opened(), "0".repeat(32) + '\n');
        Files.setLastModifiedTime(files.opened(), time);
        place.check();
        Files.setLastModifiedTime(files.opened(), FileTime.fromMillis(1_000_000_000_001L));
        assertThatThrownBy(place::check).isInstanceOf(IOException.class).hasMessageContaining("another trail");
    }

    /** What waits for a checkpoint or a tile makes no folder in a mount point, into which a move would go then. */
    @Test
    void writesBesideTheJournalsThread_makeNothingWhereTheTrailIsAway() throws Exception {
        TrailSettings settings =
                new TrailSettings(1_024, 1 << 20, Duration.ofSeconds(10), List.of(), List.of(), Retention.forever());
        Opening opened = Opening.of(directory, settings, TimeSource.system(), stored -> {}, Ownership.UNDISPUTED, disk);
        Files.move(trail(), directory.resolve("away"));
        assertThatThrownBy(() ->
                        opened.fence().pass(() -> opened.files().tiles().write(0, 0, new byte[32])))
                .isInstanceOf(IOException.class);
        opened.log().abandon();
        assertThat(trail()).doesNotExist();
    }

    /** The line in its place in the log is written again, so it is, too. */
    @Test
    void lineMovedAside_isThereWhereTheTrailGoesOnInAnEmptyPlace() throws Exception {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = open()) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            Eventually.until(() -> isAttested(small, 1));
            disk.fail(FaultyDisk.Fault.WRITE, FaultyDisk.Kind.LOG);
            assertThat(journal.appendAndAwait(small.text("long", 100_000))).isFalse();
            empty(trail());
            disk.fail(FaultyDisk.Fault.NONE);
            look(journal);
            assertThat(resumed.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(disk.faults()).as("the fault happened").isPositive();
        assertThat(small.records("long"))
                .singleElement()
                .satisfies(found -> assertThat(found.members()).doesNotContainKey("aside_fault"));
    }

    private static void record(Journal journal, int from, int until) {
        for (int i = from; i < until - 1; i++) {
            assertThat(journal.record(decision(i))).isTrue();
        }
        assertThat(journal.recordAndAwait(decision(until - 1))).isTrue();
    }

    private static boolean isAttested(SmallTrail small, long size) {
        try {
            return Files.exists(small.files().verifierKey())
                    && small.checkpoint().size() == size;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> names(String folder) {
        return List.of(Objects.requireNonNull(directory.resolve(folder).toFile().list()));
    }

    private static Map<Path, String> contents(Path folder) throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file), AsideFiles.digest(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    /** Removes what is in a folder, into which somebody may still write. */
    private static void empty(Path folder) {
        Eventually.until(() -> {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    if (!file.equals(folder)) {
                        Files.deleteIfExists(file);
                    }
                }
                return true;
            } catch (IOException | UncheckedIOException e) {
                return false;
            }
        });
    }
}
