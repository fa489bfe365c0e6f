// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.Retention;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.NoteVerifier;
import io.github.incident4j.audit.internal.merkle.SignedNote;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A trail of some records, for tests of what is done to its files. */
record SmallTrail(Path directory, TimeSource time) {
    private static final GuardInfo GUARD = GuardInfos.of(7, "model", List.of("tenant"), List.of(), Durability.GROUP);

    Journal open(Retention retention) throws IOException {
        return open(retention, warning -> {});
    }

    Journal open(Retention retention, Consumer<String> warned) throws IOException {
        Journal journal = Journal.open(
                directory,
                new TrailSettings(1_024, 1 << 20, Duration.ofSeconds(30), List.of(), List.of(), retention),
                time,
                stored -> {},
                List.of(),
                Ownership.UNDISPUTED,
                new JournalObserver() {
                    @Override
                    public void warned(String what) {
                        warned.accept(what);
                    }

                    @Override
                    public void passed(TrailEntry entry, long epochNanos) {}

                    @Override
                    public void writingFailed(IOException cause) {}

                    @Override
                    public void writingResumed(long lost) {}
                });
        journal.start();
        return journal;
    }

    Journal open() throws IOException {
        return open(Retention.forever());
    }

    DecisionRecord decision(long number) {
        return DecisionRecord.answered(
                GUARD,
                number,
                time.nanoTime(),
                5,
                0,
                0,
                -1,
                List.of(),
                List.of(),
                new String[] {"t"},
                new double[0],
                new CallFacts("person-" + number, null, null, null, null, null, null, false, List.of()));
    }

    /** A record of any length. */
    TrailEntry text(String type, int length) {
        long at = time.nanoTime();
        return new TrailEntry() {
            @Override
            public String type() {
                return type;
            }

            @Override
            public long nanoTime() {
                return at;
            }

            @Override
            public void writeMembers(JsonGenerator json) throws IOException {
                json.writeStringField("text", "x".repeat(length));
            }
        };
    }

    AuditTrail trail() {
        return AuditTrail.in(directory);
    }

    TrailFiles files() {
        return new TrailFiles(directory.resolve("trail"));
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** The last checkpoint, whose signature holds. */
    Checkpoint checkpoint() throws IOException {
        List<NoteVerifier> keys =
                trail().verifierKeys().stream().map(NoteVerifier::parse).toList();
        return Checkpoint.parse(
                SignedNote.parse(Files.readString(files().checkpoint()), keys).text());
    }

    List<TrailRecord> records(String type) {
        try (Stream<TrailRecord> records = trail().query().type(type).records()) {
            return records.toList();
        }
    }

    /** The same in another place. */
    SmallTrail copy(Path to) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(directory.relativize(each).toString()));
            }
        }
        return new SmallTrail(to, time);
    }
}
