// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A reader that is slow, stalls or never asks says nothing of the model. */
class SlowReaderTest extends CallTestBase {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final CircuitBreakerConfig OPENS_AT_ONCE = CircuitBreakerConfig.custom()
            .slidingWindowSize(1)
            .minimumNumberOfCalls(1)
            .slowCallDurationThreshold(SLOW)
            .slowCallRateThreshold(100)
            .build();

    private StreamGuardBuilder<String, String> chat() {
        return runtime.<String, String>guardStream("chat").breaker(OPENS_AT_ONCE);
    }

    private static Decision<StreamSummary> decisionOf(StreamingCall<String> call) throws Exception {
        return call.decision().get(30, TimeUnit.SECONDS);
    }

    private static Failure opened(GuardedStream<String, String> stream, Reader reader) throws Exception {
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        return failureOf(decisionOf(call));
    }

    @Test
    void readerThatAsksForNothing_isNotTheModelsTime() throws Exception {
        GuardedStream<String, String> stream = chat().route("v2", input -> new Hand())
                .timeToFirst(Duration.ofMillis(1))
                .deadline(SHORT)
                .build();
        for (int i = 0; i < 2; i++) { // by an open breaker the second one would not be opened
            assertThat(opened(stream, new Reader(0))).isEqualTo(new Failure.TimedOut(SHORT, false));
        }
        assertThat(opened(stream, new Reader(1)))
                .as("the time of a model that was asked")
                .isEqualTo(new Failure.TimedOut(Duration.ofMillis(1), true));
        assertThat(opened(stream, new Reader(1))).isInstanceOf(Failure.BreakerOpen.class);
    }

    @Test
    void timeToTheFirst_beginsWhenItIsAskedForLater() throws Exception {
        GuardedStream<String, String> stream =
                chat().route("v2", input -> new Hand()).timeToFirst(SHORT).build();
        StreamingCall<String> call = stream.open("a");
        Reader reader = new Reader(0);
        call.subscribe(reader);
        reader.request(1);
        assertThat(failureOf(decisionOf(call))).isEqualTo(new Failure.TimedOut(SHORT, true));
    }

    @Test
    void readerThatStalls_isNotTheModelsFailure() throws Exception {
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    sink.next("one");
                    sink.next("two");
                    sink.complete();
                })
                .deadline(SHORT)
                .build();
        for (int i = 0; i < 2; i++) {
            assertThat(opened(stream, new Reader(1))).isEqualTo(new Failure.TimedOut(SHORT, false));
        }
    }

    @Test
    void readerThatIsBusyAtTheDeadline_isNotTheModelsFailure() throws Exception {
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    sink.next("one");
                    sink.next("two");
                    sink.complete();
                })
                .deadline(SHORT)
                .build();
        for (int i = 0; i < 2; i++) {
            long late = System.nanoTime() + 2 * SHORT.toNanos();
            Reader busy = new Reader(10) {
                @Override
                public void onNext(String element) {
                    super.onNext(element);
                    Eventually.until(() -> System.nanoTime() > late);
                }
            };
            assertThat(opened(stream, busy)).isEqualTo(new Failure.TimedOut(SHORT, false));
        }
    }

    @Test
    void streamWhoseGuardrailHoldsBack_isTheModelsTimeWhileItIsAsked() throws Exception {
        GuardedStream<String, String> stream = chat().route("v2", input -> new Hand())
                .output(new Window<>("window", 1))
                .deadline(SHORT)
                .build();
        for (int i = 0; i < 2; i++) {
            assertThat(opened(stream, new Reader(0))).isEqualTo(new Failure.TimedOut(SHORT, false));
        }
        assertThat(opened(stream, new Reader(1))).isEqualTo(new Failure.TimedOut(SHORT, true));
        assertThat(opened(stream, new Reader(1))).isInstanceOf(Failure.BreakerOpen.class);
    }

    @Test
    void slowCalls_areThoseOfSlowModelsAndNotOfSlowReaders() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        Runnable aWhile = () -> now.updateAndGet(before -> before.plus(SLOW).plusMillis(1));
        runtime.close();
        runtime = IncidentRuntime.builder()
                .ephemeral()
                .time(TimeSource.following(now::get))
                .build();
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    if (input.equals("hard")) {
                        aWhile.run();
                    }
                    sink.next("one");
                    sink.next("two");
                    sink.complete();
                })
                .build();
        for (int i = 0; i < 2; i++) {
            Reader late = new Reader(0);
            StreamingCall<String> call = stream.open("easy");
            call.subscribe(late);
            aWhile.run();
            late.request(1);
            aWhile.run();
            late.request(1);
            Decision.Answered<StreamSummary> decision = (Decision.Answered<StreamSummary>) decisionOf(call);
            assertThat(decision.output().timeToFirst())
                    .as("from when it was asked for")
                    .contains(Duration.ZERO);
            Decision<StreamSummary> slow = stream.forEach("easy", CallContext.empty(), element -> aWhile.run());
            assertThat(routeOf(slow)).isEqualTo("v2");
        }
        assertThat(routeOf(stream.forEach("hard", CallContext.empty(), element -> {})))
                .isEqualTo("v2");
        assertThat(failureOf(stream.forEach("easy", CallContext.empty(), element -> {})))
                .as("the model itself was slow")
                .isInstanceOf(Failure.BreakerOpen.class);
    }
}
