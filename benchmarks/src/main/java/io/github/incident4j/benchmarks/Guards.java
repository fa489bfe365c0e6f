// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import static io.github.incident4j.detect.Detectors.groupDisparity;
import static io.github.incident4j.detect.Detectors.outputDrift;
import static io.github.incident4j.detect.Detectors.rate;
import static io.github.incident4j.guardrails.numeric.NumericRails.within;
import static io.github.incident4j.guardrails.text.TextRails.deniedTerms;

import io.github.incident4j.benchmarks.CreditModel.Application;
import io.github.incident4j.benchmarks.CreditModel.Score;
import io.github.incident4j.call.GuardBuilder;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.call.RouteOptions;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A runtime on a directory of its own, and in it one guard for each set of features. */
final class Guards implements AutoCloseable {
    private static final Duration REST = Duration.ofMinutes(1);
    private static final byte[] GAP = "trail.gap".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> DENIED = List.of("weapons", "casino chips", "crypto lottery");

    final GuardedModel<Application, Score> switchOnly;
    final GuardedModel<Application, Score> withTimeLimit;
    final GuardedModel<Application, Score> withBreaker;
    final GuardedModel<Application, Score> withRails;
    final GuardedModel<Application, Score> withAudit;
    final GuardedModel<Application, Score> everything;
    final GuardedModel<Application, Score> everythingAndText;

    private final CreditModel model;
    private final Path directory = Files.createTempDirectory("incident4j-benchmark");
    private final IncidentRuntime runtime =
            IncidentRuntime.builder().directory(directory).build();

    Guards(CreditModel model) throws IOException {
        this.model = model;
        switchOnly = guard("switch-only").withoutBreaker().withoutAuditTrail().build();
        withTimeLimit = runtime.<Application, Score>guard("time-limit")
                .route(
                        "v1",
                        model::score,
                        RouteOptions.<Application>options().interruptible().timeLimit(Duration.ofSeconds(1)))
                .withoutBreaker()
                .withoutAuditTrail()
                .build();
        withBreaker = guard("breaker").withoutAuditTrail().build();
        withRails = railed("rails").withoutAuditTrail().build();
        withAudit = railed("audit").build();
        everything = detected("everything").build();
        everythingAndText = detected("everything-and-text")
                .input(deniedTerms(Application::purpose, DENIED))
                .build();
    }

    private GuardBuilder<Application, Score> guard(String name) {
        return runtime.<Application, Score>guard(name).route("v1", model::score);
    }

    private GuardBuilder<Application, Score> railed(String name) {
        return guard(name)
                .input(within(0.0, 1e9, Application::income))
                .output(within(0.0, 1.0, Score::probabilityOfDefault));
    }

    private GuardBuilder<Application, Score> detected(String name) {
        return railed(name)
                .segment("ageBand", Application::ageBand)
                .detect(rate("denials", score -> !score.approved()))
                .detect(outputDrift(Score::probabilityOfDefault))
                .detect(groupDisparity("ageBand", Score::approved));
    }

    /** Waits until journal and detectors have done with everything so far. */
    void awaitRest() {
        if (!runtime.awaitQuiet(REST)) {
            throw new IllegalStateException("the runtime did not come to rest within " + REST);
        }
    }

    /** Closes the runtime and deletes its directory; fails if a record was lost, or an incident found in sound data. */
    @Override
    public void close() throws IOException {
        runtime.close();
        boolean incident = !runtime.incidents().all().isEmpty();
        boolean gap = false;
        byte[] buffer = new byte[1 << 16];
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                gap |= path.toString().endsWith(".jsonl") && hasGap(path, buffer);
                Files.delete(path);
            }
        }
        if (gap || incident) {
            throw new IllegalStateException("what was measured is not the usual way: "
                    + (gap ? "the trail has a gap" : "an incident was opened"));
        }
    }

    /** Allocates next to nothing, because JMH counts this thread's allocation as the last iteration's. */
    private static boolean hasGap(Path segment, byte[] buffer) throws IOException {
        try (InputStream bytes = Files.newInputStream(segment)) {
            int matched = 0;
            for (int length; (length = bytes.read(buffer)) > 0; ) {
                for (int i = 0; i < length; i++) {
                    // No byte but the first is the first one again, so a mismatch begins anew at most there.
                    matched = buffer[i] == GAP[matched] ? matched + 1 : buffer[i] == GAP[0] ? 1 : 0;
                    if (matched == GAP.length) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
