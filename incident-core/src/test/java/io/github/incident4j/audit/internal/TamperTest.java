// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.InclusionProof;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.Verification;
import io.github.incident4j.audit.Verification.Trust;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody who has the directory, and not the key, changes what was signed, and the service opens it again. */
class TamperTest {
    private static final GuardInfo GUARD = GuardInfos.of(7, "model", List.of("tenant"), List.of(), Durability.DURABLE);
    private static final TimeSource TIME = TimeSource.system();

    @TempDir
    Path directory;

    private static DecisionRecord decision(long number) {
        return DecisionRecord.answered(
                GUARD,
                number,
                TIME.nanoTime(),
                5,
                0,
                0,
                -1,
                List.of(),
                List.of(),
                new String[] {"t"},
                new double[0],
                new CallFacts("person-" + number, null, null, null, null, null, null, false, List.of()));
    }

    private static final class Observer implements JournalObserver {
        private final CountDownLatch resumed = new CountDownLatch(1);

        @Override
        public void passed(TrailEntry entry, long epochNanos) {}

        @Override
        public void writingFailed(IOException cause) {}

        @Override
        public void writingResumed(long lost) {
            resumed.countDown();
        }
    }

    private Journal open(Observer observer, SegmentChannel.Opener opener) throws IOException {
        Journal journal = Journal.open(
                directory,
                new TrailSettings(1_024, 32L << 20, Duration.ofSeconds(30), List.of(), List.of(), Retention.forever()),
                TIME,
                stored -> {},
                List.of(),
                Ownership.UNDISPUTED,
                observer,
                opener,
                System::nanoTime);
        journal.start();
        return journal;
    }

    private void write(int from, int count) throws IOException {
        try (Journal journal = open(new Observer(), SegmentChannel::of)) {
            for (int i = from; i < from + count; i++) {
                journal.record(decision(i));
            }
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private Path segment() {
        return file("trail/log/00000000000000000000.jsonl");
    }

    private List<String> key() throws IOException {
        return Files.readAllLines(file("trail/verifier.pub"));
    }

    /** Changes what a line says, with the right checksum; returns the hash that it had. */
    private String forge(int at) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(segment()));
        String before = lines.get(at);
        String forged = before.replace("\"latency_ns\":5", "\"latency_ns\":6");
        assertThat(forged).isNotEqualTo(before);
        lines.set(at, withItsChecksum(forged));
        Files.write(segment(), lines);
        return HexFormat.of().formatHex(IndependentVerifier.leaf(before));
    }

    static String withItsChecksum(String changed) {
        String body = changed.substring(0, changed.length() - 21);
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return body + ",\"crc32c\":\"" + String.format("%08x", crc.getValue()) + "\"}";
    }

    /** Tiles are written before lines are forced, so a power cut may leave one of lines that are gone. */
    @Test
    void tileOfLinesThatACrashHasTaken_isNoTampering() throws IOException {
        write(0, 200);
        long size = Files.readAllLines(segment()).size();
        byte[] partial = Files.readAllBytes(file("trail/tile/0/000.p/" + size));
        byte[] full = java.util.Arrays.copyOf(partial, 256 * 32);
        java.util.Arrays.fill(full, partial.length, full.length, (byte) 7);
        Files.write(file("trail/tile/0/000"), full);
        write(200, 10);
        assertThat(AuditTrail.in(directory).verify(key(), List.of()).faults()).isEmpty();
        write(210, 100);
        assertThat(AuditTrail.in(directory).verify(key(), List.of()).faults()).isEmpty();
    }

    private static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return; // the index of a segment comes a moment after it
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private AuditTrail trail() {
        return AuditTrail.in(directory);
    }

    private List<TrailRecord> records(String type) {
        try (Stream<TrailRecord> records = trail().query().type(type).records()) {
            return records.toList();
        }
    }

