// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the intact part of a trail before anything is appended. In the newest segment the contiguous valid prefix
 * stands; what follows it (the torn end that a crash leaves) is moved to {@code trail/broken} and named in a recovery
 * record. On the way every record that is not a decision is handed to the rooms that rebuild their state.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final byte[] DECISION = "\"type\":\"decision\"".getBytes(StandardCharsets.US_ASCII);
    private static final int TYPE_WITHIN = 160;

    private final TrailFiles files;
    private final TimeSource time;
    private final ObjectMapper mapper = new ObjectMapper();
    private final List<TrailEntry> notes = new ArrayList<>();
    private long next;
    private String link = LineFormat.FIRST_LINK;

    private Recovery(TrailFiles files, TimeSource time) {
        this.files = files;
        this.time = time;
    }

    /**
     * The outcome.
     *
     * @param next the sequence number of the next record
     * @param link the hash of the last intact record
     * @param notes records to append first: what was set aside
     */
    record Result(long next, String link, List<TrailEntry> notes) {}

    /** Reads the whole trail. */
    static Result run(TrailFiles files, TimeSource time, Consumer<StoredRecord> replay) throws IOException {
        return new Recovery(files, time).read(files.segments(), replay);
    }

    /** Reads the end of a trail whose beginning was read before: the last two segments, as the newest may be empty. */
    static Result runTail(TrailFiles files, TimeSource time) throws IOException {
        Recovery recovery = new Recovery(files, time);
        List<Path> segments = files.segments();
        List<Path> tail = segments.subList(Math.max(0, segments.size() - 2), segments.size());
        recovery.next = tail.isEmpty() ? 0 : TrailFiles.firstSequenceOf(tail.get(0));
        return recovery.read(tail, stored -> {});
    }

    private Result read(List<Path> segments, Consumer<StoredRecord> replay) throws IOException {
        for (int i = 0; i < segments.size(); i++) {
            read(segments.get(i), i == segments.size() - 1, replay);
        }
        return new Result(next, link, List.copyOf(notes));
    }

    private void read(Path segment, boolean newest, Consumer<StoredRecord> replay) throws IOException {
        long good = 0;
        long first = TrailFiles.firstSequenceOf(segment);
        if (first != next) {
            note(segment, "the segment begins at " + first + " but " + next + " was expected");
            next = first;
        }
        try (TrailFiles.Lines lines = new TrailFiles.Lines(segment)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                boolean valid =
                        !lines.isTorn() && LineFormat.checksumHolds(line) && LineFormat.sequenceOf(line) == next;
                if (valid) {
                    good += line.length + 1L;
                    next++;
                    link = LineFormat.linkTo(line, 0, line.length);
                    replay(line, replay);
                } else if (newest) {
                    break;
                } else {
                    // Not the end of the trail: rot or tampering. Nothing is moved, so that verify() can show it.
                    note(segment, "the line after record " + (next - 1) + " is damaged");
                    next = Math.max(next, LineFormat.sequenceOf(line) + 1);
                }
            }
        }
        if (newest && good < Files.size(segment)) {
            setAside(segment, good);
        }
    }

    private void replay(byte[] line, Consumer<StoredRecord> replay) throws IOException {
        if (isDecision(line)) {
            return;
        }
        try {
            JsonNode json = mapper.readTree(line);
            replay.accept(new StoredRecord(
                    next - 1,
                    Instant.parse(json.path("time").asText()),
                    json.path("type").asText(),
                    json));
        } catch (DateTimeException | IllegalArgumentException | com.fasterxml.jackson.core.JacksonException e) {
            LOG.error("record {} of the trail could not be understood and is passed over", next - 1, e);
        }
    }

    private static boolean isDecision(byte[] line) {
        int limit = Math.min(line.length, TYPE_WITHIN) - DECISION.length;
        for (int i = 0; i <= limit; i++) {
            if (line[i] == '"' && line[i + 1] == 't' && line[i + 2] == 'y') {
                return java.util.Arrays.equals(line, i, i + DECISION.length, DECISION, 0, DECISION.length);
            }
        }
        return false;
    }

    private void setAside(Path segment, long good) throws IOException {
        Path aside = files.freeBrokenPath(TrailFiles.nameOf(segment) + "@" + good);
        long bytes = Files.size(segment) - good;
        String digest;
        try {
            digest = move(segment, good, aside);
        } catch (IOException e) {
            Files.deleteIfExists(aside); // it is tried again every second: a full disk must not fill with halves
            throw e;
        }
        LOG.warn(
                "the audit trail ended in {} bytes that are no intact record (a crash in the middle of a write leaves"
                        + " such an end); they were moved to {} and the trail goes on after record {}",
                bytes,
                aside,
                next - 1);
        notes.add(new SetAside(TrailFiles.nameOf(segment), TrailFiles.nameOf(aside), bytes, digest, time.nanoTime()));
    }

    /** Copies what follows the good bytes, durably, and then cuts it off; returns its SHA-256. */
    private static String move(Path segment, long good, Path aside) throws IOException {
        MessageDigest sha256 = LineFormat.sha256();
        try (InputStream in = Files.newInputStream(segment);
                FileChannel out = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            in.skipNBytes(good);
            byte[] chunk = new byte[1 << 16];
            for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                sha256.update(chunk, 0, n);
                DurableFiles.writeFully(out, ByteBuffer.wrap(chunk, 0, n));
            }
            out.force(true);
        }
        DurableFiles.forceDirectory(DurableFiles.parentOf(aside));
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(good);
            channel.force(true);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private void note(Path segment, String fault) {
        if (notes.size() < 100) {
            LOG.error("audit trail, segment {}: {}; run verify() for the whole picture", segment, fault);
            notes.add(new Damage(TrailFiles.nameOf(segment), fault, time.nanoTime()));
        }
    }

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
