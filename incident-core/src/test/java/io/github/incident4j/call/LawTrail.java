// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A runtime for the tries of a law, which counts the calls that were begun and compares them with the trail at its end.
 */
final class LawTrail implements AutoCloseable {
    private final Path directory;
    private final IncidentRuntime runtime;
    private final AtomicInteger guards = new AtomicInteger();
    private int begun;

    LawTrail() throws IOException {
        this.directory = Files.createTempDirectory("incident4j-law");
        this.runtime = IncidentRuntime.builder()
                .directory(directory)
                .maxWaitingPayload(16 << 16) // for 16 calls that require the trail, and record what they answer
                .switchStore(SwitchSources.inMemory("runtime")) // a law that kills needs no disk for it
                .time(TimeSource.following(
                        Clock.fixed(Instant.now(), ZoneOffset.UTC))) // or a busy machine makes answers late
                .build();
    }

    IncidentRuntime runtime() {
        return runtime;
    }

    String nextName() {
        return "model-" + guards.getAndIncrement();
    }

    void begun() {
        begun++;
    }

    /** Every call that was begun has left one record. */
    @Override
    public void close() throws IOException {
        runtime.close();
        try (Stream<TrailRecord> records = AuditTrail.in(directory).records()) {
            List<String> ids = records.filter(each -> each.type().equals("decision"))
                    .map(each -> String.valueOf(each.members().get("id")))
                    .toList();
            assertThat(ids).doesNotHaveDuplicates().hasSize(begun);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(LawTrail::delete);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
