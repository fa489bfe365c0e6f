// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.SecretFile.Kind;
import io.github.incident4j.audit.internal.seal.Sealer;
import io.github.incident4j.audit.internal.seal.SubjectSecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what can be erased of the records beside the segment that is being written: sealed texts in one file, the
 * secrets that open them in another one. The log holds a salted commitment to each text and never the text, so that its
 * proofs hold after an erasure. Secrets belong to a segment: they are found without an index over all the years, and go
 * with it. Used by the journal thread only.
 */
final class SideLog {
    private static final Logger LOG = LoggerFactory.getLogger(SideLog.class);
    private static final HexFormat HEX = HexFormat.of();
    static final String NOBODY = "\0";
    private static final int SECRETS_AHEAD = 1 << 16;
    private static final int PENDING = 1 << 16;
    private static final int KEPT = 1 << 20; // of a long text's buffer

    private final TrailFiles files;
    private final SegmentChannel.Opener opener;
    private final TagKeys.Key tagKey;
    private final Sealer sealer = new Sealer();
    private final LineFormat format = new LineFormat();
    private final Bytes text = new Bytes(1_024);
    private final JsonOut texts = new JsonOut(text);
    private final Bytes pending = new Bytes(PENDING); // encoded and not forced
    private int written; // of these, in the file
    private final Map<String, Known> bySubject = new HashMap<>();
    private final Map<ByteBuffer, Known> byTag = new HashMap<>();
    private final List<SecretFile.Line> secrets = new ArrayList<>();
    private int secretsWritten;
    private Path segment;
    private @Nullable Path ours; // the segment at whose name all that lies beside it is of this run
    private @Nullable Segment side; // both null until there is something to write, and after a failure
    private @Nullable Segment keys;

    /** A subject of this segment. */
    private record Known(int line, SubjectSecret secret, String digest) {}

    /**
     * Creates a log of side records beside a new segment.
     *
     * @param files the trail's files
     * @param opener opens them
     * @param segment the segment
     * @param tagKey the key under which people are filed
     */
    SideLog(TrailFiles files, SegmentChannel.Opener opener, Path segment, TagKeys.Key tagKey) {
        this.files = files;
        this.opener = opener;
        this.segment = segment;
        this.tagKey = tagKey;
    }

    /** Begins beside a new segment. */
    void begin(Path next) throws IOException {
        segment = next;
        bySubject.clear();
        byTag.clear();
        secrets.clear();
        makeRoom();
    }

    /** Goes on beside a segment that was written before, behind the last record that it holds. */
    void goOn(Path present, long nextSequence) throws IOException {
        segment = present;
        for (SecretFile.Line line : SecretFile.read(files.secrets(present))) {
            SubjectSecret secret = line.secret();
            if (secret != null) {
                byTag.put(ByteBuffer.wrap(line.tag()), new Known(secrets.size(), secret, ""));
            }
            secrets.add(line);
        }
        secretsWritten = secrets.size();
        if (nextSequence > TrailFiles.firstSequenceOf(present) || byTag.isEmpty()) {
            ours = present; // else the log may be an older copy, in which the segment was just begun
        }
        Path file = files.side(present);
        if (Files.exists(file)) {
            long good = readBack(file, nextSequence);
            try (SegmentChannel channel = opener.open(file)) {
                channel.truncate(good); // what a crash has torn, or the log does not have
            }
            side = Segment.open(opener, file, good);
        }
        Path keyFile = files.secrets(present);
        if (Files.exists(keyFile)) {
            try (SegmentChannel channel = opener.open(keyFile)) {
                channel.truncate((long) secretsWritten * SecretFile.LINE);
            }
            keys = Segment.open(opener, keyFile, (long) secretsWritten * SecretFile.LINE, SECRETS_AHEAD);
        }
        for (int i = 0; i < secrets.size(); i++) {
            if (secrets.get(i).kind() == Kind.TORN) { // in the midst of an erasure, which is on record
                overwrite(i);
            }
        }
    }

    /**
     * Finds the end of what belongs to records that the log has. A line in the middle that is damaged stays where it
     * is, for those that follow it. Numbers of secrets that are gone with their file are not given again.
     */
    private long readBack(Path file, long nextSequence) throws IOException {
        long good = 0;
        try (Lines lines = new Lines(file)) {
            while (lines.next()) {
                SideLine whole = SideLine.whole(lines, format, nextSequence);
                if (whole != null) {
                    good = lines.offset() + lines.length() + 1L;
                    while (secrets.size() <= whole.key()) {
                        secrets.add(SecretFile.Line.without(Kind.LOST));
                    }
                }
            }
        }
        return good;
    }

