// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.TrailFollower;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
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

    private static List<Long> read(TrailTail tail) throws IOException {
        List<Long> read = new ArrayList<>();
        tail.read(record -> read.add(record.sequence()));
        return read;
    }

    @Test
    void rareRecords_areFollowedWithoutReadingAgainWhatWasNone() throws IOException {
        SmallTrail small = new SmallTrail(directory, TimeSource.system());
        TrailTail tail = new TrailReader(small.file("trail")).tail(Wanted.EVERYTHING.holding("rare"));
        assertThat(read(tail)).as("there is no trail yet").isEmpty();
        try (Journal journal = small.open()) {
            for (int i = 0; i < 299; i++) {
                journal.record(small.decision(i));
            }
            assertThat(journal.recordAndAwait(small.decision(299))).isTrue();
            assertThat(read(tail)).isEmpty();
            Path segment = small.files().segments().get(0);
            String lines = Files.readString(segment).stripTrailing();
            assertThat(tail.offset()).as("the last line").isEqualTo(lines.lastIndexOf('\n') + 1);
            assertThat(journal.appendAndAwait(small.text("rare", 10))).isTrue();
            assertThat(journal.recordAndAwait(small.decision(300))).isTrue();
            assertThat(read(tail)).containsExactly(300L);
            assertThat(read(tail)).isEmpty();
            assertThat(journal.appendAndAwait(small.text("rare", 10))).isTrue();
            assertThat(read(tail)).containsExactly(302L);
        }
        Path segment = small.files().segments().get(0);
        List<String> lines = Files.readAllLines(segment);
        Files.write(segment, lines.subList(0, 301)); // what was not on the disk when the power failed
        Files.delete(small.file("trail/checkpoint"));
        try (Journal journal = small.open()) {
            assertThat(journal.appendAndAwait(small.text("other", 1_000))).isTrue();
            for (int i = 0; i < 5; i++) {
                assertThat(journal.appendAndAwait(small.text("rare", 10))).isTrue();
            }
        }
        assertThat(read(tail))
                .as("behind the numbers that were read")
                .isNotEmpty()
                .isSorted()
                .allMatch(number -> number > 302);
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
}
