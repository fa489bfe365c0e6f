// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads a trail's lines in order. */
public final class TrailReader {
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private static final int LOOKS = 20;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

    private final TrailFiles files;
    private final ObjectMapper mapper = new ObjectMapper();

    /**
     * Creates a reader; nothing is read yet.
     *
     * @param trail the trail's folder
     */
    public TrailReader(Path trail) {
        this.files = new TrailFiles(trail);
    }

    /** {@return the records, oldest first} */
    public Stream<TrailRecord> records() {
        Walk walk = new Walk();
        return StreamSupport.stream(walk, false).onClose(walk::close);
    }

    /** {@return how much of the trail is intact} */
    public Verification verify() {
        long next = 0;
        String link = LineFormat.FIRST_LINK;
        try {
            for (Path segment : files.segments()) {
                String name = TrailFiles.nameOf(segment);
                if (TrailFiles.firstSequenceOf(segment) != next) {
                    return fault(next, name + " should begin with record " + next);
                }
                try (TrailFiles.Lines lines = new TrailFiles.Lines(segment)) {
                    for (byte[] line = lines.next(); line != null; line = lines.next()) {
                        String where = name + ", record " + next + ": ";
                        if (lines.isTorn()) {
                            return grows(segment)
                                    ? new Verification(next, Optional.empty())
                                    : fault(next, where + "the line has no end");
                        } else if (!LineFormat.checksumHolds(line)) {
                            return fault(next, where + "the checksum does not match the line");
                        } else if (LineFormat.sequenceOf(line) != next) {
                            return fault(next, where + "the line carries number " + LineFormat.sequenceOf(line));
                        } else if (!LineFormat.linkOf(line).equals(link)) {
                            return fault(next, where + "the link does not match the record before");
                        }
                        link = LineFormat.linkTo(line, 0, line.length);
                        next++;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Verification(next, Optional.empty());
    }

    /** Whether somebody is writing right now, so that a line without an end is one that is not finished. */
    private static boolean grows(Path segment) throws IOException {
        for (int i = 0; i < LOOKS; i++) {
            LockSupport.parkNanos(PAUSE);
            try (SeekableByteChannel channel = Files.newByteChannel(segment)) {
                ByteBuffer last = ByteBuffer.allocate(1);
                channel.position(Math.max(0, channel.size() - 1)).read(last);
                if (last.get(0) == '\n') {
                    return true;
                }
            }
        }
        return false;
    }

    private static Verification fault(long intact, String fault) {
        return new Verification(intact, Optional.of(fault));
    }

    private TrailRecord parse(byte[] line) throws IOException {
        LinkedHashMap<String, Object> members = mapper.readValue(line, OBJECT);
        try {
            return new TrailRecord(
                    LineFormat.sequenceOf(line),
                    Instant.parse(String.valueOf(members.get("time"))),
                    String.valueOf(members.get("type")),
                    Collections.unmodifiableMap(members));
        } catch (DateTimeException e) {
            throw new IOException("record " + LineFormat.sequenceOf(line) + " has no readable time", e);
        }
    }

    /** Walks over all lines of all segments; holds one open file. */
    private final class Walk extends Spliterators.AbstractSpliterator<TrailRecord> {
        private @Nullable Deque<Path> segments;
        private TrailFiles.@Nullable Lines lines;

        Walk() {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
        }

        @Override
        public boolean tryAdvance(Consumer<? super TrailRecord> action) {
            try {
                byte[] line = nextLine();
                if (line == null) {
                    return false;
                }
                action.accept(parse(line));
                return true;
            } catch (JacksonException e) {
                throw new UncheckedIOException("a line of the trail is not JSON; verify() says which", e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private byte @Nullable [] nextLine() throws IOException {
            if (segments == null) {
                segments = new ArrayDeque<>(files.segments());
            }
            while (true) {
                if (lines == null) {
                    Path segment = segments.poll();
                    if (segment == null) {
                        return null;
                    }
                    lines = new TrailFiles.Lines(segment);
                }
                byte[] line = lines.next();
                if (line != null && !lines.isTorn()) {
                    return line;
                }
                lines.close();
                lines = null;
            }
        }

        void close() {
            try {
                if (lines != null) {
                    lines.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
