// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.AuditSigner;
import io.github.incident4j.audit.CheckpointAnchor;
import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.MerkleTree;
import io.github.incident4j.audit.internal.merkle.SignedNote;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs checkpoints over what is on the disk and hands them to the anchors; on a thread of its own, since a signature
 * takes as long as hundreds of records.
 */
final class Attestor implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Attestor.class);
    private static final long EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final int INDEXES = 4; // after a checkpoint: the next one waits for them
    private static final long LOOK_EVERY = TimeUnit.MINUTES.toNanos(1);
    private static final long JOIN_MILLIS = 5_000;
    private static final long LATE = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5); // looks are four a second

    private final TrailFiles files;
    private final List<AuditSigner> signers;
    private final List<CheckpointAnchor> anchors;
    private final Fence fence;
    private final Queue<Path> segments = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Snapshot> next = new AtomicReference<>();
    private final long lookNanos;
    private final long joinMillis;
    private final Thread thread;
    private volatile boolean closing;
    private volatile Consumer<Checkpoint> afterwards = checkpoint -> {};
    private volatile Consumer<String> alarm = what -> {};

    // The journal thread's own.
    private long lastOffer = System.nanoTime() - EVERY;
    private long offered;
    private long expected; // how much is to be attested
    private long expectedSince = System.nanoTime();
    private long lastLook = expectedSince;
    private boolean late;

    // This thread's own.
    private boolean failing;
    private volatile long attested; // read by the journal thread
    private @Nullable Checkpoint last; // the last one that is written
    private String published = "";
    private final Set<CheckpointAnchor> failingAnchors = Collections.newSetFromMap(new IdentityHashMap<>());
    private Set<Path> lastPartials;

    @SuppressWarnings("ArrayRecordComponent") // handed from one thread to the other, never compared
    private record Tile(int level, long index, byte[] hashes) {}

    @SuppressWarnings("ArrayRecordComponent") // handed from one thread to the other, never compared
    private record Snapshot(long size, byte[] root, List<Tile> partials) {}

    Attestor(
            TrailFiles files,
            List<AuditSigner> signers,
            List<CheckpointAnchor> anchors,
            @Nullable Checkpoint last,
            Fence fence) {
        this(files, signers, anchors, last, fence, LOOK_EVERY, JOIN_MILLIS);
    }

    /** For tests, which look around oftener than once a minute, and do not wait for who hangs. */
    Attestor(
            TrailFiles files,
            List<AuditSigner> signers,
            List<CheckpointAnchor> anchors,
            @Nullable Checkpoint last,
            Fence fence,
            long lookNanos,
            long joinMillis) {
        this.fence = fence;
        this.joinMillis = joinMillis;
        this.files = files;
        this.signers = List.copyOf(signers);
        this.anchors = List.copyOf(anchors);
        this.last = last;
        this.offered = last == null ? 0 : last.size();
        this.lastPartials = files.tiles().partials(offered);
        this.attested = offered;
        this.lookNanos = lookNanos;
        this.thread = new Thread(this::run, "incident4j-attestor");
        thread.setDaemon(true);
    }

    /** Sets what is done after each checkpoint and now and then, on this thread, given the last checkpoint. */
    void afterwards(Consumer<Checkpoint> task) {
        afterwards = task;
    }

    /** Sets who is told when no checkpoint comes; by the journal thread, so it must return at once. */
    void alarm(Consumer<String> told) {
        alarm = told;
    }

    /** How many records the last checkpoint attests. */
    long attested() {
        return attested;
    }

    void start() {
        thread.start();
    }

    /** A segment is not written any more. By the journal thread. */
    void finished(Path segment) {
        segments.add(segment);
    }

    /**
     * Takes the tree, all of whose records are on the disk; at most once a second unless now. By the journal thread.
     */
    void offer(MerkleTree tree, boolean now) {
        if (tree.size() == offered || (!now && System.nanoTime() - lastOffer < EVERY)) {
            return;
        }
        List<Tile> partials = new ArrayList<>();
        for (int level = 0; level < tree.levels(); level++) {
            byte[] hashes = tree.partial(level);
            if (hashes.length > 0) {
                partials.add(new Tile(level, tree.size() >>> (8 * (level + 1)), hashes));
            }
        }
        next.set(new Snapshot(tree.size(), tree.root(), partials));
        offered = tree.size();
        lastOffer = System.nanoTime();
        LockSupport.unpark(thread);
    }

    /**
     * Looks whether checkpoints come: what was on the disk half a minute ago should be attested, whatever keeps tiles,
     * signer or anchors from it. Time for which nobody looked is none in which they could have done something. By the
     * journal thread.
     */
    void expect(long forced, long now) {
        long passed = now - lastLook;
        lastLook = now;
        if (passed > PAUSE) { // the JVM as a whole was stopped: neither signer nor anchors have had that time
            expectedSince += passed;
        }
        if (attested >= expected || forced == 0) {
            expected = forced;
            expectedSince = now;
            late = false;
        } else if (!late && now - expectedSince >= LATE) {
            late = true;
            alarm.accept(
                    "records " + attested + " to " + (forced - 1) + " of the audit trail have had no checkpoint for "
                            + TimeUnit.NANOSECONDS.toSeconds(LATE)
                            + " seconds: the log of the service says why, unless a signer"
                            + " or an anchor hangs. Checkpoints go on by themselves when tiles, signer and anchors work again");
        }
    }

    private void run() {
        boolean served = false;
        while (!served) {
            try {
                serve();
                served = true;
            } catch (TakenOverException e) {
                LOG.warn("checkpoints are not written by this runtime any more: {}", e.getMessage());
                served = true;
            } catch (RuntimeException | Error e) { // such as a lack of memory; without this thread nothing is attested
                served = closing;
                LockSupport.parkNanos(this, closing ? 1 : EVERY);
            }
        }
    }

    private void serve() throws TakenOverException {
        while (true) {
            boolean ending = closing;
            Snapshot snapshot = next.getAndSet(null);
            if (snapshot != null) {
                attest(snapshot);
            } else if (ending) {
                publishAgain();
                return;
            } else {
                LockSupport.parkNanos(this, lookNanos);
                if (next.get() == null && !closing) {
                    publishAgain();
                    sweep();
                }
            }
        }
    }

    private void sweep() {
        Checkpoint present = last;
        if (present == null) {
            return;
        }
        try {
            afterwards.accept(present);
        } catch (RuntimeException | Error e) {
            LOG.error("what follows a checkpoint of the audit trail failed; it is tried again after the next one", e);
        }
    }

    private void attest(Snapshot snapshot) throws TakenOverException {
        try {
            String origin = last == null ? signers.get(0).name() : last.origin(); // the trail's, whoever signs by now
            Checkpoint checkpoint = new Checkpoint(origin, snapshot.size(), snapshot.root(), List.of());
            String note = SignedNote.sign(
                    checkpoint.toText(),
                    signers.stream().map(TrailKey::noteSigner).toList());
            Set<Path> partials =
                    new HashSet<>(); // a signature may have taken long: whose the directory is is asked now
            fence.pass(() -> TrailPlace.requireNewest(files, attested));
            for (Tile partial : snapshot.partials()) {
                fence.pass(() -> partials.add(files.tiles().write(partial.level(), partial.index(), partial.hashes())));
            }
            fence.pass(() -> {
                DurableFiles.replace(files.checkpoint(), note.getBytes(StandardCharsets.UTF_8));
                if (!Files.exists(files.verifierKey())) { // never before the first one: it says that there was one
                    TrailKey.publish(signers, files.verifierKey());
                }
            });
            publish(note);
            failing = false;
            attested = snapshot.size();
            last = checkpoint;
            removeOutdated(partials);
            keepIndexes();
            if (!closing) {
                sweep();
            }
        } catch (TakenOverException e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            next.compareAndSet(null, closing ? null : snapshot);
            if (!failing) {
                LOG.error(
                        "the checkpoint of the audit trail at size {} could not be written; it is tried again",
                        snapshot.size(),
                        e);
            }
            failing = true;
            LockSupport.parkNanos(this, closing ? 1 : EVERY);
        }
    }

    /** Some at a time, and one where somebody waits: they are a help for questions, and their lack no failure. */
    private void keepIndexes() throws TakenOverException {
        for (int i = 0; i < INDEXES && !segments.isEmpty() && (i == 0 || next.get() == null); i++) {
            Path finished = segments.remove();
            try {
                if (Files.exists(finished)) { // or retention has dropped it meanwhile
                    fence.pass(() -> SegmentIndex.keep(files, finished));
                }
            } catch (TakenOverException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                LOG.warn("the index of {} could not be made; questions about it read it whole", finished, e);
            }
        }
    }

    /** Removes the partial tiles of the checkpoint before this one; one that stays harms nobody. */
    private void removeOutdated(Set<Path> present) throws TakenOverException {
        lastPartials.removeAll(present);
        for (Path outdated : lastPartials) {
            try {
                fence.pass(() -> {
                    Files.deleteIfExists(outdated);
                    removeIfEmpty(DurableFiles.parentOf(outdated));
                });
            } catch (TakenOverException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                LOG.warn("the tile {} is not needed any more and could not be removed", outdated, e);
            }
        }
        lastPartials = present;
    }

    private static void removeIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            LOG.trace("{} holds a wider tile", folder);
        }
    }

    private void publish(String checkpoint) {
        published = checkpoint;
        for (CheckpointAnchor anchor : anchors) {
            publish(checkpoint, anchor);
        }
    }

    /** Who has not kept the newest checkpoint is offered it again: in a quiet trail there is no next one. */
    private void publishAgain() {
        for (CheckpointAnchor anchor : List.copyOf(failingAnchors)) {
            publish(published, anchor);
        }
    }

    private void publish(String checkpoint, CheckpointAnchor anchor) {
        try {
            anchor.publish(checkpoint);
            if (failingAnchors.remove(anchor)) {
                LOG.info("an anchor keeps checkpoints of the audit trail again");
            }
        } catch (IOException | RuntimeException | Error e) {
            if (failingAnchors.add(anchor)) {
                LOG.error(
                        "an anchor did not keep a checkpoint of the audit trail; it is offered that one again and every"
                                + " next one, and the log says when it keeps them",
                        e);
            }
        }
    }

    /** Writes what was offered last and ends the thread; a signer that hangs is left behind, and writes no more. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(joinMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        fence.shut();
    }
}
