// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailQuery;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.StoredDecision;
import io.github.incident4j.detect.internal.Past;
import io.github.incident4j.detect.internal.SeenRecord;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
    public void decisions(GuardInfo guard, Span span, Sink sink) {
        TrailQuery query = AuditTrail.in(directory)
                .query()
                .after(span.after())
                .until(span.until())
                .model(guard.model());
        Map<String, List<SeenRecord>> done = new HashMap<>(); // by what the detectors had seen last
        try (Stream<TrailRecord> records = query.type("detectors.").records()) {
            records.filter(record -> SeenRecord.TYPES.contains(record.type()))
                    .map(this::seen)
                    .forEach(seen -> done.computeIfAbsent(seen.after(), after -> new ArrayList<>())
                            .add(seen));
        }
        done.getOrDefault(span.mark(), List.of()).forEach(sink::done);
        try (Stream<TrailRecord> records = query.type("decision").unsealed().records()) {
            records.takeWhile(record -> record.sequence() < span.before()).forEach(record -> {
                String id = String.valueOf(record.members().get("id"));
                StoredDecision.read(guard, record)
                        .ifPresent(decision -> sink.decided(id, decision, nanosOf(record.time())));
                done.getOrDefault(id, List.of()).forEach(sink::done);
            });
        }
    }

    private SeenRecord seen(TrailRecord record) {
        return SeenRecord.read(record.type(), mapper.valueToTree(record.members()), 0);
    }

    private static long nanosOf(Instant time) {
        return time.getEpochSecond() * NANOS + time.getNano();
    }
}
