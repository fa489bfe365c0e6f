// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.ForkedJvm;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.runtime.IncidentRuntime;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a call allocates that no switch can touch: nothing, if nothing is configured. */
class AllocationTest {
    private static final Cause CAUSE = CallTestBase.CAUSE;
    private static final int CALLS = 20_000;
    private static final Scope MODEL = Scope.model("model");

    /** Bytes for each call on this thread, once everything is loaded. */
    private static double allocatedBy(Runnable call) {
        com.sun.management.ThreadMXBean thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return (thread.getCurrentThreadAllocatedBytes() - before) / (double) CALLS;
    }

    static List<Consumer<IncidentRuntime>> switchesOfOthers() {
        return List.of(
                runtime -> {},
                runtime -> runtime.switches().kill(Scope.model("other").segment("tenant", "acme"), CAUSE),
                runtime -> runtime.switches().kill(MODEL.route("v9"), CAUSE),
                runtime -> runtime.switches().limit(MODEL.route("v9"), Limit.toShare(0.5), CAUSE));
    }

    @ParameterizedTest
    @MethodSource("switchesOfOthers")
    void switchesOfOtherModelsAndRoutes_costACallNoMemory(Consumer<IncidentRuntime> setting) {
        try (IncidentRuntime runtime = IncidentRuntime.builder().ephemeral().build()) {
            GuardedModel<String, String> model = runtime.<String, String>guard("model")
                    .route("v8", input -> input)
                    .withoutAuditTrail()
                    .withoutBreaker()
                    .build();
            setting.accept(runtime);
            assertThat(allocatedBy(() -> model.call("a"))).isLessThan(8);
        }
    }

    /** That what is measured would show. */
    @Test
    void switchOfThisRouteForOthers_costsMemory() {
        try (IncidentRuntime runtime = IncidentRuntime.builder().ephemeral().build()) {
            GuardedModel<String, String> model = runtime.<String, String>guard("model")
                    .route("v8", input -> input)
                    .withoutAuditTrail()
                    .withoutBreaker()
                    .build();
            runtime.switches().kill(MODEL.segment("tenant", "acme"), CAUSE);
            assertThat(allocatedBy(() -> model.call("a"))).isGreaterThan(8);
        }
    }

    /** A guard with several routes, of which the other one is killed. */
    @Test
    void killedFallback_costsThePrimaryNoMore() {
        try (IncidentRuntime runtime = IncidentRuntime.builder().ephemeral().build()) {
            GuardedModel<String, String> model = runtime.<String, String>guard("model")
                    .route("v8", input -> input)
                    .fallback("v7", input -> input)
                    .withoutAuditTrail()
                    .build();
            double before = allocatedBy(() -> model.call("a"));
            runtime.switches().kill(MODEL.route("v7"), CAUSE);
            assertThat(allocatedBy(() -> model.call("a"))).isLessThan(before + 8);
        }
    }

    /**
     * What resilience4j makes itself for a call, a result and its time, is not ours. The least of three processes: the
     * compiler keeps a call's state in registers, or, more rarely, it does not.
     */
    @ParameterizedTest
    @CsvSource({"limits, 8", "breaker-and-limits, 40"})
    void breakerAndLimits_costACallNoMemoryOfOurs(String what, double below) throws Exception {
        double least = Double.MAX_VALUE;
        for (int process = 0; process < 3 && least >= below; process++) {
            least = Math.min(least, bytesInAnotherProcess(what));
        }
        assertThat(least).isLessThan(below);
    }

    private static double bytesInAnotherProcess(String what) throws Exception {
        Process child = ForkedJvm.startTelling(AllocationChild.class, List.of(), what);
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        Matcher bytes = Pattern.compile("bytes a call: (\\d+)").matcher(said);
        assertThat(bytes.find()).as(said).isTrue();
        return Double.parseDouble(bytes.group(1));
    }
}
