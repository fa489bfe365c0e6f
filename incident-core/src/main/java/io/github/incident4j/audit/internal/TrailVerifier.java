// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.Verification;
import io.github.incident4j.audit.Verification.Trust;
import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.MerkleTree;
import io.github.incident4j.audit.internal.merkle.NoteException;
import io.github.incident4j.audit.internal.merkle.NoteVerifier;
import io.github.incident4j.audit.internal.merkle.SignedNote;
import io.github.incident4j.audit.internal.seal.SubjectSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Re-reads a whole trail: every line's checksum and number, every line's hash against the tiles, and the root of all
 * against the signed checkpoints.
 */
final class TrailVerifier {
    private static final int MAX_FAULTS = 100;
    private static final int MAX_TOLD = 20; // of what openings have found, so that it hides nothing that is found now
    private static final int TILE = 256;
    private static final byte[] NO_LEAF = new byte[Hashes.SIZE];
    private static final int PROGRESS = 4_096;
    private static final int LOOKS = 20;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

    private final TrailFiles files;
    private final LongConsumer progress;
    private final List<String> keys;
    private final List<String> checkpoints;
    private final LineFormat format = new LineFormat();
    private final Hashes hashes = new Hashes();
    private final ObjectMapper mapper = Json.mapper();
    private final List<String> faults = new ArrayList<>();
    private final TreeMap<Long, List<Expected>> expected = new TreeMap<>(); // by size
    private final MerkleTree tree = new MerkleTree(this::compareUpperTile);
    private byte[] tile = new byte[0];
    private long tileIndex = -1;
    private final Retirements retirements = new Retirements();
    private @Nullable Retirements retirementsAhead; // of the whole log
    private final Erasures erasures = new Erasures();
    private long begin; // of the log, after records were dropped
    private long opened;
    private long erased;
    private long locked;
    private TagKeys tagKeys = new TagKeys(List.of(), List.of());
    private String misfiled = ""; // the first segment that is filed under another key
    private long tiled; // how far the tiles are compared
    private long disowned; // records that no checkpoint attests any more
    private long disownedFrom = -1; // the first of those that were read last
    private long told; // records of damage
    private long toldLast; // the number of the last one
    private long furtherFaults;
    private final BitSet wrong = new BitSet(); // by the tiles of their leaves: where the tree has others than the tiles
    private long vouched; // up to where a checkpoint from elsewhere goes

    /** What a signed checkpoint says. */
    @SuppressWarnings("ArrayRecordComponent") // compared by its content where it is compared
    private record Expected(String whose, byte[] root) {}

    /**
     * Creates a verifier.
     *
     * @param files the trail
     * @param keys verifier keys that came from elsewhere; none for the trail's own
     * @param checkpoints checkpoints that were kept elsewhere
     * @param progress is told now and then how many records were read
     */
    TrailVerifier(TrailFiles files, List<String> keys, List<String> checkpoints, LongConsumer progress) {
        this.progress = progress;
        this.files = files;
        this.keys = keys;
        this.checkpoints = checkpoints;
    }

    Verification verify() throws IOException {
        String signed = signed(); // first: the keys are published behind the first one
        List<NoteVerifier> verifiers = verifiers(signed != null);
        Checkpoint own = signed == null ? null : parsed(signed, verifiers);
        for (String text : checkpoints) {
            Checkpoint kept = parsed(text, verifiers);
            expect("the checkpoint that was kept elsewhere", kept);
            vouched = Math.max(vouched, kept == null ? 0 : kept.size());
        }
        expect("the checkpoint", own);
        tiled = own == null ? 0 : own.size();
        tagKeys = tagKeys();
        long destroyed = destroyed();
        long behind = tiled;
        for (Path segment : files.segments()) {
            if (Recovery.isMisnamed(segment, behind)) {
                fault(TrailFiles.nameOf(segment) + ": " + Recovery.MISNAMED
                        + "; it is not read, and the next opening moves it to trail/broken");
                continue;
            }
            behind = Math.max(tiled, TrailFiles.firstSequenceOf(segment));
            SegmentIndex.Scan scan = new SegmentIndex.Scan();
            read(segment, scan);
            compareIndex(segment, scan);
        }
        tellOfDisowned();
        tellOfFurtherDamage();
        compareRoots();
        compareErasures(destroyed);
        tellOfStraySecrets();
        if (!misfiled.isEmpty()) {
            fault("people are filed in " + misfiled
                    + " and perhaps further segments under a key that is not in subjects,"
                    + " so that nobody finds or erases them there: put the right tag.key back from a copy");
        }
        complainIfTheCheckpointIsMissing();
        if (!retirements.cover(begin)) {
            fault("the log begins with record " + begin
                    + " although no attested record says that those before it were dropped on purpose");
        }
        if (!expected.isEmpty()) {
            var longest = expected.lastEntry();
            fault("the log ends after " + tree.size() + " records, but "
                    + longest.getValue().get(0).whose() + ": the end was removed");
        }
        if (furtherFaults > 0) {
            faults.add("and " + furtherFaults + " more");
        }
        long covered = keys.isEmpty() && !checkpoints.isEmpty() ? vouched : tiled;
        return new Verification(
                tree.size(),
                begin,
                faults,
                trust(own),
                Math.max(0, Math.min(covered, tree.size()) - disowned),
                new Verification.Sides(opened, erased, locked));
    }

