// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.InclusionProof;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that are too long for a line of the log. */
class AsideTest {
    @TempDir
    Path directory;

    private SmallTrail small = new SmallTrail(Path.of("."), TimeSource.system());
    private Path aside = Path.of(".");

    @BeforeEach
    void writeOneBetweenTwoOthers() throws IOException {
        small = new SmallTrail(directory, TimeSource.system());
        aside = small.file("trail/aside/00000000000000000001.json");
        try (Journal journal = small.open()) {
            journal.record(small.decision(0));
            journal.append(small.text("long", 100_000));
            journal.record(small.decision(1));
        }
    }

    enum Harm {
        MISSING,
        TOO_LONG,
        ANOTHER,
        DIRECTORY
    }

    @ParameterizedTest
    @EnumSource(Harm.class)
    void whatIsNotAsItWas_isAFaultAndHidesNoRecord(Harm harm) throws IOException {
        byte[] whole = Files.readAllBytes(aside);
        Files.delete(aside);
        switch (harm) {
            case MISSING -> assertThat(aside).doesNotExist();
            case TOO_LONG -> Files.write(aside, Arrays.copyOf(whole, whole.length + 1));
            case ANOTHER -> Files.write(aside, new byte[whole.length]);
            case DIRECTORY -> Files.createDirectory(aside);
        }
        try (Stream<TrailRecord> records = small.trail().records()) {
            List<TrailRecord> found = records.toList();
            assertThat(found).extracting(TrailRecord::type).containsExactly("decision", "long", "decision");
            assertThat(found.get(1).members()).containsEntry("aside_fault", AsideFiles.LOST);
        }
        assertThat(small.trail().verify().faults()).singleElement().asString().contains("record 1: " + AsideFiles.LOST);
        InclusionProof proof = small.trail().prove(1);
        assertThat(proof.aside()).isEmpty();
        assertThat(proof.check(small.trail().verifierKeys())).as("of the line").isEmpty();
        for (int i = 0; i < 2; i++) {
            small.open().close();
            assertThat(small.records("trail.damage"))
                    .singleElement()
                    .satisfies(damage -> assertThat(damage.members())
                            .containsEntry("segment", "aside")
                            .containsEntry("fault", "record 1: " + AsideFiles.LOST));
        }
    }

    @Test
    void proof_carriesTheWholeRecord() throws IOException {
        List<String> keys = small.trail().verifierKeys();
        InclusionProof proof = InclusionProof.parse(small.trail().prove(1).toJson());
        assertThat(proof.record()).contains("\"aside\":\"");
        assertThat(proof.aside()).contains(Files.readString(aside));
        assertThat(proof.check(keys)).isEmpty();
        InclusionProof forged = new InclusionProof(
                1,
                proof.record(),
                proof.aside().map(text -> text.replace('x', 'y')),
                proof.hashes(),
                proof.checkpoint());
        assertThat(forged.check(keys)).contains("what the proof carries aside");
        InclusionProof plain = InclusionProof.parse(small.trail().prove(0).toJson());
        assertThat(plain.aside()).isEmpty();
        InclusionProof more =
                new InclusionProof(0, plain.record(), Optional.of("more"), plain.hashes(), plain.checkpoint());
        assertThat(more.check(keys)).contains("what the proof carries aside");
    }

    @Test
    void whatACrashLeavesHalfWritten_isRemovedAtTheNextOpening() throws IOException {
        Path leftover = small.file("trail/aside/00000000000000000003.json.next");
        Files.writeString(leftover, "{\"seq\":3,");
        small.open().close();
        assertThat(leftover).doesNotExist();
        assertThat(aside).exists();
        assertThat(small.trail().verify().faults()).isEmpty();
    }
}
