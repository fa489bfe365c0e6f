// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.MerkleTree;
import io.github.incident4j.audit.internal.merkle.TileSink;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the intact part of a trail before anything is appended. In the newest segment the contiguous valid prefix
 * stands; what follows it (the torn end that a crash leaves) is moved to {@code trail/broken} and named in a recovery
 * record; a line whose side record did not reach the disk ends the prefix, too. What is damaged below the last
 * checkpoint is no torn end: it is reported and left where it is. On the way every record that is not a decision is
 * handed to the rooms that rebuild their state.
 *
 * <p>The tree is restored from the tiles where they hash to the root of the signed checkpoint, and made anew from the
 * lines where they do not.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int MAX_NOTES = 100;
    private static final long DAMAGED = -1;

    private final TrailFiles files;
    private final TimeSource time;
    private final Consumer<StoredRecord> replay;
    private final ObjectMapper mapper = Json.mapper();
    private final LineFormat format = new LineFormat();
    private final Hashes hashes = new Hashes();
    private final List<TrailEntry> notes = new ArrayList<>();
    private final TileQueue tiles;
    private final long attested;
    private final Retirements retirements = new Retirements();
    private long begin; // of the log, after records were dropped
    private final MerkleTree tree;
    private long next;

    private Recovery(
            TrailFiles files,
            @Nullable Checkpoint checkpoint,
            TileQueue tiles,
            TimeSource time,
            Consumer<StoredRecord> replay) {
        this.tiles = tiles;
        this.files = files;
        this.time = time;
        this.replay = replay;
        this.attested = checkpoint == null ? 0 : checkpoint.size();
        MerkleTree restored = checkpoint == null ? null : restored(checkpoint, tiles);
        this.tree = restored == null ? new MerkleTree(tiles) : restored;
    }

    /**
     * The outcome.
     *
     * @param start where the log goes on
     * @param notes records to append first: what was set aside, what is damaged
     */
    record Result(MerkleLog.Start start, List<TrailEntry> notes) {}

    /**
     * Reads a trail.
     *
     * @param files the trail's files
     * @param checkpoint its last checkpoint, if there is one whose signature holds
     * @param tiles takes the tiles that become full on the way
     * @param time the clocks
     * @param replay takes the control records
     */
    static Result run(
            TrailFiles files,
            @Nullable Checkpoint checkpoint,
            TileQueue tiles,
            TimeSource time,
            Consumer<StoredRecord> replay)
            throws IOException {
        return new Recovery(files, checkpoint, tiles, time, replay).read();
    }

    private @Nullable MerkleTree restored(Checkpoint checkpoint, TileSink sink) {
        try {
            MerkleTree stored = MerkleTree.restore(checkpoint.size(), files.tiles(), sink);
            if (Arrays.equals(stored.root(), checkpoint.root())) {
                return stored;
            }
            note(
                    "tile",
                    "the tiles do not match the checkpoint of size " + checkpoint.size()
                            + "; they are made anew from the log");
        } catch (IOException e) {
            LOG.warn("the tiles of the audit trail are incomplete ({}); they are made anew from the log", e.toString());
        }
        return null;
    }

    private Result read() throws IOException {
        List<Path> segments = files.segments();
        Path last = null;
        long good = 0;
        for (int i = 0; i < segments.size(); i++) {
            boolean newest = i == segments.size() - 1;
            good = read(segments.get(i), newest);
            last = segments.get(i);
            tiles.flush();
        }
        if (!retirements.cover(begin)) {
            note(
                    "log",
                    "it begins with record " + begin
                            + " although no record says that those before it were dropped on purpose");
        }
        if (next < attested) {
            note(
                    last == null ? "log" : TrailFiles.nameOf(last),
                    "the log ends at record " + next + " although the checkpoint attests " + attested
                            + "; what follows goes to a new segment");
            next = attested;
            growTo(next);
        }
        if (good == DAMAGED || next % MerkleLog.SEGMENT_RECORDS == 0) {
            last = null;
        }
        return new Result(new MerkleLog.Start(tree, last, good), List.copyOf(notes));
    }

    /**
     * Reads a segment; returns how many bytes of it are good, counted from its start, or {@link #DAMAGED} if nothing
     * may follow in it.
     */
    private long read(Path segment, boolean newest) throws IOException {
        long good = 0;
        boolean damaged = false;
        long first = TrailFiles.firstSequenceOf(segment);
        if (first != next && next == 0) {
            begin = first;
            next = first;
            growByTiles(first);
        } else if (first != next) {
            note(TrailFiles.nameOf(segment), "the segment begins at " + first + " but " + next + " was expected");
            next = first;
            growTo(next);
        }
        try (Lines lines = new Lines(segment);
                SideReader sides = new SideReader(files, segment)) {
            while (lines.next()) {
                byte[] bytes = lines.array();
                long sequence = LineFormat.sequenceOf(bytes, lines.start(), lines.length());
                if (!lines.isTorn()
                        && !lines.followsPadding()
                        && sequence == next
                        && format.checksumHolds(bytes, lines.start(), lines.length())
                        && !(newest && next >= attested && lacksSide(lines, sides))) {
                    good = lines.offset() + lines.length() + 1L;
                    take(lines);
                } else if (newest && next >= attested) {
                    break;
                } else {
                    // Not a torn end: rot or tampering. Nothing is moved, so that verify() can show it.
                    note(TrailFiles.nameOf(segment), "the line after record " + (next - 1) + " is damaged");
                    next = Math.max(next + 1, sequence + 1);
                    growTo(next);
                    damaged = true;
                }
            }
        }
        if (damaged || next < attested) {
            return DAMAGED;
        }
        if (newest && good < Files.size(segment)) {
            setAside(segment, good);
        }
        return good;
    }

    /** Of records that retention has dropped, the tiles still have the hashes. */
    private void growByTiles(long until) throws IOException {
        while (tree.size() < until) {
            long index = tree.size() / SegmentIndex.BLOCK;
            try {
                byte[] tile = files.tiles().tile(0, index, SegmentIndex.BLOCK);
                for (int at = (int) (tree.size() % SegmentIndex.BLOCK);
                        at < SegmentIndex.BLOCK && tree.size() < until;
                        at++) {
                    tree.append(Arrays.copyOfRange(tile, at * Hashes.SIZE, (at + 1) * Hashes.SIZE));
                }
            } catch (IOException e) {
                note(
                        "tile",
                        "the tile of records " + index * SegmentIndex.BLOCK + " and following is lost, and so are"
                                + " the hashes of those that retention has dropped");
                growTo(Math.min(until, (index + 1) * SegmentIndex.BLOCK));
            }
        }
    }

    /** Side records are on the disk before the lines that commit to them; a line without one was never acknowledged. */
    private boolean lacksSide(Lines lines, SideReader sides) throws IOException {
        return LineFormat.commitmentOf(lines.array(), lines.start(), lines.length()) != null && !sides.isWhole(next);
    }

    /** Records that are lost keep their places, so that those after them keep their numbers. */
    private void growTo(long size) throws IOException {
        while (tree.size() < size) {
            tree.append(new byte[Hashes.SIZE]);
        }
    }

    private void take(Lines lines) throws IOException {
        if (next == tree.size()) {
            tree.append(hashes.leaf(lines.array(), lines.start(), lines.length()));
        }
        next++;
        if (attested == 0 || next <= attested) { // what nobody has signed may be forged
            retirements.look(lines.array(), lines.start(), lines.length());
        }
        if (!LineFormat.isDecision(lines.array(), lines.start(), lines.length())) {
            replay(lines);
        }
    }

    private void replay(Lines lines) throws IOException {
        try {
            JsonNode json = mapper.readTree(lines.array(), lines.start(), lines.length());
            replay.accept(new StoredRecord(
                    next - 1,
                    Instant.parse(json.path("time").asText()),
                    json.path("type").asText(),
                    json));
        } catch (DateTimeException | IllegalArgumentException | JacksonException e) {
            LOG.error("record {} of the trail could not be understood and is passed over", next - 1, e);
        }
    }

    /** Padding is cut off; anything else that follows the good bytes is moved. */
    private void setAside(Path segment, long good) throws IOException {
        try (Lines rest = new Lines(segment, good)) {
            if (!rest.next()) {
                return;
            }
        }
        Broken.Part part = Broken.setAside(files, segment, good);
        LOG.warn(
                "the audit trail ended in {} bytes that are no intact record (a crash in the middle of a write leaves"
                        + " such an end); they were moved to {} and the trail goes on after record {}",
                part.bytes(),
                part.to(),
                next - 1);
        notes.add(new SetAside(
                TrailFiles.nameOf(segment),
                TrailFiles.nameOf(part.to()),
                part.bytes(),
                part.sha256(),
                time.nanoTime()));
    }

    private void note(String where, String fault) {
        if (notes.size() < MAX_NOTES) {
            LOG.error("audit trail, {}: {}; run verify() for the whole picture", where, fault);
            notes.add(new Damage(where, fault, time.nanoTime()));
        }
    }

    /** A part of the trail that was moved out of the log. */
    private record SetAside(String segment, String movedTo, long bytes, String sha256, long nanoTime)
            implements TrailEntry {
        @Override
        public String type() {
            return "trail.recovery";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("segment", segment);
            json.writeStringField("moved_to", movedTo);
            json.writeNumberField("bytes", bytes);
            json.writeStringField("sha256", sha256);
        }
    }

    private record Damage(String segment, String fault, long nanoTime) implements TrailEntry {
        @Override
        public String type() {
            return "trail.damage";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("segment", segment);
            json.writeStringField("fault", fault);
        }
    }
}
