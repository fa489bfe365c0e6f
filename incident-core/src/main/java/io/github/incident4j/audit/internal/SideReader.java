// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.SideRecord;
import io.github.incident4j.audit.SideRecord.State;
import io.github.incident4j.audit.internal.seal.SealException;
import io.github.incident4j.audit.internal.seal.Sealer;
import io.github.incident4j.audit.internal.seal.SubjectSecret;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the side records of one segment, whoever writes it meanwhile. Quick for records that are asked for in the order
 * of their numbers; for others it looks for the place by halving the file.
 */
final class SideReader implements Closeable {
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};
    private static final HexFormat HEX = HexFormat.of();
    private static final long NEAR = 1 << 16;

    private final Path file;
    private final Path secretFile;
    private final Path subjects;
    private final Sealer sealer = new Sealer();
    private final ObjectMapper mapper = Json.mapper();
    private final LineFormat format = new LineFormat();
    private final BitSet filed = new BitSet(); // secrets of which the tags were looked at
    private @Nullable List<SecretFile.Line> secrets;
    private @Nullable Lines lines;
    private Content last = Content.without(State.NONE);
    private long lastSequence = -1;
    private long at = -1; // the number of the record of the present line

    SideReader(TrailFiles files, Path segment) {
        this.file = files.side(segment);
        this.secretFile = files.secrets(segment);
        this.subjects = files.subjects();
    }

    /** The text of a side record; empty if it cannot be read. */
    byte[] text(long sequence, String commitment) throws IOException {
        return content(sequence, commitment).text();
    }

    /** Reads the side record to which a record's line commits. */
    SideRecord read(long sequence, String commitment) throws IOException {
        Content content = content(sequence, commitment);
        try {
            return content.state() == State.OPENED
                    ? new SideRecord(State.OPENED, mapper.readValue(content.text(), OBJECT))
                    : SideRecord.without(content.state());
        } catch (JacksonException e) {
            return SideRecord.without(State.DAMAGED);
        }
    }

    /** Says whether the side record is there and the one to which a record's line commits. */
    State check(long sequence, String commitment) throws IOException {
        return content(sequence, commitment).state();
    }

    /**
     * Whether the secret of a side record is filed under one of the keys; unknown for a secret that was looked at
     * before.
     */
    Filing filing(long sequence, String commitment, TagKeys keys) throws IOException {
        Content content = content(sequence, commitment);
        SecretFile.Line secret = content.state() == State.OPENED ? secret(content.key()) : null;
        if (secret == null || filed.get(content.key())) {
            return Filing.UNKNOWN;
        }
        filed.set(content.key());
        String subject = subjectOf(content.text());
        if (Text.isChanged(subject)) {
            return Filing.UNKNOWN;
        }
        return keys.keyOf(secret.tag(), subject).isPresent() ? Filing.RIGHT : Filing.WRONG;
    }

    /** The subject is the first member of a side record that has one. */
    private String subjectOf(byte[] text) throws IOException {
        try (JsonParser parser = mapper.createParser(text)) {
            boolean has = parser.nextToken() == JsonToken.START_OBJECT && "subject".equals(parser.nextFieldName());
            String subject = has ? parser.nextTextValue() : null;
            return subject == null ? SideLog.NOBODY : subject;
        }
    }

    /**
     * Says whether the files hold what a side record needs; a quick look that opens nothing. True also where a whole
     * file is missing, which no crash leaves behind.
     *
     * @param withSecret whether the secrets are looked at, too
     */
    boolean isWhole(long sequence, boolean withSecret) throws IOException {
        if (!Files.exists(file) || !Files.exists(secretFile)) {
            return true;
        }
        try {
            SideLine line = line(sequence);
            if (line == null || !withSecret) {
                return line != null;
            }
            SecretFile.Line secret = secret(line.key());
            return secret != null && secret.kind() != SecretFile.Kind.UNREADABLE;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The side record's line; null if there is none, or none that is whole. */
    private @Nullable SideLine line(long sequence) throws IOException {
        Lines found = find(sequence);
        return found == null ? null : SideLine.parse(found.array(), found.start(), found.length());
    }

    /** What was found; the text is empty unless it was opened. */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    private record Content(State state, byte[] text, int key) {
        static Content without(State state) {
            return new Content(state, new byte[0], -1);
        }
    }

    private Content content(long sequence, String commitment) throws IOException {
        if (sequence != lastSequence) { // who has looked at the text asks for the record next
            last = find(sequence, commitment);
            lastSequence = sequence;
        }
        return last;
    }

    private Content find(long sequence, String commitment) throws IOException {
        try {
            SideLine line = line(sequence);
            if (line == null) {
                return Content.without(State.DAMAGED);
            }
            SecretFile.Line secret = secret(line.key());
            SubjectSecret opening = secret == null ? null : secret.secret();
            if (opening == null) {
                return Content.without(stateOf(secret));
            }
            return new Content(State.OPENED, sealer.open(opening, HEX.parseHex(commitment), line.sealed()), line.key());
        } catch (NoSuchFileException e) {
            return Content.without(missing());
        } catch (SealException | IllegalArgumentException e) {
            return Content.without(State.DAMAGED);
        }
    }

    private State stateOf(SecretFile.@Nullable Line secret) {
        return secret == null
                ? missing()
                : switch (secret.kind()) {
                    case DESTROYED, TORN -> State.ERASED;
                    case LIVING, LOST, UNREADABLE -> State.DAMAGED;
                };
    }

    /**
     * What is missing was never here in a copy of the trail alone; where subjects are kept, somebody has removed it.
     */
    private State missing() {
        return Files.exists(subjects) ? State.DAMAGED : State.LOCKED;
    }

    private SecretFile.@Nullable Line secret(int line) throws IOException {
        List<SecretFile.Line> known = secrets;
        if (known == null || line >= known.size()) { // not read yet, or written meanwhile
            known = SecretFile.read(secretFile);
            secrets = known;
        }
        return line >= 0 && line < known.size() ? known.get(line) : null;
    }

    /** The secret that opens a side record, if it is here. */
    Optional<SubjectSecret> secretOf(long sequence) throws IOException {
        SideLine line = line(sequence);
        SecretFile.Line secret = line == null ? null : secret(line.key());
        return secret == null ? Optional.empty() : Optional.ofNullable(secret.secret());
    }

    /** Goes to the line of a record; null if there is none that is whole. */
    private @Nullable Lines find(long sequence) throws IOException {
        Lines open = lines;
        if (open == null || at > sequence) {
            open = open(placeBefore(sequence));
        }
        while (at < sequence) {
            if (!open.next()) {
                close(); // more may be written by the next time
                return null;
            }
            if (isWhole(open)) { // or its number may be another one's
                at = LineFormat.sequenceOf(open.array(), open.start(), open.length());
            }
        }
        return at == sequence ? open : null;
    }

    private boolean isWhole(Lines line) {
        return !line.isTorn() && format.checksumHolds(line.array(), line.start(), line.length());
    }

    private Lines open(long offset) throws IOException {
        close();
        Lines opened = new Lines(file, offset);
        lines = opened;
        at = -1;
        return opened;
    }

    /** An offset from which the line of a record is not far, that of a line's beginning. */
    private long placeBefore(long sequence) throws IOException {
        long low = 0;
        long high = Files.size(file);
        while (high - low > NEAR) {
            long middle = low + (high - low) / 2;
            try (Lines probe = new Lines(file, middle)) {
                boolean found = probe.next(); // the first one begins somewhere in the middle, so the next one counts
                do {
                    found = found && probe.next();
                } while (found && !isWhole(probe));
                if (found && LineFormat.sequenceOf(probe.array(), probe.start(), probe.length()) <= sequence) {
                    low = probe.offset();
                } else {
                    high = middle;
                }
            }
        }
        return low;
    }

    @Override
    public void close() throws IOException {
        Lines open = lines;
        if (open != null) {
            lines = null;
            open.close();
        }
    }
}
