// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Retention;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        return retirement(of, retention, List.of(), recorded::add, removal);
    }

    private Retirement retirement(
            SmallTrail of,
            Retention retention,
            List<RetentionHold> holds,
            Predicate<TrailEntry> record,
            Retirement.Removal removal)
            throws IOException {
        return new Retirement(
                of.files(),
                retention,
                holds,
                time,
                record,
                () -> 0,
                new Fence(Ownership.UNDISPUTED),
                warned::add,
                removal);
    }

    private static void removeAll(Retirement retirement, SmallTrail of) throws IOException {
        retirement.sweep(of.checkpoint()); // records
        retirement.sweep(of.checkpoint()); // removes
    }

    /** Dropped on record, and attested; nothing is removed yet. */
    private void drop() throws IOException {
        now.set(START.plus(Duration.ofDays(255))); // the third segment is younger than the limit
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
        }
        try (Journal journal = small.open()) {
            retirement(small, LIMIT, List.of(), journal::appendAndAwait, Files::deleteIfExists)
                    .sweep(small.checkpoint());
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
            removeAll(
                    retirement(image, LIMIT, new ArrayList<>(), file -> {
                        if (removed.size() == allowed) {
                            throw new IOException("the process ends here (injected)");
                        }
                        removed.add(file);
                        Files.deleteIfExists(file);
                    }),
                    image);
            all = removed.size() < allowed ? -1 : crashAfter + 1;
            assertThat(image.trail().verify().faults()).as("after %s", removed).isEmpty();
            try (Journal journal = image.open(LIMIT)) { // which may go on with it, or else would take it back
                assertThat(journal.recordAndAwait(image.decision(1_000))).isTrue();
            }
            assertThat(image.records("trail.damage")).as("after %s", removed).isEmpty();
            assertThat(image.trail().verify().faults()).as("after %s", removed).isEmpty();
            removeAll(retirement(image, LIMIT, new ArrayList<>(), Files::deleteIfExists), image);
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

    /** It knows no hold that came since, and shares the secrets with the right trail. */
    @Test
    void olderCopyOfTheTrail_dropsNothing() throws IOException {
        now.set(START.plus(Duration.ofDays(255)));
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
        }
        Path later = Files.createFile(small.file("subjects/00000000000000065536.keys"));
        List<TrailEntry> recorded = new ArrayList<>();
        removeAll(retirement(small, LIMIT, recorded, Files::deleteIfExists), small);
        assertThat(recorded).isEmpty();
        assertThat(small.files().segments()).hasSize(3);
        Files.delete(later);
        removeAll(retirement(small, LIMIT, recorded, Files::deleteIfExists), small);
        assertThat(recorded).hasSize(1);
        assertThat(small.files().segments()).hasSize(1);
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
        List<RetentionHold> holds = List.of(() -> held.stream().findFirst());
        Retirement retirement = retirement(small, LIMIT, holds, recorded::add, Files::deleteIfExists);
        retirement.sweep(small.checkpoint());
        held.add(START.plus(Duration.ofDays(20)));
        retirement.sweep(small.checkpoint());
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
        retirement(small, LIMIT, recorded, Files::deleteIfExists).sweep(small.checkpoint());
        assertThat(recorded).isEmpty();
        assertThat(warned).singleElement().asString().contains("the clock says 2036", "2 segments");
        now.set(START.plus(Duration.ofDays(255)));
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
        }
        retirement(small, LIMIT, recorded, Files::deleteIfExists).sweep(small.checkpoint());
        assertThat(recorded).hasSize(1);
    }

    /** Who has the directory and not the key must not have the library drop for him what is too young, or held. */
    @ParameterizedTest
    @ValueSource(strings = {"year", "no blocks", "lines", "lines of the second"})
    void forgedTimes_dropNothing(String forged) throws IOException {
        now.set(START.plus(Duration.ofDays(100)));
        List<Path> segments = small.files().segments();
        for (Path segment : segments.subList(0, 2)) {
            Path index = small.files().index(segment);
            switch (forged) {
                case "year" -> Files.writeString(index, Files.readString(index).replace("2026-", "2022-"));
                case "no blocks" ->
                    Files.writeString(index, Files.readString(index).replaceFirst("\"blocks\":.*", "\"blocks\":[]}"));
                case "lines" -> age(segment);
                default -> {}
            }
        }
        if (forged.startsWith("lines")) {
            age(segments.get(1));
            Files.delete(small.files().index(segments.get(0)));
            Files.delete(small.files().index(segments.get(1)));
        }
        List<TrailEntry> recorded = new ArrayList<>();
        retirement(small, LIMIT, recorded, Files::deleteIfExists).sweep(small.checkpoint());
        assertThat(recorded).isEmpty();
        assertThat(small.trail().verify().faults()).as("it is found").isNotEmpty();
    }

    /** What the log still has, it tells again: the tile of a segment, and the one above it. */
    @ParameterizedTest
    @ValueSource(strings = {"tile/0/000", "tile/1/000"})
    void tileThatIsLost_isMadeAnewAndStopsNothing(String tile) throws IOException {
        if (tile.startsWith("tile/1")) {
            fillATileOfTheSecondLevel();
        }
        now.set(START.plus(Duration.ofDays(255)));
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
        }
        Path file = small.file("trail").resolve(tile);
        byte[] before = Files.readAllBytes(file);
        Files.delete(file);
        List<TrailEntry> recorded = new ArrayList<>();
        removeAll(retirement(small, LIMIT, recorded, Files::deleteIfExists), small);
        assertThat(recorded).extracting(TrailEntry::type).containsExactly("trail.retired");
        assertThat(warned).isEmpty();
        assertThat(small.files().segments().get(0)).isNotEqualTo(small.files().segment(0));
        assertThat(file).hasBinaryContent(before);
    }

    /** They are not forced, so the opening makes them anew by the lines. */
    @Test
    void tilesThatAPowerCutHasTaken_areNoDamage() throws IOException {
        now.set(START.plus(Duration.ofDays(255)));
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
        }
        try (Stream<Path> all = Files.walk(small.file("trail/tile"))) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        List<String> warnings = new CopyOnWriteArrayList<>();
        try (Journal journal = small.open(LIMIT, warnings::add)) {
            assertThat(journal.recordAndAwait(small.decision(256))).isTrue();
        }
        assertThat(warnings).isEmpty();
    }

    /** What is left of a tile from before it was full is no tile. */
    @Test
    void tileOfWhichAPartIsLeft_isMadeAnew() throws IOException {
        Path file = small.file("trail/tile/0/000");
        byte[] before = loseAllBut(100, file);
        List<TrailEntry> recorded = new ArrayList<>();
        removeAll(retirement(small, LIMIT, recorded, Files::deleteIfExists), small);
        assertThat(recorded).extracting(TrailEntry::type).containsExactly("trail.retired");
        assertThat(file).hasBinaryContent(before);
    }

    /** And it must not stand in for hashes that the log no longer has. */
    @Test
    void lineThatWasChanged_getsIntoNoTileThatIsMadeAnew() throws IOException {
        Path file = small.file("trail/tile/0/000");
        loseAllBut(100, file);
        Path segment = small.files().segment(0);
        List<String> lines = new ArrayList<>(Files.readAllLines(segment));
        lines.set(5, TamperTest.withItsChecksum(lines.get(5).replaceFirst("\"type\":\"", "\"type\":\"x")));
        Files.write(segment, lines);
        removeAll(retirement(small, LIMIT, new ArrayList<>(), Files::deleteIfExists), small);
        assertThat(file).doesNotExist();
    }

    private byte[] loseAllBut(int hashes, Path file) throws IOException {
        now.set(START.plus(Duration.ofDays(255)));
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
        }
        byte[] whole = Files.readAllBytes(file);
        Path part = file.resolveSibling("000.p").resolve(String.valueOf(hashes));
        Files.createDirectories(part.getParent());
        Files.write(part, Arrays.copyOf(whole, hashes * 32));
        Files.delete(file);
        return whole;
    }

    private void fillATileOfTheSecondLevel() throws IOException {
        try (Journal journal = small.open()) {
            for (int i = 0; i < MerkleLog.SEGMENT_RECORDS; i++) {
                assertThat(journal.append(small.text("more", 1))).isTrue();
            }
        }
    }

    /** Neither tile nor whole lines: nobody can prove that segment any more, and the rest is as it was. */
    @Test
    void tileThatIsLostForGood_isToldOnceAndItsSegmentGoesWithTheNextOne() throws IOException {
        now.set(START.plus(Duration.ofDays(255)));
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
        }
        Path segment = small.files().segment(0);
        Files.writeString(segment, Files.readString(segment).replaceFirst("\"first\"", "\"worst\""));
        Files.delete(small.file("trail/tile/0/000"));
        List<TrailEntry> recorded = new ArrayList<>();
        Retirement retirement = retirement(small, LIMIT, recorded, Files::deleteIfExists);
        removeAll(retirement, small);
        removeAll(retirement, small);
        assertThat(recorded).extracting(TrailEntry::type).containsExactly("trail.damage", "trail.retired");
        assertThat(warned).singleElement().asString().contains("cannot be made anew", "record 0");
        assertThat(small.files().segments()).as("both have gone").hasSize(1);
    }

    /** The hashes of what is dropped must lie in full tiles, which are never written again. */
    @Test
    void segmentThatEndsWithinATile_staysUntilThatIsFull() throws IOException {
        SmallTrail other = new SmallTrail(home.resolve("with-a-short-segment"), time);
        Files.createDirectories(other.directory());
        for (int days : new int[] {0, 60, 300}) {
            now.set(START.plus(Duration.ofDays(days)));
            try (Journal journal = other.open()) {
                assertThat(journal.recordAndAwait(other.decision(days))).isTrue();
            }
            if (days == 0) {
                Files.delete(other.file("subjects/tag.key")); // so another segment is begun
            }
        }
        List<Path> segments = other.files().segments();
        assertThat(segments).hasSize(2);
        List<TrailEntry> recorded = new ArrayList<>();
        removeAll(retirement(other, LIMIT, recorded, Files::deleteIfExists), other);
        assertThat(recorded).extracting(TrailEntry::type).containsExactly("trail.retired");
        assertThat(other.files().segments()).isEqualTo(segments);
        try (Journal journal = other.open()) {
            for (int i = 0; i < SEGMENT; i++) {
                assertThat(journal.append(other.text("more", 1))).isTrue();
            }
        }
        removeAll(retirement(other, LIMIT, recorded, Files::deleteIfExists), other);
        assertThat(other.files().segments()).isEqualTo(segments.subList(1, 2));
        assertThat(other.trail().verify().retired()).isPositive();
    }

    /** Behind the last checkpoint anybody can write a line with a right checksum. */
    @Test
    void clockThatIsAhead_findsNoHelpInALineThatNobodyHasSigned() throws IOException {
        long size = small.checkpoint().size();
        List<Path> segments = small.files().segments();
        Bytes line = new Bytes(256);
        int start = line.size();
        line.ascii("{\"seq\":" + size + ",\"v\":3,\"time\":\"2036-12-01T00:00:00.000000000Z\",\"type\":\"forged\"}");
        new LineFormat().close(line, start);
        Files.writeString(
                segments.get(segments.size() - 1),
                new String(line.array(), 0, line.size(), StandardCharsets.US_ASCII),
                StandardOpenOption.APPEND);
        assertThat(small.records("forged")).as("it reads like a record").hasSize(1);
        now.set(START.plus(Duration.ofDays(3_980)));
        List<TrailEntry> recorded = new ArrayList<>();
        retirement(small, LIMIT, recorded, Files::deleteIfExists).sweep(small.checkpoint());
        assertThat(recorded).isEmpty();
        assertThat(warned).singleElement().asString().contains("the clock says 2036", "2 segments");
    }

    /** Gives the lines of a segment another year, and right checksums. */
    private static void age(Path segment) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String line : Files.readAllLines(segment)) {
            Bytes bytes = new Bytes(line.length() + 10);
            bytes.ascii(line.substring(0, line.length() - LineFormat.SUFFIX_LENGTH)
                    .replace("\"time\":\"2026-", "\"time\":\"2022-"));
            bytes.ascii("}");
            new LineFormat().close(bytes, 0);
            lines.append(new String(bytes.array(), 0, bytes.size(), StandardCharsets.US_ASCII));
        }
        assertThat(lines).contains("\"time\":\"2022-");
        Files.writeString(segment, lines);
    }

    /** What nobody can date goes when what was written behind it may go, and leaves a trace. */
    @Test
    void damagedSegment_goesWithTheNextOneAndIsOnRecord() throws IOException {
        age(small.files().segments().get(0));
        Path index = small.files().index(small.files().segments().get(1));
        Files.writeString(index, Files.readString(index).replace("2026-", "2022-"));
        List<TrailEntry> recorded = new ArrayList<>();
        for (int days : new int[] {229, 231}) {
            now.set(START.plus(Duration.ofDays(days)));
            try (Journal journal = small.open()) {
                assertThat(journal.recordAndAwait(small.decision(days))).isTrue();
            }
            retirement(small, LIMIT, recorded, Files::deleteIfExists).sweep(small.checkpoint());
            assertThat(recorded).hasSize(days < 230 ? 0 : 3);
        }
        assertThat(recorded.toString())
                .contains("00000000000000000000.jsonl, fault=not all of its lines")
                .contains("index/00000000000000000256.json, fault=it was not that of the segment")
                .contains("trail.retired");
    }

    /** As after a kill: no index, and a line that rot has taken the time from. */
    @Test
    void lineWithoutATime_isNoClockThatIsAhead() throws IOException {
        List<Path> segments = small.files().segments();
        Path newest = segments.get(segments.size() - 1);
        Files.delete(small.files().index(newest));
        Files.writeString(newest, Files.readString(newest).replaceFirst("\"time\":\"2026", "\"tine\":\"2026"));
        now.set(START.plus(Duration.ofDays(4_000)));
        List<TrailEntry> recorded = new ArrayList<>();
        retirement(small, LIMIT, recorded, Files::deleteIfExists).sweep(small.checkpoint());
        assertThat(recorded).isEmpty();
        assertThat(warned).singleElement().asString().contains("the clock says 2036");
    }

    /** A removal of many segments takes its time. */
    @Test
    void holdThatComesDuringTheRemoval_keepsWhatIsStillThere() throws IOException {
        now.set(START.plus(Duration.ofDays(255)));
        List<TrailEntry> recorded = new ArrayList<>();
        List<Instant> held = new ArrayList<>();
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(255))).isTrue();
        }
        List<RetentionHold> holds = List.of(() -> held.stream().findFirst());
        Retirement retirement = retirement(small, LIMIT, holds, recorded::add, file -> {
            held.add(START);
            Files.deleteIfExists(file);
        });
        removeAll(retirement, small);
        assertThat(recorded).extracting(TrailEntry::type).containsExactly("trail.retired", "trail.kept");
        assertThat(recorded.get(1).toString()).contains("from=" + SEGMENT, "through=" + (2 * SEGMENT - 1));
        assertThat(small.files().segments()).hasSize(2);
        assertThat(small.files().secrets(small.files().segments().get(0))).exists();
    }

    /** A service that was down for some seconds, whose oldest segment comes of age just then. */
    @Test
    void restart_isNoClockThatIsAhead() throws IOException {
        List<TrailEntry> recorded = new ArrayList<>();
        Instant comesOfAge = START.plus(LIMIT.maxAge().orElseThrow());
        now.set(comesOfAge.minusSeconds(10));
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(200))).isTrue();
        }
        now.set(comesOfAge.plusSeconds(10));
        retirement(small, LIMIT, recorded, Files::deleteIfExists).sweep(small.checkpoint());
        assertThat(recorded).as("an hour later").isEmpty();
        assertThat(warned).isEmpty();
    }

    /** Checkpoints wait meanwhile. */
    @Test
    void manySegments_goSomeAtATime() throws IOException {
        try (Journal journal = small.open(LIMIT.atLeast(Duration.ofDays(10_000)))) {
            for (int days = 90; days < 660; days += 30) {
                now.set(START.plus(Duration.ofDays(days)));
                assertThat(journal.appendAndAwait(small.text("more", 1))).isTrue();
            }
        }
        List<TrailEntry> recorded = new ArrayList<>();
        now.set(START.plus(Duration.ofDays(855)));
        try (Journal journal = small.open()) {
            assertThat(journal.appendAndAwait(small.text("newest", 1))).isTrue();
        }
        Retirement retirement = retirement(small, LIMIT, recorded, Files::deleteIfExists);
        int before = small.files().segments().size();
        for (int batch = 1; batch <= 3; batch++) {
            removeAll(retirement, small);
            assertThat(recorded).as("in the same hour").hasSize(Math.min(batch, 2));
            assertThat(small.files().segments()).hasSize(Math.max(before - 16 * batch, 1));
        }
        assertThat(small.trail().verify().retired()).isPositive();
    }

    /** Or each opening would name it anew when its record is gone. */
    @Test
    void whatWasSetAside_goesWithTheRecordThatNamesIt() throws IOException {
        SmallTrail other = new SmallTrail(home.resolve("with-a-torn-end"), time);
        Files.createDirectories(other.directory());
        for (int days : new int[] {0, 30, 60}) {
            now.set(START.plus(Duration.ofDays(days)));
            try (Journal journal = other.open(LIMIT)) {
                assertThat(journal.recordAndAwait(other.decision(days))).isTrue();
            }
            if (days != 30) {
                Path newest =
                        other.files().segments().get(other.files().segments().size() - 1);
                Files.writeString(newest, "{torn", StandardOpenOption.APPEND);
            }
        }
        assertThat(other.files().brokenFiles()).hasSize(1);
        now.set(START.plus(Duration.ofDays(239)));
        try (Journal journal = other.open()) {
            assertThat(journal.recordAndAwait(other.decision(239))).isTrue();
        }
        List<String> broken = other.files().brokenFiles();
        assertThat(broken).hasSize(2);
        removeAll(retirement(other, LIMIT, new ArrayList<>(), Files::deleteIfExists), other);
        assertThat(other.files().brokenFiles()).as("of the young segment").hasSize(1);
        assertThat(broken).containsAll(other.files().brokenFiles());
        other.open().close();
        assertThat(other.records("trail.recovery")).hasSize(1);
    }

    /** A file that somebody puts there must not have evidence dropped for want of room. */
    @ParameterizedTest
    @ValueSource(strings = {"big.json", "00000000000000000001.json", "00000000000000099999.json"})
    void strayFiles_takeNoRoom(String name) throws IOException {
        Files.write(small.file("trail/aside").resolve(name), new byte[2_000_000]);
        List<TrailEntry> recorded = new ArrayList<>();
        Retention retention = Retention.upToBytes(2_000_000).atLeast(Duration.ZERO);
        retirement(small, retention, recorded, Files::deleteIfExists).sweep(small.checkpoint());
        assertThat(recorded).isEmpty();
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
            retirement(small, retention, recorded, Files::deleteIfExists).sweep(small.checkpoint());
            assertThat(recorded).hasSize(room > bytes + 250_000 ? 0 : 1);
        }
    }

    /** An index is a help for questions. */
    @Test
    void indexThatCannotBeRead_keepsNoTrailFromOpening() throws IOException {
        Path index = small.files().index(small.files().segments().get(0));
        Files.deleteIfExists(index);
        Files.createDirectories(index);
        try (Journal journal = small.open(LIMIT)) {
            assertThat(journal.recordAndAwait(small.decision(61))).isTrue();
        }
        assertThat(index).isDirectory();
    }
}
