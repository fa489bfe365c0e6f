// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
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

    /** A synthetic applicant. */
    private record Applicant(String housing, double income, boolean denied) {}

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(11);

    private static GuardedModel<Applicant, String> guard(IncidentRuntime runtime) {
        return runtime.<Applicant, String>guard("credit")
                .route("v1", applicant -> applicant.denied() ? "denied" : "approved")
                .withoutBreaker()
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

    @Test
    void whatAPersonTellsDetectors_isOnRecordAndOutlastsTheProcess() {
        Cause release = Cause.by("release-train").because("features 4.2");
        try (IncidentRuntime runtime = runtime(directory)) {
            GuardedModel<Applicant, String> model = guard(runtime);
            decide(runtime, model, WARM_UP + 300, "rent");
            assertThatThrownBy(() -> runtime.detectors().maintenance("credit", release))
                    .hasMessageContaining("needs an end");
            runtime.detectors()
                    .maintenance("credit", release.until(Instant.now().plusSeconds(3_600)));
            decide(runtime, model, 200, "A151");
            assertThat(open(runtime)).isEmpty();
        }
        try (IncidentRuntime runtime = runtime(directory)) {
            GuardedModel<Applicant, String> model = guard(runtime);
            decide(runtime, model, 200, "A151");
            assertThat(open(runtime)).isEmpty();
            runtime.detectors().maintenance("credit", release.until(Instant.EPOCH));
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
