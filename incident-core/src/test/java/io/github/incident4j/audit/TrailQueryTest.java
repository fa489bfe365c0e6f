// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The questions of a bad night, asked of a trail of 2,000 decisions, one a second. */
class TrailQueryTest {
    private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
    private static final Instant CHANGE = START.plusSeconds(1_000);
    private static final int DECISIONS = 2_000;

    @TempDir
    Path directory;

    private final List<String> anchored = new CopyOnWriteArrayList<>();

    @BeforeEach
    void writeATrail() {
        AtomicReference<Instant> now = new AtomicReference<>(START);
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(directory)
                .time(TimeSource.following(now::get))
                .checkpointAnchor(anchored::add)
                .build()) {
            GuardedModel<Integer, String> model = runtime.<Integer, String>guard("credit")
                    .route("v2", input -> {
                        if (input >= 1_000 && input % 4 == 0) {
                            throw new IllegalStateException("broken");
                        }
                        return "yes";
                    })
                    .withoutBreaker()
                    .segment("age", input -> input % 4 == 0 ? "young" : "old")
                    .input(Guardrail.<Integer>require("not-13", input -> input != 13, "unlucky"))
                    .build();
            for (int i = 0; i < DECISIONS; i++) {
                now.set(START.plusSeconds(i));
                model.decide(i, CallContext.empty());
                assertThat(i % 500 != 499 || runtime.awaitQuiet(Duration.ofSeconds(30)))
                        .isTrue();
            }
            runtime.switches().kill(Scope.model("credit"), Cause.by("on-call").because("denies the young"));
        }
    }

    private AuditTrail trail() {
        return AuditTrail.in(directory);
    }

    private static List<Long> sequences(TrailQuery query) {
        try (Stream<TrailRecord> records = query.records()) {
            return records.map(TrailRecord::sequence).toList();
        }
    }

    @Test
    void incident_isFoundWithItsSignalsAndWhatBecameOfIt() {
        Path home = directory.resolve("incidents");
        try (IncidentRuntime runtime = IncidentRuntime.builder().directory(home).build()) {
            for (String name : List.of("first", "second")) {
                GuardedModel<String, Boolean> model = runtime.<String, Boolean>guard(name)
                        .route("v1", input -> false)
                        .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                                .baseline(0.1, 10_000)
                                .falseAlarmAtMostOncePer(1_000))
                        .build();
                for (int i = 0; i < 200; i++) {
                    model.call("a");
                }
                assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            }
            assertThat(runtime.incidents().open()).hasSize(2);
            runtime.incidents().resolve("inc-1", Cause.by("on-call").because("mended"));
        }
        List<String> types;
        try (Stream<TrailRecord> records =
                AuditTrail.in(home).query().incident("inc-1").records()) {
            types = records.map(TrailRecord::type).distinct().toList();
        }
        assertThat(types).contains("signal", "incident.opened").endsWith("incident.resolved");
        assertThat(AuditTrail.in(home)
                        .query()
                        .incident("inc-2")
                        .type("incident.opened")
                        .count())
                .isEqualTo(1);
        assertThat(AuditTrail.in(home)
                        .query()
                        .incident("inc-2")
                        .type("incident.resolved")
                        .count())
                .isZero();
        assertThat(AuditTrail.in(home).query().incident("inc").count()).isZero();
    }

    /** Damage costs the damaged record, and no other; DamagedLineTest looks at every byte. */
    @Test
    void damagedLine_hidesNoOtherAndIsTold() throws Exception {
        Path segment = directory.resolve("trail/log/00000000000000000000.jsonl");
        String log = Files.readString(segment);
        List<Long> before = sequences(trail().query());
        Files.writeString(segment, log.replaceFirst("\"outcome\":\"answered\"", "\"outcome\":\"Answered\""));
        List<String> told = new ArrayList<>();
        TrailQuery query = trail().query().reportingDamage(told::add);
        assertThat(sequences(query)).hasSize(before.size() - 1).isSubsetOf(before);
        assertThat(sequences(query.newestFirst())).hasSize(before.size() - 1);
        assertThat(told).hasSize(2).allMatch(each -> each.startsWith("log/") && each.contains("is damaged"));
        assertThat(trail().verify().faults()).hasSize(2);
    }

    /**
     * What is read of a file that grows can hold a later page and lack an earlier one, of which it then shows the
     * newlines that were there before. Here the first 256 records were asked for when a hole lay behind them.
     */
    @Test
    void pageThatWasReadBeforeItWasWritten_isReadAgain() throws Exception {
        Path segment = directory.resolve("trail/log/00000000000000000000.jsonl");
        byte[] written = Files.readAllBytes(segment);
        List<Long> all = sequences(trail().query());
        long begin = Files.readString(segment)
                .lines()
                .limit(260)
                .mapToLong(line -> line.length() + 1L)
                .sum();
        byte[] caught = written.clone();
        java.util.Arrays.fill(caught, (int) begin + 100, (int) begin + 1_000, (byte) '\n');
        Files.write(segment, caught);
        List<Long> seen = new ArrayList<>();
        try (Stream<TrailRecord> records = trail().query().records()) {
            records.forEach(each -> {
                if (seen.isEmpty()) {
                    overwrite(segment, written);
                }
                seen.add(each.sequence());
            });
        }
        assertThat(seen).isEqualTo(all);
    }

    private static void overwrite(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes, java.nio.file.StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everything_isThereOnceInBothOrders() {
        List<Long> all = sequences(trail().query());
        assertThat(all)
                .hasSizeGreaterThan(DECISIONS)
                .isEqualTo(LongStream.range(0, all.size()).boxed().toList());
        List<Long> reversed = new ArrayList<>(sequences(trail().query().newestFirst()));
        java.util.Collections.reverse(reversed);
        assertThat(reversed).isEqualTo(all);
        assertThat(sequences(trail().query().after(all.size() - 4L))).hasSize(3);
        assertThat(sequences(trail().query().after(-1))).isEqualTo(all);
    }

    @Test
    void time_isCutExactlyInBothOrders() {
        for (int from : List.of(0, 1, 255, 256, 257, 999, 1_999)) {
            TrailQuery query = trail().query()
                    .type("decision")
                    .from(START.plusSeconds(from))
                    .until(START.plusSeconds(from + 300));
            long expected = Math.min(300, DECISIONS - from);
            assertThat(query.count()).as("from second " + from).isEqualTo(expected);
            assertThat(query.newestFirst().count()).isEqualTo(expected);
            assertThat(query.first().orElseThrow().time()).isEqualTo(START.plusSeconds(from));
            assertThat(query.newestFirst().first().orElseThrow().time())
                    .isEqualTo(START.plusSeconds(from + expected - 1));
        }
        assertThat(trail().query().from(START.plusSeconds(90_000)).count()).isZero();
    }

    /** Whoever is given a bounded question cannot widen it. */
    @Test
    void timeThatIsGivenTwice_narrowsTwice() {
        TrailQuery hour =
                trail().query().type("decision").from(START.plusSeconds(300)).until(START.plusSeconds(600));
        assertThat(hour.from(START).until(START.plusSeconds(900)).count()).isEqualTo(300);
        assertThat(hour.from(START.plusSeconds(400))
                        .until(START.plusSeconds(500))
                        .count())
                .isEqualTo(100);
    }

    @Test
    void whoWasHarmedSinceWhen_isAnsweredByOneQuestionEach() {
        TrailQuery young = trail().query().type("decision").model("credit").segment("age", "young");
        assertThat(young.outcome("refused").first().orElseThrow().time()).isEqualTo(CHANGE);
        assertThat(young.outcome("refused").count()).isEqualTo(250);
        assertThat(trail().query().until(CHANGE).countBySegment("age"))
                .isEqualTo(Map.of("old", Map.of("answered", 749L, "refused", 1L), "young", Map.of("answered", 250L)));
        assertThat(trail().query().from(CHANGE).countBySegment("age"))
                .isEqualTo(Map.of("old", Map.of("answered", 750L), "young", Map.of("refused", 250L)));
        assertThat(trail().query().guardrail("not-13").count()).isEqualTo(1);
        assertThat(trail().query().route("v2").count()).isEqualTo(1_749);
        assertThat(trail().query()
                        .type("switch.")
                        .model("credit")
                        .first()
                        .orElseThrow()
                        .members())
                .containsEntry("type", "switch.killed");
        String id = String.valueOf(young.first().orElseThrow().members().get("id"));
        assertThat(trail().query().decision(id).count()).isEqualTo(1);
    }

    @Test
    void record_isProvedToSomebodyWhoHasNothingElse() {
        List<String> keys = trail().verifierKeys();
        for (long sequence : List.of(0L, 1L, 255L, 256L, 1_500L)) {
            InclusionProof proof = InclusionProof.parse(trail().prove(sequence).toJson());
            assertThat(proof.check(keys)).isEmpty();
            assertThat(proof.record()).startsWith("{\"seq\":" + sequence + ",");
            InclusionProof forged = new InclusionProof(
                    sequence,
                    proof.record().replace("answered", "refused "),
                    proof.aside(),
                    proof.hashes(),
                    proof.checkpoint());
            assertThat(forged.check(keys).isEmpty()).isEqualTo(forged.record().equals(proof.record()));
            assertThat(new InclusionProof(
                                    sequence + 1, proof.record(), proof.aside(), proof.hashes(), proof.checkpoint())
                            .check(keys))
                    .contains("not number");
            assertThat(proof.check(List.of())).contains("no known key");
        }
        assertThatThrownBy(() -> trail().prove(1_000_000))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("attests the records 0 to");
        assertThatThrownBy(() -> InclusionProof.parse("nonsense")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void growth_isProvedFromOneCheckpointToTheNext() {
        assertThat(anchored).isNotEmpty();
        List<String> keys = trail().verifierKeys();
        String earlier = anchored.get(0);
        ConsistencyProof proof =
                ConsistencyProof.parse(trail().proveSince(earlier).toJson());
        assertThat(proof.check(keys)).isEmpty();
        assertThat(trail().verify(keys, anchored).intact()).isTrue();
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory.resolve("other")).build()) {
            assertThat(runtime.incidents().open()).isEmpty();
        }
        String foreign = AuditTrail.in(directory.resolve("other")).checkpoint();
        assertThat(new ConsistencyProof(foreign, proof.later(), proof.hashes()).check(keys))
                .contains("no known key");
        assertThat(new ConsistencyProof(proof.earlier(), proof.later(), List.of()).check(keys))
                .isEqualTo(
                        proof.hashes().isEmpty()
                                ? ""
                                : "the later checkpoint does not attest what the earlier one does");
    }

    @Test
    void checkpoints_areAnchoredAndAnAnchorThatFailsHarmsNobody() {
        assertThat(anchored.get(anchored.size() - 1)).isEqualTo(trail().checkpoint());
        Path other = directory.resolve("other");
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(other)
                .checkpointAnchor(checkpoint -> {
                    throw new IllegalStateException("the anchor is away");
                })
                .checkpointAnchor(anchored::add)
                .build()) {
            assertThat(runtime.incidents().open()).isEmpty();
        }
        assertThat(AuditTrail.in(other).verify().intact()).isTrue();
        assertThat(anchored.get(anchored.size() - 1))
                .isEqualTo(AuditTrail.in(other).checkpoint());
    }

    @Test
    void key_canBeChangedWithBothSigningMeanwhile() throws Exception {
        List<String> old = trail().verifierKeys();
        String kept = trail().checkpoint();
        Path oldKey = directory.resolve("audit.key");
        Path newKey = directory.resolve("new.key");
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(directory)
                .auditSigner(AuditSigners.file(newKey))
                .auditSigner(AuditSigners.file(oldKey))
                .build()) {
            assertThat(runtime.incidents().open()).isEmpty();
        }
        List<String> both = trail().verifierKeys();
        assertThat(both).hasSize(2).containsAll(old);
        for (List<String> keys : List.of(old, List.of(both.get(0)), both)) {
            assertThat(trail().verify(keys, List.of()).faults()).isEmpty();
        }
        assertThatItOnlyGrewSince(kept, both);
        String overlapping = trail().checkpoint();
        Files.delete(oldKey);
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(directory)
                .auditSigner(AuditSigners.file(newKey))
                .build()) {
            assertThat(runtime.incidents().open()).isEmpty();
        }
        assertThat(trail().verify(List.of(both.get(0)), List.of()).faults()).isEmpty();
        assertThat(trail().verify(both, List.of(kept, overlapping)).faults()).isEmpty();
        assertThat(trail().query().type("trail.damage").count()).isZero();
        assertThatItOnlyGrewSince(kept, both);
        assertThatItOnlyGrewSince(overlapping, both);
    }

    /** The origin names the trail, whoever signs for it. */
    private void assertThatItOnlyGrewSince(String kept, List<String> keys) {
        assertThat(trail().checkpoint().lines().findFirst())
                .isEqualTo(kept.lines().findFirst());
        assertThat(trail().proveSince(kept).check(keys)).isEmpty();
    }

    @Test
    void checkpointThatIsNone_isNamedAsSuchWhereAProofIsAskedFor() throws Exception {
        for (String wrong : List.of("", "a text", "a text\n\nsigned by nobody\n")) {
            assertThatThrownBy(() -> trail().proveSince(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no checkpoint");
        }
        String kept = trail().checkpoint();
        Path checkpoint = directory.resolve("trail/checkpoint");
        Files.writeString(checkpoint, kept.replaceFirst("\n([0-9])", "\n1$1"));
        for (ThrowingCallable asked :
                List.<ThrowingCallable>of(() -> trail().prove(1), () -> trail().proveSince(kept))) {
            assertThatThrownBy(asked)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("the checkpoint cannot be trusted");
        }
    }
}
