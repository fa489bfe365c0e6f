// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.call.StreamLawProperties.End;
import io.github.incident4j.call.StreamLawProperties.Script;
import io.github.incident4j.call.StreamLawProperties.Scripted;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Finding;
import io.github.incident4j.runtime.IncidentRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a guardrail holds back, the reader gets what a straightforward reading of the promises says: all of a stream
 * that completes, of another one what had left before, and never more than it has asked for.
 */
class StreamOutputProperties {
    private static final Finding FINDING = new Finding("rule", "category", "message");

    private @Nullable IncidentRuntime runtime;
    private int guards;

    @BeforeProperty
    void open() {
        runtime = IncidentRuntime.builder().ephemeral().build();
    }

    @AfterProperty
    void close() {
        runtime().close();
    }

    private IncidentRuntime runtime() {
        return java.util.Objects.requireNonNull(runtime);
    }

    @Provide
    Arbitrary<Script> scripts() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 8), Arbitraries.of(End.COMPLETES, End.FAILS, End.IS_BLOCKED))
                .as(Script::new);
    }

    @Property(tries = 1_000)
    void streamWithAWindow_deliversWhatItsPromisesSay(
            @ForAll @Size(min = 1, max = 3) List<@From("scripts") Script> schedule,
            @ForAll boolean restarts,
            @ForAll @IntRange(max = 4) int window,
            @ForAll InFlight inFlight,
            @ForAll @IntRange(min = 1, max = 5) int chunk)
            throws Exception {
        StreamGuardBuilder<String, String> builder = runtime().guardStream("model-" + guards++);
        for (int i = 0; i < schedule.size(); i++) {
            String route = "r" + i;
            Script script = schedule.get(i);
            StreamCall<String, String> stream = input -> new Scripted(route, script);
            if (i == 0) {
                builder.route(route, stream);
            } else {
                builder.fallback(route, stream);
            }
        }
        builder.element(element -> element.equals("bad") ? Verdict.block(FINDING) : Verdict.pass())
                .output(new Window<>("window", window))
                .inFlight(inFlight)
                .withoutBreaker()
                .maxConcurrent(1);
        if (restarts) {
            builder.restartWith(failure -> "again");
        }
        GuardedStream<String, String> stream = builder.build();
        List<String> expected = new ArrayList<>();
        boolean answers = expect(schedule, restarts, window, expected);

        for (int call = 0; call < 2; call++) { // the second one needs the first one's permit
            StreamingCall<String> running = stream.open("input");
            Reader reader = new Reader(0);
            running.subscribe(reader);
            for (int asked = chunk; !reader.end.isDone() && asked < 100; asked += chunk) {
                reader.request(chunk);
                assertThat(reader.got).as("no more than was asked for").hasSizeLessThanOrEqualTo(asked);
            }
            Decision<StreamSummary> decision = running.decision().get(30, TimeUnit.SECONDS);
            assertThat(reader.got).isEqualTo(expected);
            assertThat(decision instanceof Decision.Answered).isEqualTo(answers);
            assertThat(reader.end().equals("complete")).isEqualTo(decision instanceof Decision.Answered);
        }
    }

    /** Collects what should come out; returns whether the stream completes. */
    private static boolean expect(List<Script> schedule, boolean restarts, int window, List<String> expected) {
        for (int i = 0; i < schedule.size(); i++) {
            Script script = schedule.get(i);
            if (!expected.isEmpty()) {
                if (!restarts) {
                    return false;
                }
                expected.add("again");
            }
            int held = script.end() == End.COMPLETES ? 0 : window;
            for (int k = 0; k < script.elements() - held; k++) {
                expected.add("r" + i + ":" + k);
            }
            if (script.end() == End.COMPLETES) {
                return true;
            }
        }
        return false;
    }

    @Property(tries = 300)
    void severalAtOnce_allArriveInTheirOrder(
            @ForAll @IntRange(max = 30) int elements,
            @ForAll @Size(max = 3) List<@IntRange(min = 1, max = 5) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 7) int chunk)
            throws Exception {
        StreamGuardBuilder<String, String> builder = runtime().guardStream("model-" + guards++);
        builder.route("r", input -> new Scripted("r", new Script(elements, End.COMPLETES)));
        for (int i = 0; i < sizes.size(); i++) {
            builder.output(new Batches<>("batches-" + i, sizes.get(i)));
        }
        StreamingCall<String> running = builder.build().open("input");
        Reader reader = new Reader(0);
        running.subscribe(reader);
        for (int asked = chunk; !reader.end.isDone() && asked < 100; asked += chunk) {
            reader.request(chunk);
            assertThat(reader.got).hasSize(Math.min(asked, elements));
        }
        assertThat(reader.end()).isEqualTo("complete");
        for (int i = 0; i < elements; i++) {
            assertThat(reader.got.get(i)).isEqualTo("r:" + i);
        }
    }
}
