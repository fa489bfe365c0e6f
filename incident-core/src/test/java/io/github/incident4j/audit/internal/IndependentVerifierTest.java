// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.AuditSigners;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.CheckpointAnchor;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever knows the standards, and nothing of this library, can check what it writes. */
class IndependentVerifierTest {
    private static final GuardInfo GUARD = GuardInfos.of(7, "model", List.of(), List.of(), Durability.GROUP);
    private static final TimeSource TIME = TimeSource.system();

    private static final JournalObserver NOBODY = new JournalObserver() {
        @Override
        public void passed(TrailEntry entry, long epochNanos) {}

        @Override
        public void writingFailed(IOException cause) {}

        @Override
        public void writingResumed(long lost) {}
    };

    @TempDir
    Path directory;

    private final BlockingQueue<String> checkpoints = new LinkedBlockingQueue<>();

    /** Signed by two keys, as while one takes the place of the other. */
    private Journal open() throws IOException {
        CheckpointAnchor anchor = checkpoints::add;
        Journal journal = Journal.open(
                directory,
                new TrailSettings(
                        1_024,
                        32L << 20,
                        Duration.ofSeconds(60),
                        List.of(
                                AuditSigners.file(directory.resolve("new.key")),
                                AuditSigners.file(directory.resolve("old.key"))),
                        List.of(anchor),
                        Retention.forever()),
                TIME,
                stored -> {},
                List.of(),
                Ownership.UNDISPUTED,
                NOBODY);
        journal.start();
        return journal;
    }

    private static void write(Journal journal, int records) {
        for (int i = 0; i < records; i++) {
            assertThat(journal.record(DecisionRecord.answered(
                            GUARD,
                            i,
                            TIME.nanoTime(),
                            5,
                            0,
                            0,
                            -1,
                            List.of(),
                            List.of(),
                            new String[0],
                            new double[0],
                            null)))
                    .isTrue();
        }
    }

    private IndependentVerifier verifier() {
        return new IndependentVerifier(directory.resolve("trail"));
    }

    private static int sizeOf(String checkpoint) {
        return Integer.parseInt(checkpoint.split("\n", -1)[1]);
    }

    /** The service writes on; its segment ends in reserved room. */
    @Test
    void openTrailWithItsPadding_isAcceptedAsItLies() throws Exception {
        try (Journal journal = open()) {
            write(journal, 300);
            String last = "x\n0\n";
            while (sizeOf(last) < 300) {
                last = checkpoints.poll(60, TimeUnit.SECONDS);
                assertThat(last).as("a checkpoint").isNotNull();
            }
            Path segment = directory.resolve("trail/log/00000000000000000000.jsonl");
            assertThat(Files.readString(segment, StandardCharsets.UTF_8).endsWith("\n\n\n\n"))
                    .as("reserved room")
                    .isTrue();
            List<String> lines = verifier().lines();
            assertThat(lines).hasSize(300);
            assertThat(verifier().accept(lines)).isEqualTo(300);
            assertThat(verifier()
                            .holdsInclusion(AuditTrail.in(directory).prove(299).toJson()))
                    .isTrue();
        }
    }

    /** Three levels of tiles, two segments, and proofs of every shape. */
    @Test
    void proofsOverManyTiles_areAccepted() throws Exception {
        for (int records : List.of(1, 254, 1, 65_280, 700)) { // 1, 255, 256, 65,536, 66,236
            try (Journal journal = open()) {
                write(journal, records);
            }
        }
        int size = 66_236;
        assertThat(verifier().accept(verifier().lines())).isEqualTo(size);
        AuditTrail trail = AuditTrail.in(directory);
        for (int index : new int[] {0, 1, 255, 256, 4_711, 65_535, 65_536, 65_792, size - 2, size - 1}) {
            String proof = trail.prove(index).toJson();
            assertThat(verifier().holdsInclusion(proof)).as("record %d", index).isTrue();
            assertThat(verifier().holdsInclusion(withOneHashChanged(proof)))
                    .as("record %d, one hash changed", index)
                    .isFalse();
        }
        assertThat(checkpoints.stream().map(IndependentVerifierTest::sizeOf)).contains(1, 255, 256, 65_536, size);
        for (String earlier : checkpoints) {
            String proof = trail.proveSince(earlier).toJson();
            assertThat(verifier().holdsConsistency(proof))
                    .as("since %d", sizeOf(earlier))
                    .isTrue();
            if (sizeOf(earlier) < size) {
                assertThat(verifier().holdsConsistency(withOneHashChanged(proof)))
                        .as("since %d, one hash changed", sizeOf(earlier))
                        .isFalse();
            }
        }
    }

    private static String withOneHashChanged(String proof) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = (ObjectNode) mapper.readTree(proof);
        ArrayNode hashes = (ArrayNode) json.path("hashes");
        int middle = hashes.size() / 2;
        String hash = hashes.path(middle).asText();
        hashes.set(middle, (hash.startsWith("0") ? "1" : "0") + hash.substring(1));
        return mapper.writeValueAsString(json);
    }
}