    private TagKeys tagKeys() throws IOException {
        TagKeys found = TagKeys.of(files);
        for (Path file : found.unreadable()) {
            fault("subjects/" + TrailFiles.nameOf(file) + " holds no key any more: put it back from a copy");
        }
        if (found.keys().isEmpty()
                && found.unreadable().isEmpty()
                && !files.secrets().isEmpty()) {
            fault("subjects/tag.key is missing, so that nobody is found or erased among the secrets: put it back"
                    + " from a copy");
        }
        return found;
    }

    private Trust trust(@Nullable Checkpoint own) {
        if (own == null && checkpoints.isEmpty()) {
            return Trust.NONE;
        }
        return keys.isEmpty() && checkpoints.isEmpty() ? Trust.SELF_ATTESTED : Trust.ATTESTED;
    }

    /** In the first moments of a trail there is none yet, and nothing that comes after one. */
    private void complainIfTheCheckpointIsMissing() throws IOException {
        boolean expectsOne = !keys.isEmpty() || files.wasAttested() || (files.hasTiles() && tree.size() > 0);
        if (expectsOne && !Files.exists(files.checkpoint())) {
            fault("trail/checkpoint is missing, so nobody vouches for the log: put it back from a copy, or from where"
                    + " an anchor keeps checkpoints, before a service opens the directory; where the service has"
                    + " started for the first time just now, verify again in a second");
        }
    }

