// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.AuditTrail;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrailTest {
    private static final GuardInfo GUARD = new GuardInfo(
            7, "model", List.of(new GuardInfo.Route("v1", RouteKind.MODEL)), List.of("segment"), List.of("value"));
    private static final TimeSource TIME = TimeSource.following(() -> Instant.parse("2026-11-20T21:41:00.123456789Z"));

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
        return Journal.open(directory, TIME, capacity, maxWait, stored -> {}, observer);
    }

    private static DecisionRecord decision(long number, @Nullable String segment, double value) {
        return DecisionRecord.answered(
                GUARD,
                number,
                TIME.nanoTime(),
                5,
                0,
                -1,
                List.of(),
                List.of(),
                new @Nullable String[] {segment},
                new double[] {value});
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
        try (Stream<TrailRecord> records = AuditTrail.in(directory).records()) {
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
        write(12);
        String link = "0".repeat(64);
        List<String> lines = Files.readAllLines(segment(), StandardCharsets.UTF_8);
        assertThat(lines).hasSize(12);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            JsonNode json = new ObjectMapper().readTree(line);
            List<String> members = new ArrayList<>();
            json.fieldNames().forEachRemaining(members::add);
            assertThat(members).startsWith("seq", "v", "time", "type").endsWith("prev", "crc32c");
            assertThat(json.path("seq").asLong()).isEqualTo(i);
            assertThat(json.path("time").asText()).isEqualTo("2026-11-20T21:41:00.123456789Z");
            assertThat(json.path("prev").asText()).isEqualTo(link);
            CRC32C crc = new CRC32C();
            crc.update(line.substring(0, line.length() - 21).getBytes(StandardCharsets.UTF_8));
            assertThat(json.path("crc32c").asText()).isEqualTo(String.format("%08x", crc.getValue()));
            link = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(verify()).isEqualTo(new Verification(12, java.util.Optional.empty()));
    }

    @Test
    void oneFlippedBit_isFoundAndLocated() throws IOException {
        write(6);
        byte[] sound = Files.readAllBytes(segment());
        int line = 0;
        for (int i = 0; i < sound.length; i++) {
            byte[] changed = sound.clone();
            changed[i] ^= 1;
            Files.write(segment(), changed);
            Verification verification = verify();
            assertThat(verification.intact()).as("bit flipped at byte %d", i).isFalse();
            assertThat(verification.records()).as("located for byte %d", i).isEqualTo(line);
            if (sound[i] == '\n') {
                line++;
            }
        }
        assertThat(line).isEqualTo(6);
    }

    @Test
    void removedSwappedOrDoubledLine_isFound_andAMissingEndIsNot() throws IOException {
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
            assertThat(verify().fault()).isPresent();
            assertThat(verify().records()).isBetween(2L, 3L);
        }
        // Documented: the chain alone cannot know that there was more.
        Files.write(segment(), sound.subList(0, 4));
        assertThat(verify().intact()).isTrue();
    }

    @Test
    void tornEnd_isSetAsideAtEveryLengthAndNamed() throws Exception {
        write(3);
        byte[] sound = Files.readAllBytes(segment());
        int lastLine = sound.length - 1;
        while (sound[lastLine - 1] != '\n') {
            lastLine--;
        }
        for (int length = lastLine + 1; length < sound.length; length += 7) {
            Files.write(segment(), Arrays.copyOf(sound, length));
            write(1);
            TrailRecord recovery = read().get(2);
            assertThat(recovery.type()).isEqualTo("trail.recovery");
            Path aside = directory
                    .resolve("trail/broken")
                    .resolve(String.valueOf(recovery.members().get("moved_to")));
            byte[] torn = Arrays.copyOfRange(sound, lastLine, length);
            assertThat(Files.readAllBytes(aside)).isEqualTo(torn);
            assertThat(recovery.members())
                    .containsEntry(
                            "sha256",
                            HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256").digest(torn)));
            assertThat(verify()).isEqualTo(new Verification(4, java.util.Optional.empty()));
        }
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
        write(ChainedLog.SEGMENT_RECORDS + 3);
        byte[] first = Files.readAllBytes(segment());
        first[first.length / 2] ^= 1;
        Files.write(segment(), first);
        write(1);
        assertThat(Files.readAllBytes(segment())).isEqualTo(first);
        assertThat(verify().intact()).isFalse();
        try (Stream<TrailRecord> records = AuditTrail.in(directory).records()) {
            assertThat(records.anyMatch(each -> each.type().equals("trail.damage")))
                    .isTrue();
        } catch (java.io.UncheckedIOException e) {
            assertThat(e).hasMessageContaining("not JSON"); // the flipped bit may have broken the line's syntax
        }
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
                assertThat(dropped).as("the ring was full").isPositive();
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
        for (int i = 1; i < ChainedLog.SEGMENT_RECORDS - 1; i++) {
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
        assertThat(String.valueOf(records.get(1).members().get("segments")))
                .contains("lone \ufffd quote \" newline \n zero \0");
        assertThat(String.valueOf(records.get(2).members().get("segments")).length())
                .isLessThan(5_000);
        assertThat(verify().intact()).isTrue();
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
