// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.SideRecord.State;
import io.github.incident4j.call.AuditOptions;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardBuilder;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.call.PayloadEncoder;
import io.github.incident4j.call.PayloadPolicy;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TokenUsage;
import io.github.incident4j.model.TraceContext;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is recorded of people, who can read it, and how it goes away. */
class ErasureTest {
    private static final Cause REQUEST = Cause.by("privacy-desk").because("request 2026-17");
    private static final PayloadEncoder<CharSequence> TEXT = PayloadEncoder.text();

    @TempDir
    Path directory;

    private IncidentRuntime open() {
        return IncidentRuntime.builder()
                .directory(directory)
                .maxWaitingDecisions(1 << 18) // nothing is dropped on a busy machine
                .build();
    }

    /** Inputs are "person: prompt". */
    private static GuardedModel<String, String> model(
            IncidentRuntime runtime, PayloadPolicy<? super String> input, PayloadPolicy<? super String> output) {
        return builder(runtime, input, output).build();
    }

    private static GuardBuilder<String, String> builder(
            IncidentRuntime runtime, PayloadPolicy<? super String> input, PayloadPolicy<? super String> output) {
        return runtime.<String, String>guard("assistant")
                .route("v1", prompt -> "answer to " + prompt)
                .segment("group", prompt -> "group-of-" + person(prompt))
                .audit(AuditOptions.<String, String>options()
                        .subject(ErasureTest::person)
                        .input(input)
                        .output(output));
    }

    private static String person(String prompt) {
        return prompt.substring(0, prompt.indexOf(':'));
    }

    private AuditTrail trail() {
        return AuditTrail.in(directory);
    }

    private List<TrailRecord> decisions() {
        try (Stream<TrailRecord> records =
                trail().query().type("decision").unsealed().records()) {
            return records.toList();
        }
    }

    /** Every byte of the trail's folder; the secrets lie beside it. */
    private String trailFolder() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory.resolve("trail"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void nothingOfPeople_standsInPlainTextInTheTrail() throws IOException {
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = builder(runtime, PayloadPolicy.full(TEXT), PayloadPolicy.full(TEXT))
                    .detect(Detectors.<String>rate("long", answer -> answer.length() > 100))
                    .build();
            model.call("alice-4711: my secret illness");
            model.call("bob-0815: nothing");
        }
        assertThat(trailFolder()).contains("assistant").doesNotContain("alice", "bob-0815", "illness", "group-of");
        List<TrailRecord> decisions = decisions();
        assertThat(decisions).hasSize(2);
        SideRecord side = decisions.get(0).side();
        assertThat(side.state()).isEqualTo(State.OPENED);
        assertThat(side.subject()).contains("alice-4711");
        assertThat(side.input()).contains("alice-4711: my secret illness");
        assertThat(side.output()).contains("answer to alice-4711: my secret illness");
        assertThat(decisions.get(0).segment("group")).contains("group-of-alice-4711");
        assertThat(decisions.get(0).values()).containsOnlyKeys("long");
        long states = trail().query().type("detector.state").count();
        assertThat(states).isPositive();
        assertThat(trail().verify().sides()).isEqualTo(new Verification.Sides(2 + states, 0, 0));
    }

