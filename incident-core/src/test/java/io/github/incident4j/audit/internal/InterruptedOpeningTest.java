// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.Verification;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that ends while it opens a trail hides nothing of what it has found. */
class InterruptedOpeningTest {
    private static final TimeSource TIME = TimeSource.system();

    @TempDir
    Path directory;

    private SmallTrail trail;

    /** Where the process ends. */
    enum Step {
        /** The keys of the lost checkpoint are kept. */
        KEY_KEPT,
        /** The tiles that nobody vouches for are moved away. */
        TILES_MOVED,
        /** The keys are gone, too: they were never published, or somebody has removed them. */
        KEY_GONE,
        /** Everything is done but the record of it. */
        RECOVERED
    }

    @BeforeEach
    void begin() {
        trail = new SmallTrail(directory, TIME);
    }

    private void write(int from, int count) throws IOException {
        try (Journal journal = trail.open()) {
            for (int i = from; i < from + count; i++) {
                journal.record(trail.decision(i));
            }
        }
    }

    /** Ends when the segment is opened, before anything could be recorded. */
    private void openInVain() {
        TrailSettings settings =
                new TrailSettings(16, 1 << 20, Duration.ofSeconds(1), List.of(), List.of(), Retention.forever());
        SegmentChannel.Opener failing = file -> {
            throw new IOException("injected");
        };
        assertThatThrownBy(() -> Opening.of(directory, settings, TIME, stored -> {}, Ownership.UNDISPUTED, failing))
                .hasMessage("injected");
    }

    private void forge(int at) throws IOException {
        Path segment = trail.files().segment(0);
        List<String> lines = new ArrayList<>(Files.readAllLines(segment));
        String forged = lines.get(at).replace("\"latency_ns\":5", "\"latency_ns\":6");
        assertThat(forged).isNotEqualTo(lines.get(at));
        String body = forged.substring(0, forged.length() - 21);
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        lines.set(at, body + ",\"crc32c\":\"" + String.format("%08x", crc.getValue()) + "\"}");
        Files.write(segment, lines);
    }

    private void delete(String name) throws IOException {
        Path folder = trail.file(name);
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private List<String> broken() throws IOException {
        return trail.files().brokenNames();
    }

    private void endAt(Step step) throws IOException {
        switch (step) {
            case KEY_KEPT -> Broken.kept(trail.files(), trail.files().verifierKey(), TrailFiles.KEY_UNTRUSTED);
            case TILES_MOVED, RECOVERED -> openInVain();
            case KEY_GONE -> {
                openInVain();
                delete("trail/verifier.pub");
            }
        }
        if (step == Step.TILES_MOVED) {
            delete("trail/broken/verifier.pub@untrusted.broken");
        }
    }

    @ParameterizedTest
    @EnumSource
    void forgedLineUnderALostCheckpoint_isAttestedByNobodyWhereverTheOpeningEnds(Step step) throws IOException {
        write(0, 6);
        forge(3);
        delete("trail/checkpoint");
        delete("trail/index"); // written after a while only
        endAt(step);
        write(6, 1);
        assertThat(trail.records("trail.damage"))
                .anyMatch(each -> String.valueOf(each.members().get("fault")).contains("nobody can say any more"));
        Verification found = trail.trail().verify();
        assertThat(found.faults()).anyMatch(fault -> fault.contains("records 0 to 5 are attested by nobody"));
        assertThat(found.attested()).isEqualTo(found.records() - 6);
        write(7, 1);
        assertThat(trail.records("trail.damage")).as("it is not found again").hasSizeLessThanOrEqualTo(2);
    }

    /** Each start that fails would leave another copy otherwise. */
    @Test
    void openingsThatFailAgainAndAgain_keepOneCopyOfTheKeys() throws IOException {
        write(0, 6);
        delete("trail/checkpoint");
        for (int i = 0; i < 4; i++) {
            openInVain();
        }
        assertThat(broken()).containsExactly("tile@6.broken", "verifier.pub@untrusted.broken");
    }

    @Test
    void tornEndThatAnOpeningInVainHasSetAside_isNamedByTheNext() throws Exception {
        write(0, 5);
        byte[] torn = "{\"seq\":5,\"v\":3,torn".getBytes(StandardCharsets.UTF_8);
        Files.write(trail.files().segment(0), torn, StandardOpenOption.APPEND);
        openInVain();
        assertThat(broken()).hasSize(1);
        write(5, 1);
        write(6, 1);
        assertThat(trail.records("trail.recovery"))
                .as("once")
                .singleElement()
                .extracting(TrailRecord::members, InstanceOfAssertFactories.MAP)
                .containsEntry("segment", "00000000000000000000.jsonl")
                .containsEntry("moved_to", broken().get(0))
                .containsEntry("bytes", torn.length)
                .containsEntry(
                        "sha256", HexFormat.of().formatHex(Hashes.sha256().digest(torn)));
        assertThat(trail.trail().verify().faults()).isEmpty();
    }

    @Test
    void whatIsNamedAlready_isNotNamedAgain() throws IOException {
        write(0, 5);
        Files.writeString(trail.files().segment(0), "torn", StandardOpenOption.APPEND);
        write(5, 1); // names the torn end
        delete("trail/checkpoint");
        write(6, 1); // names the keys, and moves the tiles
        assertThat(broken())
                .hasSize(3)
                .anyMatch(name -> name.startsWith("tile@"))
                .contains("verifier.pub@untrusted.broken");
        write(7, 1);
        assertThat(trail.records("trail.recovery")).hasSize(1);
    }
}
