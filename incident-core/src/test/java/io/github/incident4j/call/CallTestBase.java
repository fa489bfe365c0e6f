// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.runtime.IncidentRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A runtime for each test, and what tests of calls ask again and again. */
abstract class CallTestBase {
    static final Cause CAUSE = Cause.by("test").because("a test");
    static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    IncidentRuntime runtime;

    @BeforeEach
    void openRuntime() {
        runtime = IncidentRuntime.builder().directory(directory).build();
    }

    @AfterEach
    void closeRuntime() {
        runtime.close();
    }

    GuardBuilder<String, String> guard() {
        return runtime.guard("model");
    }

    static <O> String routeOf(Decision<O> decision) {
        assertThat(decision).isInstanceOf(Decision.Answered.class);
        return ((Decision.Answered<O>) decision).route();
    }

    static Failure failureOf(Decision<?> decision) {
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused<?>) decision).failure();
    }

    static List<String> skippedCodes(Decision<?> decision) {
        return decision.skipped().stream().map(each -> each.failure().code()).toList();
    }

    List<TrailRecord> records(String type) {
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        try (Stream<TrailRecord> records = runtime.trail().records()) {
            return records.filter(each -> each.type().equals(type)).toList();
        }
    }
}
