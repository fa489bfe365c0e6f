// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.LogOutput;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people put in, and what a model said that was stopped, stands in no log, decision or file afterwards. */
class DiscretionTest extends CallTestBase {
    private static final String INPUT = "input-4711";
    private static final String OUTPUT = "output-4712";
    private static final Finding FINDING = new Finding("rule", "pii", "a rule was hit");

    @RegisterExtension
    final LogOutput log = new LogOutput();

    private static Guardrail<String> throwing() {
        return value -> {
            throw new IllegalStateException("cannot judge " + value);
        };
    }

    private static Guardrail<String> blocking(String what) {
        return value -> value.contains(what) ? Verdict.block(FINDING) : Verdict.pass();
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        runtime.close(); // or files come and go while they are read
        assertThat(log.text()).doesNotContain(INPUT).doesNotContain(OUTPUT);
        assertThat(filesWith("\"model\"")).as("the search finds what is there").isNotEmpty();
        assertThat(filesWith(INPUT)).isEmpty();
        assertThat(filesWith(OUTPUT)).isEmpty();
    }

    private List<Path> filesWith(String what) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(what)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    /** What the library does log arrives here, so that the other tests would see more of it. */
    @Test
    void whatTheLibraryLogs_isSeen() {
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .recordException(thrown -> {
                            throw new IllegalStateException("predicate-4713");
                        })
                        .build())
                .build();
        assertThat(log.text()).doesNotContain("predicate-4713");
        assertThat(model.call("a question")).isEqualTo("old");
        assertThat(log.text())
                .contains("recordException of circuit breaker model/v2 threw")
                .contains("predicate-4713");
    }

    @Test
    void blockedInput_isNotLoggedAndBlocksNoLaterCall() throws IOException {
        GuardedModel<String, String> model =
                guard().route("v2", input -> "fine").input(blocking(INPUT)).build();
        Decision<String> refused = model.decide("tell me " + INPUT);
        assertThat(failureOf(refused)).isInstanceOf(Failure.InputBlocked.class);
        assertThat(refused.toString()).doesNotContain(INPUT);
        assertThat(model.call("another question"))
                .as("each call is judged by itself")
                .isEqualTo("fine");
        assertNothingIsLeft();
    }

    @Test
    void rejectedOutput_isNowhereAfterwards() throws IOException {
        GuardedModel<String, String> model = guard().route("v2", input -> OUTPUT)
                .fallback("v1", input -> "old")
                .output(blocking(OUTPUT))
                .build();
        Decision<String> decision = model.decide("a question");
        assertThat(routeOf(decision)).isEqualTo("v1");
        assertThat(decision.toString()).doesNotContain(OUTPUT);
        assertNothingIsLeft();
    }

    @Test
    void guardrailOrModelThatThrowsWithTheInputInItsMessage_leavesItToTheHostAlone() throws IOException {
        GuardedModel<String, String> guarded = guard().route("v2", input -> OUTPUT)
                .fallback("v1", input -> "old")
                .output(throwing())
                .build();
        assertThat(failureOf(guarded.decide(INPUT))).isInstanceOf(Failure.OutputBlocked.class);
        GuardedModel<String, String> failing = runtime.<String, String>guard("failing")
                .route("v2", input -> {
                    throw new IllegalStateException("cannot answer " + input);
                })
                .build();
        assertThat(failureOf(failing.decide(INPUT))).isInstanceOf(Failure.ModelError.class);
        assertNothingIsLeft();
    }
}
