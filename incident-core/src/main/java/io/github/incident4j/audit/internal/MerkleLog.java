// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.MerkleTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log of {@linkplain LineFormat lines} which are the leaves of a Merkle tree (RFC 6962). What was encoded keeps its
 * bytes and its number until it is on the disk: after a failure it is written again, in a new segment, because a
 * {@code force} that succeeds after one that failed says nothing of the pages between them.
 */
final class MerkleLog implements RecordLog {
    /** How many records a segment holds at most; fewer after a failure, or where their side records are long. */
    static final int SEGMENT_RECORDS = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(MerkleLog.class);
    private static final long NO_RECORD = Long.MIN_VALUE;
    private static final int WRITE_AT = 1 << 18;
    private static final long SIDE_BYTES = 64L << 20;
    private static final int SEGMENT_MULTIPLE = 256;

    private final TrailFiles files;
    private final TrailPlace place;
    private final SegmentChannel.Opener opener;
    private final TileQueue tiles;
    private final Attestor attestor;
    private final MerkleTree tree;
    private final long rollAfterNanos;
    private long latest; // when the latest record of the segment happened
    private long segmentSince = NO_RECORD; // when the first record of the segment happened
    private final Hashes hashes = new Hashes();
    private final SideLog side;
    private final AsideFiles asides;
    private final LineEncoder encoder;
    private final Bytes pending = new Bytes(WRITE_AT + 4096); // encoded and not forced
    private int written; // of these, in the segment
    private volatile long forcedRecords;
    private boolean tilesFailing;
    private final Deque<SetAside> moved = new ArrayDeque<>(); // what failures have moved and no record names yet
    private boolean recovering; // from a failure, until something that came after it is on the disk
    private @Nullable Segment segment; // null after a failure

    /**
     * Creates a log behind the last good record.
     *
     * @param files the trail's files
     * @param place whether they are still those that were opened
     * @param opener opens segments
     * @param start where to go on
     * @param tiles holds the tiles that are full and not written
     * @param attestor is told of what is on the disk
     * @param rollAfter how old the first record of a segment may become before another one is begun
     * @param tagKey the key under which people are filed
     */
    MerkleLog(
            TrailFiles files,
            TrailPlace place,
            SegmentChannel.Opener opener,
            Start start,
            TileQueue tiles,
            Attestor attestor,
            Optional<Duration> rollAfter,
            TagKeys.Key tagKey)
            throws IOException {
        this.rollAfterNanos = rollAfter.map(Duration::toNanos).orElse(Long.MAX_VALUE);
        this.tiles = tiles;
        this.files = files;
        this.place = place;
        this.opener = opener;
        this.attestor = attestor;
        this.tree = start.tree();
        this.forcedRecords = tree.size();
        DurableFiles.createDirectories(files.log());
        Path file = start.segment();
        Path present = file == null ? files.segment(tree.size()) : file;
        this.side = new SideLog(files, opener, present, tagKey);
        this.asides = new AsideFiles(files);
        this.encoder = new LineEncoder(pending, side, asides);
        if (attestor.attested() < tree.size()) {
            writeNewestAgain();
        }
        try {
            if (file == null) {
                side.begin(present);
            } else {
                side.goOn(file, tree.size());
            }
            if (file != null && rollAfter.isPresent()) {
                List<SegmentIndex.Block> blocks = SegmentIndex.scan(file).blocks();
                segmentSince =
                        blocks.isEmpty() ? NO_RECORD : nanos(blocks.get(0).earliest());
                latest = blocks.isEmpty()
                        ? 0
                        : nanos(blocks.get(blocks.size() - 1).latest());
            }
            for (Path each : files.segments()) {
                if (!each.equals(present) && SegmentIndex.isLacking(files, each)) {
                    attestor.finished(each); // nobody has come to that, or somebody has deleted it
                }
            }
            this.segment = Segment.open(opener, present, file == null ? 0 : start.size());
        } catch (IOException | RuntimeException | Error e) {
            side.abandon();
            throw e;
        }
    }

    /**
     * What a killed process has written may lie in memory only, and will be attested. Where a force has failed before,
     * another one succeeds and brings nothing to the disk: the pages count as written. So they are written again.
     */
    private void writeNewestAgain() throws IOException {
        List<Path> segments = files.segments();
        if (segments.isEmpty()) {
            return;
        }
        Path newest = segments.get(segments.size() - 1);
        for (Path file : List.of(files.secrets(newest), files.side(newest), newest)) {
            if (Files.exists(file)) {
                try (SegmentChannel channel = opener.open(file);
                        FileChannel present = FileChannel.open(file, StandardOpenOption.READ)) {
                    ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
                    for (long at = 0; present.read(bytes, at) > 0; bytes.clear()) {
                        bytes.flip();
                        int length = bytes.remaining();
                        channel.write(bytes, at);
                        at += length;
                    }
                    channel.force();
                }
            }
        }
    }

