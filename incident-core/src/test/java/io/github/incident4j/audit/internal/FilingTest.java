// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key of another trail lies in the place of the one under which people are filed. */
class FilingTest {
    private static final String STRANGE = "ab".repeat(32);

    @TempDir
    Path home;

    private SmallTrail small;
    private Path key;

    @BeforeEach
    void write() throws IOException {
        small = new SmallTrail(home, TimeSource.system());
        key = small.file("subjects/tag.key");
        try (Journal journal = small.open()) {
            for (int person = 0; person < 5; person++) {
                assertThat(journal.recordAndAwait(small.decision(person))).isTrue();
            }
        }
    }

    private List<TrailRecord> damages() {
        return small.records("trail.damage");
    }

    /** Otherwise people would be filed under it from now on, until somebody puts the right one back over it. */
    @Test
    void strangeKeyBehindASegmentThatDoesNotTell_isNoticedOnce() throws IOException {
        Files.delete(key);
        small.open().close(); // begins a segment in which nobody is
        Path newest = small.files().segments().get(1);
        assertThat(small.files().secrets(newest)).doesNotExist();
        Files.delete(small.files().tagKey(TrailFiles.firstSequenceOf(newest)));
        Files.writeString(key, STRANGE);
        for (int i = 0; i < 3; i++) { // the segment that begins then is filed under another one
            small.open().close();
            assertThat(damages()).hasSize(2);
        }
        assertThat(damages().get(1).members().toString()).contains("00000000000000000000.jsonl");
        try (Journal journal = small.open()) {
            assertThat(journal.recordAndAwait(small.decision(7))).isTrue();
        }
        TagKeys keys = TagKeys.of(small.files());
        List<Path> segments = small.files().segments();
        assertThat(Filing.of(small.files(), segments.get(segments.size() - 1), keys))
                .isEqualTo(Filing.RIGHT);
        Files.delete(key);
        assertThat(Filing.of(small.files(), segments.get(segments.size() - 1), TagKeys.of(small.files())))
                .as("nobody is filed under the strange one")
                .isEqualTo(Filing.RIGHT);
    }

    /** A crash comes between the new key and the record of why it is there. */
    @Test
    void strangeKey_isNoticedAlsoWhereAnOpeningHasBegunAnotherInVain() throws IOException {
        Files.writeString(key, STRANGE);
        TagKeys.of(small.files()).begin(small.files(), 5);
        small.open().close();
        assertThat(damages()).hasSize(1);
    }

    @Test
    void lineThatIsMissing_hidesNothingThatTheNextOnesTell() throws IOException {
        Path segment = small.files().segment(0);
        List<String> lines = new ArrayList<>(Files.readAllLines(segment));
        assertThat(lines.remove(0)).contains("\"side\"");
        Files.write(segment, lines);
        assertThat(filing(segment)).isEqualTo(Filing.RIGHT);
        Files.writeString(key, STRANGE);
        assertThat(filing(segment)).isEqualTo(Filing.WRONG);
    }

    @Test
    void lineWithAnotherNumber_hidesNothingThatTheNextOnesTell() throws IOException {
        Path segment = small.files().segment(0);
        List<String> lines = new ArrayList<>(Files.readAllLines(segment));
        lines.set(0, lines.get(0).replace("\"seq\":0", "\"seq\":9"));
        Files.write(segment, lines);
        Files.writeString(key, STRANGE);
        assertThat(filing(segment)).isEqualTo(Filing.WRONG);
    }

    private Filing filing(Path segment) throws IOException {
        return Filing.of(small.files(), segment, TagKeys.of(small.files()));
    }
}
