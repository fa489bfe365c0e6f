// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardedStream;
import io.github.incident4j.call.RailOptions;
import io.github.incident4j.call.StreamGuardBuilder;
import io.github.incident4j.call.SwappableGuardrail;
import io.github.incident4j.guardrail.RuleSet;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.text.TextRails;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.runtime.IncidentRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a text rail over a guarded stream while it runs: no time limit of its own, and rules that are
 * exchanged.
 */
class RailsOfRunningStreamsTest {
    private static final Cause CAUSE = Cause.by("on-call").because("a test");

    private final IncidentRuntime runtime =
            IncidentRuntime.builder().ephemeral().build();

    @AfterEach
    void close() {
        runtime.close();
    }

    private static TextRail hiding(String term) {
        return TextRail.builder("terms")
                .redact(TextRails.deniedTermRules(List.of(term)))
                .build();
    }

    private StreamGuardBuilder<String, String> chat() {
        return runtime.<String, String>guardStream("chat").callbackRoute("v1", (input, sink) -> sink.complete());
    }

    @Test
    void timeLimit_isAFaultOfTheConfiguration() {
        for (RailOptions limited : List.of(
                RailOptions.options().within(Duration.ofMillis(5)),
                RailOptions.options().cutOffAfter(Duration.ofMillis(5)))) {
            StreamGuardBuilder<String, String> builder =
                    chat().output(hiding("bluebird").forStream(), limited);
            assertThatThrownBy(builder::build)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("stream guardrail 'terms': it has no time limit of its own")
                    .hasMessageContaining("deadline(…)");
        }
    }

    @Test
    void exchangeOfRules_countsForTheNextStream_andIsARailOverTheWhole() throws Exception {
        SwappableGuardrail<String> swappable = SwappableGuardrail.of(
                "terms", RuleSet.of("own", hiding("bluebird")), RuleSet.of("strict", hiding("wren")));
        GuardedStream<String, String> stream = runtime.<String, String>guardStream("chat")
                .callbackRoute("v1", (input, sink) -> {
                    sink.next("blue");
                    swappable.use("strict", CAUSE);
                    sink.next("bird, wr");
                    sink.next("en. ");
                    sink.complete();
                })
                .output(swappable.overStream(rules -> TextRail.of(rules).forStream()))
                .build();
        List<String> got = new ArrayList<>();
        stream.forEach("input", CallContext.empty(), got::add);
        stream.forEach("input", CallContext.empty(), got::add);
        assertThat(String.join("", got)).isEqualTo("[DENIED_TERM], wren. bluebird, [DENIED_TERM]. ");
        assertThatThrownBy(() -> swappable.replace(RuleSet.of("whole", text -> Verdict.pass()), CAUSE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("it is no text rail, and judges whole texts only");
    }

    @Test
    void exchangeOfRules_countsForTheNextElement_andNotForARailOverTheWhole() throws Exception {
        SwappableGuardrail<String> swappable = SwappableGuardrail.of(
                "terms", RuleSet.of("own", hiding("bluebird")), RuleSet.of("strict", hiding("wren")));
        List<String> got = new ArrayList<>();
        runtime.<String, String>guardStream("chat")
                .callbackRoute("v1", (input, sink) -> {
                    sink.next("bluebird, wren, robin. ");
                    swappable.use("strict", CAUSE);
                    sink.next("bluebird, wren, robin. ");
                    sink.complete();
                })
                .element(swappable)
                .output(hiding("robin").forStream())
                .build()
                .forEach("input", CallContext.empty(), got::add);
        assertThat(String.join("", got))
                .isEqualTo("[DENIED_TERM], wren, [DENIED_TERM]. bluebird, [DENIED_TERM], [DENIED_TERM]. ");
    }
}