    /** How many bytes of side records the present segment has. */
    long size() {
        return (side == null ? 0 : side.size()) + pending.size() - written;
    }

    /** Why no more room could be reserved; null as long as it could. */
    @Nullable
    IOException shortage() {
        IOException ofSide = side == null ? null : side.shortage();
        return ofSide == null && keys != null ? keys.shortage() : ofSide;
    }

    /** How many bytes wait to be forced. */
    int unforced() {
        return pending.size();
    }

    /** How many of them wait to be written. */
    int unwritten() {
        return pending.size() - written;
    }

    /**
     * Seals the erasable part of a record, and writes what the log has of it.
     *
     * @param part the erasable part
     * @param sequence the record's number
     * @param line inside the record's object, whose last members are written
     */
    void seal(Erasable part, long sequence, JsonGenerator line) throws IOException {
        String subject = part.subject();
        write(part, subject);
        Known known = known(subject == null ? NOBODY : subject);
        byte[] commitment = sealer.seal(known.secret(), text.array(), text.size());
        SideLine.write(sequence, known.line(), text.array(), text.size(), format, pending);
        text.shrink(KEPT);
        if (subject != null) {
            line.writeStringField("subject", known.digest());
        }
        part.writeDigests(line, known.secret()::digest);
        line.writeStringField("side", HEX.formatHex(commitment));
    }

    /** Writes the text, behind room for a salt. */
    private void write(Erasable part, @Nullable String subject) throws IOException {
        text.truncate(0);
        text.grow(Sealer.SALT);
        try {
            JsonGenerator members = texts.generator();
            members.writeStartObject();
            if (subject != null) {
                members.writeStringField("subject", Text.clean(subject));
            }
            part.writeSide(members);
            members.writeEndObject();
            members.flush();
        } catch (IOException | RuntimeException | Error e) {
            texts.giveUp(0);
            throw e;
        }
    }

    private Known known(String subject) {
        Known known = bySubject.get(subject);
        if (known != null) {
            return known;
        }
        byte[] tag = tagKey.tag(subject);
        Known stored = byTag.get(ByteBuffer.wrap(tag));
        if (stored == null) {
            stored = new Known(secrets.size(), sealer.newSecret(), "");
            secrets.add(SecretFile.Line.living(tag, stored.secret()));
            byTag.put(ByteBuffer.wrap(tag), stored);
        }
        known = new Known(stored.line(), stored.secret(), stored.secret().digest(subject));
        bySubject.put(subject, known);
        return known;
    }

    /** Takes back what {@link #seal} has added since; for a record whose line could not be made. */
    void takeBack(int unforcedBefore) {
        pending.truncate(unforcedBefore);
    }

    /** Hands everything to the operating system: secrets before what they open. */
    void commit() throws IOException {
        if (secretsWritten < secrets.size()) {
            Segment to = keys();
            for (; secretsWritten < secrets.size(); secretsWritten++) {
                to.write(secrets.get(secretsWritten).toBytes(), 0, SecretFile.LINE);
            }
        }
        commitSides();
    }

    private void commitSides() throws IOException {
        if (written < pending.size()) {
            side().write(pending.array(), written, pending.size() - written);
            written = pending.size();
        }
    }

    /** Whether the next commit makes a file. */
    boolean isToBegin() {
        return (side == null && written < pending.size()) || (keys == null && secretsWritten < secrets.size());
    }

    private Segment keys() throws IOException {
        Segment present = keys;
        if (present == null) {
            side(); // first: secrets beside which there are no side records are another log's
            tagKey.keep();
            present = Segment.open(opener, files.secrets(segment), 0, SECRETS_AHEAD);
            keys = present;
        }
        return present;
    }

    private Segment side() throws IOException {
        Segment present = side;
        if (present == null) {
            DurableFiles.createDirectories(DurableFiles.parentOf(files.side(segment)));
            present = Segment.open(opener, files.side(segment), 0);
            side = present;
        }
        return present;
    }

    /**
     * Forces everything to the disk; to be done before the lines that commit to it are forced. It is held until
     * {@link #release}: lines that fail to be forced are written again, and so is this.
     */
    void force() throws IOException {
        commit();
        if (keys != null) {
            keys.force();
            if (pending.size() > 0) {
                keys.requirePresent(); // what is sealed may need none of the secrets that were written just now
            }
        }
        if (side != null) {
            side.force();
        }
    }

    /** The lines are on the disk, too. */
    void release() {
        pending.truncate(0);
        written = 0;
    }

