// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.call.AuditOptions;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Label;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What turns out to be true of a decision: on record, and a reason for an incident. */
class FeedbackTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** A synthetic payment. */
    private record Payment(String customer, boolean fraud, double score) {}

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(17);

    private static IncidentRuntime runtime(Path directory) {
        return IncidentRuntime.builder().directory(directory).build();
    }

    private static GuardedModel<Payment, Boolean> guard(IncidentRuntime runtime) {
        return runtime.<Payment, Boolean>guard("fraud")
                .route("v1", payment -> payment.score() > 0.5)
                .withoutBreaker()
                .audit(AuditOptions.<Payment, Boolean>options().subject(Payment::customer))
                .detect(Detectors.<Boolean>recall(said -> said).warmUp(500))
                .falseAlarmAtMostOncePer(100_000)
                .build();
    }

    private Decision<Boolean> decide(GuardedModel<Payment, Boolean> model, boolean fraud, double found) {
        return model.decide(new Payment(
                "customer-" + random.nextInt(100), fraud, fraud && random.nextDouble() < found ? 0.9 : 0.1));
    }

    /** Decides, and has the labels come in the next run of the process. */
    private List<DecisionId> decide(IncidentRuntime runtime, int decisions, double found) {
        GuardedModel<Payment, Boolean> model = guard(runtime);
        List<DecisionId> frauds = new ArrayList<>();
        for (int i = 0; i < decisions; i++) {
            boolean fraud = random.nextBoolean();
            DecisionId id = decide(model, fraud, found).id();
            if (fraud) {
                frauds.add(id);
            }
        }
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        return frauds;
    }

    private static void tell(IncidentRuntime runtime, List<DecisionId> frauds) {
        frauds.forEach(
                id -> assertThat(runtime.feedback("fraud", id, Label.of(true))).isTrue());
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
    }

    @Test
    void labels_judgeDecisionsOfEarlierRuns() {
        List<DecisionId> frauds;
        try (IncidentRuntime runtime = runtime(directory)) {
            frauds = decide(runtime, 1_500, 0.9);
        }
        try (IncidentRuntime runtime = runtime(directory)) {
            guard(runtime);
            tell(runtime, frauds);
            assertThat(runtime.incidents().open()).isEmpty();
        }
        try (IncidentRuntime runtime = runtime(directory)) {
            frauds = decide(runtime, 500, 0.4);
            assertThat(runtime.incidents().open())
                    .as("without labels nothing shows")
                    .isEmpty();
        }
        try (IncidentRuntime runtime = runtime(directory)) {
            guard(runtime);
            tell(runtime, frauds);
            Incident incident = runtime.incidents().open().get(0);
            assertThat(incident.type()).isEqualTo(IncidentType.PERFORMANCE);
            assertThat(incident.timeline().get(0).what())
                    .contains("'recall' fell from ")
                    .contains("; labels came ");
        }
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    @Test
    void label_standsBehindItsDecision_sealed() {
        DecisionId id;
        try (IncidentRuntime runtime = runtime(directory)) {
            id = decide(guard(runtime), true, 1).id();
            assertThat(runtime.feedback("fraud", id, Label.of("true"))).isTrue();
        }
        try (Stream<TrailRecord> records = AuditTrail.in(directory)
                .query()
                .decision(id.toString())
                .unsealed()
                .records()) {
            List<TrailRecord> found = records.toList();
            assertThat(found).extracting(TrailRecord::type).containsExactly("decision", "feedback");
            assertThat(found.get(1).members()).containsEntry("model", "fraud").doesNotContainKey("label");
            assertThat(found.get(1).side().members()).containsEntry("label", "true");
        }
    }

    @Test
    void labelOfAPerson_isErasedWithTheDecision() {
        try (IncidentRuntime runtime = runtime(directory)) {
            DecisionId id =
                    guard(runtime).decide(new Payment("customer-1", true, 0.9)).id();
            runtime.feedback("fraud", id, Label.of(true).about("customer-1"));
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            runtime.erase("customer-1", Cause.by("privacy").because("asked for"));
            try (Stream<TrailRecord> records =
                    runtime.trail().query().type("feedback").unsealed().records()) {
                assertThat(records.toList())
                        .singleElement()
                        .satisfies(record -> assertThat(record.side().members()).isEmpty());
            }
        }
    }

    @Test
    void feedbackOnAModelThatNobodyGuards_isRefusedByName() {
        try (IncidentRuntime runtime = runtime(directory)) {
            guard(runtime);
            assertThatThrownBy(() -> runtime.feedback("frued", new DecisionId(1, 1), Label.of(true)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no model 'frued' is guarded by this runtime, but [fraud]; build its guard before"
                            + " feedback is given");
        }
    }

    @Test
    void feedbackAfterTheEnd_isNotTaken() {
        IncidentRuntime runtime = runtime(directory);
        DecisionId id = decide(guard(runtime), true, 1).id();
        runtime.close();
        assertThat(runtime.feedback("fraud", id, Label.of(true))).isFalse();
    }

    @Test
    void labels_areNamesOfClasses() {
        assertThatThrownBy(() -> Label.of(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name the class");
        assertThatThrownBy(() -> Label.of("x".repeat(257)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("but this one has 257");
        assertThatThrownBy(() -> Label.of(true).about(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("subject of a label is blank");
    }
}
