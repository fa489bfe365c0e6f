// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.SideRecord;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.internal.seal.SubjectSecret;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of a time, oldest or newest first, block by block: it holds one block of records, or as many
 * of it as there is room for, and the index of one segment, however long the trail is. A line that is being written is
 * not part of it; one that is damaged is passed over, and told.
 */
final class RecordWalk extends Spliterators.AbstractSpliterator<TrailRecord> implements Closeable {
    private static final long HELD = 16L << 20; // bytes of records that are read before they are asked for
    private static final SideRecord NO_SIDE = SideRecord.without(SideRecord.State.NONE);
    private static final SideRecord UNREAD_SIDE = SideRecord.without(SideRecord.State.UNREAD);
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private final TrailFiles files;
    private final Instant from;
    private final Instant until;
    private final long after;
    private final boolean newestFirst;
    private final boolean following;
    private final List<byte[]> needles;
    private final List<byte[]> sideNeedles;
    private boolean lookedAhead; // the next line is the present one already
    private long judged; // the offset in the segment up to which lines were whole, or are damaged for good
    private byte @Nullable [] damaged; // the line behind that, as it was read the last time
    private final boolean unsealed;
    private final @Nullable String subject;
    private final TagKeys tagKeys; // none unless a subject is wanted
    private final ObjectMapper mapper = Json.mapper();
    private final LineFormat format = new LineFormat();
    private final Deque<Found> ready = new ArrayDeque<>();
    private long held; // the bytes of those
    private final Deque<Long> putOff = new ArrayDeque<>(); // where older ones lie, for which there was no room
    private @Nullable Deque<Path> segments;
    private @Nullable Path segment;
    private @Nullable Path toldOf; // the segment of which a side record was damaged
    private @Nullable String toTell; // of that, at its end
    private Deque<Stretch> stretches = new ArrayDeque<>();
    private @Nullable SideReader sides; // of the present segment
    private List<byte[]> subjectDigests = List.of(); // of which one stands in the line of each record that is wanted
    private final @Nullable Position start; // for who follows the trail
    private final long below; // which number all are that he wants
    private @Nullable Position last;
    private @Nullable Lines lines; // where stretches are read in the order of the file
    private @Nullable Path newest; // of the segments, which may be written meanwhile
    private final Consumer<? super String> damage;

    /**
     * The last line that was looked at, wanted or not.
     *
     * @param segment the first record of its segment
     * @param offset where it begins there
     * @param sequence its number
     * @param next where to go on, behind it and what was damaged behind it
     */
    record Position(long segment, long offset, long sequence, long next) {
        Position beforeByte(long end) {
            return new Position(segment, offset, sequence, end);
        }
    }

    /**
     * A record that is wanted.
     *
     * @param record the record
     * @param offset where its line begins
     * @param bytes how much it holds
     */
    private record Found(TrailRecord record, long offset, long bytes) {}

    /** Some blocks of a segment, from one offset to another. */
    private record Stretch(long from, long to) {}

    /**
     * Creates a walk; no record is read yet.
     *
     * @param files the trail
     * @param wanted what is asked for
     * @param damage is told of each line that is passed over since it is damaged
     */
    RecordWalk(TrailFiles files, Wanted wanted, Consumer<? super String> damage) throws IOException {
        this(files, wanted, damage, null, Long.MAX_VALUE, false);
    }

    /**
     * Creates a walk that goes on where another one has ended, if there was one.
     *
     * @param files the trail
     * @param wanted what is asked for, oldest first
     * @param damage is told of each line that is passed over since it is damaged
     * @param start the last line that was looked at
     * @param below the first number that is not to be looked at
     */
    static RecordWalk behind(
            TrailFiles files, Wanted wanted, Consumer<? super String> damage, @Nullable Position start, long below)
            throws IOException {
        return new RecordWalk(files, wanted, damage, start, below, true);
    }

    private RecordWalk(
            TrailFiles files,
            Wanted wanted,
            Consumer<? super String> damage,
            @Nullable Position start,
            long below,
            boolean following)
            throws IOException {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
        this.files = files;
        this.damage = damage;
        this.start = start;
        this.last = start;
        this.below = below;
        this.following = following;
        this.from = wanted.from();
        this.until = wanted.until();
        this.after = wanted.after();
        this.newestFirst = wanted.newestFirst();
        this.needles = bytes(wanted.needles());
        this.sideNeedles = bytes(wanted.sideNeedles());
        this.unsealed = wanted.unsealed();
        this.subject = wanted.subject();
        this.tagKeys = subject == null ? new TagKeys(List.of(), List.of()) : tagKeys();
    }

