// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old records go, on record; what is left proves as before; what somebody needs stays. */
class RetentionTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SEGMENT = 65_536;
    private static final Cause LEGAL = Cause.by("legal").because("authority 17");

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final List<String> anchored = new CopyOnWriteArrayList<>();

    private IncidentRuntime open(Retention retention) {
        return IncidentRuntime.builder()
                .directory(directory)
                .maxWaitingDecisions(1 << 18) // nothing is dropped on a busy machine
                .time(TimeSource.following(now::get))
                .checkpointAnchor(anchored::add)
                .retention(retention)
                .build();
    }

    private AuditTrail trail() {
        return AuditTrail.in(directory);
    }

    /** More than a segment of records. */
    private static void fill(IncidentRuntime runtime, GuardedModel<String, String> model) {
        for (int i = 0; i < SEGMENT + 100; i++) {
            model.call("a");
        }
        assertThat(runtime.awaitQuiet(Duration.ofSeconds(60))).isTrue();
    }

    private static GuardedModel<String, String> model(IncidentRuntime runtime) {
        return runtime.<String, String>guard("model")
                .route("v1", input -> input)
                .segment("first", input -> input)
                .build();
    }

    /** Retention is looked after behind a checkpoint, about once a second; nobody tells when that was. */
    private boolean begins(IncidentRuntime runtime, GuardedModel<String, String> model, long sequence) {
        for (int i = 0; i < 200; i++) {
            model.call("b");
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(60))).isTrue();
            if (first() >= sequence) {
                return true;
            }
            LockSupport.parkNanos(50_000_000);
        }
        return false;
    }

    private long first() {
        return trail().query().first().orElseThrow().sequence();
    }

    private List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().startsWith("0"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void oldSegments_goOnRecordAndTheRestStillProves() throws IOException {
        InclusionProof kept;
        try (IncidentRuntime runtime = open(Retention.upTo(Duration.ofDays(200)))) {
            GuardedModel<String, String> model = model(runtime);
            fill(runtime, model);
            now.set(START.plus(Duration.ofDays(150)));
            fill(runtime, model);
            now.set(START.plus(Duration.ofDays(201)));
            assertThat(begins(runtime, model, SEGMENT))
                    .as("the first segment is gone")
                    .isTrue();
        }
        long first = first();
        assertThat(first)
                .as("a segment of 65,536 and what followed it on that day")
                .isGreaterThan(SEGMENT);
        for (String folder : List.of("trail/log", "trail/side", "subjects", "trail/index")) {
            assertThat(files(folder).get(0).getFileName().toString()).startsWith("%020d".formatted(first));
        }
        kept = trail().prove(first + 7);
        assertThat(kept.record()).contains("\"seq\":" + (first + 7));
        assertThat(trail().query().type("trail.retired").first().orElseThrow().members())
                .containsEntry("from", 0)
                .containsEntry("through", (int) first - 1);
        Verification verification = trail().verify(trail().verifierKeys(), List.copyOf(anchored));
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.retired()).isEqualTo(first);
        assertThat(trail().proveSince(anchored.get(0))).isNotNull();
        assertThatThrownBy(() -> trail().prove(5))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("retention");
        try (IncidentRuntime again = open(Retention.forever())) {
            model(again).call("c");
        }
        assertThat(trail().query().type("trail.damage").count())
                .as("nothing is missed at opening")
                .isZero();
        assertThat(trail().verify().faults()).isEmpty();
    }

    /** A few calls a year: segments are never full, and go all the same. */
    @Test
    void quietTrail_dropsWhatIsOldToo() throws IOException {
        Path old = directory.resolve("trail/aside/00000000000000000001.json");
        Path young = directory.resolve("trail/aside/00000000000000100000.json");
        try (IncidentRuntime runtime = open(Retention.upTo(Duration.ofDays(200)))) {
            GuardedModel<String, String> model = model(runtime);
            Files.createDirectories(old.getParent());
            Files.writeString(old, "as of a record that was too long for a line");
            Files.writeString(young, "another one");
            for (int month = 0; month < 14; month++) {
                model.call("a");
                assertThat(runtime.awaitQuiet(Duration.ofSeconds(60))).isTrue();
                now.set(START.plus(Duration.ofDays(30L * (month + 1))));
            }
            Instant limit = START.plus(Duration.ofDays(30 * 14 - 230));
            for (int i = 0; i < 200 && oldest().isBefore(limit); i++) {
                model.call("b");
                assertThat(runtime.awaitQuiet(Duration.ofSeconds(60))).isTrue();
                LockSupport.parkNanos(50_000_000);
            }
            assertThat(oldest()).isAfter(limit);
        }
        assertThat(old).as("went with its segment").doesNotExist();
        assertThat(young).exists();
        assertThat(trail().verify().faults()).isEmpty();
        assertThat(trail().verify().retired()).isPositive();
    }

    /** A restart with a clock that is years ahead: that run records, too, and must not take its own word for it. */
    @Test
    void runWithAClockThatIsAhead_dropsNothingAndSaysSo() throws IOException {
        try (IncidentRuntime runtime = open(Retention.upTo(Duration.ofDays(200)))) {
            GuardedModel<String, String> model = model(runtime);
            for (int days : new int[] {0, 30, 60, 90}) {
                now.set(START.plus(Duration.ofDays(days)));
                model.call("a");
                assertThat(runtime.awaitQuiet(Duration.ofSeconds(60))).isTrue();
            }
        }
        List<Path> before = files("trail/log");
        assertThat(before).hasSizeGreaterThan(2);
        now.set(START.plus(Duration.ofDays(4_000)));
        try (IncidentRuntime runtime = open(Retention.upTo(Duration.ofDays(200)))) {
            model(runtime).call("b");
            for (int i = 0; i < 3_000 && runtime.incidents().open().isEmpty(); i++) {
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(runtime.incidents().open())
                    .singleElement()
                    .satisfies(each -> assertThat(each.finding()).contains("the clock says 2036"));
        }
        assertThat(files("trail/log")).containsAll(before);
        assertThat(trail().query().type("trail.retired").count()).isZero();
        assertThat(trail().verify().faults()).isEmpty();
    }

    private Instant oldest() {
        return trail().query().first().orElseThrow().time();
    }

    @Test
    void segmentThatIsRemovedByHand_isDamage() throws IOException {
        try (IncidentRuntime runtime = open(Retention.forever())) {
            fill(runtime, model(runtime));
        }
        Files.delete(files("trail/log").get(0));
        assertThat(trail().verify().faults().toString()).contains("dropped on purpose");
        try (IncidentRuntime again = open(Retention.forever())) {
            assertThat(again.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(trail().query().type("trail.damage").count()).isPositive();
    }

    /** The tree is then made anew, by the hashes that the tiles of the dropped records still have. */
    @Test
    void treeThatIsLostAfterwards_isMadeAnewByTheTilesOfWhatWasDropped() throws IOException {
        try (IncidentRuntime runtime = open(Retention.upTo(Duration.ofDays(200)))) {
            GuardedModel<String, String> model = model(runtime);
            fill(runtime, model);
            now.set(START.plus(Duration.ofDays(201)));
            assertThat(begins(runtime, model, SEGMENT)).isTrue();
        }
        try (Stream<Path> tiles = Files.walk(directory.resolve("trail/tile"))) {
            for (Path partial : tiles.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(".p"))
                    .toList()) {
                Files.delete(partial);
            }
        }
        try (IncidentRuntime again = open(Retention.forever())) {
            model(again).call("c");
        }
        Verification verification = trail().verify(List.of(), List.copyOf(anchored));
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.retired()).isGreaterThanOrEqualTo(SEGMENT);
    }

    @Test
    void forgedRecordOfADrop_hidesNothing() throws IOException {
        try (IncidentRuntime runtime = open(Retention.forever())) {
            fill(runtime, model(runtime));
        }
        List<Path> segments = files("trail/log");
        Files.delete(segments.get(0));
        String body = "{\"seq\":" + trail().verify().records() + ",\"v\":3,\"time\":\"2026-01-01T00:00:00.000000000Z\","
                + "\"type\":\"trail.retired\",\"mono_ns\":1,\"from\":0,\"through\":" + (SEGMENT - 1);
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                segments.get(1),
                Files.readString(segments.get(1)) + body + ",\"crc32c\":\""
                        + HexFormat.of().toHexDigits((int) crc.getValue()) + "\"}\n");
        assertThat(trail().query().type("trail.retired").count())
                .as("it is there")
                .isEqualTo(1);
        assertThat(trail().verify().faults().toString()).contains("no attested record");
    }

    @Test
    void evidenceHoldAndLeastAge_keepWhatIsOld() throws IOException {
        try (IncidentRuntime runtime = open(Retention.upToBytes(1).atLeast(Duration.ofDays(10)))) {
            GuardedModel<String, String> model = model(runtime);
            runtime.evidence().hold("case-17", START, LEGAL);
            fill(runtime, model);
            now.set(START.plus(Duration.ofDays(9)));
            fill(runtime, model);
            runtime.evidence().release("case-17", LEGAL);
            now.set(START.plus(Duration.ofDays(11)));
            assertThat(begins(runtime, model, SEGMENT))
                    .as("too much, old enough and not held: only the first segment")
                    .isTrue();
            runtime.evidence().hold("case-18", START.plus(Duration.ofDays(9)), LEGAL);
            now.set(START.plus(Duration.ofDays(400)));
            fill(runtime, model);
            int segments = files("trail/log").size();
            assertThat(segments).isGreaterThanOrEqualTo(3);
            runtime.evidence().release("case-18", LEGAL);
            now.set(START.plus(Duration.ofDays(401)));
            assertThat(begins(runtime, model, 2L * SEGMENT)).as("released").isTrue();
        }
        assertThat(trail().verify().faults()).isEmpty();
    }

    @Test
    void contradictoryLimits_areRefused() {
        assertThatThrownBy(() -> open(Retention.upTo(Duration.ofDays(30))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("PT720H")
                .hasMessageContaining("atLeast");
        assertThatThrownBy(() -> open(Retention.upToBytes(0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("0 bytes");
    }
}
