// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.RefusedException;
import io.github.incident4j.model.Scope;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedStreamTest extends CallTestBase {
    private static final Finding FINDING = new Finding("rule", "category", "message");
    private static final Scope ROUTE = Scope.model("chat").route("v2");

    private StreamGuardBuilder<String, String> chat() {
        return runtime.guardStream("chat");
    }

    private static StreamGuardBuilder.CallbackCall<String, String> saying(String... words) {
        return (input, sink) -> {
            for (String word : words) {
                sink.next(word);
            }
            sink.complete();
        };
    }

    private Decision<StreamSummary> read(GuardedStream<String, String> stream, List<String> into) throws Exception {
        return stream.forEach("a", CallContext.empty(), into::add);
    }

    private TrailRecord record() {
        List<TrailRecord> decisions = records("decision");
        assertThat(decisions).as("one call, one record").hasSize(1);
        return decisions.get(0);
    }

    @Test
    void stream_isPassedOnMeasuredAndRecorded() throws Exception {
        GuardedStream<String, String> stream =
                chat().callbackRoute("v2", saying("one", "two", "three")).build();
        List<String> got = new CopyOnWriteArrayList<>();
        Decision.Answered<StreamSummary> decision = (Decision.Answered<StreamSummary>) read(stream, got);
        assertThat(got).containsExactly("one", "two", "three");
        assertThat(decision.output().elements()).isEqualTo(3);
        assertThat(decision.output().timeToFirst()).isPresent();
        assertThat(record().members())
                .containsEntry("outcome", "answered")
                .containsEntry("elements", 3)
                .containsKey("first_element_ns");
    }

    @Test
    void failureBeforeTheFirstElement_isReplacedAndNobodyNotices() throws Exception {
        GuardedStream<String, String> stream = chat().callbackRoute("v3", (input, sink) -> {
                    throw new IOException("at once");
                })
                .fallback("v2", input -> new Hand() {
                    @Override
                    public void subscribe(Flow.Subscriber<? super String> subscriber) {
                        subscriber.onSubscribe(this);
                        subscriber.onError(new IOException("later"));
                    }
                })
                .fallback("v1", input -> subscriber -> {
                    Hand hand = new Hand();
                    hand.subscribe(subscriber);
                    hand.to().onNext("old");
                    hand.to().onComplete();
                })
                .build();
        List<String> got = new CopyOnWriteArrayList<>();
        Decision<StreamSummary> decision = read(stream, got);
        assertThat(got).containsExactly("old");
        assertThat(routeOf(decision)).isEqualTo("v1");
        assertThat(skippedCodes(decision)).containsExactly("model-error", "model-error");
        record();
    }

    /** As with whole answers: nobody has interrupted the one who reads. */
    @Test
    void interruptOfTheModelsThread_isALimitOfItsRoute() throws Exception {
        for (Throwable end : List.of(new InterruptedException("the pool"), new IOException("the flag is set"))) {
            Hand hand = new Hand();
            GuardedStream<String, String> stream = runtime.<String, String>guardStream(
                            end.getClass().getSimpleName())
                    .route("v2", input -> hand)
                    .fallback("v1", input -> new Hand() {
                        @Override
                        public void request(long n) {
                            to().onNext("interrupted: " + Thread.currentThread().isInterrupted());
                            to().onComplete();
                        }
                    })
                    .build();
            StreamingCall<String> call = stream.open("a");
            Reader reader = new Reader(10);
            call.subscribe(reader);
            Thread own = new Thread(() -> {
                Thread.currentThread().interrupt();
                hand.to().onError(end);
            });
            own.start();
            assertThat(reader.end()).isEqualTo("complete");
            assertThat(reader.got).containsExactly("interrupted: false");
            Decision<StreamSummary> decision = call.decision().get(30, TimeUnit.SECONDS);
            assertThat(routeOf(decision)).isEqualTo("v1");
            assertThat(skippedCodes(decision)).containsExactly("limited");
            own.join();
        }
    }

    /** Nor is it one of the guardrails that judge on that thread, or of the route that follows. */
    @Test
    void interruptOfTheModelsThread_isNoneOfWhatFollowsAnElement() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> hand)
                .fallback("v1", input -> new Hand() {
                    @Override
                    public void request(long n) {
                        to().onNext("interrupted: " + Thread.currentThread().isInterrupted());
                        to().onComplete();
                    }
                })
                .element(
                        value -> value.equals("bad")
                                ? Verdict.block(new Finding("rule", "category", "message"))
                                : Verdict.pass(),
                        RailOptions.options().cutOffAfter(Duration.ofSeconds(30)))
                .build();
        StreamingCall<String> call = stream.open("a");
        Reader reader = new Reader(10);
        call.subscribe(reader);
        AtomicBoolean kept = new AtomicBoolean();
        Thread own = new Thread(() -> {
            Thread.currentThread().interrupt();
            hand.to().onNext("bad");
            kept.set(Thread.currentThread().isInterrupted());
        });
        own.start();
        own.join();
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(reader.got).containsExactly("interrupted: false");
        assertThat(skippedCodes(call.decision().get(30, TimeUnit.SECONDS))).containsExactly("output-blocked");
        assertThat(kept).as("the thread's own interrupt").isTrue();
    }

    @Test
    void failureAfterTheFirstElement_endsByTheModelsOwnError() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> hand)
                .fallback("v1", input -> subscriber -> {
                    throw new AssertionError("nobody asked for this route");
                })
                .build();
        StreamingCall<String> call = stream.open("a");
        Reader reader = new Reader(10);
        call.subscribe(reader);
        hand.to().onNext("one");
        IOException own = new IOException("the connection broke");
        hand.to().onError(own);
        assertThat(reader.got).containsExactly("one");
        assertThat(reader.end()).isEqualTo("error " + own);
        Decision.Refused<StreamSummary> decision =
                (Decision.Refused<StreamSummary>) call.decision().get();
        assertThat(decision.partial())
                .hasValueSatisfying(summary -> assertThat(summary.elements()).isEqualTo(1));
        assertThat(record().members()).containsEntry("outcome", "refused").containsEntry("elements", 1);
    }

    @Test
    void failureAfterTheFirstElement_beginsAnewMarkedWhereTheOwnerWantsIt() throws Exception {
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    sink.next("one");
                    sink.fail(new IOException("broke"));
                })
                .fallback("v1", input -> subscriber -> {
                    Hand hand = new Hand();
                    hand.subscribe(subscriber);
                    hand.to().onNext("eins");
                    hand.to().onNext("zwei");
                    hand.to().onComplete();
                })
                .restartWith(failure -> "[again: " + failure.code() + "]")
                .build();
        List<String> got = new CopyOnWriteArrayList<>();
        Decision.Answered<StreamSummary> decision = (Decision.Answered<StreamSummary>) read(stream, got);
        assertThat(got).containsExactly("one", "[again: model-error]", "eins", "zwei");
        assertThat(decision.output().restarts()).isOne();
        assertThat(decision.output().elements()).isEqualTo(3);
    }

    @Test
    void ruleThatHangs_isStoppedByItsTimeLimit() throws Exception {
        Hand silent = new Hand();
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    throw new IOException("broken");
                })
                .ruleFallback(
                        "rule", input -> silent, RouteOptions.<String>options().timeLimit(Duration.ofMillis(20)))
                .endWith(failure -> "end")
                .build();
        StreamingCall<String> call = stream.open("a");
        Reader reader = new Reader(10);
        call.subscribe(reader);
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(reader.got).containsExactly("end");
        assertThat(skippedCodes(call.decision().get(30, TimeUnit.SECONDS))).containsExactly("model-error", "timed-out");
        Eventually.until(silent.cancelled::get);
    }

    private StreamGuardBuilder<String, String> breakingAfterOne(StreamCall<String, String> next) {
        return chat().callbackRoute("v2", (input, sink) -> {
                    sink.next("one");
                    sink.fail(new IOException("broke"));
                })
                .fallback("v1", next)
                .restartWith(failure -> "again");
    }

    @Test
    void restart_waitsUntilItsMarkerIsAskedFor() throws Exception {
        Hand second = new Hand();
        StreamingCall<String> call = breakingAfterOne(input -> second).build().open("a");
        Reader reader = new Reader(1);
        call.subscribe(reader);
        assertThat(reader.got).containsExactly("one");
        assertThat(reader.end).isNotDone();
        assertThat(second.subscriber).as("nothing begins anew before").hasValue(null);
        reader.request(1);
        assertThat(reader.got).containsExactly("one", "again");
        assertThat(second.asked).isZero();
        reader.request(1);
        assertThat(second.asked).isOne();
        second.to().onNext("eins");
        second.to().onComplete();
        assertThat(reader.got).containsExactly("one", "again", "eins");
        assertThat(reader.end()).isEqualTo("complete");
        Decision.Answered<StreamSummary> decision =
                (Decision.Answered<StreamSummary>) call.decision().get(30, TimeUnit.SECONDS);
        assertThat(decision.output().restarts()).isOne();
    }

    @Test
    void restartThatNobodyAsksFor_endsByCancellationOrDeadline() throws Exception {
        Hand second = new Hand();
        GuardedStream<String, String> stream = breakingAfterOne(input -> second)
                .deadline(Duration.ofMillis(200))
                .maxConcurrent(1)
                .build();
        StreamingCall<String> late = stream.open("a");
        Reader reader = new Reader(1);
        late.subscribe(reader);
        assertThat(reader.end()).startsWith("error");
        assertThat(failureOf(late.decision().get(30, TimeUnit.SECONDS))).isInstanceOf(Failure.TimedOut.class);
        reader.request(1);
        StreamingCall<String> left = stream.open("a");
        Reader leaving = new Reader(1);
        left.subscribe(leaving);
        leaving.cancel();
        assertThat(failureOf(left.decision().get(30, TimeUnit.SECONDS))).isEqualTo(new Failure.Cancelled());
        leaving.request(1);
        assertThat(leaving.got).containsExactly("one");
        assertThat(second.subscriber).hasValue(null);
    }

    @Test
    void demand_isPassedOnAndCarriedOverToTheNextRoute() throws Exception {
        Hand first = new Hand();
        Hand second = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> first)
                .fallback("v1", input -> second)
                .restartWith(failure -> "again")
                .build();
        Reader reader = new Reader(0);
        stream.open("a").subscribe(reader);
        assertThat(first.asked).isZero();
        reader.request(5);
        assertThat(first.asked).isEqualTo(5);
        first.to().onNext("one");
        first.to().onNext("two");
        first.to().onError(new IOException("broke"));
        assertThat(second.asked).as("five, less two elements and the marker").isEqualTo(2);
        second.to().onNext("eins");
        reader.request(1);
        assertThat(second.asked).isEqualTo(3);
        second.to().onComplete();
        assertThat(reader.got).containsExactly("one", "two", "again", "eins");
        assertThat(reader.end()).isEqualTo("complete");
    }

    @Test
    void elementGuardrails_seeEachElementBeforeAnybodyElse() throws Exception {
        GuardedStream<String, String> stream = chat().callbackRoute("v2", saying("a", "secret", "b", "bad", "c"))
                .element(element -> element.equals("secret") ? Verdict.rewrite("***", FINDING) : Verdict.pass())
                .element(element -> element.equals("bad") ? Verdict.block(FINDING) : Verdict.pass())
                .endWith(failure -> "[cut: " + failure.code() + "]")
                .build();
        StreamingCall<String> call = stream.open("a");
        Reader reader = new Reader(Long.MAX_VALUE);
        call.subscribe(reader);
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(reader.got).containsExactly("a", "***", "b", "[cut: output-blocked]");
        Decision<StreamSummary> decision = call.decision().get();
        assertThat(failureOf(decision)).isInstanceOf(Failure.OutputBlocked.class);
        assertThat(decision.judgements()).hasSize(2);
    }

    @Test
    void lastElement_waitsUntilItIsAskedFor() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream =
                chat().route("v2", input -> hand).endWith(failure -> "the end").build();
        Reader reader = new Reader(1);
        stream.open("a").subscribe(reader);
        hand.to().onNext("one");
        hand.to().onError(new IOException("broke"));
        assertThat(reader.got).containsExactly("one");
        assertThat(reader.end).isNotDone();
        reader.request(1);
        assertThat(reader.got).containsExactly("one", "the end");
        assertThat(reader.end()).isEqualTo("complete");
    }

    @Test
    void killedStream_isCutAsItsOwnerChose() throws Exception {
        for (InFlight choice : InFlight.values()) {
            Hand hand = new Hand();
            Scope scope = Scope.model("chat-" + choice).route("v2");
            GuardedStream<String, String> stream = runtime.<String, String>guardStream("chat-" + choice)
                    .route("v2", input -> hand)
                    .inFlight(choice)
                    .build();
            Reader reader = new Reader(10);
            StreamingCall<String> call = stream.open("a");
            call.subscribe(reader);
            hand.to().onNext("one");
            runtime.switches().kill(scope, CAUSE);
            if (choice == InFlight.CANCEL) {
                assertThat(reader.end()).contains("killed");
                Eventually.until(hand.cancelled::get);
            }
            hand.to().onNext("two");
            hand.to().onComplete();
            assertThat(reader.got).isEqualTo(choice == InFlight.FINISH ? List.of("one", "two") : List.of("one"));
            assertThat(reader.end()).isEqualTo(choice == InFlight.FINISH ? "complete" : reader.end.get());
            Decision<StreamSummary> decision = call.decision().get(30, TimeUnit.SECONDS);
            if (choice == InFlight.FINISH) {
                assertThat(decision).isInstanceOf(Decision.Answered.class);
            } else {
                assertThat(failureOf(decision)).isInstanceOf(Failure.Killed.class);
                assertThat(reader.end()).contains(RefusedException.class.getName());
            }
        }
    }

    @Test
    void killedRoute_isNotOpened() throws Exception {
        AtomicBoolean opened = new AtomicBoolean();
        GuardedStream<String, String> stream = chat().route("v2", input -> {
                    opened.set(true);
                    return new Hand();
                })
                .ruleFallback("text", input -> subscriber -> {
                    Hand hand = new Hand();
                    hand.subscribe(subscriber);
                    hand.to().onNext("please call us");
                    hand.to().onComplete();
                })
                .build();
        runtime.switches().kill(ROUTE, CAUSE);
        List<String> got = new CopyOnWriteArrayList<>();
        assertThat(routeOf(read(stream, got))).isEqualTo("text");
        assertThat(got).containsExactly("please call us");
        assertThat(opened).isFalse();
    }

    @Test
    void cancelledStream_cancelsTheModelAndIsRecorded() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> hand).build();
        StreamingCall<String> call = stream.open("a");
        Reader reader = new Reader(10);
        call.subscribe(reader);
        hand.to().onNext("one");
        reader.cancel();
        assertThat(hand.cancelled).isTrue();
        assertThat(failureOf(call.decision().get(30, TimeUnit.SECONDS))).isEqualTo(new Failure.Cancelled());
        hand.to().onNext("two");
        hand.to().onComplete();
        assertThat(reader.got).containsExactly("one");
        assertThat(reader.end).isNotDone();
        assertThat(record().members()).containsEntry("failure", "cancelled").containsEntry("elements", 1);
    }

    @Test
    void modelWithoutAFirstElement_isReplacedInTime() throws Exception {
        Hand silent = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> silent)
                .fallback("v1", input -> subscriber -> {
                    Hand hand = new Hand();
                    hand.subscribe(subscriber);
                    hand.to().onNext("old");
                    hand.to().onComplete();
                })
                .rule(FallbackRule.when(Failure.TimedOut.class).toNext())
                .timeToFirst(Duration.ofMillis(20))
                .build();
        List<String> got = new CopyOnWriteArrayList<>();
        assertThat(skippedCodes(read(stream, got))).containsExactly("timed-out");
        assertThat(got).containsExactly("old");
        Eventually.until(silent.cancelled::get);
    }

    @Test
    void brokenStreams_openTheBreakerAndGiveTheirPermitsBack() throws Exception {
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    sink.next("one");
                    sink.fail(new IOException("broke"));
                })
                .maxConcurrent(1)
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(3)
                        .minimumNumberOfCalls(3)
                        .build())
                .build();
        List<String> got = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThat(failureOf(read(stream, got))).isInstanceOf(Failure.ModelError.class);
        }
        assertThat(failureOf(read(stream, got))).isInstanceOf(Failure.BreakerOpen.class);
    }

    /** One obeys and believes to be done, the other goes on. Neither stream counts as whole, nor against the model. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void modelThatIsFarAheadOfItsReader_failsTheStreamBehindWhatWaits(boolean obeys) throws Exception {
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger cancelled = new AtomicInteger();
        GuardedStream<String, String> flooding = chat().callbackRoute("v2", (input, sink) -> {
                    sink.onCancel(cancelled::incrementAndGet);
                    for (int i = 0; i < 3_000; i++) {
                        if (sink.next("x")) {
                            taken.incrementAndGet();
                        } else if (obeys) {
                            break;
                        }
                    }
                    sink.complete();
                })
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .build())
                .build();
        for (int call = 1; call <= 2; call++) {
            Reader reader = new Reader(0);
            StreamingCall<String> open = flooding.open("a");
            open.subscribe(reader);
            assertThat(taken).as("no sooner").hasValue(call * 1_024);
            assertThat(cancelled).hasValue(call);
            reader.request(Long.MAX_VALUE);
            assertThat(reader.end()).contains("1,024 elements wait for a reader that is slower than the model");
            assertThat(reader.got).hasSize(1_024);
            assertThat(failureOf(open.decision().get(30, TimeUnit.SECONDS)))
                    .as("which opens no circuit breaker")
                    .isInstanceOf(Failure.Limited.class);
        }
    }

    @Test
    void modelThatPauses_isToldWhenThereIsRoom() throws Exception {
        AtomicInteger left = new AtomicInteger(5_000);
        AtomicInteger pauses = new AtomicInteger();
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> pump(sink, left, pauses))
                .build();
        Reader reader = new Reader(0);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        while (!reader.end.isDone()) {
            reader.request(100);
        }
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(reader.got).hasSize(5_000);
        assertThat(pauses.get()).isBetween(5, 50);
        assertThat(call.decision().get(30, TimeUnit.SECONDS)).isInstanceOf(Decision.Answered.class);
    }

    private static void pump(StreamGuardBuilder.Sink<String> sink, AtomicInteger left, AtomicInteger pauses) {
        while (sink.hasRoom()) {
            if (left.get() == 0) {
                sink.complete();
                return;
            }
            if (!sink.next("x" + left.getAndDecrement())) {
                return;
            }
        }
        pauses.incrementAndGet();
        sink.onRoom(() -> pump(sink, left, pauses));
    }

    /** Such as one that asks a connection for one more each time: that must not fill the stack. */
    @Test
    void modelThatSaysOneElementEachTimeThereIsRoom_comesToItsEnd() throws Exception {
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> sayOne(sink, 10_000))
                .build();
        Reader reader = new Reader(Long.MAX_VALUE);
        stream.open("a").subscribe(reader);
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(reader.got).hasSize(10_000);
    }

    private static void sayOne(StreamGuardBuilder.Sink<String> sink, int left) {
        if (left == 0) {
            sink.complete();
        } else {
            sink.next("x" + left);
            sink.onRoom(() -> sayOne(sink, left - 1));
        }
    }

    /** One that asks each time is told once that it is over, and not for ever. */
    @Test
    void modelThatSaysOneElementEachTimeThereIsRoom_isStoppedByACancellation() {
        GuardedStream<String, String> stream = chat().callbackRoute(
                        "v2", (input, sink) -> sayOne(sink, Integer.MAX_VALUE))
                .build();
        Reader reader = new Reader(0);
        stream.open("a").subscribe(reader); // who asks for nothing has it pause
        assertTimeoutPreemptively(Duration.ofSeconds(30), reader::cancel);
    }

    /** It waits for room, and hears that nobody needs it any more. */
    @Test
    void modelThatPauses_isToldOfTheEndToo() {
        AtomicInteger left = new AtomicInteger(5_000);
        CompletableFuture<Boolean> after = new CompletableFuture<>();
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    while (sink.hasRoom()) {
                        sink.next("x" + left.getAndDecrement());
                    }
                    sink.onRoom(() -> after.complete(sink.hasRoom() && sink.next("more")));
                })
                .build();
        Reader reader = new Reader(0);
        stream.open("a").subscribe(reader);
        assertThat(after).isNotDone();
        reader.cancel();
        assertThat(after).isCompletedWithValue(false);
    }

    @Test
    void secondSubscriber_getsAnError() throws Exception {
        StreamingCall<String> call =
                chat().callbackRoute("v2", saying("one")).build().open("a");
        Reader first = new Reader(10);
        Reader second = new Reader(10);
        call.subscribe(first);
        call.subscribe(second);
        assertThat(first.end()).isEqualTo("complete");
        assertThat(second.end()).contains("serves one subscriber");
    }

    @Test
    void consumerThatThrows_endsTheStream() {
        GuardedStream<String, String> stream =
                chat().callbackRoute("v2", saying("one", "two")).build();
        List<String> got = new CopyOnWriteArrayList<>();
        assertThatThrownBy(() -> stream.forEach("a", CallContext.empty(), element -> {
                    got.add(element);
                    throw new IllegalStateException("the reader's own");
                }))
                .hasMessage("the reader's own");
        assertThat(got).containsExactly("one");
        assertThat(record().members()).containsEntry("failure", "cancelled");
    }

    @Test
    void closedRuntime_opensNothing() throws Exception {
        GuardedStream<String, String> stream =
                chat().callbackRoute("v2", saying("one")).build();
        runtime.close();
        List<String> got = new CopyOnWriteArrayList<>();
        assertThat(failureOf(read(stream, got))).isEqualTo(new Failure.Closed());
        assertThat(got).isEmpty();
    }

    @Test
    void faultyConfiguration_isReportedAtOnce() {
        StreamGuardBuilder<String, String> builder = chat().fallback("v1", input -> new Hand())
                .timeToFirst(Duration.ZERO)
                .maxConcurrent(0);
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("there is no route")
                .hasMessageContaining("a time to the first element of 0 s")
                .hasMessageContaining("0 calls at once");
    }

    /** The end was decided when the model broke, whatever its reader does about the last element. */
    @Test
    void brokenStream_isDecidedOnceWhateverItsReaderDoesAtTheEnd() throws Exception {
        List<Hand> hands = new CopyOnWriteArrayList<>();
        GuardedStream<String, String> stream = chat().route("v2", input -> {
                    Hand hand = new Hand();
                    hands.add(hand);
                    return hand;
                })
                .endWith(failure -> "the end")
                .build();
        Reader cancelling = new Reader(10) {
            @Override
            public void onNext(String element) {
                super.onNext(element);
                if (element.equals("the end")) {
                    cancel();
                }
            }
        };
        List<Reader> readers = List.of(cancelling, new Reader(1), new Reader(1), new Reader(1));
        for (Reader reader : readers) {
            stream.open("a").subscribe(reader);
            hands.get(hands.size() - 1).to().onNext("one");
            hands.get(hands.size() - 1).to().onError(new IOException("broke"));
        }
        readers.get(1).cancel();
        readers.get(2).request(0);
        readers.get(3).request(1);
        assertThat(readers.get(2).end()).contains("3.9");
        assertThat(readers.get(3).end()).isEqualTo("complete");
        assertThat(records("decision"))
                .extracting(each -> String.valueOf(each.members().get("failure")))
                .containsExactly("model-error", "model-error", "model-error", "model-error");
    }

    @Test
    void settingsOfACall_areThoseOfAStream() throws Exception {
        List<Hand> hands = new CopyOnWriteArrayList<>();
        GuardedStream<String, String> stream = chat().route("v2", input -> {
                    Hand hand = new Hand();
                    hands.add(hand);
                    return hand;
                })
                .segment("tenant", input -> input)
                .trafficKey(input -> input)
                .rateLimitPer("tenant", new Limit.Rate(3, Duration.ofDays(1)))
                .maxConcurrentPer("tenant", 1)
                .build();
        runtime.switches().kill(Scope.model("chat").share(0.5), CAUSE);
        List<String> through = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 100; i++) {
            Reader reader = new Reader(10);
            stream.open("user-" + i).subscribe(reader);
            if (!reader.end.isDone()) {
                through.add("user-" + i);
            }
        }
        assertThat(through).as("about half of the users").hasSizeBetween(20, 80);
        String tenant = through.get(0);
        Reader second = new Reader(10);
        stream.open(tenant).subscribe(second);
        assertThat(second.end()).as("one at once").contains("at once");
        hands.get(0).to().onComplete();
        for (int i = 0; i < 2; i++) {
            Reader next = new Reader(10);
            stream.open(tenant).subscribe(next);
            if (!next.end.isDone()) {
                hands.get(hands.size() - 1).to().onComplete();
            }
        }
        Reader last = new Reader(10);
        stream.open(tenant).subscribe(last);
        assertThat(last.end()).as("three a day").contains("limit");
    }

    /** Rule 2.13: it is as if it had cancelled; the model has done nothing wrong. */
    @Test
    void readerThatThrows_hasCancelledItsStream() throws Exception {
        Hand hand = new Hand();
        AtomicBoolean fallback = new AtomicBoolean();
        List<StreamGuardBuilder<String, String>> kinds = List.of(
                runtime.<String, String>guardStream("callback").callbackRoute("v2", saying("one", "two")),
                runtime.<String, String>guardStream("publisher").route("v2", input -> {
                    SubmissionPublisher<String> words = new SubmissionPublisher<>(Runnable::run, 8);
                    Thread model = new Thread(() -> {
                        Eventually.until(() -> words.getNumberOfSubscribers() > 0);
                        words.submit("one");
                        words.submit("two");
                        words.close();
                    });
                    model.start();
                    return words;
                }),
                runtime.<String, String>guardStream("hand").route("v2", input -> hand));
        for (StreamGuardBuilder<String, String> kind : kinds) {
            GuardedStream<String, String> stream = kind.fallback("v1", input -> {
                        fallback.set(true);
                        return new Hand();
                    })
                    .maxConcurrent(1)
                    .build();
            for (int i = 0; i < 2; i++) {
                StreamingCall<String> call = stream.open("a");
                call.subscribe(new Reader(10) {
                    @Override
                    public void onNext(String element) {
                        throw new IllegalStateException("the client has gone");
                    }
                });
                if (hand.subscriber.get() != null) {
                    hand.to().onNext("one");
                    assertThat(hand.cancelled).isTrue();
                }
                assertThat(failureOf(call.decision().get(30, TimeUnit.SECONDS))).isInstanceOf(Failure.Cancelled.class);
            }
        }
        assertThat(fallback).isFalse();
        assertThat(records("decision")).hasSize(2 * kinds.size());
    }

    @Test
    void readerThatThrowsAtItsSubscription_leavesADecision() throws Exception {
        StreamingCall<String> call =
                chat().callbackRoute("v2", saying("one")).build().open("a");
        assertThatThrownBy(() -> call.subscribe(new Reader(1) {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        throw new IllegalStateException("the client has gone");
                    }
                }))
                .hasMessage("the client has gone");
        assertThat(failureOf(call.decision().get(30, TimeUnit.SECONDS))).isInstanceOf(Failure.Cancelled.class);
        assertThat(record().type()).isEqualTo("decision");
    }

    /** A restart is a retry like any other: the model is left alone as long as the rule says. */
    @Test
    void retryAfterPassedElements_waitsItsBackoff() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    opened.incrementAndGet();
                    sink.next("one");
                    sink.fail(new IOException("broke"));
                })
                .rule(FallbackRule.whenThrown(IOException.class)
                        .retry(1, Backoff.fixed(Duration.ofMinutes(5)))
                        .thenRefuse())
                .restartWith(failure -> "again")
                .build();
        StreamingCall<String> call = stream.open("a");
        Reader reader = new Reader(10);
        call.subscribe(reader);
        assertThat(reader.got).containsExactly("one", "again");
        assertThat(opened).hasValue(1);
        reader.cancel();
        assertThat(failureOf(call.decision().get(30, TimeUnit.SECONDS))).isEqualTo(new Failure.Cancelled());
    }

    /** The decision is known before the last element is passed on; who waits gets both. */
    @Test
    void forEach_returnsAfterTheLastElement() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream =
                chat().route("v2", input -> hand).endWith(failure -> "end").build();
        CountDownLatch mayTake = new CountDownLatch(1);
        List<String> got = new CopyOnWriteArrayList<>();
        CountDownLatch taking = new CountDownLatch(1);
        Thread model = new Thread(() -> {
            Eventually.until(() -> hand.subscriber.get() != null);
            hand.to().onError(new IOException("broke"));
        });
        CompletableFuture<Decision<StreamSummary>> returned = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                returned.complete(stream.forEach("a", CallContext.empty(), element -> {
                    taking.countDown();
                    try {
                        mayTake.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    got.add(element);
                }));
            } catch (InterruptedException e) {
                returned.completeExceptionally(e);
            }
        });
        caller.start();
        model.start();
        taking.await();
        assertThatThrownBy(() -> returned.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        mayTake.countDown();
        assertThat(failureOf(returned.get(30, TimeUnit.SECONDS))).isInstanceOf(Failure.ModelError.class);
        assertThat(got).containsExactly("end");
    }

    @Test
    void modelThatBringsMoreThanItWasAskedFor_hasFailed() throws Exception {
        Hand hand = new Hand();
        StreamingCall<String> call = chat().route("v2", input -> hand).build().open("a");
        Reader reader = new Reader(2);
        call.subscribe(reader);
        hand.to().onNext("one");
        hand.to().onNext("two");
        hand.to().onNext("three");
        assertThat(reader.got).as("no more than was asked for").containsExactly("one", "two");
        assertThat(reader.end()).contains("more elements than it was asked for");
        assertThat(failureOf(call.decision().get(30, TimeUnit.SECONDS))).isInstanceOf(Failure.ModelError.class);
        assertThat(hand.cancelled).isTrue();
        hand.to().onNext("four");
        hand.to().onComplete();
        assertThat(reader.got).hasSize(2);
    }

    @Test
    void actionForACancellation_isNotRunAfterTheEnd() {
        AtomicInteger closed = new AtomicInteger();
        chat().callbackRoute("v2", (input, sink) -> {
                    sink.complete();
                    sink.onCancel(closed::incrementAndGet);
                })
                .build()
                .open("a")
                .subscribe(new Reader(10));
        assertThat(closed).hasValue(0);
        Reader reader = new Reader(10);
        runtime.<String, String>guardStream("cancelled")
                .callbackRoute("v2", (input, sink) -> {
                    reader.cancel();
                    sink.onCancel(closed::incrementAndGet);
                })
                .build()
                .open("a")
                .subscribe(reader);
        assertThat(closed).as("registered after it").hasValue(1);
    }

    /** As some languages let a function throw what it does not declare. */
    @Test
    void functionOfTheLastElementThatThrowsAnything_leavesAnEndByAnError() throws Exception {
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    sink.next("one");
                    sink.fail(new IOException("broke"));
                })
                .restartWith(failure -> undeclared(new IOException("sneaky")))
                .endWith(failure -> undeclared(new IOException("sneaky")))
                .build();
        Reader reader = new Reader(10);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        assertThat(reader.end()).contains("broke");
        assertThat(failureOf(call.decision().get(30, TimeUnit.SECONDS))).isInstanceOf(Failure.ModelError.class);
    }

    @SuppressWarnings("unchecked") // the compiler believes it to be unchecked
    private static <E extends Throwable> String undeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