    private static long nanos(Instant time) {
        return time.equals(Instant.MAX) ? 0 : time.getEpochSecond() * 1_000_000_000L + time.getNano();
    }

    /**
     * Where a log goes on.
     *
     * @param tree the tree over all records
     * @param segment the segment to go on with, or null for a new one
     * @param size how many bytes of it are good
     */
    record Start(MerkleTree tree, @Nullable Path segment, long size) {
        /** The same behind the segment, unless nothing is in it. */
        Start inNewSegment() {
            boolean empty = segment == null || TrailFiles.firstSequenceOf(segment) == tree.size();
            return empty ? this : new Start(tree, null, 0);
        }
    }

    @Override
    public boolean append(TrailEntry entry, long epochNanos) {
        if (segmentSince == NO_RECORD) {
            segmentSince = epochNanos;
            latest = epochNanos;
        }
        latest = Math.max(latest, epochNanos);
        long sequence = tree.size();
        int start = pending.size();
        int sideStart = side.unforced();
        boolean itself = false;
        try {
            itself = encoder.encode(entry, sequence, epochNanos);
            tree.append(hashes.leaf(pending.array(), start, pending.size() - start - 1));
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory do not fail", e);
        } finally {
            if (tree.size() == sequence) { // it has no place in the tree, so it must not have one in the log
                pending.truncate(start);
                side.takeBack(sideStart);
                asides.takeBack(sequence);
            }
        }
        return itself;
    }

    @Override
    public void spill() throws IOException {
        if (isSegmentFull()) {
            roll();
        } else if (pending.size() - written >= WRITE_AT || side.unwritten() >= WRITE_AT) {
            commit();
        }
    }

    private boolean isSegmentFull() {
        return tree.size() % SEGMENT_RECORDS == 0 || (side.size() >= SIDE_BYTES && tree.size() % SEGMENT_MULTIPLE == 0);
    }

    /**
     * So that retention by age has segments to drop, however little is recorded. The segment is filled up to the end of
     * a tile: what is dropped leaves its hashes in full tiles, which are never written again.
     */
    @Override
    public void rollIfOld(long epochNanos) throws IOException {
        if (segment != null && segmentSince != NO_RECORD && epochNanos - segmentSince > rollAfterNanos) {
            while (tree.size() % SEGMENT_MULTIPLE != 0) {
                append(
                        Padding.INSTANCE,
                        latest); // as old as what it follows, so that it keeps nothing from being dropped
            }
            roll();
        }
    }

    /** Fills a segment up. */
    private enum Padding implements TrailEntry {
        INSTANCE;

        @Override
        public long nanoTime() {
            return LineEncoder.NO_TICK;
        }

        @Override
        public String type() {
            return "trail.padding";
        }

        @Override
        public void writeMembers(JsonGenerator json) {}
    }

    private void roll() throws IOException {
        force();
        place.require();
        segmentSince = NO_RECORD;
        Segment full = open();
        segment = null; // all that it holds is forced
        try {
            side.finish();
            full.finish();
            attestor.finished(full.file());
            side.begin(files.segment(tree.size()));
            segment = Segment.open(opener, files.segment(tree.size()), 0);
        } catch (IOException | RuntimeException | Error e) {
            closeQuietly(full);
            throw e;
        }
        attest(true);
    }

    private Segment open() throws IOException {
        Segment present = segment;
        if (present == null) {
            throw new IOException("the segment was given up after a failure");
        }
        return present;
    }

    @Override
    public void commit() throws IOException {
        Segment present = open();
        requirePlace();
        side.commit();
        asides.force();
        present.write(pending.array(), written, pending.size() - written);
        written = pending.size();
    }

    /** Before files are made: in another trail, which may lie here by now, they would be opened and overwritten. */
    private void requirePlace() throws IOException {
        if (side.isToBegin() || !asides.isEmpty()) {
            place.require();
        }
    }

    @Override
    public void force() throws IOException {
        Segment present = open();
        requirePlace();
        side.force(); // first: no line on the disk without what it commits to
        commit();
        present.force();
        forced();
        recovering = false;
    }

    private void forced() {
        pending.truncate(0);
        side.release();
        asides.release();
        written = 0;
        forcedRecords = tree.size();
    }

    /** Takes what was not forced out of the log: it is held in memory, and must not be read beside its second self. */
    private void takeOutUnforced() throws IOException {
        Segment failed = segment;
        if (failed != null) {
            closeQuietly(failed);
            setAside(failed.file(), failed.forced());
            segment = null;
            if (failed.forced() > 0) {
                attestor.finished(failed.file());
            }
        }
        Files.deleteIfExists(files.segment(forcedRecords)); // of an attempt to go on that has failed
    }

    @Override
    public long forcedRecords() {
        return forcedRecords;
    }

