// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.ForkedJvm;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.SideRecord;
import io.github.incident4j.audit.TrailQuery;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line that rots costs the answers that line, and is told. */
class DamagedLineTest {
    private static final int RECORDS = 24;
    private static final int DAMAGED = 15;

    @TempDir
    Path directory;

    private SmallTrail small = new SmallTrail(Path.of("."), TimeSource.system());
    private Path segment = Path.of(".");
    private byte[] sound = new byte[0];
    private List<TrailRecord> all = List.of();

    @BeforeEach
    void writeATrail() throws IOException {
        small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            for (int i = 0; i < RECORDS; i++) {
                assertThat(journal.record(small.decision(i))).isTrue();
            }
        }
        segment = small.files().segments().get(0);
        sound = Files.readAllBytes(segment);
        all = answers(query -> query, told -> {});
        assertThat(all).hasSize(RECORDS);
    }

    private List<TrailRecord> answers(UnaryOperator<TrailQuery> question, Consumer<String> told) {
        try (Stream<TrailRecord> records =
                question.apply(small.trail().query().reportingDamage(told)).records()) {
            return records.toList();
        }
    }

    private List<TrailRecord> followed(Consumer<String> told) {
        List<TrailRecord> taken = new ArrayList<>();
        small.trail().query().reportingDamage(told).follow().look(taken::add);
        return taken;
    }

    private List<TrailRecord> without(long first, long last) {
        return all.stream()
                .filter(each -> each.sequence() < first || each.sequence() > last)
                .toList();
    }

    private int startOf(int sequence) {
        return new String(sound, StandardCharsets.ISO_8859_1).indexOf("{\"seq\":" + sequence + ",");
    }

    /** As after a crash, and where the time that rots is the earliest or the latest of its block. */
    @Test
    void bitOfATime_hidesNoOtherLineFromAnIndexThatIsMadeAnew() throws IOException {
        Files.deleteIfExists(small.files().index(segment));
        Instant begin = all.get(0).time();
        for (int sequence : new int[] {0, DAMAGED, RECORDS - 1}) {
            int from = new String(sound, StandardCharsets.ISO_8859_1).indexOf("\"time\":\"", startOf(sequence)) + 8;
            for (int bit = 0; bit < 8 * "2026-11-21T".length(); bit++) {
                byte[] rotten = sound.clone();
                rotten[from + bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(segment, rotten);
                assertThat(numbers(answers(query -> query.from(begin), told -> {})))
                        .as("bit %s of the time of record %s", bit, sequence)
                        .isEqualTo(numbers(without(sequence, sequence)));
            }
        }
    }

    @Test
    void bitOfAnyByte_costsTheAnswersThatLine() throws IOException {
        int from = startOf(DAMAGED);
        int to = startOf(DAMAGED + 1);
        Instant begin = all.get(0).time();
        List<Function<Consumer<String>, List<TrailRecord>>> questions = List.of(
                told -> answers(query -> query, told),
                told -> answers(query -> query.type("decision").unsealed(), told),
                told -> answers(query -> query.from(begin), told),
                told -> reversed(answers(TrailQuery::newestFirst, told)),
                this::followed);
        for (int at = from; at < to; at++) {
            byte[] rotten = sound.clone();
            rotten[at] ^= (byte) (1 << at % 8);
            Files.write(segment, rotten);
            List<Long> expected = numbers(without(DAMAGED, at == to - 1 ? DAMAGED + 1 : DAMAGED));
            for (Function<Consumer<String>, List<TrailRecord>> question : questions) {
                List<String> told = new ArrayList<>();
                assertThat(numbers(question.apply(told::add)))
                        .as("byte %d of the line", at - from)
                        .isEqualTo(expected);
                assertThat(told).isNotEmpty().allMatch(each -> each.startsWith("log/" + segment.getFileName()));
            }
        }
    }

    /** In the order of their numbers, and each by itself. */
    @Test
    void bitOfASideRecord_costsTheAnswersThatSideRecord() throws IOException {
        Path side = small.files().side(segment);
        byte[] soundSide = Files.readAllBytes(side);
        String text = new String(soundSide, StandardCharsets.ISO_8859_1);
        int from = text.indexOf("{\"seq\":" + DAMAGED + ",");
        int to = text.indexOf('\n', from);
        for (int i = 2 * from; i < 2 * to; i++) {
            int at = i / 2;
            byte[] rotten = soundSide.clone();
            rotten[at] ^= (byte) (i % 2 == 0 ? 8 : 1);
            Files.write(side, rotten);
            List<String> told = new ArrayList<>();
            assertThat(numbers(answers(query -> query.segment("tenant", "t"), told::add)))
                    .as("byte %d of the line", at - from)
                    .isEqualTo(numbers(without(DAMAGED, DAMAGED)));
            assertThat(told).singleElement().asString().contains("side record of record " + DAMAGED);
            for (long sequence : new long[] {DAMAGED + 1, DAMAGED - 1}) {
                assertThat(side(small, sequence)).isEqualTo(SideRecord.State.OPENED);
            }
        }
        List<String> told = new ArrayList<>();
        assertThat(answers(query -> query.subject("person-" + DAMAGED), told::add))
                .isEmpty();
        assertThat(told).singleElement().asString().contains("side record of record " + DAMAGED);
        told.clear();
        assertThat(answers(query -> query.subject("person-1"), told::add)).hasSize(1);
        assertThat(told).isEmpty();
    }

    /** A block of payloads may be more than there is memory for. */
    @Test
    void firstAnswer_hasReadNoSideRecordButItsOwn() throws IOException {
        Path side = small.files().side(segment);
        byte[] rotten = Files.readAllBytes(side);
        rotten[new String(rotten, StandardCharsets.ISO_8859_1).indexOf("{\"seq\":" + DAMAGED + ",") + 30] ^= 1;
        Files.write(side, rotten);
        List<String> told = new ArrayList<>();
        for (UnaryOperator<TrailQuery> question : List.<UnaryOperator<TrailQuery>>of(
                TrailQuery::unsealed,
                query -> query.unsealed().from(all.get(0).time()),
                query -> query.after(3).segment("tenant", "t"))) {
            assertThat(question.apply(small.trail().query().reportingDamage(told::add))
                            .first())
                    .isPresent();
        }
        assertThat(told).isEmpty();
        assertThat(answers(TrailQuery::unsealed, told::add)).hasSize(RECORDS);
        assertThat(told).hasSize(1);
    }

    private static SideRecord.State side(SmallTrail trail, long sequence) throws IOException {
        return new TrailReader(trail.file("trail")).record(sequence).side().state();
    }

    /** A place is looked for by numbers. */
    @Test
    void numberOfASideRecordThatRots_misleadsNobody(@TempDir Path other) throws IOException {
        SmallTrail longer = new SmallTrail(other, TimeSource.system());
        try (Journal journal = longer.open()) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(journal.append(longer.decision(i))).isTrue();
            }
        }
        Path side = longer.files().side(longer.files().segments().get(0));
        byte[] rotten = Files.readAllBytes(side);
        assertThat(rotten.length).isGreaterThan(2 << 16);
        String text = new String(rotten, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("{\"seq\":", rotten.length / 2) + "{\"seq\":".length();
        int number = Integer.parseInt(text.substring(at, text.indexOf(',', at)));
        rotten[at] = '1';
        Files.write(side, rotten);
        for (long sequence = 150; sequence < 1_000; sequence += 50) {
            assertThat(side(longer, sequence))
                    .as("record %d, where %d is damaged", sequence, number)
                    .isEqualTo(sequence == number ? SideRecord.State.DAMAGED : SideRecord.State.OPENED);
        }
    }

    /** What carries the number of another line is none of that number. */
    @Test
    void numberThatRots_isNotTheNumberOfAProof() throws IOException {
        byte[] rotten = sound.clone();
        rotten[startOf(14) + "{\"seq\":1".length()] = '6';
        Files.write(segment, rotten);
        assertThat(small.trail().prove(16).check(small.trail().verifierKeys())).isEmpty();
    }

    private static List<Long> numbers(List<TrailRecord> records) {
        return records.stream().map(TrailRecord::sequence).toList();
    }

    private static List<TrailRecord> reversed(List<TrailRecord> records) {
        List<TrailRecord> reversed = new ArrayList<>(records);
        Collections.reverse(reversed);
        return reversed;
    }

    /** The last line of the newest segment may be in the midst of being written; that of an older one is not. */
    @Test
    void lastLineOfASegmentThatIsNotTheNewest_isToldToo() throws IOException {
        int split = startOf(DAMAGED + 1);
        Files.write(small.files().segment(DAMAGED + 1), Arrays.copyOfRange(sound, split, sound.length));
        for (int at : new int[] {split - 1, split - 5, split - 40}) {
            byte[] rotten = Arrays.copyOf(sound, split);
            rotten[at] ^= 1;
            Files.write(segment, rotten);
            List<String> told = new ArrayList<>();
            assertThat(answers(query -> query, told::add)).isEqualTo(without(DAMAGED, DAMAGED));
            assertThat(told).hasSize(1);
            assertThat(numbers(followed(told::add))).isEqualTo(numbers(without(DAMAGED, DAMAGED)));
        }
    }

    /** Whoever can make a checksum can make a line of anything. */
    @Test
    void lineThatIsNoRecordThoughItsChecksumIsRight_hidesNoOther() throws IOException {
        for (String body : List.of("{\"seq\":15,\"v\":3,nonsense}", "{\"seq\":15,\"v\":3,\"time\":\"noon\"}")) {
            Bytes line = new Bytes(512);
            byte[] text = body.getBytes(StandardCharsets.UTF_8);
            line.write(text, 0, text.length);
            new LineFormat().close(line, 0);
            Files.write(segment, with(Arrays.copyOf(line.array(), line.size())));
            List<String> told = new ArrayList<>();
            assertThat(answers(query -> query, told::add)).isEqualTo(without(DAMAGED, DAMAGED));
            assertThat(told).singleElement().asString().contains("is no record");
        }
    }

    private byte[] with(byte[] line) {
        Bytes bytes = new Bytes(sound.length + line.length);
        int from = startOf(DAMAGED);
        int to = startOf(DAMAGED + 1);
        bytes.write(sound, 0, from);
        bytes.write(line, 0, line.length);
        bytes.write(sound, to, sound.length - to);
        return Arrays.copyOf(bytes.array(), bytes.size());
    }

    /** The finding is one: verify names the records. */
    @Test
    void secretsThatAreGone_areToldOnce() throws IOException {
        Files.delete(small.files().secrets(segment));
        List<String> told = new ArrayList<>();
        assertThat(answers(TrailQuery::unsealed, told::add)).hasSize(RECORDS);
        assertThat(told).hasSize(1);
    }

    /** Retention removes secrets, side records and segment, in that order. */
    @Test
    void segmentThatIsDroppedWhileItIsRead_isNoDamage() throws IOException {
        Files.delete(small.files().secrets(segment));
        Files.delete(small.files().side(segment));
        List<String> told = new ArrayList<>();
        try (Stream<TrailRecord> records =
                small.trail().query().unsealed().reportingDamage(told::add).records()) {
            Iterator<TrailRecord> reading = records.iterator();
            assertThat(reading.next().side().state()).isEqualTo(SideRecord.State.DAMAGED);
            Files.delete(segment);
            while (reading.hasNext()) {
                reading.next();
            }
        }
        assertThat(told).isEmpty();
    }

    /** The index counts lines, and two of them are one. */
    @Test
    void indexThatWasMadeOfADamagedSegment_misleadsNoProof(@TempDir Path other) throws IOException {
        SmallTrail longer = new SmallTrail(other, TimeSource.system());
        try (Journal journal = longer.open()) {
            for (int i = 0; i < 2 * SegmentIndex.BLOCK; i++) {
                assertThat(journal.append(longer.decision(i))).isTrue();
            }
        }
        Path log = longer.files().segments().get(0);
        String text = Files.readString(log);
        int end = text.indexOf("\n{\"seq\":5,");
        Files.writeString(log, text.substring(0, end) + '?' + text.substring(end + 1));
        SegmentIndex.keep(longer.files(), log);
        assertThat(longer.trail().prove(SegmentIndex.BLOCK).check(longer.trail().verifierKeys()))
                .isEmpty();
    }

    /** A line of the log that somebody has copied there, or a secret's number that would fill the memory. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lineThatIsNoSideRecordThoughItsChecksumIsRight_keepsNoTrailFromOpening(boolean ofTheLog) throws IOException {
        Bytes line = new Bytes(512);
        if (ofTheLog) {
            line.write(sound, startOf(3), startOf(4) - startOf(3));
        } else {
            SideLine.write(3, 100_000_000, new byte[64], 64, new LineFormat(), line);
        }
        Path side = small.files().side(segment);
        Files.write(side, Arrays.copyOf(line.array(), line.size()), StandardOpenOption.APPEND);
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(RECORDS))).isTrue();
        }
        assertThat(small.records("trail.recovery")).as("what was set aside").hasSize(1);
        assertThat(small.trail().verify().faults()).isEmpty();
    }

    /** The newest first, of a block that is larger than the memory. */
    @Test
    void newestFirst_holdsNoBlockOfLongRecords(@TempDir Path other) throws Exception {
        SmallTrail longer = new SmallTrail(other, TimeSource.system());
        try (Journal journal = longer.open()) {
            for (int i = 0; i < 200; i++) {
                assertThat(journal.append(longer.text("long", 400_000))).isTrue();
            }
        }
        Process process = ForkedJvm.startTelling(NewestFirst.class, List.of("-Xmx64m"), other.toString());
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                .endsWith("200 in order");
        assertThat(process.waitFor()).isZero();
    }

    static final class NewestFirst {
        private NewestFirst() {}

        public static void main(String[] args) {
            long expected = 199;
            try (Stream<TrailRecord> records = AuditTrail.in(Path.of(args[0]))
                    .query()
                    .newestFirst()
                    .unsealed()
                    .records()) {
                for (Iterator<TrailRecord> each = records.iterator(); each.hasNext(); expected--) {
                    TrailRecord next = each.next();
                    if (next.sequence() != expected
                            || String.valueOf(next.members().get("text")).length() != 400_000) {
                        throw new AssertionError(next.sequence() + " instead of " + expected);
                    }
                }
            }
            System.out.println((199 - expected) + " in order");
        }
    }
}
