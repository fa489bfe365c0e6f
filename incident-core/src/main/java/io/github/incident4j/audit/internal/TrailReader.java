// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads a trail's lines in order. */
public final class TrailReader {
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private final TrailFiles files;
    private final ObjectMapper mapper = Json.mapper();

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

    /**
     * Re-reads the whole trail.
     *
     * @param keys verifier keys that came from elsewhere; none for the trail's own
     * @param checkpoints checkpoints that were kept elsewhere
     * @return what was found
     * @throws IOException if a file cannot be read
     */
    public Verification verify(List<String> keys, List<String> checkpoints) throws IOException {
        return new TrailVerifier(files, keys, checkpoints).verify();
    }

    private TrailRecord parse(byte[] line) throws IOException {
        LinkedHashMap<String, Object> members = mapper.readValue(line, OBJECT);
        try {
            return new TrailRecord(
                    LineFormat.sequenceOf(line, 0, line.length),
                    Instant.parse(String.valueOf(members.get("time"))),
                    String.valueOf(members.get("type")),
                    Collections.unmodifiableMap(members));
        } catch (DateTimeException e) {
            throw new IOException("record " + LineFormat.sequenceOf(line, 0, line.length) + " has no readable time", e);
        }
    }

    /** Walks over all lines of all segments; holds one open file. */
    private final class Walk extends Spliterators.AbstractSpliterator<TrailRecord> {
        private final LineFormat format = new LineFormat();
        private @Nullable Deque<Path> segments;
        private @Nullable Lines lines;

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
                    lines = new Lines(segment);
                }
                if (lines.next() && !lines.isTorn()) {
                    byte[] line = lines.copy();
                    // A line that is being written is the last one and has no checksum yet.
                    if (format.checksumHolds(line, 0, line.length) || lines.next()) {
                        return line;
                    }
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
