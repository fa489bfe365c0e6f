// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditSigner;
import io.github.incident4j.audit.AuditSigners;
import io.github.incident4j.audit.CheckpointAnchor;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.MerkleTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttestorTest {
    @TempDir
    Path directory;

    @Test
    void anchorThatFails_isOfferedEveryCheckpointAndLoggedOnce() throws Exception {
        Path trail = Files.createDirectories(directory.resolve("trail"));
        AtomicReference<String> mood = new AtomicReference<>("io");
        CheckpointAnchor moody = checkpoint -> {
            switch (String.valueOf(mood.get())) {
                case "io" -> throw new IOException("the anchor is away");
                case "runtime" -> throw new IllegalStateException("the anchor is broken");
                case "error" -> throw new AssertionError("the anchor is very broken");
                default -> {}
            }
        };
        BlockingQueue<String> kept = new LinkedBlockingQueue<>();
        MerkleTree tree = new MerkleTree((level, index, tile) -> {});
        PrintStream before = System.err;
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try (Attestor attestor = new Attestor(
                new TrailFiles(trail),
                List.of(AuditSigners.file(directory.resolve("audit.key"))),
                List.of(moody, kept::add),
                null,
                new Fence(Ownership.UNDISPUTED))) {
            attestor.start();
            for (String next : List.of("io", "runtime", "error", "well", "io")) {
                mood.set(next);
                tree.append(new byte[Hashes.SIZE]);
                attestor.offer(tree, true);
                assertThat(kept.poll(30, TimeUnit.SECONDS))
                        .as("the other anchor, while one fails by " + next)
                        .contains("\n" + tree.size() + "\n");
            }
        } finally {
            System.setErr(before);
        }
        assertThat(logged.toString(StandardCharsets.UTF_8).split("an anchor did not keep a checkpoint", -1))
                .as("once for each time that it went away:\n%s", logged)
                .hasSize(1 + 2);
    }

    /** A backup lies in the place of the trail, say; what follows its records are others. */
    @Test
    void checkpointOfAnOlderCopy_isNotReplaced() throws Exception {
        Path trail = Files.createDirectories(directory.resolve("trail"));
        Path checkpoint = trail.resolve("checkpoint");
        MerkleTree tree = new MerkleTree((level, index, tile) -> {});
        String older = "";
        try (Attestor attestor = new Attestor(
                new TrailFiles(trail),
                List.of(AuditSigners.file(directory.resolve("audit.key"))),
                List.of(),
                null,
                new Fence(Ownership.UNDISPUTED))) {
            attestor.start();
            for (int size = 1; size <= 2; size++) {
                older = size == 1 ? "" : Files.readString(checkpoint);
                tree.append(new byte[Hashes.SIZE]);
                attestor.offer(tree, true);
                Eventually.until(() -> attestor.attested() == tree.size());
            }
            Files.writeString(checkpoint, older);
            tree.append(new byte[Hashes.SIZE]);
            attestor.offer(tree, true);
        }
        assertThat(checkpoint).hasContent(older);
    }

    @Test
    void checkpointThatWasNotKept_isOfferedAgainInAQuietTrail() throws Exception {
        Path trail = Files.createDirectories(directory.resolve("trail"));
        BlockingQueue<String> offered = new LinkedBlockingQueue<>();
        CheckpointAnchor awayAtFirst = checkpoint -> {
            offered.add(checkpoint);
            if (offered.size() < 3) {
                throw new IOException("the anchor is away");
            }
        };
        MerkleTree tree = new MerkleTree((level, index, tile) -> {});
        try (Attestor attestor = new Attestor(
                new TrailFiles(trail),
                List.of(AuditSigners.file(directory.resolve("audit.key"))),
                List.of(awayAtFirst),
                null,
                new Fence(Ownership.UNDISPUTED),
                TimeUnit.MILLISECONDS.toNanos(5),
                5_000)) {
            attestor.start();
            tree.append(new byte[Hashes.SIZE]);
            attestor.offer(tree, true);
            Eventually.until(() -> offered.size() >= 3);
        }
        assertThat(offered)
                .as("until it is kept, and no more often")
                .hasSize(3)
                .containsOnly(Files.readString(trail.resolve("checkpoint")));
    }

    @Test
    void whatFollowsACheckpoint_mayFailAndIsTriedAgain() throws Exception {
        Path trail = Files.createDirectories(directory.resolve("trail"));
        BlockingQueue<Long> swept = new LinkedBlockingQueue<>();
        try (Attestor attestor = new Attestor(
                new TrailFiles(trail),
                List.of(AuditSigners.file(directory.resolve("audit.key"))),
                List.of(),
                null,
                new Fence(Ownership.UNDISPUTED),
                TimeUnit.MILLISECONDS.toNanos(5),
                5_000)) {
            attestor.afterwards(attested -> {
                swept.add(attested.size());
                throw new IllegalStateException("the folder cannot be listed");
            });
            attestor.start();
            MerkleTree tree = new MerkleTree((level, index, tile) -> {});
            tree.append(new byte[Hashes.SIZE]);
            attestor.offer(tree, true);
            for (int i = 0; i < 3; i++) { // the second time and later, without a checkpoint before it
                assertThat(swept.poll(30, TimeUnit.SECONDS)).as("sweep %s", i).isEqualTo(1L);
            }
            tree.append(new byte[Hashes.SIZE]);
            attestor.offer(tree, true);
            Long last = swept.poll(30, TimeUnit.SECONDS);
            while (last != null && last == 1L) {
                last = swept.poll(30, TimeUnit.SECONDS);
            }
            assertThat(last).as("checkpoints go on").isEqualTo(2L);
        }
    }

    /** A suspended machine: nobody had that time, so nobody is late. */
    @Test
    void processThatWasStopped_isNoCheckpointThatDoesNotCome() throws Exception {
        List<String> told = new ArrayList<>();
        try (Attestor attestor = new Attestor(
                new TrailFiles(Files.createDirectories(directory.resolve("trail"))),
                List.of(AuditSigners.file(directory.resolve("audit.key"))),
                List.of(),
                null,
                new Fence(Ownership.UNDISPUTED))) {
            attestor.alarm(told::add);
            for (long minute = 0; minute < 10; minute++) {
                attestor.expect(5, TimeUnit.MINUTES.toNanos(minute));
            }
            assertThat(told).isEmpty();
            for (long second = 0; second < 40; second++) {
                attestor.expect(5, TimeUnit.MINUTES.toNanos(9) + TimeUnit.SECONDS.toNanos(second));
            }
            assertThat(told).as("it goes on and nothing is signed").hasSize(1);
        }
    }

    /** A signer that hangs, say: it could not tell so by itself. */
    @Test
    void checkpointThatDoesNotCome_isToldOnce() throws Exception {
        Path trail = Files.createDirectories(directory.resolve("trail"));
        List<String> told = new ArrayList<>();
        CountDownLatch well = new CountDownLatch(1);
        AuditSigner signer = AuditSigners.file(directory.resolve("audit.key"));
        AuditSigner hanging = new AuditSigner() {
            @Override
            public String name() {
                return signer.name();
            }

            @Override
            public byte[] publicKey() {
                return signer.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) throws IOException {
                try {
                    well.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return signer.sign(message);
            }
        };
        BlockingQueue<String> kept = new LinkedBlockingQueue<>();
        MerkleTree tree = new MerkleTree((level, index, tile) -> {});
        tree.append(new byte[Hashes.SIZE]);
        try (Attestor attestor = new Attestor(
                new TrailFiles(trail), List.of(hanging), List.of(), null, new Fence(Ownership.UNDISPUTED))) {
            attestor.alarm(told::add);
            attestor.afterwards(checkpoint -> kept.add("size " + checkpoint.size()));
            attestor.start();
            for (long second = 0; second < 100; second++) {
                attestor.offer(tree, true);
                attestor.expect(second == 0 ? 1 : 5, TimeUnit.SECONDS.toNanos(second));
                assertThat(told).hasSize(second < 30 ? 0 : 1);
            }
            assertThat(told.get(0)).contains("records 0 to 4", "no checkpoint for 30 seconds");
            well.countDown();
            assertThat(kept.poll(30, TimeUnit.SECONDS)).isEqualTo("size 1");
            for (long second = 100; second < 200; second++) {
                attestor.expect(1, TimeUnit.SECONDS.toNanos(second));
            }
            assertThat(told).as("all is attested").hasSize(1);
        }
    }

    /** Else the same checkpoint would go to the anchors again and again, and an alarm would say that there is none. */
    @Test
    void whatIsDoneBesideACheckpoint_mayFailAndCostsItNothing() throws Exception {
        Path trail = Files.createDirectories(directory.resolve("trail"));
        BlockingQueue<String> kept = new LinkedBlockingQueue<>();
        MerkleTree tree = new MerkleTree((level, index, tile) -> {});
        Attestor attestor = new Attestor(
                new TrailFiles(trail),
                List.of(AuditSigners.file(directory.resolve("audit.key"))),
                List.of(kept::add),
                null,
                new Fence(Ownership.UNDISPUTED));
        try (attestor) {
            attestor.start();
            tree.append(new byte[Hashes.SIZE]);
            attestor.offer(tree, true);
            assertThat(kept.poll(30, TimeUnit.SECONDS)).contains("\n1\n");
            Path outdated = trail.resolve("tile/0/000.p/1");
            Files.delete(outdated);
            Files.createDirectories(outdated.resolve("which-cannot-be-deleted"));
            attestor.finished(Files.createDirectory(trail.resolve("00000000000000000000.jsonl")));
            tree.append(new byte[Hashes.SIZE]);
            attestor.offer(tree, true);
            assertThat(kept.poll(30, TimeUnit.SECONDS)).contains("\n2\n");
        }
        assertThat(attestor.attested()).isEqualTo(2);
        assertThat(kept).as("no second time").isEmpty();
    }
}