    private List<String> damage() {
        return records("trail.damage").stream()
                .map(record -> record.members().get("segment") + ": "
                        + record.members().get("fault"))
                .toList();
    }

    @Test
    void forgedLineWithoutTiles_isNeverSignedAndStaysAFault() throws Exception {
        write(0, 6);
        List<String> key = key();
        byte[] signed = Files.readAllBytes(file("trail/checkpoint"));
        InclusionProof before = trail().prove(3);
        forge(3);
        deleteAll(file("trail/tile"));
        write(6, 1);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(signed));
        assertThat(damage())
                .singleElement()
                .asString()
                .contains("not the one that the checkpoint of size 6 attests", "checkpoint@6.broken", sha256);
        assertThat(Files.readAllBytes(file("trail/broken/checkpoint@6.broken"))).isEqualTo(signed);
        for (int i = 7; i < 9; i++) {
            Verification found = trail().verify(key, List.of());
            assertThat(found.faults())
                    .hasSize(2)
                    .anyMatch(fault -> fault.contains("records 0 to 5 are attested by nobody"))
                    .anyMatch(fault -> fault.contains("opening the trail found damage"));
            assertThat(found.attested()).isEqualTo(found.records() - 6);
            assertThat(trail().prove(3).check(key)).contains("not the one that the checkpoint attests");
            assertThat(trail().prove(6).check(key)).as("what came after it").isEmpty();
            assertThat(before.check(key)).as("what was proved before").isEmpty();
            write(i, 1); // the fault is not forgotten
        }
        assertThat(damage()).as("it is found once").hasSize(1);
    }

    @Test
    void forgedLineUnderTilesThatLackTheirEnd_isNamedWithTheHashThatItHad() throws IOException {
        write(0, 300);
        String hash = forge(3);
        Files.delete(file("trail/tile/0/001.p/44"));
        write(300, 1);
        assertThat(damage())
                .hasSize(2)
                .anyMatch(fault -> fault.contains("record 3 had another line") && fault.contains(hash));
        assertThat(trail().verify().intact()).isFalse();
        assertThat(trail().prove(3).check(key())).isNotEmpty();
    }

    /** The tiles tell what was lost, so that what is left is still attested. */
    @Test
    void rottenLineUnderTilesThatLackTheirEnd_costsNoOther() throws IOException {
        write(0, 300);
        byte[] bytes = Files.readAllBytes(segment());
        bytes[new String(bytes, StandardCharsets.UTF_8).indexOf("\"seq\":7,") + 60] ^= 1;
        Files.write(segment(), bytes);
        Files.delete(file("trail/tile/0/001.p/44"));
        write(300, 1);
        assertThat(damage()).singleElement().asString().contains("the line after record 6 is damaged");
        assertThat(trail().prove(8).check(key())).isEmpty();
    }

    @Test
    void checkpointThatIsRemoved_isAFaultBeforeAndAfterTheTrailGoesOn() throws IOException {
        write(0, 6);
        List<String> key = key();
        forge(3);
        Files.delete(file("trail/checkpoint"));
        for (List<String> keys : List.of(key, List.<String>of())) {
            Verification found = trail().verify(keys, List.of());
            assertThat(found.faults())
                    .singleElement()
                    .asString()
                    .contains("trail/checkpoint is missing", "put it back from a copy");
            assertThat(found.trust()).isEqualTo(Trust.NONE);
        }
        write(6, 1);
        assertThat(damage())
                .hasSize(2)
                .anyMatch(fault -> fault.contains("missing although the trail had one"))
                .anyMatch(fault -> fault.contains("record 3 had another line"));
        assertThat(trail().verify(key, List.of()).faults())
                .hasSize(3)
                .anyMatch(fault -> fault.contains("records 0 to 5 are attested by nobody"));
        assertThat(trail().prove(3).check(key)).isNotEmpty();
    }

    /** What is left of the old tree is no part of the new one. */
    @Test
    void trailThatGoesOnWithoutItsCheckpoint_isAttestedFromThere() throws IOException {
        write(0, 290);
        write(290, 10); // leaves tiles of two sizes
        Files.delete(file("trail/checkpoint"));
        for (int i = 300; i < 304; i++) {
            write(i, 1);
        }
        assertThat(damage()).as("once").hasSize(1);
        assertThat(trail().verify().faults())
                .hasSize(2)
                .anyMatch(fault -> fault.contains("records 0 to 299 are attested by nobody"));
        assertThat(trail().verify().attested()).isEqualTo(5);
        for (long sequence = 300; sequence < 305; sequence++) {
            assertThat(trail().prove(sequence).check(key())).isEmpty();
        }
        assertThat(file("trail/broken/tile@300.broken")).isDirectory();
    }

    @Test
    void rottenTileThatIsNotFull_isMadeAnew() throws IOException {
        write(0, 300);
        Path tile = file("trail/tile/0/001.p/44");
        byte[] bytes = Files.readAllBytes(tile);
        bytes[40] ^= 1;
        Files.write(tile, bytes);
        write(300, 1);
        assertThat(damage()).isEmpty();
        assertThat(trail().verify().faults()).isEmpty();
        for (long sequence : new long[] {0, 256, 257, 299, 300}) {
            assertThat(trail().prove(sequence).check(key())).isEmpty();
        }
    }

    @Test
    void everythingSignedThatIsRemoved_isAFaultUnderAKeyFromElsewhere() throws IOException {
        write(0, 6);
        List<String> key = key();
        Files.write(segment(), Files.readAllLines(segment()).subList(0, 2));
        for (String name : List.of("trail/checkpoint", "trail/verifier.pub")) {
            Files.delete(file(name));
        }
        assertThat(trail().verify().faults().toString()).as("there are tiles").contains("checkpoint is missing");
        deleteAll(file("trail/tile"));
        deleteAll(file("trail/index"));
        assertThat(trail().verify(key, List.of()).faults().toString()).contains("checkpoint is missing");
    }

    @Test
    void forgedLineUnderTilesThatSayOtherwise_isNotSignedWhateverElseIsRemoved() throws IOException {
        write(0, 6);
        String hash = forge(3);
        for (String name : List.of("trail/checkpoint", "trail/verifier.pub", "trail/index")) {
            deleteAll(file(name));
        }
        write(6, 1);
        assertThat(damage()).singleElement().asString().contains("record 3 had another line", hash);
        assertThat(trail().verify().intact()).isFalse();
        assertThat(trail().prove(3).check(key())).isNotEmpty();
    }

    /** A crash in the first second leaves records and no checkpoint: nothing is wrong with them. */
    @Test
    void trailWithoutACheckpointYet_isAttestedWhenItGoesOn() throws IOException {
        write(0, 6);
        for (String name : List.of("trail/checkpoint", "trail/verifier.pub", "trail/index")) {
            deleteAll(file(name));
        }
        write(6, 1);
        assertThat(trail().verify().faults()).isEmpty();
        assertThat(trail().verify().attested()).isEqualTo(7);
    }

    @Test
    void checkpointOfAnotherKey_isKeptAndWhatItAttestsIsAttestedNoMore() throws IOException {
        write(0, 6);
        byte[] signed = Files.readAllBytes(file("trail/checkpoint"));
        Files.delete(file("audit.key"));
        write(6, 1);
        assertThat(damage()).singleElement().asString().contains("cannot be trusted: no known key has signed it");
        assertThat(Files.readAllBytes(file("trail/broken/checkpoint@untrusted.broken")))
                .isEqualTo(signed);
        assertThat(trail().verify().faults().toString()).contains("records 0 to 5 are attested by nobody");
    }

    @Test
    void forgedLineAboveTrustedTiles_isSeenAtOpening() throws IOException {
        write(0, 600);
        forge(3);
        forge(590);
        write(600, 1);
        assertThat(damage())
                .containsExactly(
                        "log: record 3: the line is not the one that was recorded",
                        "log: record 590: the line is not the one that was recorded");
        assertThat(trail().verify().faults().toString())
                .contains("record 3: the line is not the one that was recorded");
        assertThat(trail().prove(4).check(key())).isEmpty();
        assertThat(trail().prove(3).check(key())).isNotEmpty();
    }

    /** Tiles are looked at, too: those that rot are made anew, as long as the lines are the ones that were signed. */
    @Test
    void rottenTile_isMadeAnew() throws IOException {
        write(0, 600);
        byte[] tile = Files.readAllBytes(file("trail/tile/0/000"));
        byte[] rotten = tile.clone();
        rotten[1_000] ^= 1;
        Files.write(file("trail/tile/0/000"), rotten);
        assertThat(trail().verify().intact()).isFalse();
        write(600, 1);
        assertThat(Files.readAllBytes(file("trail/tile/0/000"))).isEqualTo(tile);
        assertThat(trail().verify().faults()).isEmpty();
    }

    /** A number that rot has changed names no other record. */
    @Test
    void rottenNumber_costsOneRecord() throws IOException {
        write(0, 20);
        byte[] bytes = Files.readAllBytes(segment());
        int at = new String(bytes, StandardCharsets.UTF_8).indexOf("\"seq\":8,");
        bytes[at + 6] ^= 1;
        Files.write(segment(), bytes);
        write(20, 1);
        assertThat(damage()).containsExactly("00000000000000000000.jsonl: the line after record 7 is damaged");
    }

    @Test
    void damageAtOpening_isAnIncident() throws IOException {
        write(0, 6);
        forge(3);
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            Eventually.until(() -> !runtime.incidents().open().isEmpty());
            assertThat(runtime.incidents().open())
                    .singleElement()
                    .extracting(Incident::finding)
                    .asString()
                    .contains("the audit trail is damaged", "record 3");
        }
    }

    @Test
    void lastSideRecordThatIsAttestedAndRots_staysAndIsReported() throws IOException {
        write(0, 6);
        Path side = file("trail/side/00000000000000000000.jsonl");
        byte[] bytes = Files.readAllBytes(side);
        bytes[bytes.length - 40] ^= 1;
        Files.write(side, bytes);
        write(6, 1);
        assertThat(Files.readAllBytes(side)).isEqualTo(bytes);
        assertThat(damage())
                .singleElement()
                .asString()
                .contains("side/00000000000000000000.jsonl", "behind that of record 4 up to that of record 5");
        assertThat(trail().verify().faults()).hasSize(2).anyMatch(fault -> fault.contains("record 5: its side record"));
        assertThat(file("trail/broken")).doesNotExist();
    }

    /** A crash leaves the beginning of a side record that no line commits to. */
    @Test
    void tornEndOfSideRecords_isSetAsideAndNamed() throws Exception {
        write(0, 2);
        Path side = file("trail/side/00000000000000000000.jsonl");
        byte[] sound = Files.readAllBytes(side);
        byte[] end = "{\"seq\":2,\"v\":3,\"key\":2,\"sea".getBytes(StandardCharsets.US_ASCII);
        byte[] torn = Arrays.copyOf(sound, sound.length + end.length);
        System.arraycopy(end, 0, torn, sound.length, end.length);
        Files.write(side, torn);
        write(2, 1);
        assertThat(records("trail.recovery"))
                .singleElement()
                .extracting(TrailRecord::members)
                .satisfies(members -> {
                    assertThat(members.get("segment")).isEqualTo("side-00000000000000000000.jsonl");
                    assertThat(members.get("sha256"))
                            .isEqualTo(HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256").digest(end)));
                    assertThat(Files.readAllBytes(file("trail/broken/" + members.get("moved_to"))))
                            .isEqualTo(end);
                });
        assertThat(trail().verify().faults()).isEmpty();
        assertThat(trail().verify().sides()).isEqualTo(new Verification.Sides(3, 0, 0));
    }

    @Test
    void secretsThatAreOverwrittenByHand_areNoErasure() throws IOException {
        write(0, 6);
        Path secrets = file("subjects/00000000000000000000.keys");
        byte[] bytes = Files.readAllBytes(secrets);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '\n' ? bytes[i] : (byte) '?';
        }
        Files.write(secrets, bytes);
        assertThat(trail().verify().faults()).hasSize(6);
        write(6, 1);
        assertThat(damage())
                .containsExactly(
                        "subjects/00000000000000000000.keys: of 6 side records the secrets are lost or damaged");
        assertThat(trail().verify().faults()).hasSize(7);
    }

    @Test
    void whatAFailureSetsAside_isNamed() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        Observer observer = new Observer();
        try (Journal journal = open(observer, disk)) {
            assertThat(journal.recordAndAwait(decision(0))).isTrue();
            disk.fail(FaultyDisk.Fault.FORCE);
            journal.record(decision(1));
            Eventually.until(() -> disk.faults() > 0);
            disk.fail(FaultyDisk.Fault.NONE);
            assertThat(observer.resumed.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(disk.faults()).isPositive();
        List<TrailRecord> named = records("trail.recovery");
        assertThat(named).isNotEmpty();
        for (TrailRecord each : named) {
            Map<String, Object> members = each.members();
            byte[] moved = Files.readAllBytes(file("trail/broken/" + members.get("moved_to")));
            assertThat(members.get("sha256"))
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(moved)));
        }
        assertThat(trail().verify().faults()).isEmpty();
    }

    /** What says that a line was another one is evidence. */
    @Test
    void fullTileThatDiffers_isKeptWhereTheTrailIsDisowned() throws IOException {
        write(0, 300);
        byte[] tile = Files.readAllBytes(file("trail/tile/0/000"));
        forge(3);
        Files.delete(file("trail/tile/0/001.p/44"));
        write(300, 1);
        assertThat(Files.readAllBytes(file("trail/broken/tile@300.broken/0/000")))
                .isEqualTo(tile);
        assertThat(file("trail/remade")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tile/0/000", "tile/0/001", "tile"})
    void tileThatIsLostAfterADisown_costsNoRecordThatWasSignedSince(String lost) throws IOException {
        write(0, 300);
        forge(3);
        deleteAll(file("trail/tile"));
        write(300, 300);
        assertThat(damage()).hasSize(1);
        deleteAll(file("trail/" + lost));
        write(600, 1);
        assertThat(damage()).as("it is no damage").hasSize(1);
        Verification found = trail().verify(key(), List.of());
        assertThat(found.faults())
                .hasSize(2)
                .anyMatch(fault -> fault.contains("records 0 to 299 are attested by nobody"));
        assertThat(trail().prove(301).check(key())).isEmpty();
        assertThat(trail().prove(3).check(key())).isNotEmpty();
    }

    /** Tiles are not forced, so a power cut may leave one of the right length without its content. */
    @Test
    void tileOfZeros_disownsNobody() throws IOException {
        write(0, 600);
        Files.write(file("trail/tile/0/000"), new byte[256 * 32]);
        write(600, 1);
        assertThat(damage()).isEmpty();
        assertThat(trail().verify().faults()).isEmpty();
    }

    enum Harm {
        LAST_LINE_CUT_OFF,
        LINE_ROTTEN,
        SEGMENT_EMPTIED,
        SEGMENT_REMOVED,
        LINE_FORGED,
        SIDE_REMOVED,
        SIDE_ROTTEN,
        SUBJECTS_REMOVED
    }

    private void harm(Harm harm) throws IOException {
        Path side = file("trail/side/00000000000000000000.jsonl");
        byte[] sound = Files.readAllBytes(harm == Harm.SIDE_ROTTEN ? side : segment());
        switch (harm) {
            case LAST_LINE_CUT_OFF -> Files.write(segment(), Arrays.copyOf(sound, sound.length - 40));
            case LINE_ROTTEN, SIDE_ROTTEN -> {
                sound[sound.length / 2] ^= 1;
                Files.write(harm == Harm.SIDE_ROTTEN ? side : segment(), sound);
            }
            case SEGMENT_EMPTIED -> Files.write(segment(), new byte[0]);
            case SEGMENT_REMOVED -> Files.delete(segment());
            case LINE_FORGED -> forge(3);
            case SIDE_REMOVED -> Files.delete(side);
            case SUBJECTS_REMOVED -> deleteAll(file("subjects"));
        }
    }

    @ParameterizedTest
    @EnumSource(Harm.class)
    void damageThatIsOnRecord_isNotRecordedAtEveryOpening(Harm harm) throws IOException {
        write(0, 6);
        harm(harm);
        write(6, 1);
        assertThat(damage()).as("it is found").hasSize(1);
        for (int i = 7; i < 10; i++) {
            write(i, 1);
            assertThat(damage()).as("once").hasSize(1);
        }
    }

    @Test
    void manyRecordsOfDamage_hideNoOtherFault() throws IOException {
        write(0, 6);
        try (Journal journal = open(new Observer(), SegmentChannel::of)) {
            for (int i = 0; i < 150; i++) {
                journal.append(new TrailDamage("log", "synthetic fault " + i, TIME.nanoTime()));
            }
        }
        write(6, 200);
        List<String> faults = trail().verify().faults();
        assertThat(faults).hasSizeLessThan(100);
        assertThat(faults.toString()).contains("synthetic fault 0", "record 155");
        byte[] bytes = Files.readAllBytes(segment());
        bytes[bytes.length - 60] ^= 1;
        Files.write(segment(), bytes);
        assertThat(trail().verify().faults())
                .anyMatch(fault -> fault.contains("record 355: the checksum does not match"));
    }

    @Test
    void upperTile_isComparedHoweverManyFaultsThereAre() throws IOException {
        write(0, 600);
        forge(3);
        assertThat(trail().verify().faults().toString()).as("no echo").doesNotContain("level 1");
        Path upper = file("trail/tile/1/000.p/2");
        byte[] bytes = Files.readAllBytes(upper);
        bytes[40] ^= 1; // of the records 256 to 511
        Files.write(upper, bytes);
        assertThat(trail().verify().faults()).anyMatch(fault -> fault.contains("tile 0 of level 1"));
    }

    /** A copy of the trail alone is for those who must not read about people. */
    @Test
    void copyWithoutSubjects_isReadWithoutBeingWrittenAndOpeningItSaysSoOnce() throws IOException {
        write(0, 6);
        for (int i = 6; i < 12; i += 3) {
            Path newest = newestSegment();
            byte[] sound = Files.readAllBytes(newest);
            Files.write(newest, Arrays.copyOf(sound, sound.length - 40)); // so that another segment is begun
            write(i, 3);
        }
        int before = damage().size();
        deleteAll(file("subjects"));
        Map<String, String> files = digests();
        assertThat(trail().verify().faults()).isNotEmpty();
        try (Stream<TrailRecord> records = trail().query().unsealed().records()) {
            assertThat(records.count()).isPositive();
        }
        trail().prove(1);
        assertThat(digests()).as("a reader writes nothing").isEqualTo(files);
        for (int i = 12; i < 15; i++) {
            write(i, 1);
            assertThat(damage()).hasSize(before + 1);
        }
        assertThat(damage()).last().asString().contains("subjects", "put");
    }

    private Path newestSegment() throws IOException {
        try (Stream<Path> segments = Files.list(file("trail/log"))) {
            return segments.max(Comparator.naturalOrder()).orElseThrow();
        }
    }

    private Map<String, String> digests() throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                digests.put(
                        file.toString(),
                        Files.isDirectory(file)
                                ? ""
                                : HexFormat.of().formatHex(Hashes.sha256().digest(Files.readAllBytes(file))));
            }
        }
        return digests;
    }

    /** They published the key before there was a checkpoint, so a crash in their first second left one without. */
    @Test
    void trailOfAnOlderBuildWithoutACheckpointYet_isAttestedWhenItGoesOn() throws IOException {
        write(0, 6);
        for (String name : List.of("trail/checkpoint", "trail/tile", "trail/index")) {
            deleteAll(file(name));
        }
        assertThat(file("trail/verifier.pub")).exists();
        write(6, 1);
        assertThat(trail().verify().faults()).isEmpty();
        assertThat(trail().verify().attested()).isEqualTo(7);
    }

    @Test
    void keyOfACheckpointThatIsTrustedNoMore_isKept() throws IOException {
        write(0, 6);
        byte[] key = Files.readAllBytes(file("trail/verifier.pub"));
        Files.delete(file("audit.key"));
        write(6, 1);
        assertThat(Files.readAllBytes(file("trail/verifier.pub"))).isNotEqualTo(key);
        assertThat(Files.readAllBytes(file("trail/broken/verifier.pub@untrusted.broken")))
                .isEqualTo(key);
        assertThat(damage()).singleElement().asString().contains("verifier.pub@untrusted.broken");
    }

    enum Far {
        EMPTY,
        COPY,
        ITS_OWN
    }

    /** Its name would have the tree grow for years, one lost record after another. */
    @ParameterizedTest
    @CsvSource({"COPY, 6", "EMPTY, 6", "ITS_OWN, 6", "COPY, 0"})
    void segmentThatIsCalledByANumberFarAhead_isNotReadAndSetAside(Far what, int attested) throws IOException {
        write(0, 6);
        Path far = file("trail/log/00888888888888888888.jsonl");
        switch (what) {
            case EMPTY -> Files.createFile(far);
            case COPY -> Files.copy(segment(), far);
            case ITS_OWN -> {
                String first = Files.readAllLines(segment()).get(0);
                Files.writeString(
                        far, withItsChecksum(first.replace("\"seq\":0,", "\"seq\":888888888888888888,")) + '\n');
            }
        }
        if (attested == 0) {
            for (String name : List.of("checkpoint", "verifier.pub", "tile", "index")) {
                deleteAll(file("trail").resolve(name));
            }
        }
        assertThat(trail().verify().faults())
                .anySatisfy(fault ->
                        assertThat(fault).contains("00888888888888888888.jsonl: the file is called by a number"));
        write(6, 1);
        assertThat(damage()).singleElement().asString().contains("00888888888888888888.jsonl", "moved to");
        assertThat(far).doesNotExist();
        assertThat(file("trail/broken/00888888888888888888.jsonl@0.broken")).exists();
        write(7, 1);
        assertThat(damage()).as("once").hasSize(1);
        assertThat(trail().query().type("decision").count()).isEqualTo(8);
    }

    /** Retention has dropped what was before; nobody knows any more how much was attested. */
    @Test
    void logThatBeginsLateAndHasNoCheckpoint_isKept() throws IOException {
        write(0, 6);
        Path late = file("trail/log/00000000000000200000.jsonl");
        StringBuilder lines = new StringBuilder();
        for (String line : Files.readAllLines(segment())) {
            lines.append(withItsChecksum(line.replace("{\"seq\":", "{\"seq\":20000")))
                    .append('\n');
        }
        Files.delete(segment());
        Files.writeString(late, lines);
        for (String name : List.of("checkpoint", "verifier.pub", "tile", "index", "side")) {
            deleteAll(file("trail").resolve(name));
        }
        write(6, 1);
        assertThat(late).exists();
        assertThat(file("trail/broken")).doesNotExist();
    }
}
