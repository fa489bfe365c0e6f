// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a detector of findings that are let through makes of streams: what has left counts, for the route it left. */
class StreamFindingsTest extends CallTestBase {
    private static final Finding LEAK = new Finding("a-leak", "pii", "a name").severity(Severity.P2);
    private static final Finding WORSE = new Finding("worse", "denied", "worse");
    private static final int STREAMS = 60;

    private StreamGuardBuilder<String, String> chat() {
        return runtime.<String, String>guardStream("chat").withoutBreaker().detect(leaks());
    }

    private static Detection<Object, Object> leaks() {
        return Detectors.findingsLetThrough("leaks", IncidentType.PRIVACY, "pii")
                .baseline(0.01, 10_000)
                .falseAlarmAtMostOncePer(10_000);
    }

    private static StreamGuardBuilder.CallbackCall<String, String> says(String... elements) {
        return (input, sink) -> {
            for (String each : elements) {
                sink.next(each);
            }
            sink.complete();
        };
    }

    /** Finds a word, and flags or blocks the element that has it. */
    private record WordRail(String name, Verdict<String> verdict) implements Guardrail<String> {
        static final WordRail FLAGS = new WordRail("leak", Verdict.flag(LEAK));
        static final WordRail BLOCKS = new WordRail("worse", Verdict.block(WORSE));

        @Override
        public Verdict<String> check(String element) {
            return element.contains(name) ? verdict : Verdict.pass();
        }
    }

    /** Flags leaks, blocks what is worse, and holds each element back until the next one has come. */
    private static final class OneBehind implements StreamGuardrail<String> {
        @Override
        public String name() {
            return "one-behind";
        }

        @Override
        public Session<String> open() {
            return new Session<>() {
                private List<String> held = List.of();

                @Override
                public Step<String> next(String element) {
                    if (element.contains("worse")) {
                        return Step.<String>hold().block(WORSE); // with what is held back
                    }
                    Step<String> step = Step.pass(held);
                    held = List.of(element);
                    return step;
                }

                @Override
                public Step<String> end() {
                    return Step.pass(held);
                }
            };
        }
    }

    /** The routes that were signalled, after many streams of which each reader got the same. */
    private List<Object> blamedBy(StreamGuardBuilder<String, String> builder, String... expected) throws Exception {
        GuardedStream<String, String> stream = builder.build();
        for (int i = 0; i < STREAMS; i++) {
            Reader reader = new Reader(Long.MAX_VALUE);
            stream.open("q").subscribe(reader);
            reader.end();
            assertThat(reader.got).containsExactly(expected);
        }
        return records("signal").stream()
                .map(each -> Objects.requireNonNull(each.members().get("route")))
                .distinct()
                .toList();
    }

    @Test
    void elementThatIsFlaggedAndThenBlocked_isNobodysLeak() throws Exception {
        assertThat(blamedBy(
                        chat().callbackRoute("v2", says("a leak, and worse"))
                                .callbackFallback("v1", says("clean"))
                                .element(WordRail.FLAGS)
                                .element(WordRail.BLOCKS),
                        "clean"))
                .isEmpty();
    }

    @Test
    void flaggedElementThatHasLeft_countsAlsoWhereALaterOneIsBlocked() throws Exception {
        assertThat(blamedBy(
                        chat().callbackRoute("v2", says("a leak", "worse"))
                                .element(WordRail.FLAGS)
                                .element(WordRail.BLOCKS),
                        "a leak"))
                .containsExactly("v2");
    }

    @Test
    void flaggedElementBeforeARestart_countsForTheRouteThatGaveIt() throws Exception {
        assertThat(blamedBy(
                        chat().callbackRoute("v2", says("a leak", "worse"))
                                .callbackFallback("v1", says("clean"))
                                .element(WordRail.FLAGS)
                                .element(WordRail.BLOCKS)
                                .restartWith(failure -> "anew"),
                        "a leak",
                        "anew",
                        "clean"))
                .containsExactly("v2");
    }

    @Test
    void flaggedElementThatIsHeldBackUntilTheStreamIsBlocked_isNobodysLeak() throws Exception {
        assertThat(blamedBy(
                        chat().callbackRoute("v2", says("clean", "a leak", "worse"))
                                .element(WordRail.FLAGS)
                                .output(new OneBehind()),
                        "clean"))
                .isEmpty();
        assertThat(blamedBy(
                        runtime.<String, String>guardStream("other")
                                .callbackRoute("v2", says("a leak", "clean", "worse"))
                                .element(WordRail.FLAGS)
                                .output(new OneBehind())
                                .detect(leaks()),
                        "a leak"))
                .containsExactly("v2");
    }

    @Test
    void answeredStream_countsForItsRoute() throws Exception {
        assertThat(blamedBy(
                        chat().callbackRoute("v2", says("clean", "a leak")).element(WordRail.FLAGS), "clean", "a leak"))
                .containsExactly("v2");
    }
}