    private List<NoteVerifier> verifiers(boolean signed) throws IOException {
        try {
            for (int i = 0; i < LOOKS && signed && Files.notExists(files.verifierKey()); i++) {
                LockSupport.parkNanos(PAUSE); // it may be being written just now
            }
            List<String> texts = keys.isEmpty() ? TrailKey.published(files.verifierKey()) : keys;
            return texts.stream()
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .map(NoteVerifier::parse)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (NoteException e) {
            fault("the verifier key cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    /** The text of the checkpoint, if there is one. */
    private @Nullable String signed() throws IOException {
        try {
            // bytes that are no UTF-8 are damage to tell of, and no reason to tell of nothing
            return new String(Files.readAllBytes(files.checkpoint()), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private @Nullable Checkpoint parsed(String text, List<NoteVerifier> verifiers) {
        try {
            return Checkpoint.parse(SignedNote.parse(text, verifiers).text());
        } catch (NoteException e) {
            fault("a checkpoint cannot be trusted: " + e.getMessage() + "; known keys: "
                    + verifiers.stream().map(NoteVerifier::name).collect(Collectors.joining(", ")));
            return null;
        }
    }

    private void expect(String whose, @Nullable Checkpoint checkpoint) {
        if (checkpoint != null) {
            expected.computeIfAbsent(checkpoint.size(), size -> new ArrayList<>())
                    .add(new Expected(whose + " of size " + checkpoint.size(), checkpoint.root()));
        }
    }

    private void read(Path segment, SegmentIndex.Scan index) throws IOException {
        String name = TrailFiles.nameOf(segment);
        long first = TrailFiles.firstSequenceOf(segment);
        if (first > 0 && tree.size() == 0 && first <= tiled) {
            begin = first;
            takeTiles(first);
        }
        if (first != tree.size()) {
            fault(name + " should begin with record " + tree.size());
            while (tree.size() < TrailFiles.firstSequenceOf(segment)) {
                compareRoots();
                markWrong();
                tree.append(new byte[Hashes.SIZE]); // as the journal does where records are lost
            }
        }
        try (Lines lines = new Lines(segment);
                SideReader sides = new SideReader(files, segment)) {
            for (long behind = 0; lines.next(); behind = lines.behind()) {
                if (!lines.isTorn()) {
                    index.look(lines);
                }
                String wrong = wrongWith(lines);
                if (wrong != null) {
                    if (isBeingWritten(segment, behind, lines)) {
                        return;
                    }
                    markWrong();
                    fault(name + ", record " + tree.size() + ": " + wrong);
                }
                byte[] leaf = hashes.leaf(lines.array(), lines.start(), lines.length());
                boolean attested = tree.size() < tiled && !isDisowned();
                if (wrong == null && attested && !matchesTile(leaf)) {
                    markWrong();
                    fault(name + ", record " + tree.size() + ": the line is not the one that was recorded");
                }
                if (wrong == null) {
                    if (!LineFormat.isDecision(lines.array(), lines.start(), lines.length())) {
                        if (attested) { // what nobody has signed may be forged
                            retirements.look(lines.array(), lines.start(), lines.length());
                        }
                        erasures.look(lines.array(), lines.start(), lines.length());
                        tellOfDamage(lines, name);
                    }
                    checkAside(lines, name);
                    checkSide(lines, name, sides);
                }
                compareRoots();
                tree.append(tree.size() < tiled && !attested ? new byte[Hashes.SIZE] : leaf);
                if (tree.size() % PROGRESS == 0) {
                    progress.accept(tree.size());
                }
            }
        }
    }

    /** A line that stands for a longer one commits to that one by its digest. */
    private void checkAside(Lines lines, String name) throws IOException {
        if (LineFormat.asideOf(lines.array(), lines.start(), lines.length()) != null
                && AsideFiles.read(files, lines.array(), lines.start(), lines.length()) == null
                && !isRetired(tree.size())) {
            fault(name + ", record " + tree.size() + ": " + AsideFiles.LOST);
        }
    }

    private void checkSide(Lines lines, String name, SideReader sides) throws IOException {
        String commitment = LineFormat.commitmentOf(lines.array(), lines.start(), lines.length());
        if (commitment == null) {
            return;
        }
        switch (sides.check(tree.size(), commitment)) {
            case OPENED -> {
                opened++;
                if (!tagKeys.keys().isEmpty() && sides.filing(tree.size(), commitment, tagKeys) == Filing.WRONG) {
                    misfiled = misfiled.isEmpty() ? name : misfiled;
                }
            }
            case ERASED -> erased++;
            case LOCKED -> locked++;
            case DAMAGED, UNREAD, NONE -> {
                if (!isRetired(tree.size())) {
                    fault(name + ", record " + tree.size()
                            + ": its side record is missing, or not the one that the log commits to");
                }
            }
        }
    }

    /**
     * Whether retention has dropped a record, and is about to remove what is left of its segment. The record of that
     * comes later in the log, so it is looked for when something is missing; one that is forged is a fault by itself.
     */
    private boolean isRetired(long sequence) throws IOException {
        Retirements ahead = retirementsAhead;
        if (ahead == null) {
            ahead = new Retirements();
            for (Path segment : files.segments()) {
                look(segment, ahead);
            }
            retirementsAhead = ahead;
        }
        return ahead.cover(sequence + 1);
    }

    private void look(Path segment, Retirements ahead) throws IOException {
        try (Lines lines = new Lines(segment)) {
            while (lines.next()) {
                if (LineFormat.sequenceOf(lines.array(), lines.start(), lines.length()) < tiled
                        && format.checksumHolds(lines.array(), lines.start(), lines.length())) {
                    ahead.look(lines.array(), lines.start(), lines.length());
                }
            }
        }
    }

    /** Says what is wrong with a line by itself; an empty text for one that is being written. */
    private @Nullable String wrongWith(Lines lines) {
        if (lines.isTorn() || !format.checksumHolds(lines.array(), lines.start(), lines.length())) {
            return lines.isTorn() ? "the line has no end" : "the checksum does not match the line";
        }
        long sequence = LineFormat.sequenceOf(lines.array(), lines.start(), lines.length());
        if (sequence != tree.size()) {
            return "the line carries number " + sequence;
        }
        return lines.followsPadding() ? "the line follows a gap in the file" : null;
    }

    private boolean matchesTile(byte[] leaf) throws IOException {
        loadTile();
        int at = (int) (tree.size() % TILE) * Hashes.SIZE;
        return tile.length == 0 || Arrays.equals(leaf, 0, Hashes.SIZE, tile, at, at + Hashes.SIZE);
    }

    /**
     * Whether the tree has a lost record's leaf for the next record: it is lost, or nobody could say what it was when
     * the trail was opened without the checkpoint, or with a log that was not the one of the checkpoint.
     */
    private boolean isDisowned() throws IOException {
        loadTile();
        int at = (int) (tree.size() % TILE) * Hashes.SIZE;
        boolean is = tile.length > 0 && Arrays.equals(tile, at, at + Hashes.SIZE, NO_LEAF, 0, Hashes.SIZE);
        if (!is) {
            tellOfDisowned();
        } else {
            disowned++;
            disownedFrom = disownedFrom < 0 ? tree.size() : disownedFrom;
        }
        return is;
    }

    private void tellOfDisowned() {
        if (disownedFrom >= 0) {
            fault("records " + disownedFrom + " to " + (tree.size() - 1) + " are attested by nobody: they were lost,"
                    + " or not the ones that had been signed, when the trail was opened; see trail.damage behind"
                    + " them, and compare them with a copy");
            disownedFrom = -1;
        }
    }

    /** What opening the trail has found stays a fault: what was signed since knows nothing of what was before. */
    private void tellOfDamage(Lines lines, String name) throws IOException {
        if (LineFormat.isOfType(lines.array(), lines.start(), lines.length(), TrailDamage.QUOTED)) {
            toldLast = tree.size();
            if (++told > MAX_TOLD) {
                return;
            }
            JsonNode json = mapper.readTree(lines.array(), lines.start(), lines.length());
            fault(name + ", record " + tree.size() + ": opening the trail found damage, "
                    + json.path("segment").asText() + ": " + json.path("fault").asText());
        }
    }

    private void tellOfFurtherDamage() {
        if (told > MAX_TOLD) {
            fault("opening the trail found damage " + (told - MAX_TOLD) + " times more, the last time in record "
                    + toldLast + "; ask for the records of type " + TrailDamage.TYPE);
        }
    }

    private void markWrong() {
        wrong.set((int) (tree.size() / TILE));
    }

    /**
     * Tiles above the leaves are for those who prove; of this one each hash is compared, unless something is wrong
     * below it, of which it would only be an echo.
     */
    private void compareUpperTile(int level, long index, byte[] made) {
        int width = made.length / Hashes.SIZE;
        if (level == 0 || width == 0 || ((index * TILE + width) << (8 * level)) > tiled) {
            return;
        }
        try {
            byte[] stored = files.tiles().tile(level, index, width);
            for (int i = 0; i < width; i++) {
                int at = i * Hashes.SIZE;
                if (!isWrong(level, index * TILE + i)
                        && !Arrays.equals(made, at, at + Hashes.SIZE, stored, at, at + Hashes.SIZE)) {
                    fault("the tile " + index + " of level " + level + " is not that of the records");
                    return;
                }
            }
        } catch (IOException e) {
            fault("the tile " + index + " of level " + level + " is missing or cut off");
        }
    }

    /** Whether something is wrong with the records below a hash. */
    private boolean isWrong(int level, long index) {
        int shift = 8 * (level - 1);
        int next = wrong.nextSetBit((int) (index << shift));
        return next >= 0 && next < (index + 1) << shift;
    }

    /** Has the tile of the next record ready; empty if there is none. */
    private void loadTile() throws IOException {
        long index = tree.size() / TILE;
        if (index == tileIndex) {
            return;
        }
        tileIndex = index;
        try {
            tile = files.tiles().tile(0, index, (int) Math.min(TILE, tiled - index * TILE));
        } catch (IOException e) {
            tile = new byte[0];
            fault("the tile of records " + index * TILE + " and following is missing or cut off");
        }
    }

    /** An index that hides records would have questions answered wrongly. */
    private void compareIndex(Path segment, SegmentIndex.Scan scan) throws IOException {
        if (SegmentIndex.isWrong(files, segment, scan.index(Files.size(segment)))) {
            fault("the index of " + TrailFiles.nameOf(segment) + " is not that of the segment; delete it, and it is"
                    + " made anew");
        }
    }

    /** How many secrets are destroyed; before the log is read, as it tells of each before that happens. */
    private long destroyed() throws IOException {
        long destroyed = 0;
        for (Path file : files.secrets()) {
            for (SecretFile.Line line : SecretFile.read(file)) {
                destroyed += line.kind().isErased() ? 1 : 0;
                if (line.kind() == SecretFile.Kind.TORN) {
                    fault("a secret in subjects/" + TrailFiles.nameOf(file) + " is overwritten by half: erase that"
                            + " person again, or anybody, and the rest goes, too");
                }
            }
        }
        return destroyed;
    }

    /** Secrets that are destroyed although nobody was erased are evidence that somebody has removed. */
    private void compareErasures(long destroyed) throws IOException {
        if (destroyed > erasures.secrets()) {
            fault(destroyed + " secrets are destroyed, but the trail tells of the erasure of " + erasures.secrets()
                    + " only");
        }
        long back = 0;
        for (Path file : erasures.done().isEmpty() ? List.<Path>of() : files.secrets()) {
            for (SecretFile.Line line : SecretFile.read(file)) {
                SubjectSecret secret = line.secret();
                back += secret != null && erasures.done().contains(SecretFile.idOf(file, secret)) ? 1 : 0;
            }
        }
        if (back > 0) {
            fault(back + " secrets that were destroyed are there again, as where subjects was put back from a copy:"
                    + " erase these people again");
        }
    }

    /**
     * What lies beyond the newest segment is of a failure that goes on, or is removed or put on record by the next
     * opening; earlier segments go meanwhile, and are always there until their secrets are gone.
     */
    private void tellOfStraySecrets() throws IOException {
        List<Path> segments = files.segments();
        long newest = segments.isEmpty() ? 0 : TrailFiles.firstSequenceOf(segments.get(segments.size() - 1));
        for (Path file : files.secrets()) {
            if (TrailFiles.firstSequenceOf(file) < newest
                    && Files.notExists(files.segmentOf(file))
                    && Files.exists(file)) {
                fault("subjects/" + TrailFiles.nameOf(file)
                        + " has no segment in the log, so that nobody knows whom its"
                        + " secrets are about: delete it, unless the segment is to be put back from a copy");
            }
        }
    }

    /** Of records that were dropped, the tiles still have the hashes. */
    private void takeTiles(long until) throws IOException {
        while (tree.size() < until) {
            loadTile();
            int at = (int) (tree.size() % TILE) * Hashes.SIZE;
            compareRoots();
            if (tile.length == 0) {
                markWrong();
            }
            tree.append(tile.length == 0 ? new byte[Hashes.SIZE] : Arrays.copyOfRange(tile, at, at + Hashes.SIZE));
        }
    }

    /** Compares the root with the checkpoints over as many records as were read by now. */
    private void compareRoots() {
        if (expected.isEmpty() || expected.firstKey() != tree.size()) {
            return;
        }
        if (tree.size() == tiled) {
            for (int level = 1; level < tree.levels(); level++) {
                compareUpperTile(level, tree.size() >>> (8 * (level + 1)), tree.partial(level));
            }
        }
        byte[] root = tree.root();
        for (Expected each : expected.pollFirstEntry().getValue()) {
            if (!Arrays.equals(root, each.root())) {
                fault("the records are not those that " + each.whose() + " attests");
            }
        }
    }

    /**
     * Whether the next line is whole when it is read again, behind the line before it: a writer has reserved room
     * there, and what is read of it may be older than what is read behind it.
     */
    private boolean isBeingWritten(Path segment, long behind, Lines wrong) throws IOException {
        boolean followed = false; // when it was last read: then it was written whole, or never will be
        long end = wrong.behind();
        for (int i = 0; i < LOOKS && Files.size(segment) > end; i++) {
            try (Lines again = new Lines(segment, behind)) {
                if (again.next() && wrongWith(again) == null) {
                    return true;
                }
                if (followed) {
                    return false;
                }
                followed = again.next();
            }
            LockSupport.parkNanos(PAUSE);
        }
        return false;
    }

    private void fault(String fault) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(fault);
        } else {
            furtherFaults++;
        }
    }
}
