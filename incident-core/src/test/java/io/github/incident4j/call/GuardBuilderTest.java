// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.incident4j.detect.Detectors;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.incident4j.runtime.RuntimeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardBuilderTest {
    @TempDir
    Path directory;

    @Test
    @SuppressWarnings("NullAway") // null where it must not be is what is tested
    void optionsOfARouteThatWereGivenNull_areFaults() {
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            GuardBuilder<String, String> builder = runtime.<String, String>guard("model")
                    .route(
                            "v1",
                            input -> input,
                            RouteOptions.<String>options()
                                    .timeLimit(null)
                                    .executor(null)
                                    .rateLimit(null)
                                    .accepting(null)
                                    .requestModel(null));
            assertThatThrownBy(builder::build)
                    .hasMessageContainingAll(Stream.of(
                                    "timeLimit", "executor", "rateLimit", "accepting", "requestModel")
                            .map(what -> "route 'v1': " + what + "(…) was given null; give it a value, or leave it out")
                            .toArray(String[]::new));
        }
    }

    @Test
    @SuppressWarnings("NullAway") // null where it must not be is what is tested
    void allFaults_areReportedAtOnce() {
        Guardrail<String> misconfigured = new Guardrail<>() {
            @Override
            public Verdict<String> check(String value) {
                return Verdict.pass();
            }

            @Override
            public List<String> faults() {
                return List.of("a limit of 7 is out of range; use 0 to 1");
            }
        };
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            GuardBuilder<String, String> builder = runtime.<String, String>guard("bad name!")
                    .fallback("v1", input -> input)
                    .fallback("v1", null)
                    .fallback("no good", input -> input)
                    .output(misconfigured)
                    .input(null)
                    .breaker(null)
                    .rateLimit(null)
                    .detect(Detectors.<String>rate("rate", String::isEmpty)
                            .falseAlarmAtMostOncePer(3)
                            .tolerance(2)
                            .warmUp(1))
                    .detect(Detectors.tokens())
                    .detect(Detectors.<String>groupDisparity("region", String::isEmpty));
            ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, builder::build);
            assertThat(refused.faults())
                    .anyMatch(fault -> fault.contains("model name 'bad name!'"))
                    .anyMatch(fault -> fault.contains("there is no route"))
                    .anyMatch(fault -> fault.contains("two of the name 'v1'"))
                    .anyMatch(fault -> fault.contains("'v1': the model call is null"))
                    .anyMatch(fault -> fault.contains("route name 'no good'"))
                    .anyMatch(fault -> fault.contains("a limit of 7 is out of range"))
                    .anyMatch(fault -> fault.contains("an input guardrail is null"))
                    .anyMatch(fault -> fault.contains("the breaker's configuration is null; withoutBreaker()"))
                    .anyMatch(fault -> fault.contains("one in 3 decisions"))
                    .anyMatch(fault -> fault.contains("tolerance of 2.0"))
                    .anyMatch(fault -> fault.contains("warm-up of 1"))
                    .anyMatch(fault -> fault.contains("watches tokens, but nobody tells"))
                    .anyMatch(fault -> fault.contains("'region', which is not declared"))
                    .anyMatch(fault -> fault.contains("the rate is null"))
                    .hasSize(14);
            assertThat(refused).hasMessageContaining("14 faults").hasMessageContaining("no good");
        }
    }

    @Test
    void secondGuardOfAName_isRefused() {
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            runtime.<String, String>guard("model").route("v1", input -> input).build();
            GuardBuilder<String, String> second =
                    runtime.<String, String>guard("model").route("v1", input -> input);
            assertThatThrownBy(second::build)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("already guards a model of that name");
        }
    }

    @Test
    void detectorsWithoutTrail_areRefused() {
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            GuardBuilder<String, String> builder = runtime.<String, String>guard("model")
                    .route("v1", input -> input)
                    .withoutAuditTrail()
                    .detect(Detectors.<String>rate("empty", String::isEmpty));
            assertThatThrownBy(builder::build).hasMessageContaining("detectors read the audit trail");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // null where it must not be is what is tested
    void runtimeWithoutDirectory_reportsAllItsFaults() {
        RuntimeBuilder builder =
                IncidentRuntime.builder().listener(null).maxWaitingDecisions(1).responsePlan(null);
        ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, builder::build);
        assertThat(refused.faults()).hasSize(4);
    }

    @Test
    void directoryBelowAFile_isAClearError() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        RuntimeBuilder builder = IncidentRuntime.builder().directory(file.resolve("var"));
        assertThatThrownBy(builder::build)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.resolve("var").toString())
                .hasMessageContaining("Choose a directory");
    }

    @Test
    void secondRuntimeOnADirectory_namesTheHolderAndHarmsNobody() {
        try (IncidentRuntime first =
                IncidentRuntime.builder().directory(directory).build()) {
            RuntimeBuilder second = IncidentRuntime.builder().directory(directory);
            assertThatThrownBy(second::build)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            GuardedModel<String, String> model = first.<String, String>guard("model")
                    .route("v1", input -> input)
                    .build();
            assertThat(model.call("a")).isEqualTo("a");
        }
    }
}