    @Override
    public int unforced() {
        return pending.size() + side.unforced();
    }

    @Override
    public long unforcedRecords() {
        return tree.size() - forcedRecords;
    }

    @Override
    public @Nullable IOException shortage() {
        IOException ofLines = segment == null ? null : segment.shortage();
        return ofLines == null ? side.shortage() : ofLines;
    }

    @Override
    public void resume() throws IOException {
        place.take(attestor.attested());
        takeOutUnforced();
        recovering = true;
        DurableFiles.createDirectories(files.log());
        Path file = files.segment(forcedRecords);
        side.resume(file);
        asides.resume();
        Segment next = Segment.open(opener, file, 0);
        try {
            next.write(pending.array(), 0, pending.size());
            next.force();
        } catch (IOException | RuntimeException | Error e) {
            closeQuietly(next);
            throw e;
        }
        segment = next;
        forced();
        for (SetAside aside = moved.peek(); aside != null; aside = moved.peek()) {
            append(aside, latest);
            moved.remove();
        }
        if (isSegmentFull()) {
            roll();
        }
    }

    /**
     * Moves what follows the good bytes out of the log; what the attempts to go on leave is cut off, or a disk that
     * fails again and again would fill with them.
     */
    private void setAside(Path file, long good) throws IOException {
        if (!Files.exists(file)) {
            return; // somebody has removed it
        }
        if (recovering) {
            cut(file, good);
            return;
        }
        try {
            Broken.Part part = Broken.setAside(files, file, TrailFiles.nameOf(file), good, opener);
            moved.add(new SetAside(TrailFiles.nameOf(file), part, LineEncoder.NO_TICK));
        } catch (IOException e) {
            LOG.warn("what could not be forced of {} is cut off, as it could not be moved: {}", file, e.toString());
            cut(file, good);
        }
    }

    private void cut(Path file, long good) throws IOException {
        if (good == 0) {
            Files.deleteIfExists(file);
            return;
        }
        try (SegmentChannel channel = opener.open(file)) {
            channel.truncate(good);
            channel.force();
        }
    }

    private static void closeQuietly(Segment segment) {
        try {
            segment.close();
        } catch (IOException e) {
            LOG.debug("a segment that failed could not be closed either", e);
        }
    }

    @Override
    public Erasing.Result erase(Erasing erasing) throws IOException {
        String secret = side.find(erasing.subject());
        if (secret == null) {
            return new Erasing.Result(List.of(), List.of(), side.segment());
        }
        if (!erasing.isTold(secret)) {
            return new Erasing.Result(List.of(), List.of(secret), side.segment());
        }
        force();
        if (!erasing.begin()) {
            return new Erasing.Result(List.of(), List.of(), side.segment());
        }
        side.erase(erasing.subject());
        return new Erasing.Result(List.of(secret), List.of(), side.segment());
    }

    @Override
    public void attest(boolean now) {
        attestor.expect(segment == null ? 0 : forcedRecords, System.nanoTime()); // an outage is told by who writes
        try {
            if (tiles.isWaiting()) {
                place.require();
            }
            tiles.flush();
            tiles.catchUp(forcedRecords);
        } catch (IOException e) {
            if (!tilesFailing) {
                LOG.warn("tiles of the audit trail cannot be written now; nothing is attested until they can", e);
            }
            tilesFailing = true;
            return;
        }
        tilesFailing = false;
        if (forcedRecords == tree.size() && !tiles.isBehind()) {
            attestor.offer(tree, now);
        }
    }

    @Override
    public void giveUp() throws IOException {
        try {
            takeOutUnforced();
            side.giveUp(forcedRecords);
        } catch (IOException | RuntimeException | Error e) {
            throw new IOException(
                    "what was not acknowledged could not be taken out of the log, so that the next opening may take it"
                            + " for records although it may not be on the disk",
                    e);
        } finally {
            abandon();
        }
        for (SetAside aside : moved) { // no record can name them before the next opening
            LOG.error(
                    "{} bytes that could not be forced were moved to {}, with SHA-256 {}",
                    aside.part().bytes(),
                    aside.part().to(),
                    aside.part().sha256());
        }
    }

    @Override
    public void abandon() {
        Segment last = segment;
        segment = null;
        if (last != null) {
            closeQuietly(last);
        }
        side.abandon();
        closeTiles();
        attestor.close();
    }

    /** Forces what is left, unless the log has failed before, takes the reserve back and attests the whole. */
    @Override
    public void close() throws IOException {
        Segment last = segment;
        try {
            if (last != null) {
                force();
                side.finish();
                last.finish();
                attestor.finished(last.file());
            }
        } finally {
            segment = null;
            attest(true);
            closeTiles();
            attestor.close();
        }
    }

    private void closeTiles() {
        try {
            tiles.close();
        } catch (IOException e) {
            LOG.debug("a segment that was read for its tiles could not be closed", e);
        }
    }
}
