// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.TrailFollower;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who follows a trail reads each line once. */
class TrailTailTest {
    @TempDir
    Path directory;

    private final List<String> damage = new ArrayList<>();

    private static List<Long> read(TrailTail tail) throws IOException {
        List<Long> read = new ArrayList<>();
        tail.read(record -> read.add(record.sequence()));
        return read;
    }

    @Test
    void rareRecords_areFollowedWithoutReadingAgainWhatWasNone() throws IOException {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        TrailTail tail = new TrailReader(small.file("trail")).tail(Wanted.EVERYTHING.holding("rare"), damage::add);
        assertThat(read(tail)).as("there is no trail yet").isEmpty();
        write(small, 300, 0);
        assertThat(read(tail)).isEmpty();
        Path segment = small.files().segments().get(0);
        String lines = Files.readString(segment).stripTrailing();
        assertThat(tail.offset()).as("the last line").isEqualTo(lines.lastIndexOf('\n') + 1);
        write(small, 0, 1);
        write(small, 1, 0);
        assertThat(read(tail)).containsExactly(300L);
        assertThat(read(tail)).isEmpty();
        write(small, 0, 1);
        assertThat(read(tail)).containsExactly(302L);
        assertThat(damage).isEmpty();
        List<String> all = Files.readAllLines(segment);
        Files.write(segment, all.subList(0, 301)); // an old copy is put back
        Files.delete(small.file("trail/checkpoint"));
        assertThat(read(tail)).isEmpty();
        try (Journal journal = small.open()) {
            assertThat(journal.append(small.text("other", 1_000))).isTrue();
            for (int i = 0; i < 5; i++) {
                assertThat(journal.append(small.text("rare", 10))).isTrue();
            }
        }
        assertThat(read(tail))
                .as("behind the numbers that were read")
                .isNotEmpty()
                .isSorted()
                .allMatch(number -> number > 302);
    }

    /** Silence would look as if there were nothing new. */
    @Test
    void checkpointThatAttestsLessThanWasRead_isTold() throws IOException {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        TrailTail tail = new TrailReader(small.file("trail")).tail(Wanted.EVERYTHING, damage::add);
        write(small, 3, 0);
        byte[] old = Files.readAllBytes(small.file("trail/checkpoint"));
        write(small, 3, 0);
        assertThat(read(tail)).hasSize(6);
        Files.write(small.file("trail/checkpoint"), old);
        assertThatThrownBy(() -> read(tail))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("attests 3 records, fewer than the 6");
    }

    /** Without the keys nobody can tell what is on the disk, which must not look as if there were nothing new. */
    @Test
    void verifierKeysThatAreMissing_areToldAndComeBackWithTheWriter() throws IOException {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        write(small, 3, 0);
        Path keys = small.file("trail/verifier.pub");
        byte[] before = Files.readAllBytes(keys);
        Files.delete(keys);
        TrailFollower follower = small.trail().query().follow();
        List<TrailRecord> shipped = new ArrayList<>();
        assertThatThrownBy(() -> follower.look(shipped::add))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("trail/verifier.pub is missing");
        assertThat(shipped).isEmpty();
        try (Journal journal = small.open()) {
            assertThat(journal.isWriting()).isTrue();
            assertThat(keys).hasBinaryContent(before);
            follower.look(shipped::add);
        }
        assertThat(shipped).hasSize(3);
        assertThat(small.records("trail.damage")).isEmpty();
    }

    /** Written and attested, as a close leaves it. */
    private static void write(SmallTrail small, int decisions, int rare) throws IOException {
        try (Journal journal = small.open()) {
            for (int i = 0; i < decisions; i++) {
                assertThat(journal.record(small.decision(i))).isTrue();
            }
            for (int i = 0; i < rare; i++) {
                assertThat(journal.append(small.text("rare", 10))).isTrue();
            }
        }
    }

    /** What lies behind the last line that is attested is passed over once, though nothing whole follows it yet. */
    @Test
    void damagedLine_isPassedOverOnce() throws IOException {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        write(small, 3, 0);
        byte[] checkpoint = Files.readAllBytes(small.file("trail/checkpoint"));
        write(small, 1, 0);
        byte[] newer = Files.readAllBytes(small.file("trail/checkpoint"));
        Path segment = small.files().segments().get(0);
        Files.writeString(segment, Files.readString(segment).replaceFirst("\\{\"seq\":2,", "?"));
        Files.write(small.file("trail/checkpoint"), checkpoint);
        TrailTail tail = new TrailReader(small.file("trail")).tail(Wanted.EVERYTHING, damage::add);
        assertThat(read(tail)).as("of the three that are attested").containsExactly(0L, 1L);
        assertThat(read(tail)).isEmpty();
        assertThat(damage).hasSize(1);
        Files.write(small.file("trail/checkpoint"), newer);
        assertThat(read(tail)).containsExactly(3L);
        assertThat(damage).hasSize(1);
    }

    @Test
    void checkpointThatCannotBeTrusted_isToldAndEndsNothing() throws IOException {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        write(small, 2, 0);
        Path checkpoint = small.file("trail/checkpoint");
        String note = Files.readString(checkpoint);
        Files.writeString(checkpoint, note.replaceFirst("\n2\n", "\n9\n"));
        TrailTail tail = new TrailReader(small.file("trail")).tail(Wanted.EVERYTHING, damage::add);
        assertThatThrownBy(() -> read(tail)).hasMessageContaining("the checkpoint cannot be trusted");
        Files.writeString(checkpoint, note);
        assertThat(read(tail)).containsExactly(0L, 1L);
    }

    @Test
    void takerThatFails_isGivenTheSameAgain() throws IOException {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        try (Journal journal = small.open()) {
            assertThat(journal.appendAndAwait(small.text("one", 1))).isTrue();
            assertThat(journal.appendAndAwait(small.text("two", 1))).isTrue();
        }
        TrailFollower follower = small.trail().query().newestFirst().follow();
        assertThatThrownBy(() -> follower.look(record -> {
                    throw new IllegalStateException("the line to the collector is down");
                }))
                .isInstanceOf(IllegalStateException.class);
        List<TrailRecord> taken = new ArrayList<>();
        follower.look(taken::add);
        follower.look(taken::add);
        assertThat(taken).extracting(TrailRecord::type).containsExactly("one", "two");
    }

    /** Who is started again after an older trail was put back would hear nothing for as long as that is shorter. */
    @Test
    void checkpointThatAttestsLessThanIsPassedOver_isToldOnce() throws IOException {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        write(small, 3, 0);
        TrailTail tail = new TrailReader(small.file("trail")).tail(Wanted.EVERYTHING.behind(1_000), damage::add);
        assertThat(read(tail)).isEmpty();
        assertThat(read(tail)).isEmpty();
        assertThat(damage).singleElement().asString().contains("attests 3 records, fewer than the 1001");
        TrailTail behind = new TrailReader(small.file("trail")).tail(Wanted.EVERYTHING.behind(2), damage::add);
        assertThat(read(behind)).isEmpty();
        assertThat(damage).as("nothing new is no loss").hasSize(1);
    }
}