    @Test
    void erasedPerson_isGoneWhileEverythingStillProves() throws IOException {
        long alices;
        InclusionProof before;
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.full(TEXT), PayloadPolicy.digest(TEXT));
            model.call("alice: one");
            model.call("bob: two");
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            alices = decisions().get(0).sequence();
        }
        before = trail().prove(alices);
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.full(TEXT), PayloadPolicy.digest(TEXT));
            model.call("alice: three");
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            assertThat(trail().query().subject("alice").count()).isEqualTo(2);
            assertThat(runtime.erase("alice", REQUEST)).isEqualTo(1);
            assertThat(trail().query().subject("alice").count()).isZero();
            assertThat(runtime.erase("alice", REQUEST)).as("again").isZero();
            model.call("alice: four, after the request");
        }
        assertThat(decisions())
                .extracting(each -> each.side().state())
                .containsExactly(State.ERASED, State.OPENED, State.ERASED, State.OPENED);
        assertThat(trail().query().subject("bob").count()).isEqualTo(1);
        assertThat(trail().query().subject("alice").count())
                .as("what came later")
                .isEqualTo(1);
        Verification verification = trail().verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(2, 2, 0));
        assertThat(trail().prove(alices).record()).isEqualTo(before.record());
        assertThat(trail().query().type("subject.erased").first().orElseThrow().members())
                .containsEntry("by", "privacy-desk")
                .containsEntry("secrets", 1)
                .doesNotContainValue("alice");
        assertThat(trail().query().type("subject.erasing").count()).isEqualTo(1);
        assertThat(trail().query().countBySegment("group")).containsKeys("group-of-bob", TrailQuery.UNREADABLE);
    }

    /** Segments are of 65,536 records; each has secrets of its own. */
    @Test
    void erasure_reachesEverySegmentOfTheLog() {
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            GuardedModel<String, String> filler = runtime.<String, String>guard("filler")
                    .route("v1", input -> input)
                    .build();
            for (int segment = 0; segment < 2; segment++) {
                model.call("alice: " + segment);
                model.call("bob: " + segment);
                for (int i = 0; i < 66_000; i++) {
                    filler.call("x");
                }
            }
            model.call("alice: the last");
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            assertThat(trail().query().subject("alice").count()).isEqualTo(3);
            assertThat(runtime.erase("alice", REQUEST)).as("segments").isEqualTo(3);
        }
        assertThat(trail().query().subject("alice").count()).isZero();
        assertThat(trail().query().subject("bob").count()).isEqualTo(2);
        assertThat(trail().verify().sides()).isEqualTo(new Verification.Sides(2, 3, 0));
    }

    @Test
    void evidenceHold_keepsPeopleFromBeingErasedAlsoAfterARestart() {
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: one");
            runtime.evidence()
                    .hold(
                            "authority-17",
                            Instant.now().minusSeconds(60),
                            Cause.by("legal").because("reported"));
        }
        try (IncidentRuntime runtime = open()) {
            assertThatThrownBy(() -> runtime.erase("alice", REQUEST))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("authority-17")
                    .hasMessageContaining("legal");
            assertThat(runtime.evidence()
                            .release("authority-17", Cause.by("legal").because("closed")))
                    .isTrue();
            assertThat(runtime.evidence()
                            .release("authority-17", Cause.by("legal").because("closed")))
                    .isFalse();
            assertThat(runtime.erase("alice", REQUEST)).isEqualTo(1);
        }
        try (IncidentRuntime runtime = open()) {
            assertThat(runtime.evidence().active()).isEmpty();
        }
    }

    @Test
    void whatThePolicyMakesImpossible_failsAndNamesThePolicy() {
        try (IncidentRuntime runtime = open()) {
            runtime.<String, String>guard("bare")
                    .route("v1", input -> input)
                    .build()
                    .call("alice: one");
            assertThatThrownBy(() -> runtime.erase("alice", REQUEST))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("AuditOptions.subject");
            assertThatThrownBy(() -> runtime.erase(" ", REQUEST)).isInstanceOf(IllegalArgumentException.class);
        }
        long decision = decisions().get(0).sequence();
        assertThatThrownBy(() -> trail().isInput(decision, "alice: one"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("policy")
                .hasMessageContaining("PayloadPolicy.digest");
    }

    @ParameterizedTest
    @EnumSource(PayloadKind.class)
    void policies_keepWhatTheySayAndNoMore(PayloadKind kind) throws IOException {
        Guardrail<String> noIllness = prompt -> prompt.contains("illness")
                ? Verdict.rewrite(prompt.replace("illness", "[health]"), new Finding("health", "health", "replaced"))
                : Verdict.pass();
        PayloadPolicy<String> policy = switch (kind) {
            case NONE -> PayloadPolicy.none();
            case DIGEST -> PayloadPolicy.digest(TEXT);
            case REDACTED -> PayloadPolicy.redacted(TEXT, List.of(noIllness));
            case FULL -> PayloadPolicy.full(TEXT);
        };
        try (IncidentRuntime runtime = open()) {
            model(runtime, policy, PayloadPolicy.none()).call("alice: my illness");
        }
        TrailRecord decision = decisions().get(0);
        assertThat(trailFolder()).doesNotContain("illness", "[health]");
        switch (kind) {
            case NONE -> {
                assertThat(decision.side().input()).isEmpty();
                assertThat(decision.members()).doesNotContainKey("input_digest");
            }
            case DIGEST -> {
                assertThat(decision.side().input()).isEmpty();
                assertThat(trail().isInput(decision.sequence(), "alice: my illness"))
                        .isTrue();
                assertThat(trail().isInput(decision.sequence(), "alice: my Illness"))
                        .isFalse();
            }
            case REDACTED -> {
                assertThat(decision.side().input()).contains("alice: my [health]");
                assertThatThrownBy(() -> trail().isInput(decision.sequence(), "alice: my illness"))
                        .hasMessageContaining("redacted");
            }
            case FULL -> {
                assertThat(decision.side().input()).contains("alice: my illness");
                assertThat(trail().isInput(decision.sequence(), "alice: my illness"))
                        .isTrue();
                assertThat(trail().isInput(decision.sequence(), "something else"))
                        .isFalse();
            }
        }
    }

    /** The model may change what it is given; the record has what it saw. */
    @Test
    void input_isEncodedBeforeTheModelSeesIt() {
        try (IncidentRuntime runtime = open()) {
            runtime.<StringBuilder, String>guard("careless")
                    .route("v1", input -> {
                        input.setLength(0);
                        return "done";
                    })
                    .input(value -> Verdict.rewrite(
                            new StringBuilder(value).append(", checked"), new Finding("r", "c", "rewritten")))
                    .audit(AuditOptions.<StringBuilder, String>options()
                            .input(PayloadPolicy.full(StringBuilder::toString)))
                    .build()
                    .call(new StringBuilder("question"));
        }
        assertThat(decisions().get(0).side().input()).contains("question, checked");
    }

    @Test
    void payloadThatCannotBeHad_costsNeitherTheCallNorTheRecord() {
        Guardrail<String> blocks = prompt -> Verdict.block(new Finding("all", "all", "blocked"));
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = runtime.<String, String>guard("m")
                    .route("v1", input -> "x".repeat(100))
                    .audit(AuditOptions.<String, String>options()
                            .subject(input -> {
                                throw new IllegalStateException("nobody");
                            })
                            .input(PayloadPolicy.full(input -> {
                                throw new IOException("no encoder today");
                            }))
                            .output(PayloadPolicy.<String>full(TEXT).atMost(10)))
                    .build();
            assertThat(model.call("a")).hasSize(100);
            runtime.<String, String>guard("withheld")
                    .route("v1", input -> input)
                    .audit(AuditOptions.<String, String>options()
                            .input(PayloadPolicy.redacted(TEXT, List.of(blocks.named("strict")))))
                    .build()
                    .call("b");
        }
        TrailRecord decision = decisions().get(0);
        assertThat(decision.members().get("payload_fault"))
                .isEqualTo("input: java.io.IOException; output: cut at 10 of 100 characters");
        assertThat(decision.side().output()).contains("x".repeat(10));
        assertThat(decision.side().subject()).isEmpty();
        assertThat(decisions().get(1).members().get("payload_fault")).isEqualTo("input: withheld by guardrail strict");
        assertThat(decisions().get(1).side().input()).isEmpty();
    }

    @Test
    void bigPayloads_doNotGrowTheLine() throws IOException {
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.full(TEXT), PayloadPolicy.none()).call("alice: " + "long ".repeat(100_000));
        }
        assertThat(decisions().get(0).side().input().orElseThrow()).hasSize(500_007);
        try (Stream<Path> segments = Files.list(directory.resolve("trail/log"))) {
            for (Path segment : segments.toList()) {
                assertThat(Files.readAllLines(segment))
                        .allSatisfy(line -> assertThat(line.length()).isLessThan(65_535));
            }
        }
        assertThat(trail().verify().intact()).isTrue();
    }

    @Test
    void sideRecordThatIsChangedOrRemoved_isFound() throws IOException {
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            model.call("alice: one");
            model.call("bob: two");
        }
        Path side = directory.resolve("trail/side/00000000000000000000.jsonl");
        byte[] whole = Files.readAllBytes(side);
        for (int i = 0; i < whole.length - 1; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            Files.write(side, changed);
            assertThat(trail().verify().faults())
                    .as("a bit of byte %d is flipped", i)
                    .hasSizeBetween(1, 2)
                    .allMatch(fault -> fault.contains("side record"));
        }
        List<String> lines = Files.readAllLines(side);
        Files.write(side, List.of(lines.get(1), lines.get(0)));
        assertThat(trail().verify().intact()).as("swapped").isFalse();
        Files.delete(side);
        assertThat(trail().verify().faults()).as("removed").hasSize(2);
    }

    /** Damage costs the damaged side record, and no other when the trail is opened again. */
    @Test
    void sideRecordThatIsDamaged_costsNoOtherWhenTheTrailGoesOn() throws IOException {
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            for (String person : List.of("alice", "bob", "carol")) {
                model.call(person + ": one");
            }
        }
        Path side = directory.resolve("trail/side/00000000000000000000.jsonl");
        List<String> lines = Files.readAllLines(side);
        byte[] bytes = Files.readAllBytes(side);
        bytes[lines.get(0).length() + 20] ^= 1;
        Files.write(side, bytes);
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("dave: two");
        }
        assertThat(decisions())
                .extracting(each -> each.side().state())
                .containsExactly(State.OPENED, State.DAMAGED, State.OPENED, State.OPENED);
        assertThat(trail().verify().faults())
                .as("the damage, and the record of it")
                .hasSize(2)
                .anyMatch(fault -> fault.contains("1 of the side records are damaged"));
    }

    @Test
    void secretsThatAreGone_areAFaultAndLeaveNewOnesReadable() throws IOException {
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: one");
        }
        Files.delete(directory.resolve("subjects/00000000000000000000.keys"));
        assertThat(trail().verify().faults()).as("before a restart").hasSize(1);
        for (String prompt : List.of("alice: two", "alice: three")) {
            try (IncidentRuntime runtime = open()) {
                model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call(prompt);
            }
        }
        assertThat(decisions())
                .extracting(each -> each.side().state())
                .containsExactly(State.DAMAGED, State.OPENED, State.OPENED);
        assertThat(trail().query().type("trail.damage").first().orElseThrow().members())
                .containsEntry("segment", "subjects/00000000000000000000.keys");
        assertThat(trail().verify().faults())
                .as("after restarts")
                .hasSizeGreaterThanOrEqualTo(2)
                .anyMatch(fault -> fault.contains("its side record is missing"))
                .anyMatch(fault -> fault.contains("of 1 side records the secrets are lost or damaged"));
    }

    /** A switch of a segment names its value; the record of a decision that it stopped must not. */
    @Test
    void killOfASegment_putsNoValueIntoTheLineOfADecision() throws IOException {
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            runtime.switches().kill(Scope.model("assistant").segment("group", "group-of-alice"), REQUEST);
            assertThat(model.decide("alice: one")).isInstanceOf(Decision.Refused.class);
        }
        String log = Files.readString(directory.resolve("trail/log/00000000000000000000.jsonl"));
        assertThat(log.lines().filter(line -> line.contains("\"type\":\"decision\"")))
                .singleElement()
                .asString()
                .contains("\"scope\":\"assistant\"")
                .doesNotContain("group-of-alice");
        assertThat(decisions().get(0).side().members().toString()).contains("assistant[group=group-of-alice]");
    }

    @Test
    void payloadThatWasCut_provesNothing() {
        try (IncidentRuntime runtime = open()) {
            model(
                            runtime,
                            PayloadPolicy.none(),
                            PayloadPolicy.<String>full(TEXT).atMost(10))
                    .call("alice: one");
        }
        long decision = decisions().get(0).sequence();
        assertThatThrownBy(() -> trail().isOutput(decision, "answer to "))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("longer");
    }

    @Test
    void evidenceThatIsDestroyedByHand_isNoErasure() throws IOException {
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            model.call("alice: one");
            model.call("bob: two");
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            assertThat(runtime.erase("alice", REQUEST)).isEqualTo(1);
        }
        assertThat(trail().verify().faults()).isEmpty();
        Path secrets = directory.resolve("subjects/00000000000000000000.keys");
        byte[] whole = Files.readAllBytes(secrets);
        byte[] destroyed = whole.clone();
        java.util.Arrays.fill(destroyed, 107, 213, (byte) '-');
        Files.write(secrets, destroyed);
        assertThat(trail().verify().faults().toString()).contains("2 secrets are destroyed", "erasure of 1 only");
        Files.delete(secrets);
        assertThat(trail().verify().faults()).as("removed").hasSize(2);
        Files.write(secrets, whole);
        assertThat(trail().verify().faults()).isEmpty();
    }

    @Test
    void indexThatHidesRecords_isFound() throws IOException {
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: one");
        }
        Path index = directory.resolve("trail/index/00000000000000000000.json");
        assertThat(trail().verify().faults()).isEmpty();
        String sound = Files.readString(index);
        long records = trail().query().newestFirst().count();
        Files.writeString(index, sound.replaceFirst("T[0-9]", "Tx"));
        assertThat(trail().query().newestFirst().count()).as("it is damaged").isEqualTo(records);
        assertThat(trail().verify().faults().toString()).contains("index");
        Files.writeString(index, sound.replace("\"v\":2", "\"v\":1").replaceFirst("\"blocks\":.*", "\"blocks\":[]}"));
        assertThat(trail().query().newestFirst().count()).as("it hides them").isZero();
        assertThat(trail().verify().faults().toString()).contains("index");
    }

    /** What can be reached is erased, the rest is named, and is erased as soon as the key is back. */
    @Test
    void lostTagKey_keepsErasureFromNothingButWhatIsFiledUnderIt() throws IOException {
        Path key = directory.resolve("subjects/tag.key");
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: one");
        }
        byte[] lost = Files.readAllBytes(key);
        Files.delete(key);
        long next;
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            model.call("alice: two");
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            assertThat(runtime.incidents().open()).hasSize(1);
            next = Long.parseLong(newestSegment().substring(0, 20));
            for (int secrets : List.of(1, 0)) { // and again
                assertThatThrownBy(() -> runtime.erase("alice", REQUEST))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining(secrets + " secrets of this person are destroyed")
                        .hasMessageContaining("may still be readable")
                        .hasMessageContaining("records 0 to " + (next - 1) + " (subjects/00000000000000000000.keys)")
                        .hasMessageContaining("tag.key");
            }
            assertThat(trail().query().type("subject.erased").count())
                    .as("what is erased is on record")
                    .isEqualTo(1);
            model.call("bob: three");
        }
        assertThat(decisions())
                .extracting(each -> each.side().state())
                .containsExactly(State.OPENED, State.ERASED, State.OPENED);
        Files.write(key, lost);
        assertThat(trail().query().subject("alice").count()).isEqualTo(1);
        assertThat(trail().query().subject("bob").count()).isEqualTo(1);
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("carol: four");
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            assertThat(runtime.erase("alice", REQUEST)).isEqualTo(1);
            assertThat(runtime.erase("bob", REQUEST)).isEqualTo(1);
            assertThat(newestSegment()).as("no third key").startsWith(String.format("%020d", next));
        }
        assertThat(decisions())
                .extracting(each -> each.side().state())
                .containsExactly(State.ERASED, State.ERASED, State.ERASED, State.OPENED);
        assertThat(trail().verify().faults()).singleElement().asString().contains("opening the trail found damage");
    }

    private String newestSegment() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("trail/log"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .max(String::compareTo)
                    .orElseThrow();
        }
    }

    /** A key that an opening has begun before the right one came back is none of the segment that goes on. */
    @Test
    void tagKeyThatIsBackAtOnce_leavesEachSegmentUnderOneKey() throws IOException {
        Path key = directory.resolve("subjects/tag.key");
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: one");
        }
        byte[] lost = Files.readAllBytes(key);
        Files.writeString(directory.resolve("subjects/tag.key.00000000000000000001"), "ab".repeat(32));
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: two");
        }
        Files.delete(key);
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("carol: three");
            assertThatThrownBy(() -> runtime.erase("alice", REQUEST))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("1 secrets of this person are destroyed")
                    .hasMessageContaining("(subjects/00000000000000000000.keys)");
        }
        Files.write(key, lost);
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("carol: four");
            assertThat(runtime.erase("alice", REQUEST)).isEqualTo(1);
        }
    }

    /** Who asks about a time must not wait for what lies outside it, nor for segments in which nobody is left. */
    @Test
    void subjectQuery_readsNoSegmentThatCannotAnswerIt() throws IOException {
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: one");
        }
        Files.move(directory.resolve("subjects/tag.key"), directory.resolve("elsewhere"));
        Instant later;
        try (IncidentRuntime runtime = open()) { // begins another segment
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            later = Instant.now();
            model.call("bob: two");
        }
        assertThat(trail().query().from(later).subject("bob").count())
                .as("the segment before is filed under a key that is not here")
                .isEqualTo(1);
        assertThatThrownBy(() -> trail().query().subject("bob").count()).isInstanceOf(IllegalStateException.class);
        Files.move(directory.resolve("elsewhere"), directory.resolve("subjects/tag.key"));
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            assertThat(runtime.erase("alice", REQUEST)).isEqualTo(1);
        }
        Path segment = directory.resolve("trail/log/00000000000000000000.jsonl");
        Files.delete(segment);
        Files.createDirectory(segment); // fails when it is read
        assertThat(trail().query().subject("bob").count()).isEqualTo(1);
    }

    /** A backup of the secrets brings back who was erased since. */
    @Test
    void secretsThatComeBack_areFound() throws IOException {
        Path secrets = directory.resolve("subjects/00000000000000000000.keys");
        byte[] backup;
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            model.call("alice: one");
            model.call("bob: two");
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            runtime.erase("nobody", REQUEST); // forces
            backup = Files.readAllBytes(secrets);
            assertThat(runtime.erase("alice", REQUEST)).isEqualTo(1);
        }
        assertThat(trail().verify().faults()).isEmpty();
        Files.write(secrets, backup);
        assertThat(trail().verify().faults())
                .singleElement()
                .asString()
                .contains("1 secrets that were destroyed are there again");
        try (IncidentRuntime runtime = open()) {
            assertThat(runtime.erase("alice", REQUEST)).isEqualTo(1);
        }
        assertThat(trail().verify().faults()).isEmpty();
    }

    /** A copy under the same name is another file, of which who writes knows nothing. */
    @Test
    void secretsThatAreReplacedWhileTheServiceRuns_areNotSaidToBeErased() throws IOException {
        Path secrets = directory.resolve("subjects/00000000000000000000.keys");
        Path copy = directory.resolve("copy.keys");
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: one");
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            runtime.erase("nobody", REQUEST); // forces
            Files.copy(secrets, copy);
            Files.move(copy, secrets, StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> runtime.erase("alice", REQUEST)).isInstanceOf(UncheckedIOException.class);
            assertThat(trail().query().subject("alice").type("decision").count())
                    .as("still there, and nobody says otherwise")
                    .isEqualTo(1);
            int erased = 0;
            for (long end = System.nanoTime() + 30_000_000_000L; erased == 0 && System.nanoTime() < end; ) {
                try {
                    erased = runtime.erase("alice", REQUEST);
                } catch (UncheckedIOException e) {
                    Thread.onSpinWait(); // until the trail goes on in a new segment
                }
            }
            assertThat(erased).isPositive();
        }
        assertThat(trail().query().subject("alice").type("decision").count()).isZero();
    }

    @Test
    void erasureDuringAVerification_isNoTampering() {
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            model.call("alice: one");
            for (int i = 0; i < 4_100; i++) {
                model.call("bob: two");
            }
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            List<Integer> erased = new ArrayList<>();
            Verification verification = trail().verify(List.of(), List.of(), read -> {
                if (erased.isEmpty()) {
                    erased.add(runtime.erase("alice", REQUEST));
                }
            });
            assertThat(erased).containsExactly(1);
            assertThat(verification.faults()).isEmpty();
        }
    }

    @Test
    void tagKeyThatIsNoKeyAnyMore_keepsNobodyFromOpeningTheTrail() throws IOException {
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: one");
        }
        Path key = directory.resolve("subjects/tag.key");
        byte[] rotten = Files.readAllBytes(key);
        rotten[7] ^= (byte) 0x80;
        Files.write(key, rotten);
        assertThat(trail().verify().faults()).singleElement().asString().contains("tag.key");
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: two");
            assertThatThrownBy(() -> runtime.erase("alice", REQUEST))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("may still be readable");
            assertThat(runtime.incidents().open()).hasSize(1);
        }
        assertThat(directory.resolve("subjects/tag.key.broken")).hasBinaryContent(rotten);
    }

    @Test
    void firstDecisionsDuringErasures_areNoTampering() throws Exception {
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = model(runtime, PayloadPolicy.none(), PayloadPolicy.none());
            for (int i = 0; i < 20; i++) {
                String person = "person-" + i;
                Thread caller = new Thread(() -> model.call(person + ": one"));
                caller.start();
                runtime.erase(person, REQUEST);
                caller.join();
            }
        }
        assertThat(decisions()).hasSize(20);
        assertThat(trail().verify().faults()).isEmpty();
    }

    /**
     * A rotten digit, or the key of another trail: nobody is found under it, which must not look as if there were
     * nobody.
     */
    @Test
    void otherTagKey_isNoticedByOpeningVerifyQueryAndErase() throws IOException {
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: one");
        }
        assertThat(trail().verify().faults()).isEmpty();
        Path key = directory.resolve("subjects/tag.key");
        String right = Files.readString(key);
        String wrong = (right.startsWith("0") ? "1" : "0") + right.substring(1);
        Files.writeString(key, wrong);
        assertThat(trail().verify().faults()).singleElement().asString().contains("tag.key");
        assertThatThrownBy(() -> trail().query().subject("alice").count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tag.key");
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: two");
            assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
            Eventually.until(() -> !runtime.incidents().open().isEmpty()); // it is opened on a thread of its own
            assertThat(runtime.incidents().open())
                    .singleElement()
                    .satisfies(each -> assertThat(each.finding()).contains("tag.key"));
            assertThatThrownBy(() -> runtime.erase("alice", REQUEST))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("00000000000000000000.keys")
                    .hasMessageContaining("tag.key");
        }
        assertThat(decisions()).extracting(each -> each.side().state()).containsExactly(State.OPENED, State.ERASED);
        Files.writeString(key, right); // over the other one, under which nobody was filed
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("bob: three");
            assertThat(runtime.erase("alice", REQUEST)).isEqualTo(1);
            assertThat(runtime.erase("alice", REQUEST)).as("nobody is left").isZero();
        }
        assertThat(decisions())
                .extracting(each -> each.side().state())
                .containsExactly(State.ERASED, State.ERASED, State.OPENED);
        assertThat(trail().query().subject("bob").count()).isEqualTo(1);
        assertThat(trail().verify().faults()).singleElement().asString().contains("opening the trail found damage");
    }

    @Test
    void copyWithoutSecrets_verifiesAndSaysThatPartsAreLocked() throws IOException {
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none()).call("alice: one");
        }
        Files.move(directory.resolve("subjects"), directory.resolve("elsewhere"));
        Verification verification = trail().verify();
        assertThat(verification.intact()).isTrue();
        assertThat(verification.sides()).isEqualTo(new Verification.Sides(0, 0, 1));
        assertThat(decisions().get(0).side().state()).isEqualTo(State.LOCKED);
        assertThatThrownBy(() -> trail().query().subject("alice").count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("subjects");
    }

    @Test
    void callContext_outranksWhatTheGuardReads() {
        try (IncidentRuntime runtime = open()) {
            model(runtime, PayloadPolicy.none(), PayloadPolicy.none())
                    .decide("alice: one", CallContext.empty().subject("carol"));
        }
        assertThat(trail().query().subject("carol").count()).isEqualTo(1);
        assertThat(trail().query().subject("alice").count()).isZero();
    }

    @Test
    void traceTokensAndModelName_areRecordedUnderTheirStandardNames() {
        AtomicReference<@Nullable TraceContext> current = new AtomicReference<>();
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(directory)
                .traceContext(current::get)
                .build()) {
            GuardedModel<String, String> model = runtime.<String, String>guard("assistant")
                    .route(
                            "v1",
                            prompt -> prompt,
                            io.github.incident4j.call.RouteOptions.<String>options()
                                    .requestModel("gpt-4o-2024-08-06"))
                    .audit(AuditOptions.<String, String>options().usage(answer -> new TokenUsage(12, answer.length())))
                    .build();
            current.set(TraceContext.parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                    .orElseThrow());
            model.call("abc");
            current.set(null);
            model.call("abcd");
        }
        List<TrailRecord> decisions = decisions();
        assertThat(decisions.get(0).members())
                .containsEntry("gen_ai.request.model", "gpt-4o-2024-08-06")
                .containsEntry("gen_ai.usage.input_tokens", 12)
                .containsEntry("gen_ai.usage.output_tokens", 3)
                .containsEntry("trace_id", "0af7651916cd43dd8448eb211c80319c")
                .containsEntry("span_id", "b7ad6b7169203331")
                .containsKey("config")
                .containsKey("mono_ns");
        assertThat(decisions.get(1).members()).doesNotContainKey("trace_id");
        assertThat(trail().query().trace("0af7651916cd43dd8448eb211c80319c").count())
                .isEqualTo(1);
        assertThat(trail().query().type("guard.built").first().orElseThrow().members())
                .containsEntry("config", decisions.get(0).members().get("config"));
    }

    @Test
    void wrongOptions_areNamedTogether() {
        try (IncidentRuntime runtime = open()) {
            assertThatThrownBy(() -> runtime.<String, String>guard("m")
                            .route("v1", input -> input)
                            .audit(AuditOptions.<String, String>options()
                                    .input(PayloadPolicy.redacted(TEXT, List.of()))
                                    .output(PayloadPolicy.<String>full(TEXT).atMost(0)))
                            .build())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("redacts nothing")
                    .hasMessageContaining("at most 0 characters");
        }
    }
}
