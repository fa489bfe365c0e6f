// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailQuery;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.StoredDecision;
import io.github.incident4j.detect.internal.FeedbackRecord;
import io.github.incident4j.detect.internal.Past;
import io.github.incident4j.detect.internal.SeenRecord;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
                .from(span.from())
                .until(span.until())
                .model(guard.model());
        Map<String, List<SeenRecord>> done = new HashMap<>(); // by what the detectors had seen last
        try (Stream<TrailRecord> records = query.type("detectors.").records()) {
            records.filter(record -> SeenRecord.TYPES.contains(record.type()))
                    .map(this::seen)
                    .forEach(seen -> done.computeIfAbsent(seen.after(), after -> new ArrayList<>())
                            .add(seen));
        }
        Consumer<String> doneAfter =
                name -> Optional.ofNullable(done.remove(name)).orElse(List.of()).forEach(sink::done);
        doneAfter.accept(span.mark());
        try (Stream<TrailRecord> decisions = query.type("decision").unsealed().records();
                Stream<TrailRecord> labels =
                        query.type(FeedbackRecord.TYPE).unsealed().records()) {
            inOrder(decisions.iterator(), labels.iterator(), span.before(), record -> {
                if (record.type().equals(FeedbackRecord.TYPE)) {
                    FeedbackRecord.read(record).ifPresent(feedback -> {
                        sink.labelled(feedback, nanosOf(record.time()));
                        doneAfter.accept(FeedbackRecord.seenName(feedback.decision()));
                    });
                } else {
                    String id = String.valueOf(record.members().get("id"));
                    StoredDecision.read(guard, record)
                            .ifPresent(decision -> sink.decided(id, decision, nanosOf(record.time())));
                    doneAfter.accept(id);
                }
            });
        }
    }

    /** Two streams of records as one, by their numbers, up to a record. */
    private static void inOrder(
            Iterator<TrailRecord> some, Iterator<TrailRecord> others, long before, Consumer<TrailRecord> taker) {
        TrailRecord one = next(some, before);
        TrailRecord other = next(others, before);
        while (one != null || other != null) {
            if (other == null || (one != null && one.sequence() < other.sequence())) {
                taker.accept(Objects.requireNonNull(one));
                one = next(some, before);
            } else {
                taker.accept(other);
                other = next(others, before);
            }
        }
    }

    private static @Nullable TrailRecord next(Iterator<TrailRecord> records, long before) {
        TrailRecord next = records.hasNext() ? records.next() : null;
        return next == null || next.sequence() >= before ? null : next;
    }

    private SeenRecord seen(TrailRecord record) {
        return SeenRecord.read(record.type(), mapper.valueToTree(record.members()), 0);
    }

    private static long nanosOf(Instant time) {
        return time.getEpochSecond() * NANOS + time.getNano();
    }
}
