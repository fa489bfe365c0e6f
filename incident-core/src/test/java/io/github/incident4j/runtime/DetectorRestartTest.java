// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Scope;
import io.github.incident4j.response.RampPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What detectors know outlasts the process, by the trail alone. */
class DetectorRestartTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int WARM_UP = 1_000;
    private static final Cause RELEASE = Cause.by("release-train").because("features 4.2");

    /** A synthetic applicant. */
    private record Applicant(String housing, double income, boolean denied) {}

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(11);

    private static GuardedModel<Applicant, String> guard(IncidentRuntime runtime) {
        return runtime.<Applicant, String>guard("credit")
                .route("v1", applicant -> applicant.denied() ? "denied" : "approved")
                .withoutBreaker()
                .segment("housing", Applicant::housing)
                .detect(Detectors.<String>rate("denials", "denied"::equals)
                        .warmUp(WARM_UP)
                        .falseAlarmAtMostOncePer(100_000))
                .detect(Detectors.inputCategories("housing", Applicant::housing)
                        .warmUp(WARM_UP)
                        .falseAlarmAtMostOncePer(100_000))
                .detect(Detectors.inputDrift("income", Applicant::income)
                        .warmUp(WARM_UP)
                        .falseAlarmAtMostOncePer(100_000))
                .build();
    }

    private void decide(IncidentRuntime runtime, GuardedModel<Applicant, String> model, int times, String housing) {
        for (int i = 0; i < times; i++) {
            model.decide(new Applicant(
                    random.nextInt(10) < 7 ? "own" : housing, random.nextDouble(), random.nextInt(10) < 3));
            if (i % 100 == 99) {
                assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            }
        }
    }

    private static List<Incident> open(IncidentRuntime runtime) {
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        return runtime.incidents().open();
    }

    @Test
    void baselines_areKnownAfterARestart() {
        for (int run = 0; run < 3; run++) { // the warm-up itself is interrupted, too
            try (IncidentRuntime runtime = runtime(directory)) {
                decide(runtime, guard(runtime), 400, "rent");
                assertThat(open(runtime)).isEmpty();
            }
        }
        try (IncidentRuntime runtime = runtime(directory)) {
            decide(runtime, guard(runtime), 200, "A151");
            Incident incident = open(runtime).get(0);
            assertThat(incident.type()).isEqualTo(IncidentType.DATA_QUALITY);
            assertThat(incident.timeline().get(0).what())
                    .contains("'housing' changed: other categories, the last one 'A151', rose from 0.0 %");
        }
        assertThat(AuditTrail.in(directory).verify().faults()).isEmpty();
    }

    /** Everything since the last state is read again: numbers, categories and who answered. */
    @Test
    void decisionsBeforeACrash_areNotForgotten() throws Exception {
        Path crashed = directory.resolve("crashed");
        try (IncidentRuntime runtime = runtime(directory.resolve("first"))) {
            GuardedModel<Applicant, String> model = guard(runtime);
            decide(runtime, model, WARM_UP + 300, "rent");
            decide(runtime, model, 20, "A151");
            assertThat(open(runtime)).isEmpty();
            copy(directory.resolve("first"), crashed);
            decide(runtime, model, 100, "A151");
            assertThat(open(runtime)).as("with what was seen before").isNotEmpty();
        }
        try (IncidentRuntime runtime = runtime(crashed)) {
            GuardedModel<Applicant, String> model = guard(runtime);
            decide(runtime, model, 100, "A151");
            Incident incident = open(runtime).get(0);
            assertThat(incident.timeline().get(0).what()).containsPattern("since about decision 1[23]\\d\\d");
        }
    }

    /** A person kills a segment; the deployments that follow see the rest of the traffic. */
    @Test
    void segmentThatIsKilled_isNoHarmNeitherNowNorAfterARestart() {
        Scope owners = Scope.model("credit").route("v1").segment("housing", "own");
        try (IncidentRuntime runtime = runtime(directory)) {
            GuardedModel<Applicant, String> model = guard(runtime);
            decide(runtime, model, WARM_UP + 300, "rent");
            runtime.switches().kill(owners, RELEASE);
            decide(runtime, model, 500, "rent");
            assertThat(open(runtime)).isEmpty();
        }
        try (IncidentRuntime runtime = runtime(directory)) {
            GuardedModel<Applicant, String> model = guard(runtime);
            decide(runtime, model, 500, "rent");
            runtime.ramps().start(owners, RampPlan.standard(), RELEASE);
            decide(runtime, model, 1_500, "rent");
            assertThat(runtime.ramps().open())
                    .as("1 % of them has undone nothing")
                    .hasSize(1);
            assertThat(open(runtime)).isEmpty();
        }
        try (IncidentRuntime runtime = runtime(directory)) {
            GuardedModel<Applicant, String> model = guard(runtime);
            runtime.switches().restore(owners, RELEASE);
            decide(runtime, model, 300, "rent");
            assertThat(open(runtime)).isEmpty();
            decide(runtime, model, 200, "A151");
            assertThat(open(runtime)).as("watched again").isNotEmpty();
        }
    }

    /** What a person has resolved before a crash is not found again after it. */
    @Test
    void incidentThatWasResolvedBeforeACrash_isNotOpenedAgain() throws Exception {
        Path crashed = directory.resolve("crashed");
        try (IncidentRuntime runtime = runtime(directory.resolve("first"))) {
            GuardedModel<Applicant, String> model = guard(runtime);
            decide(runtime, model, WARM_UP + 300, "rent");
            decide(runtime, model, 100, "A151");
            Incident incident = open(runtime).get(0);
            Eventually.until(() -> AuditTrail.in(directory.resolve("first"))
                            .query()
                            .type("detectors.told")
                            .count()
                    > 0);
            runtime.incidents().resolve(incident.id(), RELEASE);
            decide(runtime, model, 100, "rent");
            assertThat(open(runtime)).isEmpty();
            copy(directory.resolve("first"), crashed);
        }
        try (IncidentRuntime runtime = runtime(crashed)) {
            decide(runtime, guard(runtime), 100, "rent");
            assertThat(open(runtime)).isEmpty();
        }
    }

    @Test
    void whatAPersonTellsDetectors_isOnRecordAndOutlastsTheProcess() {
        try (IncidentRuntime runtime = runtime(directory)) {
            GuardedModel<Applicant, String> model = guard(runtime);
            decide(runtime, model, WARM_UP + 300, "rent");
            assertThatThrownBy(() -> runtime.detectors().maintenance("credit", RELEASE))
                    .hasMessageContaining("needs an end");
            runtime.detectors()
                    .maintenance("credit", RELEASE.until(Instant.now().plusSeconds(3_600)));
            decide(runtime, model, 200, "A151");
            assertThat(open(runtime)).isEmpty();
        }
        try (IncidentRuntime runtime = runtime(directory)) {
            GuardedModel<Applicant, String> model = guard(runtime);
            decide(runtime, model, 200, "A151");
            assertThat(open(runtime)).isEmpty();
            runtime.detectors().maintenance("credit", RELEASE.until(Instant.EPOCH));
            decide(runtime, model, 200, "A151");
            assertThat(open(runtime)).isNotEmpty();
        }
        try (Stream<TrailRecord> records = AuditTrail.in(directory).records()) {
            assertThat(records.map(TrailRecord::type)).contains("detectors.maintenance", "signal.maintenance");
        }
    }

    private static IncidentRuntime runtime(Path home) {
        return IncidentRuntime.builder().directory(home).build();
    }

    /** As a crash leaves it. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
