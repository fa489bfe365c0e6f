// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.StoredDecision;
import io.github.incident4j.detect.internal.Past;
import io.github.incident4j.detect.internal.RearmedRecord;
import io.github.incident4j.model.Segment;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from the trail what was known and decided before this run. */
final class TrailPast implements Past {
    private static final Logger LOG = LoggerFactory.getLogger(TrailPast.class);
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ObjectMapper mapper = new ObjectMapper();
    private final Path directory;

    TrailPast(Path directory) {
        this.directory = directory;
    }

    @Override
    public Optional<JsonNode> state(long sequence) {
        try {
            TrailRecord record = AuditTrail.in(directory).record(sequence);
            return Optional.ofNullable(record.side().members().get("state")).map(mapper::valueToTree);
        } catch (UncheckedIOException | NoSuchElementException e) {
            LOG.warn("record {} cannot be read, so a detector begins anew", sequence, e);
            return Optional.empty();
        }
    }

    @Override
    public void decisions(GuardInfo guard, long after, Sink sink) {
        try (Stream<TrailRecord> records = AuditTrail.in(directory)
                .query()
                .after(after)
                .model(guard.model())
                .unsealed()
                .records()) {
            records.forEach(record -> take(guard, record, sink));
        } catch (UncheckedIOException e) { // a detector with less of the past is better than no guard
            LOG.warn("what {} has decided lately cannot be read, so its detectors do not know of it", guard.model(), e);
        }
    }

    private static void take(GuardInfo guard, TrailRecord record, Sink sink) {
        if (record.type().equals(RearmedRecord.TYPE)) {
            sink.rearmed(Optional.ofNullable(record.members().get(RearmedRecord.DIVERTED))
                    .map(Map.class::cast)
                    .map(segment -> new Segment(
                            String.valueOf(segment.get(RearmedRecord.ATTRIBUTE)),
                            String.valueOf(segment.get(RearmedRecord.VALUE)))));
        } else if (record.type().equals("decision")) {
            StoredDecision.read(guard, record).ifPresent(decision -> sink.decided(decision, nanosOf(record.time())));
        }
    }

    private static long nanosOf(Instant time) {
        return time.getEpochSecond() * NANOS + time.getNano();
    }
}