    /** Forces all; the segment is not written any more. */
    void finish() throws IOException {
        force();
        release();
        Segment lastKeys = keys;
        Segment lastSide = side;
        keys = null;
        side = null;
        secretsWritten = 0;
        try {
            if (lastKeys != null) {
                lastKeys.finish();
            }
            if (lastSide != null) {
                lastSide.finish();
            }
        } catch (IOException | RuntimeException | Error e) {
            closeQuietly(lastKeys); // nobody knows of them any more
            closeQuietly(lastSide);
            throw e;
        }
    }

    /**
     * After a failure: goes on beside another segment, with everything that was not forced and all secrets that live.
     * Those that were destroyed stay in the old segment's file, where what they opened lies.
     */
    void resume(Path next) throws IOException {
        try {
            cut();
        } catch (IOException e) {
            LOG.warn("what could not be forced beside {} stays there: {}", segment, e.toString());
        }
        abandon();
        segment = next;
        secretsWritten = 0;
        written = 0;
        secrets.replaceAll(line -> line.kind() == Kind.LIVING ? line : SecretFile.Line.without(Kind.LOST));
        makeRoom();
        if (pending.size() > 0) { // first, as long as no line commits to them: they tell that the secrets are ours
            commitSides();
            side().force();
        }
        force();
    }

    /**
     * After a failure: ends it with what is known to be on the disk; the rest could be read back as if it were.
     *
     * @param records how many records are on the disk
     */
    void giveUp(long records) throws IOException {
        cut();
        abandon();
        if (TrailFiles.firstSequenceOf(segment) >= records && segment.equals(ours)) {
            for (Path file : List.of(files.secrets(segment), files.side(segment))) {
                giveUp(file);
            }
        }
    }

    /** All that was to be taken out is taken out when the file is gone; a power cut may still bring it back. */
    private void giveUp(Path file) throws IOException {
        try {
            remove(file);
        } catch (IOException e) {
            if (Files.exists(file)) {
                throw e;
            }
            LOG.warn("{} is removed, but perhaps not from the disk: {}", file, e.toString());
        }
    }

    private void cut() throws IOException {
        if (keys != null) {
            keys.cut();
        }
        if (side != null) {
            side.cut();
        }
    }

    /** Ends it as it lies. */
    void abandon() {
        closeQuietly(keys);
        closeQuietly(side);
        keys = null;
        side = null;
    }

    private static void closeQuietly(@Nullable Segment file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOG.debug("a file of side records that failed could not be closed either", e);
        }
    }

    /**
     * What an attempt of this run has left at the segment's name is removed. What somebody else has left there is kept
     * under another name: the log may be an older one, or not be mounted, and these the secrets of the right one.
     */
    private void makeRoom() throws IOException {
        if (segment.equals(ours)) {
            removeLeftovers();
            return;
        }
        for (Path file : List.of(files.side(segment), files.secrets(segment))) {
            if (Files.exists(file)) {
                LOG.warn(
                        "{} is of records that the audit trail does not have; it is kept as {}, where erasing somebody"
                                + " finds the secrets, too; delete it if these records are gone for good",
                        file,
                        DurableFiles.setAside(file));
            }
        }
        ours = segment;
    }

    /** Of a segment of that name of which nothing was acknowledged. */
    private void removeLeftovers() throws IOException {
        remove(files.secrets(segment));
        remove(files.side(segment)); // last: as long as it is there, the secrets are known to be ours
    }

    /** Durably: a power cut must not bring a secret back. */
    private void remove(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            opener.forceDirectory(DurableFiles.parentOf(file));
        }
    }

    /** What the trail calls the secret of a subject in the present segment; null if there is none. */
    @Nullable
    String find(String subject) throws IOException {
        tagKey.keep(); // for what is written already
        Known known = byTag.get(ByteBuffer.wrap(tagKey.tag(subject)));
        return known == null ? null : SecretFile.idOf(files.secrets(segment), known.secret());
    }

    /**
     * Destroys the secret of a subject in the present segment, durably. Nothing may wait to be forced: it would be
     * written beside another segment after a failure, without its secret.
     */
    void erase(String subject) throws IOException {
        Known known = byTag.get(ByteBuffer.wrap(tagKey.tag(subject)));
        if (known == null) {
            return;
        }
        overwrite(known.line());
        byTag.values().removeIf(each -> each.line() == known.line());
        bySubject.values().removeIf(each -> each.line() == known.line());
    }

    private void overwrite(int line) throws IOException {
        SecretFile.Line destroyed = SecretFile.Line.without(Kind.DESTROYED);
        keys().overwrite(destroyed.toBytes(), (long) line * SecretFile.LINE);
        secrets.set(line, destroyed);
    }

    /** The segment beside which side records are written now. */
    Path segment() {
        return segment;
    }
}