    private static List<byte[]> bytes(List<String> texts) {
        return texts.stream()
                .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    private TagKeys tagKeys() throws IOException {
        TagKeys keys = TagKeys.of(files);
        if (keys.keys().isEmpty()) {
            throw new IllegalStateException("the secrets of the trail's subjects are not in " + files.subjects()
                    + ", so that nobody can be found in it; ask where the service keeps its directory");
        }
        return keys;
    }

    @Override
    public boolean tryAdvance(Consumer<? super TrailRecord> action) {
        try {
            while (ready.isEmpty()) {
                if (!readPutOff() && !fill()) {
                    return false;
                }
            }
            Found next = ready.remove();
            held -= next.bytes();
            action.accept(next.record());
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the newest one for which there was no room; false if there is none. */
    private boolean readPutOff() throws IOException {
        Long offset = putOff.poll();
        if (offset == null) {
            return false;
        }
        try (Lines there = new Lines(Objects.requireNonNull(segment), offset)) {
            boolean sound = there.next() && format.checksumHolds(there.array(), there.start(), there.length());
            byte[] line = sound ? wantedLine(there) : null;
            if (line != null) {
                take(line, offset);
            }
        } catch (NoSuchFileException e) {
            putOff.clear(); // retention has removed it meanwhile
        }
        return true;
    }

    /** Reads on in the next stretch; false at the end of the trail. */
    private boolean fill() throws IOException {
        while (stretches.isEmpty()) {
            closeSegment();
            if (segments == null) {
                List<Path> all = wanted(files.segments());
                newest = all.isEmpty() ? null : all.get(all.size() - 1);
                if (newestFirst) {
                    Collections.reverse(all);
                }
                segments = new ArrayDeque<>(all);
            }
            segment = segments.poll();
            if (segment == null) {
                return false;
            }
            sides = new SideReader(files, segment);
            plan(segment);
            if (!stretches.isEmpty() && !mayHoldSubject(segment)) {
                stretches.clear();
            }
        }
        read(Objects.requireNonNull(segment), stretches.remove());
        return true;
    }

    /** The segments that may hold a record after the last one that is not wanted. */
    private List<Path> wanted(List<Path> all) {
        int first = 0;
        while (first + 1 < all.size() && TrailFiles.firstSequenceOf(all.get(first + 1)) <= after + 1) {
            first++;
        }
        return new ArrayList<>(all.subList(first, all.size()));
    }

    /** Whether the segment has records of the wanted subject, if there is one; a look at its secrets tells. */
    private boolean mayHoldSubject(Path next) throws IOException {
        String wanted = subject;
        if (wanted == null) {
            return true;
        }
        List<byte[]> tags = tagKeys.tagsOf(wanted);
        subjectDigests = new ArrayList<>();
        for (SecretFile.Line line : SecretFile.read(files.secrets(next))) {
            SubjectSecret secret = line.secret();
            if (secret != null && TagKeys.contain(tags, line.tag())) {
                subjectDigests.add(secret.digest(wanted).getBytes(StandardCharsets.US_ASCII));
            }
        }
        if (subjectDigests.isEmpty() && Filing.of(files, next, tagKeys) == Filing.WRONG) {
            throw new IllegalStateException("people are filed in " + TrailFiles.nameOf(next)
                    + " under a tag.key that is not in " + files.subjects()
                    + ", so that nobody is found there; put it back from a copy");
        }
        return !subjectDigests.isEmpty();
    }

    private void plan(Path next) throws IOException {
        if (following) { // without an index, which the newest segment has not
            stretches.add(new Stretch(placeIn(next), Long.MAX_VALUE));
            return;
        }
        boolean everything = from.equals(Instant.MIN) && until.equals(Instant.MAX) && !newestFirst;
        if (everything) {
            stretches.add(new Stretch(0, Long.MAX_VALUE));
            return;
        }
        List<SegmentIndex.Block> blocks;
        try {
            blocks = SegmentIndex.of(files, next).blocks();
        } catch (NoSuchFileException e) {
            return; // retention has removed it meanwhile
        }
        for (int i = 0; i < blocks.size(); i++) {
            if (SegmentIndex.mayHold(blocks.get(i), from, until)) {
                long to = i + 1 < blocks.size() ? blocks.get(i + 1).offset() : Long.MAX_VALUE;
                Stretch stretch = new Stretch(blocks.get(i).offset(), to);
                if (newestFirst) {
                    stretches.addFirst(stretch);
                } else {
                    stretches.addLast(stretch);
                }
            }
        }
    }

    /** Where to go on in a segment: behind the last line that was looked at, if it is still there. */
    private long placeIn(Path next) throws IOException {
        Position known = start;
        if (known == null || known.segment() != TrailFiles.firstSequenceOf(next)) {
            return 0;
        }
        try (Lines there = new Lines(next, known.offset())) {
            return there.next()
                            && LineFormat.sequenceOf(there.array(), there.start(), there.length()) == known.sequence()
                    ? known.next()
                    : 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** The last line that was looked at; null if there is none yet. */
    @Nullable
    Position last() {
        return last;
    }

    private void read(Path file, Stretch stretch) throws IOException {
        Lines open = lines;
        if (open == null || newestFirst || stretch.from() > 0) {
            closeLines();
            try {
                open = new Lines(file, stretch.from());
            } catch (NoSuchFileException e) {
                stretches.clear();
                return;
            }
            lines = open;
            judged = stretch.from();
            damaged = null;
        }
        boolean whole = stretch.to() == Long.MAX_VALUE && !newestFirst;
        for (int count = 0; !whole || count < SegmentIndex.BLOCK; count++) {
            if (!next(Objects.requireNonNull(lines), stretch)) {
                closeLines();
                return;
            }
            if (!newestFirst && !ready.isEmpty()) {
                break; // a block of payloads may be more than there is memory for
            }
        }
        stretches.addFirst(new Stretch(0, stretch.to())); // goes on where it is
    }

    /** Takes the next line of a stretch; false at its end. */
    private boolean next(Lines open, Stretch stretch) throws IOException {
        if ((!lookedAhead && !open.next())
                || open.offset() >= stretch.to()
                || (open.isTorn() && mayBeWrittenMeanwhile())) {
            return false;
        }
        lookedAhead = false;
        boolean sound = !open.isTorn() && format.checksumHolds(open.array(), open.start(), open.length());
        boolean whole = sound && !open.followsPadding();
        if (!whole && differsFromLastTime(open)) {
            closeLines();
            lines = new Lines(Objects.requireNonNull(segment), judged);
            return true;
        }
        long offset = open.offset();
        judged = open.behind();
        long sequence = LineFormat.sequenceOf(open.array(), open.start(), open.length());
        if (sound && sequence >= below) {
            return false;
        }
        byte[] line = sound ? wantedLine(open) : null;
        if (!whole) {
            lookedAhead = open.next();
            if (!lookedAhead && mayBeWrittenMeanwhile()) {
                return false;
            }
            tell(offset, sound ? "follows what reads as reserved room" : "is damaged and left out");
        }
        long present = TrailFiles.firstSequenceOf(Objects.requireNonNull(segment));
        if (sound) {
            last = new Position(present, offset, sequence, judged);
        } else if (last != null && last.segment() == present) {
            last = last.beforeByte(judged);
        }
        if (line != null) {
            take(line, offset);
        }
        return true;
    }

    private boolean mayBeWrittenMeanwhile() {
        return Objects.equals(segment, newest);
    }

    /** Says where; what stands there may be about somebody. */
    private void tell(long offset, String what) {
        damage.accept("log/" + TrailFiles.nameOf(Objects.requireNonNull(segment)) + ": the line at byte " + offset + " "
                + what + "; verify says more");
    }

    /** The present line, or the one that lies aside for it, if it is wanted. */
    private byte @Nullable [] wantedLine(Lines open) throws IOException {
        byte[] aside = AsideFiles.read(files, open.array(), open.start(), open.length());
        if (aside != null) {
            return isWanted(aside, 0, aside.length) ? aside : null;
        }
        return isWanted(open.array(), open.start(), open.length()) ? open.copy() : null;
    }

    private void take(byte[] line, long offset) throws IOException {
        TrailRecord record = parse(line);
        if (record == null) {
            tell(offset, "is no record, although its checksum is right, and left out");
        } else if (!record.time().isBefore(from) && record.time().isBefore(until)) {
            Found found = new Found(record, offset, line.length + sideBytes(record, line));
            held += found.bytes();
            if (newestFirst) {
                ready.addFirst(found);
                putOff();
            } else {
                ready.addLast(found);
            }
        }
    }

    /** The oldest ones of a block, which are asked for last, are read once more where it is a block of payloads. */
    private void putOff() {
        while (held > HELD && ready.size() > 1) {
            Found oldest = ready.removeLast();
            held -= oldest.bytes();
            putOff.addFirst(oldest.offset());
        }
    }

    private long sideBytes(TrailRecord record, byte[] line) throws IOException {
        String commitment = LineFormat.commitmentOf(line, 0, line.length);
        SideReader reader = sides;
        return unsealed && commitment != null && reader != null ? reader.text(record.sequence(), commitment).length : 0;
    }

    /**
     * Whether a line that is not whole may have been caught while it, or one before it, was written: what is read of a
     * file that grows can hold a later page and lack an earlier one. What reads the same twice is damaged.
     */
    private boolean differsFromLastTime(Lines open) {
        byte[] now = open.copy();
        boolean same = Arrays.equals(now, damaged);
        damaged = same ? null : now;
        return !same;
    }

    private boolean isWanted(byte[] line, int offset, int length) throws IOException {
        if (after >= 0 && LineFormat.sequenceOf(line, offset, length) <= after) {
            return false;
        }
        return holdsAll(line, offset, length) && sideHoldsAll(line, offset, length);
    }

    /** Whether the side record holds what is looked for; of a line without one, the line itself. */
    private boolean sideHoldsAll(byte[] line, int offset, int length) throws IOException {
        SideReader reader = sides;
        if (sideNeedles.isEmpty() || reader == null) {
            return true;
        }
        String commitment = LineFormat.commitmentOf(line, offset, length);
        if (commitment == null) {
            return holdsAll(sideNeedles, line, offset, length);
        }
        long sequence = LineFormat.sequenceOf(line, offset, length);
        tellIfDamaged(reader, sequence, commitment);
        byte[] text = reader.text(sequence, commitment);
        return holdsAll(sideNeedles, text, 0, text.length);
    }

    private boolean holdsAll(byte[] bytes, int offset, int length) {
        if (!holdsAll(needles, bytes, offset, length)) {
            return false;
        }
        return subject == null
                || subjectDigests.stream()
                        .anyMatch(digest -> holds(bytes, offset, offset + length - digest.length, digest));
    }

    private static boolean holdsAll(List<byte[]> needles, byte[] bytes, int offset, int length) {
        for (byte[] needle : needles) {
            if (!holds(bytes, offset, offset + length - needle.length, needle)) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(byte[] bytes, int from, int last, byte[] needle) {
        byte first = needle[0];
        for (int i = from; i <= last; i++) {
            if (bytes[i] == first && Arrays.equals(bytes, i, i + needle.length, needle, 0, needle.length)) {
                return true;
            }
        }
        return false;
    }

    /** The record of a line; null if it is none. */
    private @Nullable TrailRecord parse(byte[] line) throws IOException {
        LinkedHashMap<String, Object> members;
        Instant time;
        try {
            members = mapper.readValue(line, OBJECT);
            time = Instant.parse(String.valueOf(members.get("time")));
        } catch (IOException | DateTimeException e) { // of bytes in memory
            return null;
        }
        if (LineFormat.asideOf(line, 0, line.length) != null) {
            members.put("aside_fault", AsideFiles.LOST);
        }
        long sequence = LineFormat.sequenceOf(line, 0, line.length);
        return new TrailRecord(
                sequence,
                time,
                String.valueOf(members.get("type")),
                Collections.unmodifiableMap(members),
                side(sequence, LineFormat.commitmentOf(line, 0, line.length)));
    }

    private SideRecord side(long sequence, @Nullable String commitment) throws IOException {
        SideReader reader = sides;
        if (commitment == null || reader == null || !unsealed) {
            return commitment == null ? NO_SIDE : UNREAD_SIDE;
        }
        if (sideNeedles.isEmpty()) { // or it was looked at already
            tellIfDamaged(reader, sequence, commitment);
        }
        return reader.read(sequence, commitment);
    }

    /** Who asks by what stands in side records does not get a record of which that cannot be read. */
    private void tellIfDamaged(SideReader reader, long sequence, String commitment) throws IOException {
        Path present = Objects.requireNonNull(segment);
        if (!present.equals(toldOf) && reader.check(sequence, commitment) == SideRecord.State.DAMAGED) {
            toldOf = present;
            toTell = "side/" + TrailFiles.nameOf(present) + ": the side record of record " + sequence
                    + ", and perhaps others behind it, is damaged or missing, so that nobody knows what it says;"
                    + " verify says more";
        }
    }

    private void closeLines() throws IOException {
        lookedAhead = false;
        if (lines != null) {
            lines.close();
            lines = null;
        }
    }

    private void closeSegment() throws IOException {
        closeLines();
        if (sides != null) {
            sides.close();
            sides = null;
        }
        String told = toTell;
        toTell = null;
        if (told != null && toldOf != null && Files.exists(toldOf)) { // or retention has just dropped it
            damage.accept(told);
        }
    }

    @Override
    public void close() throws IOException {
        closeSegment();
    }
}
