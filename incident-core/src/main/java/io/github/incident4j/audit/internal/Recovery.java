// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.MerkleTree;
import io.github.incident4j.audit.internal.merkle.Proofs;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
 * <p>The tree is restored from the tiles where they hash to the root of the signed checkpoint, and a few of them are
 * compared with their lines. Where they do not it is made anew from the lines, and these must hash to that root. Where
 * they do not either, or where the checkpoint is gone, nobody can say any more what was recorded: the records keep
 * their places by the leaves of lost ones, so that no checkpoint to come attests them.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int MAX_DAMAGE = 100; // that is recorded at one opening
    private static final int MAX_FOUND = 10_000; // with what is on record already
    private static final String SUBJECTS = "subjects/";
    private static final String NO_SUBJECTS = "these secrets and those of all segments before it are missing, as the"
            + " folder subjects was: put them back from a copy, or nobody can read or erase what is about people there";
    private static final String NO_RECORDS =
            "there are secrets of records that the log does not have, as where trail is"
                    + " not mounted, or is an older one: put the right one back, and the next opening takes what was set"
                    + " aside; if these records are gone for good, delete their files";
    private static final String NOT_ITS_OWN =
            "these secrets open none of the segment's side records, as where they are another trail's: put the right ones"
                    + " back from a copy; the trail goes on in another segment";
    static final String MISNAMED = "the file is called by a number that is none of its records'";
    private static final long DAMAGED = -1;
    private static final int TILE = SegmentIndex.BLOCK;
    private static final int SPOTS = 16;
    private static final long FARTHEST = 1L << 30; // behind what precedes it, a segment that is not the first one
    private static final byte[] NO_LEAF = new byte[Hashes.SIZE];

    private final TrailFiles files;
    private final TimeSource time;
    private final Consumer<StoredRecord> replay;
    private final Ownership place; // asked before anything is changed
    private final ObjectMapper mapper = Json.mapper();
    private final LineFormat format = new LineFormat();
    private final Hashes hashes = new Hashes();
    private final List<TrailEntry> notes = new ArrayList<>();
    private final TileQueue tiles;
    private final @Nullable Checkpoint checkpoint;
    private final @Nullable String lost; // why there is no checkpoint although there was one
    private final long attested;
    private final long settled; // what precedes it was on the disk: no crash can have torn it
    private final Retirements retirements = new Retirements();
    private final Set<Long> spots = new HashSet<>(); // the tiles that are compared with their lines
    private final TileCompare remaking;
    private final long disowned; // records that an earlier opening has disowned; known where the tree is made anew
    private final Set<TrailDamage> known = new HashSet<>(); // damage that is on record
    private final Set<String> unnamed; // what was set aside, and no record tells of
    private final boolean restored;
    private byte[] tile = new byte[0];
    private long tileIndex = -1;
    private long begin; // of the log, after records were dropped
    private final List<Long> lostAsides = new ArrayList<>(); // lines that are not where they were moved
    private MerkleTree tree;
    private long next;
    private long lastCommitted = -1; // of the newest segment, the last settled record that has a side record

    private Recovery(
            TrailFiles files,
            @Nullable Checkpoint checkpoint,
            @Nullable String lost,
            TileQueue tiles,
            TimeSource time,
            Consumer<StoredRecord> replay,
            Ownership place)
            throws IOException {
        this.tiles = tiles;
        this.files = files;
        this.time = time;
        this.replay = replay;
        this.place = place;
        this.checkpoint = checkpoint;
        this.lost = lost;
        this.unnamed = new TreeSet<>(files.brokenFiles());
        this.attested = checkpoint == null ? 0 : checkpoint.size();
        this.settled = lost == null ? attested : Long.MAX_VALUE;
        files.remadeTiles().delete(); // of an opening that came to no end
        this.remaking = new TileCompare(files.tiles(), files.remadeTiles(), tiles);
        MerkleTree stored = checkpoint == null ? null : stored(checkpoint);
        this.restored = stored != null;
        this.disowned = restored || attested == 0 ? 0 : disowned();
        this.tree = stored == null ? new MerkleTree(remaking) : stored;
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
     * @param lost why the one that there was cannot be had; null if there is one, or never was
     * @param tiles takes the tiles that become full on the way
     * @param time the clocks
     * @param replay takes the control records
     * @param place whether the trail is still there; what is read of one is nothing by which another one may be changed
     */
    static Result run(
            TrailFiles files,
            @Nullable Checkpoint checkpoint,
            @Nullable String lost,
            TileQueue tiles,
            TimeSource time,
            Consumer<StoredRecord> replay,
            Ownership place)
            throws IOException {
        return new Recovery(files, checkpoint, lost, tiles, time, replay, place).read();
    }

    /** The tree of the tiles, if they and a few that are looked at hash to the root of the checkpoint. */
    private @Nullable MerkleTree stored(Checkpoint signed) {
        try {
            MerkleTree stored = MerkleTree.restore(signed.size(), files.tiles(), tiles);
            chooseSpots(signed.size());
            if (Arrays.equals(stored.root(), signed.root()) && spotsLeadTo(signed)) {
                return stored;
            }
            LOG.warn("the tiles of the audit trail do not match its checkpoint; they are made anew from the log");
        } catch (IOException e) {
            LOG.warn("the tiles of the audit trail are incomplete ({}); they are made anew from the log", e.toString());
        }
        return null;
    }

    /** The newest ones, and some that nobody can foresee. */
    private void chooseSpots(long size) {
        long all = (size + TILE - 1) / TILE;
        for (long spot = all - 1; spot >= Math.max(0, all - SPOTS / 2); spot--) {
            spots.add(spot);
        }
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < SPOTS && all > 0; i++) {
            spots.add(random.nextLong(all));
        }
    }

    /** A proof for the first hash of a tile takes in all others of it. */
    private boolean spotsLeadTo(Checkpoint signed) throws IOException {
        Proofs proofs = new Proofs(signed.size(), files.tiles());
        for (long spot : spots) {
            long first = spot * TILE;
            byte[] leaf = files.tiles().tile(0, spot, 1);
            if (!Proofs.verifyInclusion(first, signed.size(), leaf, proofs.inclusion(first), signed.root())) {
                return false;
            }
        }
        return true;
    }

    /**
     * How many records earlier openings have disowned, as they put on record. A forged record of that does no harm: the
     * tree would not have the root that was signed.
     */
    private long disowned() throws IOException {
        long most = 0;
        for (Path segment : files.segments()) {
            try (Lines lines = new Lines(segment)) {
                while (lines.next()) {
                    byte[] bytes = lines.array();
                    if (LineFormat.isOfType(bytes, lines.start(), lines.length(), TrailDamage.QUOTED)
                            && format.checksumHolds(bytes, lines.start(), lines.length())) {
                        most = Math.max(most, disowned(mapper.readTree(bytes, lines.start(), lines.length())));
                    }
                }
            }
        }
        return Math.min(most, attested);
    }

    private static long disowned(JsonNode damage) {
        boolean all = damage.path("segment").asText().equals("checkpoint"); // older ones tell by where they stand
        return damage.path(TrailDamage.DISOWNED).asLong(all ? damage.path("seq").asLong() : 0);
    }

    private void append(byte[] leaf) throws IOException {
        tree.append(leaf);
        if (tree.size() % MerkleLog.SEGMENT_RECORDS == 0) {
            tiles.flush(); // it holds a bounded number
        }
        if (checkpoint != null && tree.size() == checkpoint.size()) {
            compare(checkpoint);
        }
    }

    /** What proofs up to the signed root need, until there is another checkpoint. */
    private void writePartials() throws IOException {
        for (int level = 0; level < tree.levels(); level++) {
            byte[] partial = tree.partial(level);
            if (partial.length > 0) {
                files.tiles().write(level, tree.size() >>> (8 * (level + 1)), partial);
            }
        }
    }

    /** A tree that was made anew must be the one that was signed. */
    private void compare(Checkpoint signed) throws IOException {
        place.check();
        if (Arrays.equals(tree.root(), signed.root())) {
            if (!restored) {
                remaking.adopt();
                files.tiles().dropPartials(signed.size()); // they may be what was wrong
                writePartials();
            }
            return;
        }
        String fault = "the log is not the one that the checkpoint of size " + signed.size() + " attests"
                + Broken.kept(files, files.checkpoint(), "checkpoint@" + signed.size())
                + "; the records before " + signed.size() + " are attested no more";
        disown(signed.size(), fault);
    }

    /** Whether tiles say of lines, which nobody seems to have signed yet, that they were others. */
    private boolean areOthers() throws IOException {
        compareLast();
        return !remaking.differences().isEmpty();
    }

    private void compareLast() throws IOException {
        if (tree.levels() > 0) {
            remaking.compare(tree.size() / TILE, tree.partial(0));
        }
    }

    /** From now on nobody vouches for what was recorded up to here. */
    private void disown(long size, @Nullable String fault) throws IOException {
        compareLast();
        if (fault != null) {
            note(new TrailDamage("checkpoint", fault, size, time.nanoTime()));
        }
        for (TileCompare.Difference each : remaking.differences()) {
            String other = "record " + each.sequence() + " had another line, of which the hash was " + each.hash();
            note(new TrailDamage("tile", other, size, time.nanoTime()));
        }
        remaking.discard();
        files.tiles().moveTo(files.freeBrokenTiles(size)); // none of them may look like a part of what follows
        tree = new MerkleTree(tiles);
        while (tree.size() < size) {
            tree.append(NO_LEAF);
            if (tree.size() % MerkleLog.SEGMENT_RECORDS == 0) {
                tiles.flush();
            }
        }
    }

    /**
     * Whether a segment has another one's number for a name, or none at all that a log can have come to: its first
     * record has a lower one, or it has no record and lies far behind what precedes it, or farther than anything can.
     *
     * @param segment the segment
     * @param behind where the segment before it begins, or how much is attested, whichever is more
     */
    static boolean isMisnamed(Path segment, long behind) throws IOException {
        long first = TrailFiles.firstSequenceOf(segment);
        if (first <= behind) {
            return false; // a tree that grows to it comes to an end
        }
        long number = Lines.firstNumber(segment);
        long ahead = first - behind;
        return (number < first && (number >= 0 || ahead > 2L * MerkleLog.SEGMENT_RECORDS))
                || (behind > 0 && ahead > FARTHEST);
    }

    /** The segments without those that are called by a number which is not theirs: these are moved. */
    private List<Path> segments() throws IOException {
        List<Path> segments = new ArrayList<>();
        long behind = attested;
        for (Path segment : files.segments()) {
            String name = TrailFiles.nameOf(segment);
            if (isMisnamed(segment, behind)) {
                Broken.Part part = Broken.setAside(files, segment, name, 0, SegmentChannel::of);
                note(
                        name,
                        MISNAMED + "; it is moved to " + TrailFiles.nameOf(part.to()) + " with SHA-256 "
                                + part.sha256());
            } else {
                segments.add(segment);
                behind = Math.max(attested, TrailFiles.firstSequenceOf(segment));
            }
        }
        return segments;
    }

    private Result read() throws IOException {
        List<Path> segments = segments();
        Path last = null;
        long good = 0;
        for (int i = 0; i < segments.size(); i++) {
            boolean newest = i == segments.size() - 1;
            good = read(segments.get(i), newest);
            last = segments.get(i);
            place.check();
            tiles.flush();
        }
        place.check();
        if (!retirements.cover(begin)) {
            noteMissing(0, begin);
        }
        if (Leftovers.of(files, segments, next, settled).remove(files)) {
            note("subjects", NO_RECORDS);
        }
        if (next < attested) {
            noteMissing(next, attested);
            next = attested;
            growTo(next);
        }
        if (lost != null || (checkpoint == null && areOthers())) {
            disown(tree.size(), lost);
        } else if (checkpoint == null) {
            remaking.adopt();
        }
        files.tiles().dropBeyond(Math.max(tree.size(), attested));
        lookForSecrets(segments);
        for (long sequence : lostAsides) {
            if (!retirements.cover(sequence + 1)) {
                note("aside", "record " + sequence + ": " + AsideFiles.LOST);
            }
        }
        files.removeAsideLeftovers(retirements.cover(begin) ? begin : 0);
        nameTheUnnamed();
        if (good == DAMAGED || next % MerkleLog.SEGMENT_RECORDS == 0) {
            last = null;
        }
        return new Result(new MerkleLog.Start(tree, last, good), unrecorded());
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
            growTo(first);
        } else if (first != next) {
            if (first > next) {
                noteMissing(next, first);
            } else {
                note(TrailFiles.nameOf(segment), "the segment begins before record " + next + ", behind which it lies");
            }
            next = first;
            growTo(next);
        }
        boolean strange = newest && isStrange(segment);
        boolean secretsTell = newest && !strange && lost(segment) == 0;
        try (Lines lines = new Lines(segment);
                SideReader sides = new SideReader(files, segment)) {
            while (lines.next()) {
                byte[] bytes = lines.array();
                long sequence = LineFormat.sequenceOf(bytes, lines.start(), lines.length());
                boolean whole = !lines.isTorn() && format.checksumHolds(bytes, lines.start(), lines.length());
                if (whole
                        && !lines.followsPadding()
                        && sequence == next
                        && !(newest && next >= settled && lacksSide(lines, sides, secretsTell))) {
                    good = lines.offset() + lines.length() + 1L;
                    if (newest
                            && next < settled
                            && LineFormat.commitmentOf(bytes, lines.start(), lines.length()) != null) {
                        lastCommitted = next;
                    }
                    take(lines);
                } else if (newest && next >= settled) {
                    break;
                } else {
                    // Not a torn end: rot or tampering. Nothing is moved, so that verify() can show it.
                    note(TrailFiles.nameOf(segment), "the line after record " + (next - 1) + " is damaged");
                    next = whole ? Math.max(next, sequence + 1) : next + 1; // another number may be the damage
                    growTo(next);
                    damaged = true;
                }
            }
        }
        if (damaged || next < attested) {
            return DAMAGED;
        }
        if (newest && good < Files.size(segment)) {
            setAside(segment, TrailFiles.nameOf(segment), good);
        }
        return newest && !settleSides(segment, strange) ? DAMAGED : good;
    }

    /** Side records end like the log; false if they are damaged where they were settled, so that nothing may follow. */
    private boolean settleSides(Path segment, boolean strange) throws IOException {
        Path side = files.side(segment);
        String name = "side/" + TrailFiles.nameOf(side);
        boolean exists = Files.exists(side);
        if (!exists && lastCommitted < 0) {
            return true;
        }
        Path secrets = files.secrets(segment);
        SideEnd end = exists ? SideEnd.of(side, SecretFile.read(secrets), next) : SideEnd.NONE;
        if (end.damaged() > 0) {
            note(name, end.damaged() + " of the side records are damaged");
        }
        if (strange) {
            note(secretsName(secrets), NOT_ITS_OWN);
        } else if (end.unreadable() > 0 && Files.exists(files.subjects())) {
            note(secretsName(secrets), "of " + end.unreadable() + " side records the secrets are lost or damaged");
        }
        if (end.last() < lastCommitted) {
            String behind = exists ? "behind that of record " + end.last() + " " : "";
            note(
                    name,
                    "the side records " + behind + "up to that of record " + lastCommitted + " are missing or damaged");
            return false;
        }
        setAside(side, "side-" + TrailFiles.nameOf(side), end.good());
        return !strange;
    }

    private boolean isStrange(Path segment) throws IOException {
        return Belonging.of(files, segment, SecretFile.read(files.secrets(segment))) == Belonging.WRONG;
    }

    /** How many side records have no secret that was on the disk, so that the secrets here tell of no crash. */
    private long lost(Path segment) throws IOException {
        Path side = files.side(segment);
        return Files.exists(side)
                ? SideEnd.of(side, SecretFile.read(files.secrets(segment)), settled)
                        .unreadable()
                : 0;
    }

    /**
     * Where a segment has side records it has secrets, unless retention was about to drop them all: a file of them that
     * is empty was begun when there could be no secrets. In a copy without secrets that is one finding.
     */
    private void lookForSecrets(List<Path> segments) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path segment : segments) {
            if (TrailFiles.sizeOf(files.side(segment)) > 0
                    && !retirements.cover(TrailFiles.firstSequenceOf(segment) + 1)
                    && Files.notExists(files.secrets(segment))) {
                missing.add(files.secrets(segment));
            }
        }
        if (!Files.exists(files.subjects()) && !missing.isEmpty()) {
            note(secretsName(missing.get(missing.size() - 1)), NO_SUBJECTS);
            return;
        }
        Path newest = segments.isEmpty() ? null : files.secrets(segments.get(segments.size() - 1));
        for (Path secrets : missing) {
            if (!secrets.equals(newest)) { // of that one the side records were looked at
                note(secretsName(secrets), "the secrets of the segment are missing");
            }
        }
    }

    private static String secretsName(Path secrets) {
        return SUBJECTS + TrailFiles.nameOf(secrets);
    }

    /** Side records are on the disk before the lines that commit to them; a line without one was never acknowledged. */
    private boolean lacksSide(Lines lines, SideReader sides, boolean secretsTell) throws IOException {
        return LineFormat.commitmentOf(lines.array(), lines.start(), lines.length()) != null
                && !sides.isWhole(next, secretsTell);
    }

    /** Records that are lost, or were dropped, keep their places: by their hashes, if the tiles still have them. */
    private void growTo(long size) throws IOException {
        while (tree.size() < size) {
            long sequence = tree.size();
            byte[] leaf = sequence < attested && !isDisowned(sequence) ? leafOfTile(sequence) : NO_LEAF;
            if (Arrays.equals(leaf, NO_LEAF)
                    && !isDisowned(sequence)
                    && sequence < begin
                    && (sequence % TILE == 0 || sequence == begin - 1)) {
                note("tile", "the hash of record " + sequence + ", which retention has dropped, is lost");
            }
            append(leaf);
        }
    }

    /** The hash that the tiles have of a record; that of a lost one if they have none. */
    private byte[] leafOfTile(long sequence) {
        long index = sequence / TILE;
        if (index != tileIndex) {
            tileIndex = index;
            try {
                tile = files.tiles().tile(0, index, (int) Math.min(TILE, attested - index * TILE));
            } catch (IOException e) {
                tile = new byte[0];
            }
        }
        int at = (int) (sequence % TILE) * Hashes.SIZE;
        return tile.length == 0 ? NO_LEAF : Arrays.copyOfRange(tile, at, at + Hashes.SIZE);
    }

    private void take(Lines lines) throws IOException {
        byte[] bytes = lines.array();
        if (next == tree.size()) {
            append(isDisowned(next) ? NO_LEAF : hashes.leaf(bytes, lines.start(), lines.length()));
        } else if (restored && next < attested && spots.contains(next / TILE)) {
            lookAtSpot(hashes.leaf(bytes, lines.start(), lines.length()));
        }
        next++;
        if (lost == null && (attested == 0 || next <= attested)) { // what nobody has signed may be forged
            retirements.look(bytes, lines.start(), lines.length());
        }
        if (!LineFormat.isDecision(bytes, lines.start(), lines.length())) {
            replay(lines);
        }
    }

    /** Whether an earlier opening has disowned a record; the signed root says whether that is right. */
    private boolean isDisowned(long sequence) {
        return sequence < disowned;
    }

    private void lookAtSpot(byte[] leaf) {
        byte[] recorded = leafOfTile(next);
        if (!Arrays.equals(leaf, recorded) && !Arrays.equals(recorded, NO_LEAF)) {
            note("log", "record " + next + ": the line is not the one that was recorded");
        }
    }

    private void replay(Lines lines) throws IOException {
        try {
            byte[] aside = AsideFiles.read(files, lines.array(), lines.start(), lines.length());
            if (aside == null && LineFormat.asideOf(lines.array(), lines.start(), lines.length()) != null) {
                if (lostAsides.size() < MAX_FOUND) {
                    lostAsides.add(next - 1);
                }
                return;
            }
            JsonNode json = aside == null
                    ? mapper.readTree(lines.array(), lines.start(), lines.length())
                    : mapper.readTree(aside);
            remember(json);
            replay.accept(new StoredRecord(
                    next - 1,
                    Instant.parse(json.path("time").asText()),
                    json.path("type").asText(),
                    json));
        } catch (DateTimeException | IllegalArgumentException | JacksonException e) {
            LOG.error("record {} of the trail could not be understood and is passed over", next - 1, e);
        }
    }

    /** Padding stays for whoever goes on; anything else that follows the good bytes is moved. */
    private void setAside(Path file, String name, long good) throws IOException {
        try (Lines rest = new Lines(file, good)) {
            if (!rest.next()) {
                return;
            }
        }
        place.check();
        Broken.Part part = Broken.setAside(files, file, name, good, SegmentChannel::of);
        LOG.warn(
                "a file of the audit trail, {}, ended in {} bytes that are no intact record (a crash in the middle of a"
                        + " write leaves such an end); they were moved to {} and the trail goes on after record {}",
                name,
                part.bytes(),
                part.to(),
                next - 1);
        notes.add(new SetAside(name, part, time.nanoTime()));
    }

    private void noteMissing(long from, long until) {
        note(
                "log",
                "records " + from + " to " + (until - 1)
                        + " are missing, and no record says that they were dropped on purpose");
    }

    private void note(String where, String fault) {
        note(new TrailDamage(where, fault, time.nanoTime()));
    }

    private void note(TrailDamage damage) {
        if (damage.disowned() > 0 || notes.size() < MAX_FOUND) {
            notes.add(damage);
        }
    }

    /** A process may end between moving a part and putting that on record. */
    private void nameTheUnnamed() throws IOException {
        for (TrailEntry note : notes) {
            if (note instanceof TrailDamage damage) {
                unnamed.removeIf(damage.fault()::contains);
            }
        }
        for (String name : unnamed.stream().limit(MAX_DAMAGE).toList()) { // the next opening goes on
            String of = name.substring(0, Math.max(0, name.lastIndexOf('@')));
            notes.add(new SetAside(of, Broken.found(files, name), time.nanoTime()));
        }
    }

    /** Damage is found at every opening, and recorded once. */
    private void remember(JsonNode json) {
        String type = json.path("type").asText();
        if (type.equals(SetAside.TYPE)) {
            unnamed.remove(json.path(SetAside.MOVED_TO).asText());
        } else if (type.equals(TrailDamage.TYPE) && !unnamed.isEmpty()) {
            unnamed.removeIf(json.path("fault").asText()::contains);
        }
        if (type.equals(TrailDamage.TYPE) && known.size() < MAX_FOUND) {
            known.add(new TrailDamage(
                    json.path("segment").asText(), json.path("fault").asText(), 0, 0));
        }
    }

    private boolean isOnRecord(TrailDamage damage) {
        return known.contains(new TrailDamage(damage.segment(), Text.clean(damage.fault()), 0, 0))
                || (damage.segment().startsWith(SUBJECTS)
                        && known.stream()
                                .anyMatch(each -> each.fault().equals(NO_SUBJECTS)
                                        && each.segment().compareTo(damage.segment()) >= 0));
    }

    /** What disowns records first, then what was set aside and a bounded number of findings that are new. */
    private List<TrailEntry> unrecorded() {
        List<TrailEntry> first = new ArrayList<>();
        List<TrailEntry> others = new ArrayList<>();
        int damages = 0;
        int old = 0;
        for (TrailEntry note : notes) {
            if (!(note instanceof TrailDamage damage)) {
                others.add(note);
            } else if (damage.disowned() == 0 && isOnRecord(damage)) {
                old++;
            } else if (damage.disowned() > 0 || damages++ < MAX_DAMAGE) {
                LOG.error("audit trail, {}: {}; run verify() for the whole picture", damage.segment(), damage.fault());
                (damage.disowned() > 0 ? first : others).add(damage);
            }
        }
        if (old > 0) {
            LOG.warn("the audit trail has damage in {} places that is on record; verify() tells of it", old);
        }
        first.addAll(others);
        return List.copyOf(first);
    }
}
