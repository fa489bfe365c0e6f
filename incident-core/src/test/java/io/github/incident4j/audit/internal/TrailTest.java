// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.PayloadKind;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.Verification;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrailTest {
    private static final GuardInfo GUARD =
            GuardInfos.of(7, "model", List.of("segment"), List.of("value"), Durability.GROUP);
    private static final TimeSource TIME = TimeSource.following(() -> Instant.parse("2026-11-20T21:41:00.123456789Z"));

    private static final GuardInfo FULL = new GuardInfo(
            7,
            "full",
            List.of(GuardInfos.route("v1", RouteKind.MODEL)),
            List.of(),
            List.of(),
            new Recording(Durability.GROUP, true, PayloadKind.FULL, PayloadKind.NONE, "{}", ""));

    @TempDir
    Path directory;

    private final List<IOException> failures = new ArrayList<>();
    private final AtomicInteger resumed = new AtomicInteger();

    private class Observer implements JournalObserver {
        @Override
        public void passed(TrailEntry entry, long epochNanos) {
            if (entry instanceof Marker marker) {
                marker.passed().complete(null);
            }
        }

        @Override
        public void writingFailed(IOException cause) {
            failures.add(cause);
        }

        @Override
        public void writingResumed(long lost) {
            resumed.incrementAndGet();
        }
    }

    private Journal journal(int capacity, Duration maxWait, JournalObserver observer) throws IOException {
        return Journal.open(
                directory,
                new TrailSettings(capacity, 1 << 20, maxWait, List.of(), List.of(), Retention.forever()),
                TIME,
                stored -> {},
                List.of(),
                Ownership.UNDISPUTED,
                observer);
    }

    private static DecisionRecord decision(long number, @Nullable String segment, double value) {
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
                new @Nullable String[] {segment},
                new double[] {value},
                null);
    }

    private void write(int records) throws IOException {
        try (Journal journal = journal(1_024, Duration.ofSeconds(10), new Observer())) {
            journal.start();
            for (int i = 0; i < records; i++) {
                journal.record(decision(i, "a", i));
            }
        }
    }

    private List<TrailRecord> read() {
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().unsealed().records()) {
            return records.toList();
        }
    }

    private Verification verify() {
        return AuditTrail.in(directory).verify();
    }

    private Path segment() {
        return directory.resolve("trail/log/00000000000000000000.jsonl");
    }

    @Test
    void writtenTrail_isAcceptedByAnIndependentReader() throws Exception {
        write(300);
        List<String> lines = Files.readAllLines(segment(), StandardCharsets.UTF_8);
        assertThat(lines).hasSize(300);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            JsonNode json = new ObjectMapper().readTree(line);
            List<String> members = new ArrayList<>();
            json.fieldNames().forEachRemaining(members::add);
            assertThat(members).startsWith("seq", "v", "time", "type").endsWith("crc32c");
            assertThat(json.path("seq").asLong()).isEqualTo(i);
            assertThat(json.path("time").asText()).isEqualTo("2026-11-20T21:41:00.123456789Z");
            CRC32C crc = new CRC32C();
            crc.update(line.substring(0, line.length() - 21).getBytes(StandardCharsets.UTF_8));
            assertThat(json.path("crc32c").asText()).isEqualTo(String.format("%08x", crc.getValue()));
        }
        new IndependentVerifier(directory.resolve("trail")).accept(lines);
        assertThat(verify().intact()).isTrue();
        assertThat(verify().trust()).isEqualTo(Verification.Trust.SELF_ATTESTED);
        assertThat(verify().attested()).isEqualTo(300);
    }

    @Test
    void oneFlippedBit_isFoundAndLocated() throws IOException {
        write(6);
        byte[] sound = Files.readAllBytes(segment());
        int line = 0;
        int step = Boolean.getBoolean("incident4j.full") ? 1 : 5; // BitRotTest takes each byte
        for (int i = 0; i < sound.length; i++) {
            if (i % step > 0 && sound[i] != '\n') {
                continue;
            }
            byte[] changed = sound.clone();
            changed[i] ^= 1;
            Files.write(segment(), changed);
            Verification verification = verify();
            assertThat(verification.intact()).as("bit flipped at byte %d", i).isFalse();
            assertThat(verification.fault())
                    .as("located for byte %d", i)
                    .hasValueSatisfying(fault -> assertThat(fault).contains("record "));
            assertThat(verification.fault().orElseThrow()).contains("record " + line + ":");
            if (sound[i] == '\n') {
                line++;
            }
        }
        assertThat(line).isEqualTo(6);
    }

    /** Of a longer trail, so that there is a full tile; every bit is flipped somewhere. */
    @Test
    void oneFlippedBitOfTilesOrCheckpoint_isFound() throws IOException {
        write(300);
        List<Path> files = new ArrayList<>(List.of(directory.resolve("trail/checkpoint")));
        try (Stream<Path> tiles = Files.walk(directory.resolve("trail/tile"))) {
            tiles.filter(Files::isRegularFile).forEach(files::add);
        }
        assertThat(files).as("checkpoint, a full tile, two cut off").hasSize(4);
        for (Path file : files) {
            byte[] sound = Files.readAllBytes(file);
            for (int i = 0;
                    i < sound.length;
                    i += sound.length > 1_000 && !Boolean.getBoolean("incident4j.full") ? 41 : 1) {
                byte[] changed = sound.clone();
                changed[i] ^= (byte) (1 << (i % 8));
                Files.write(file, changed);
                assertThat(verify().intact())
                        .as("bit %d flipped at byte %d of %s", i % 8, i, file)
                        .isFalse();
            }
            Files.write(file, sound);
        }
        assertThat(verify().intact()).isTrue();
        byte[] checkpoint = Files.readAllBytes(files.get(0));
        checkpoint[20] = (byte) 0xc0; // no UTF-8
        Files.write(files.get(0), checkpoint);
        write(1);
        assertThat(read())
                .as("it opens all the same")
                .extracting(TrailRecord::type)
                .contains("trail.damage");
    }

    @Test
    void removedSwappedOrDoubledLineAndAMissingEnd_areFound() throws IOException {
        write(6);
        List<String> sound = Files.readAllLines(segment());
        List<String> removed = new ArrayList<>(sound);
        removed.remove(2);
        List<String> swapped = new ArrayList<>(sound);
        java.util.Collections.swap(swapped, 2, 3);
        List<String> doubled = new ArrayList<>(sound);
        doubled.add(2, sound.get(2));
        for (List<String> forged : List.of(removed, swapped, doubled)) {
            Files.write(segment(), forged);
            assertThat(verify().fault().orElseThrow()).containsPattern("record [23]:");
        }
        Files.write(segment(), sound.subList(0, 4));
        assertThat(verify().fault().orElseThrow()).contains("ends after 4 records", "of size 6");
        Files.delete(segment());
        assertThat(verify().fault().orElseThrow()).contains("ends after 0 records");
    }

    /** A forger who recomputes checksums and tiles, but has not the key. */
    @Test
    void lineThatWasRewrittenWithItsChecksum_isFoundByTheTree() throws IOException {
        write(6);
        List<String> lines = new ArrayList<>(Files.readAllLines(segment()));
        String forged = lines.get(3).replace("\"latency_ns\":5", "\"latency_ns\":6");
        String body = forged.substring(0, forged.length() - 21);
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        lines.set(3, body + ",\"crc32c\":\"" + String.format("%08x", crc.getValue()) + "\"}");
        Files.write(segment(), lines);
        assertThat(verify().fault().orElseThrow()).contains("record 3: the line is not the one that was recorded");
        byte[] tile = new byte[6 * 32];
        for (int i = 0; i < 6; i++) {
            System.arraycopy(IndependentVerifier.leaf(lines.get(i)), 0, tile, i * 32, 32);
        }
        Files.write(directory.resolve("trail/tile/0/000.p/6"), tile);
        assertThat(verify().faults())
                .containsExactly("the records are not those that the checkpoint of size 6 attests");
    }

    /** A forger who has the directory with its key makes another trail; only what lies elsewhere can tell. */
    @Test
    void trailThatWasReplacedAsAWhole_isFoundByWhatLiesElsewhere() throws IOException {
        write(6);
        String checkpoint = Files.readString(directory.resolve("trail/checkpoint"));
        List<String> key = Files.readAllLines(directory.resolve("trail/verifier.pub"));
        assertThat(AuditTrail.in(directory).verify(key, List.of(checkpoint)).trust())
                .isEqualTo(Verification.Trust.ATTESTED);
        deleteAll(directory.resolve("trail"));
        deleteAll(directory.resolve("subjects"));
        write(4); // with the same key
        assertThat(verify().intact()).as("it vouches for itself").isTrue();
        assertThat(AuditTrail.in(directory)
                        .verify(List.of(), List.of(checkpoint))
                        .fault()
                        .orElseThrow())
                .contains("ends after 4 records", "kept elsewhere of size 6");
        deleteAll(directory.resolve("trail"));
        deleteAll(directory.resolve("subjects"));
        Files.delete(directory.resolve("audit.key"));
        write(6); // with another key
        assertThat(verify().intact()).isTrue();
        assertThat(AuditTrail.in(directory).verify(key, List.of()).fault().orElseThrow())
                .contains("no known key has signed it");
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A crash after the last checkpoint: what is torn is no record yet. */
    @Test
    void tornEnd_isSetAsideAtEveryLengthAndNamed() throws Exception {
        write(2);
        byte[] checkpoint = Files.readAllBytes(directory.resolve("trail/checkpoint"));
        write(1);
        byte[] sound = Files.readAllBytes(segment());
        int lastLine = sound.length - 1;
        while (sound[lastLine - 1] != '\n') {
            lastLine--;
        }
        int step = Boolean.getBoolean("incident4j.full") ? 1 : 19;
        for (int length = lastLine + 1; length < sound.length; length += step) {
            byte[] torn = Arrays.copyOf(sound, length);
            Files.write(segment(), torn);
            Files.write(directory.resolve("trail/checkpoint"), checkpoint);
            write(1);
            TrailRecord recovery = read().get(2);
            assertThat(recovery.type()).isEqualTo("trail.recovery");
            Path aside = directory
                    .resolve("trail/broken")
                    .resolve(String.valueOf(recovery.members().get("moved_to")));
            byte[] end = Arrays.copyOfRange(sound, lastLine, length);
            assertThat(Files.readAllBytes(aside)).isEqualTo(end);
            assertThat(recovery.members())
                    .containsEntry(
                            "sha256",
                            HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256").digest(end)));
            try (Stream<Path> broken = Files.list(directory.resolve("trail/broken"))) {
                for (Path file : broken.toList()) {
                    Files.delete(file); // the trail goes back to where it had none
                }
            }
            assertThat(verify().faults()).isEmpty();
            assertThat(verify().records())
                    .as("two records, what was set aside of the log and of the side records, one more record")
                    .isEqualTo(5);
        }
    }

    /**
     * What the checkpoint attests cannot be torn by a crash: it is damage, stays where it is, and keeps its numbers.
     */
    @Test
    void damageBelowTheCheckpoint_isReportedAndNothingIsMoved() throws Exception {
        write(6);
        byte[] sound = Files.readAllBytes(segment());
        Files.write(segment(), Arrays.copyOf(sound, sound.length - 40));
        write(1);
        assertThat(directory.resolve("trail/broken")).doesNotExist();
        assertThat(directory.resolve("trail/log/00000000000000000006.jsonl")).exists();
        assertThat(Files.readString(directory.resolve("trail/log/00000000000000000006.jsonl")))
                .contains("trail.damage", "the line after record 4 is damaged");
        assertThat(verify().fault().orElseThrow()).contains("record 5: the line has no end");
        Files.write(segment(), new byte[0]);
        Files.delete(directory.resolve("trail/log/00000000000000000006.jsonl"));
        write(1);
        assertThat(verify().faults().toString()).contains("begins with record 8 ");
        assertThat(Files.readString(directory.resolve("trail/log/00000000000000000008.jsonl")))
                .contains("records 0 to 7 are missing");
    }

    @Test
    void tilesThatAreLost_areMadeAnew() throws IOException {
        write(1_000);
        deleteAll(directory.resolve("trail/tile"));
        assertThat(verify().faults()).isNotEmpty();
        write(1);
        assertThat(verify().faults()).isEmpty();
        assertThat(verify().records()).isEqualTo(1_001);
    }

    @Test
    void zerosFollowedByData_areSetAside() throws IOException {
        write(3);
        byte[] sound = Files.readAllBytes(segment());
        byte[] torn = Arrays.copyOf(sound, sound.length + 500);
        System.arraycopy(sound, 0, torn, sound.length + 300, 100);
        Files.write(segment(), torn);
        write(1);
        assertThat(read())
                .extracting(TrailRecord::type)
                .containsExactly("decision", "decision", "decision", "trail.recovery", "decision");
        assertThat(verify().intact()).isTrue();
    }

    @Test
    void damageInAnOlderSegment_isNotedAndNotMoved() throws IOException {
        write(MerkleLog.SEGMENT_RECORDS + 3);
        byte[] first = Files.readAllBytes(segment());
        first[first.length / 2] ^= 1;
        Files.write(segment(), first);
        write(1);
        assertThat(Files.readAllBytes(segment())).isEqualTo(first);
        assertThat(verify().intact()).isFalse();
        Path second = directory.resolve("trail/log/00000000000000065536.jsonl");
        assertThat(Files.readString(second)).contains("trail.damage");
    }

    @Test
    void manyProducers_loseNothingAndKeepTheirOrder() throws Exception {
        int each = 20_000;
        int producers = 3;
        try (Journal journal = journal(1_024, Duration.ofSeconds(30), new Observer())) {
            journal.start();
            List<Thread> threads = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                long from = (long) p * each;
                Thread thread = new Thread(() -> {
                    for (long i = from; i < from + each; i++) {
                        journal.record(decision(i, "a", 1));
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        long[] last = {-1, -1, -1};
        Set<Integer> seen = new HashSet<>();
        for (TrailRecord record : read()) {
            String id = String.valueOf(record.members().get("id"));
            int number = Integer.parseInt(id.substring(id.indexOf('-') + 1));
            assertThat(seen.add(number)).isTrue();
            assertThat((long) number).isGreaterThan(last[number / each]);
            last[number / each] = number;
        }
        assertThat(seen).hasSize(producers * each);
        assertThat(verify().intact()).isTrue();
    }

    @Test
    void fullRing_dropsCountsAndRecordsTheGap_butNoControlRecord() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Observer observer = new Observer() {
            @Override
            public void passed(TrailEntry entry, long epochNanos) {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.passed(entry, epochNanos);
            }
        };
        long dropped = 0;
        try (Journal journal = journal(64, Duration.ofMillis(1), observer)) {
            journal.start();
            journal.append(new Control("first"));
            try {
                assertThat(blocked.await(30, TimeUnit.SECONDS)).isTrue();
                for (int i = 1; i < 200; i++) {
                    dropped += journal.record(decision(i, "a", i)) ? 0 : 1;
                }
                assertThat(dropped).as("the queue was full").isPositive();
                assertThat(journal.append(new Control("still.taken"))).isTrue();
                assertThat(journal.dropped()).isEqualTo(dropped);
            } finally {
                release.countDown();
            }
        }
        List<TrailRecord> records = read();
        assertThat(records)
                .filteredOn(each -> each.type().equals("still.taken"))
                .hasSize(1);
        assertThat(records)
                .filteredOn(each -> each.type().equals("trail.gap"))
                .extracting(each -> String.valueOf(each.members().get("lost")))
                .containsExactly(String.valueOf(dropped));
        assertThat(records).filteredOn(each -> each.type().equals("decision")).hasSize((int) (199 - dropped));
    }

    @Test
    void unwritableTrail_holdsWhatItCanAndResumesByItself() throws Exception {
        Journal journal = journal(1_024, Duration.ofSeconds(30), new Observer());
        journal.start();
        journal.record(decision(0, "a", 0));
        await(journal);
        Path log = directory.resolve("trail/log");
        Path away = directory.resolve("trail/away");
        // The newest segment is full; the next one cannot be created, because the folder is gone.
        for (int i = 1; i < MerkleLog.SEGMENT_RECORDS - 1; i++) {
            assertThat(journal.record(decision(i, "a", i))).isTrue();
        }
        await(journal);
        long droppedBefore = journal.dropped();
        Files.move(log, away);
        Files.writeString(log, "a file where the folder was");
        for (int i = 0; i < 10; i++) {
            assertThat(journal.record(decision(100_000 + i, "a", i))).isTrue();
        }
        await(journal);
        assertThat(failures).as("the fault happened, and was told once").hasSize(1);
        Files.delete(log);
        Files.move(away, log);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (resumed.get() == 0 && System.nanoTime() < end) {
            await(journal);
        }
        journal.close();
        assertThat(resumed).hasValue(1);
        assertThat(journal.dropped()).isEqualTo(droppedBefore);
        assertThat(verify().intact()).isTrue();
        assertThat(read()).extracting(each -> each.members().get("id")).contains("0000000000000007-100009");
    }

    /** A million characters wait at most here; a decision without payload does not care. */
    @Test
    void queueFullOfPayload_refusesCountsAndAdmitsTheGap() throws Exception {
        Journal journal = journal(1_024, Duration.ZERO, new Observer());
        CallFacts large = new CallFacts("ada", "x".repeat(700_000), null, null, null, null, null, false, List.of());
        assertThat(journal.record(decision(1, large))).isTrue();
        assertThat(journal.reserve(300_000)).as("fits beside it").isTrue();
        assertThat(journal.record(decision(2, large))).as("more than fits").isFalse();
        assertThat(journal.record(decision(3, "a", 1))).as("without payload").isTrue();
        assertThat(journal.recordReserved(decision(4, large), false, 300_000))
                .as("longer than was reserved")
                .isTrue();
        assertThat(journal.reserve(500_000)).as("over the limit").isFalse();
        journal.start();
        await(journal);
        assertThat(journal.record(decision(5, large))).as("there is room again").isTrue();
        journal.close();
        List<TrailRecord> records = read();
        assertThat(records)
                .filteredOn(each -> each.type().equals("decision"))
                .extracting(each -> each.members().get("id"))
                .containsExactlyInAnyOrder(
                        "0000000000000007-1", "0000000000000007-3", "0000000000000007-4", "0000000000000007-5");
        assertThat(records)
                .filteredOn(each -> each.members().containsKey("payload_fault"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.members().get("id")).isEqualTo("0000000000000007-4");
                    assertThat(each.side().input()).isEmpty();
                });
        assertThat(records)
                .filteredOn(each -> each.type().equals("trail.gap"))
                .extracting(each -> each.members().get("lost"))
                .containsExactly(1);
        assertThat(verify().faults()).isEmpty();
    }

    /** For each reserved record a model was paid; control records can wait. */
    @Test
    void controlRecords_leaveTheRoomThatIsReserved() throws Exception {
        Journal journal = journal(64, Duration.ZERO, new Observer()); // not started, as with a disk that hangs
        for (int i = 0; i < 1_024; i++) {
            assertThat(journal.reserve(0)).isTrue();
        }
        int offered = 0;
        while (journal.offer(new Control("control"))) {
            offered++;
        }
        assertThat(offered).as("they were stopped").isGreaterThan(64).isLessThan(2_000);
        for (int i = 0; i < 1_024; i++) {
            assertThat(journal.recordReserved(decision(i, "a", i), false, 0)).isTrue();
            journal.amend(new Control("amendment"), true);
        }
        assertThat(journal.dropped()).isZero();
        journal.amend(new Control("amendment"), false);
        assertThat(journal.dropped()).as("of a call without a reservation").isEqualTo(1);
        journal.start();
        journal.close();
        assertThat(read()).filteredOn(each -> each.type().equals("decision")).hasSize(1_024);
        assertThat(read())
                .as("none of these calls stays on record as answered when it was not")
                .filteredOn(each -> each.type().equals("amendment"))
                .hasSize(1_024);
        assertThat(read()).filteredOn(each -> each.type().equals("trail.gap")).hasSize(1);
    }

    @Test
    void reservations_areAsManyAsTheQueueIsLongAndWaitForOneAnother() throws Exception {
        Journal large = journal(4_096, Duration.ZERO, new Observer());
        for (int i = 0; i < 3_072; i++) {
            assertThat(large.reserve(0)).isTrue();
        }
        assertThat(large.reserve(0)).as("one more, without a wait").isFalse();
        large.start();
        large.close();
        Journal journal = journal(64, Duration.ofSeconds(30), new Observer());
        journal.start();
        for (int i = 0; i < 1_024; i++) {
            assertThat(journal.reserve(0)).isTrue();
        }
        CompletableFuture<Boolean> next = CompletableFuture.supplyAsync(() -> journal.reserve(0));
        assertThat(next.isDone()).as("it waits").isFalse();
        assertThat(journal.recordReserved(decision(1, "a", 1), false, 0)).isTrue();
        assertThat(next.get(30, TimeUnit.SECONDS)).isTrue();
        journal.close();
    }

    private static DecisionRecord decision(long number, CallFacts facts) {
        return DecisionRecord.answered(
                FULL,
                number,
                TIME.nanoTime(),
                5,
                0,
                0,
                -1,
                List.of(),
                List.of(),
                new @Nullable String[0],
                new double[0],
                facts);
    }

    private static void await(Journal journal) throws Exception {
        Marker marker = new Marker();
        journal.append(marker);
        marker.passed().get(30, TimeUnit.SECONDS);
    }

    @Test
    void whatCannotBeEncoded_isReplacedAndStrangeTextIsKeptReadable() throws IOException {
        try (Journal journal = journal(64, Duration.ofSeconds(1), new Observer())) {
            journal.start();
            journal.append(new Control("fails"));
            journal.record(decision(1, "lone \ud800 quote \" newline \n zero \0", Double.POSITIVE_INFINITY));
            journal.record(decision(2, "x".repeat(100_000), Double.NaN));
        }
        List<TrailRecord> records = read();
        assertThat(records).extracting(TrailRecord::type).containsExactly("trail.unencodable", "decision", "decision");
        assertThat(String.valueOf(records.get(1).segments())).contains("lone \ufffd quote \" newline \n zero \0");
        assertThat(String.valueOf(records.get(2).segments()).length()).isLessThan(5_000);
        assertThat(verify().intact()).isTrue();
    }

    private record LongEntry(String text) implements TrailEntry {
        @Override
        public String type() {
            return "long";
        }

        @Override
        public long nanoTime() {
            return TIME.nanoTime();
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("model", "long-one");
            json.writeStringField("text", text);
        }

        @Override
        public Erasable erasable() {
            return new Erasable() {
                @Override
                public String subject() {
                    return "ada";
                }

                @Override
                public void writeSide(JsonGenerator json) throws IOException {
                    json.writeStringField("input", "of ada");
                }

                @Override
                public void writeDigests(JsonGenerator json, UnaryOperator<String> digest) {}
            };
        }
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    /** The tile format has no entry above 65,535 bytes; the record is whole all the same, for whoever asks. */
    @Test
    void recordThatIsTooLongForALine_liesAsideAndTheLogCommitsToIt() throws Exception {
        String text = "x".repeat(100_000);
        try (Journal journal = journal(64, Duration.ofSeconds(1), new Observer())) {
            journal.start();
            journal.record(decision(1, "a", 1));
            journal.append(new LongEntry(text));
            journal.append(new LongEntry("x".repeat(60_000)));
            journal.record(decision(2, "a", 1));
        }
        Path aside = directory.resolve("trail/aside/00000000000000000001.json");
        byte[] whole = Files.readAllBytes(aside);
        List<String> lines = Files.readAllLines(segment());
        assertThat(lines).allMatch(line -> line.length() <= 65_535);
        assertThat(lines.get(1))
                .contains("\"type\":\"long\",\"aside\":\"" + HexFormat.of().formatHex(sha256(whole)) + "\"")
                .contains("\"aside_bytes\":" + whole.length);
        assertThat(lines.get(2)).contains("x".repeat(60_000));
        assertThat(directory.resolve("trail/aside")).isDirectoryContaining(aside::equals);
        new IndependentVerifier(directory.resolve("trail")).accept(lines);
        assertThat(read()).extracting(TrailRecord::type).containsExactly("decision", "long", "long", "decision");
        assertThat(read().get(1).members()).containsEntry("text", text);
        assertThat(read().get(1).side().input()).hasValue("of ada");
        assertThat(AuditTrail.in(directory).query().model("long-one").count()).isEqualTo(2);
        assertThat(AuditTrail.in(directory).query().subject("ada").count()).isEqualTo(2);
        assertThat(verify().faults()).isEmpty();
        List<StoredRecord> replayed = new ArrayList<>();
        try (Journal again = Journal.open(
                directory,
                new TrailSettings(64, 1, Duration.ZERO, List.of(), List.of(), Retention.forever()),
                TIME,
                replayed::add,
                List.of(),
                Ownership.UNDISPUTED,
                new Observer())) {
            again.start();
        }
        assertThat(replayed)
                .extracting(each -> each.json().path("text").asText().length())
                .containsExactly(100_000, 60_000);
        whole[500] ^= 1;
        Files.write(aside, whole);
        assertThat(verify().faults()).singleElement().asString().contains("record 1: what was moved aside is missing");
        Files.delete(aside);
        assertThat(verify().faults()).singleElement().asString().contains("record 1: what was moved aside is missing");
        assertThat(read().get(1).members()).as("what can be read").containsKey("aside");
        write(1);
        assertThat(read()).extracting(TrailRecord::type).contains("trail.damage");
    }

    @Test
    void longestLine_staysInTheLog() throws Exception {
        try (Journal journal = journal(64, Duration.ofSeconds(1), new Observer())) {
            journal.start();
            journal.append(new LongEntry(""));
        }
        int empty = Files.readAllLines(segment()).get(0).length();
        deleteAll(directory.resolve("trail"));
        deleteAll(directory.resolve("subjects"));
        try (Journal journal = journal(64, Duration.ofSeconds(1), new Observer())) {
            journal.start();
            journal.append(new LongEntry("x".repeat(65_535 - empty)));
        }
        assertThat(Files.readAllLines(segment()).get(0)).hasSize(65_535);
        assertThat(directory.resolve("trail/aside")).doesNotExist();
    }

    @Test
    void closedJournal_countsWhatComesLate() throws IOException {
        Journal journal = journal(64, Duration.ofSeconds(1), new Observer());
        journal.start();
        journal.close();
        assertThat(journal.append(new Control("late"))).isFalse();
        journal.record(decision(1, "a", 1));
        assertThat(journal.dropped()).isEqualTo(2);
        journal.close();
    }

    @Test
    void interruptedThread_stillReplacesAFileAndKeepsItsInterrupt() throws IOException {
        Path file = directory.resolve("file");
        Thread.currentThread().interrupt();
        DurableFiles.replace(file, new byte[] {1, 2, 3});
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
    }

    private record Control(String type) implements TrailEntry {
        @Override
        public long nanoTime() {
            return TIME.nanoTime();
        }

        @Override
        public void writeMembers(JsonGenerator json) {
            if (type.equals("fails")) {
                throw new IllegalStateException("this entry cannot be encoded");
            }
        }
    }
}
