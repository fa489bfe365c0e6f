// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are ended from outside: by a kill, a deadline, the runtime's close. */
class StreamStopTest extends CallTestBase {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Scope MODEL = Scope.model("chat");

    private StreamGuardBuilder<String, String> chat() {
        return runtime.guardStream("chat");
    }

    private static Decision<StreamSummary> decisionOf(StreamingCall<String> call) throws Exception {
        return call.decision().get(30, TimeUnit.SECONDS);
    }

    /** The reader hangs while the kill comes, and gets its end when it is back. */
    @Test
    void kill_doesNotWaitForASlowReader() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream =
                chat().route("v2", input -> hand).inFlight(InFlight.CANCEL).build();
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Reader reader = new Reader(10) {
            @Override
            public void onNext(String element) {
                super.onNext(element);
                reading.countDown();
                try {
                    assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        Thread model = new Thread(() -> hand.to().onNext("one"));
        model.start();
        assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(runtime.switches().kill(MODEL, CAUSE).durable()).isTrue();
        assertThat(reader.end).as("the kill is back, the reader is not").isNotDone();
        goOn.countDown();
        assertThat(reader.end()).contains("killed");
        model.join();
        assertThat(hand.cancelled).isTrue();
        assertThat(failureOf(decisionOf(call))).isInstanceOf(Failure.Killed.class);
        assertThat(records("decision")).hasSize(1);
    }

    /** A subscription whose cancel never comes back. */
    @Test
    void kill_doesNotWaitForTheModelsCancel() throws Exception {
        CountDownLatch cancelling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Hand hand = new Hand() {
            @Override
            public void cancel() {
                cancelling.countDown();
                try {
                    assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                } finally {
                    super.cancel();
                }
            }
        };
        GuardedStream<String, String> stream =
                chat().route("v2", input -> hand).inFlight(InFlight.CANCEL).build();
        Reader reader = new Reader(10);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        hand.to().onNext("one");
        assertThat(runtime.switches().kill(MODEL, CAUSE).durable()).isTrue();
        assertThat(hand.cancelled).as("the kill is back, the cancel is not").isFalse();
        assertThat(reader.end()).contains("killed");
        assertThat(failureOf(decisionOf(call))).isInstanceOf(Failure.Killed.class);
        assertThat(cancelling.await(30, TimeUnit.SECONDS)).isTrue();
        goOn.countDown();
    }

    @Test
    void killByTheReaderItself_endsTheStreamAfterThatElement() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream =
                chat().route("v2", input -> hand).inFlight(InFlight.CANCEL).build();
        Reader reader = new Reader(10) {
            @Override
            public void onNext(String element) {
                super.onNext(element);
                runtime.switches().kill(MODEL, CAUSE);
            }
        };
        stream.open("a").subscribe(reader);
        hand.to().onNext("one");
        hand.to().onNext("two");
        assertThat(reader.got).containsExactly("one");
        assertThat(reader.end()).contains("killed");
    }

    @Test
    void deadline_cutsAStreamThatStalls() throws Exception {
        Duration limit = Duration.ofMillis(300); // in which a busy machine brings one element
        Hand hand = new Hand();
        GuardedStream<String, String> stream = chat().route("v2", input -> hand)
                .fallback("v1", input -> new Hand())
                .restartWith(failure -> "again")
                .endWith(failure -> "[" + failure.code() + "]")
                .deadline(limit)
                .build();
        Reader reader = new Reader(10);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        hand.to().onNext("one");
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(reader.got).as("no time is left to begin anew").containsExactly("one", "[timed-out]");
        Eventually.until(hand.cancelled::get);
        assertThat(failureOf(decisionOf(call))).isEqualTo(new Failure.TimedOut(limit, true));
        assertThat(records("decision")).hasSize(1);
    }

    @Test
    void routeWithOptions_hasItsOwnTimeAndMayBeIdempotent() throws Exception {
        Hand silent = new Hand();
        Hand answering = new Hand();
        GuardedStream<String, String> stream = chat().route(
                        "v2",
                        input -> silent,
                        RouteOptions.<String>options().timeLimit(SHORT).idempotent())
                .fallback("v1", input -> answering)
                .build();
        Reader reader = new Reader(10);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        Eventually.until(() -> answering.subscriber.get() != null);
        answering.to().onNext("one");
        answering.to().onComplete();
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(skippedCodes(decisionOf(call))).containsExactly("timed-out");
        Eventually.until(silent.cancelled::get);
    }

    @Test
    void lateStreamOfARouteThatIsNotIdempotent_isNotReplaced() throws Exception {
        GuardedStream<String, String> stream = chat().route("v2", input -> new Hand())
                .fallback("v1", input -> new Hand())
                .timeToFirst(SHORT)
                .build();
        Reader reader = new Reader(10);
        stream.open("a").subscribe(reader);
        assertThat(reader.end()).contains("timed-out");
    }

    /** As after a time-out: nobody knows how far the cancelled stream of the model came. */
    @Test
    void cancelledStreamOfARouteThatIsNotIdempotent_isNotReplaced() throws Exception {
        for (boolean idempotent : List.of(false, true)) {
            String name = "chat-" + idempotent;
            RouteOptions<String> options = RouteOptions.options();
            Hand silent = new Hand();
            GuardedStream<String, String> stream = runtime.<String, String>guardStream(name)
                    .route("v2", input -> silent, idempotent ? options.idempotent() : options)
                    .callbackFallback("v1", (input, sink) -> {
                        sink.next("old");
                        sink.complete();
                    })
                    .inFlight(InFlight.CANCEL)
                    .build();
            Reader reader = new Reader(10);
            stream.open("a").subscribe(reader);
            runtime.switches().kill(Scope.model(name).route("v2"), CAUSE);
            assertThat(reader.end()).contains(idempotent ? "complete" : "killed");
            assertThat(reader.got).isEqualTo(idempotent ? List.of("old") : List.of());
            Eventually.until(silent.cancelled::get);
        }
    }

    @Test
    void routesOwnLimits_holdForStreams() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream = chat().route(
                        "v2",
                        input -> hand,
                        RouteOptions.<String>options()
                                .maxConcurrent(1)
                                .rateLimit(new Limit.Rate(1_000, Duration.ofSeconds(1)))
                                .accepting(input -> input.length() < 5))
                .ruleFallback("rule", input -> subscriber -> {
                    Hand rule = new Hand();
                    rule.subscribe(subscriber);
                    rule.to().onComplete();
                })
                .build();
        StreamingCall<String> open = stream.open("a");
        open.subscribe(new Reader(10));
        assertThat(skippedCodes(stream.forEach("b", CallContext.empty(), element -> {})))
                .containsExactly("limited");
        assertThat(skippedCodes(stream.forEach("too long", CallContext.empty(), element -> {})))
                .containsExactly("out-of-scope");
        hand.to().onError(new IOException("broke"));
        assertThat(routeOf(decisionOf(open))).isEqualTo("rule");
    }

    @Test
    void executorForAStream_isABuildError() {
        StreamGuardBuilder<String, String> builder = chat().route(
                        "v2",
                        input -> new Hand(),
                        RouteOptions.<String>options().executor(Runnable::run));
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("leave interruptible() and executor(…) out");
    }

    @Test
    void close_endsStreamsThatMayBeCancelledAndRecordsThem() throws Exception {
        Hand hand = new Hand();
        GuardedStream<String, String> stream =
                chat().route("v2", input -> hand).inFlight(InFlight.CANCEL).build();
        Reader reader = new Reader(10);
        StreamingCall<String> call = stream.open("a");
        call.subscribe(reader);
        hand.to().onNext("one");
        runtime.close();
        assertThat(reader.end()).contains("closed");
        assertThat(failureOf(decisionOf(call))).isInstanceOf(Failure.Closed.class);
        openRuntime();
        assertThat(records("decision")).hasSize(1);
    }

    @Test
    void streamThatThrowsWhenItIsCancelled_losesNeitherItsEndNorItsPermit() throws Exception {
        Hand hand = new Hand() {
            @Override
            public void cancel() {
                throw StreamStopTest.<RuntimeException>undeclared(new IOException("against rule 3.15"));
            }
        };
        GuardedStream<String, String> stream = chat().route("v2", input -> hand)
                .inFlight(InFlight.CANCEL)
                .maxConcurrent(1)
                .build();
        for (int i = 0; i < 2; i++) {
            Reader reader = new Reader(10);
            stream.open("a").subscribe(reader);
            hand.to().onNext("one");
            runtime.switches().kill(MODEL, CAUSE);
            assertThat(reader.end()).as("attempt " + i).contains("killed");
            runtime.switches().restore(MODEL, CAUSE);
        }
        assertThat(records("decision")).hasSize(2);
    }

    /** Each element is asked for while the one before is being passed on, and comes at once. */
    @Test
    void elementThatComesWhileItIsAskedFor_isPassedOnAlsoUnderADeadline() throws Exception {
        Hand hand = new Hand() {
            private int sent;

            @Override
            public void request(long n) {
                if (++sent <= 3) {
                    to().onNext("word " + sent);
                } else {
                    to().onComplete();
                }
            }
        };
        GuardedStream<String, String> stream =
                chat().route("v2", input -> hand).deadline(LIMIT).build();
        Reader reader = new Reader(1) {
            @Override
            public void onNext(String element) {
                super.onNext(element);
                request(1);
            }
        };
        stream.open("a").subscribe(reader);
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(reader.got).containsExactly("word 1", "word 2", "word 3");
    }

    private StreamGuardBuilder<String, String> busy(Duration wait) {
        return chat().callbackRoute("v2", (input, sink) -> sink.fail(new IOException("busy")))
                .rule(FallbackRule.whenThrown(IOException.class)
                        .retry(5, Backoff.fixed(wait))
                        .thenRefuse());
    }

    @Test
    void waitForARetry_endsWithTheDeadline() throws Exception {
        GuardedStream<String, String> stream =
                busy(Duration.ofMinutes(5)).deadline(Duration.ofMillis(50)).build();
        StreamingCall<String> call = stream.open("a");
        call.subscribe(new Reader(10));
        assertThat(skippedCodes(decisionOf(call))).containsExactly("model-error", "timed-out");
    }

    @Test
    void streamThatIsCancelledWhileItWaitsForARetry_isRecordedAtOnce() throws Exception {
        GuardedStream<String, String> stream = busy(Duration.ofMinutes(5)).build();
        StreamingCall<String> call = stream.open("a");
        Reader reader = new Reader(10);
        call.subscribe(reader);
        reader.cancel();
        assertThat(failureOf(decisionOf(call))).isEqualTo(new Failure.Cancelled());
        assertThat(records("decision")).hasSize(1);
    }

    @Test
    void hostsContext_reachesTheRetryThatFollowsAWait() throws Exception {
        ThreadLocal<String> trace = new ThreadLocal<>();
        List<String> seen = new CopyOnWriteArrayList<>();
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    seen.add(String.valueOf(trace.get()));
                    if (seen.size() == 1) {
                        sink.fail(new IOException("busy"));
                    } else {
                        sink.complete();
                    }
                })
                .rule(FallbackRule.whenThrown(IOException.class)
                        .retry(1, Backoff.fixed(Duration.ofMillis(5)))
                        .thenRefuse())
                .context(task -> {
                    String captured = trace.get();
                    return () -> {
                        trace.set(captured);
                        try {
                            task.run();
                        } finally {
                            trace.remove();
                        }
                    };
                })
                .build();
        trace.set("trace-1");
        StreamingCall<String> call = stream.open("a");
        call.subscribe(new Reader(10));
        assertThat(routeOf(decisionOf(call))).isEqualTo("v2");
        assertThat(seen).containsExactly("trace-1", "trace-1");
        trace.remove();
    }

    @Test
    void demandOfNothingWhileAStreamWaitsForARetry_isAnErrorAtOnce() throws Exception {
        StreamingCall<String> call = busy(Duration.ofMinutes(5)).build().open("a");
        Reader reader = new Reader(10);
        call.subscribe(reader);
        reader.request(0);
        assertThat(reader.end()).contains("3.9");
        assertThat(failureOf(decisionOf(call))).isEqualTo(new Failure.Cancelled());
    }

    /** Whoever asks the guardrails decides; else what it makes sure of after them would never be given back. */
    @Test
    void streamCancelledDuringItsInputGuardrails_givesItsRoomInTheTrailBack() throws Exception {
        runtime.close();
        runtime = IncidentRuntime.builder()
                .directory(directory)
                .maxWaitingPayload(1) // room for one at a time
                .maxWaitForTrail(Duration.ZERO)
                .build();
        Runnable[] meanwhile = {() -> {}};
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> sink.complete())
                .input(input -> {
                    meanwhile[0].run();
                    return Verdict.pass();
                })
                .requireAuditTrail()
                .audit(AuditOptions.<String, StreamSummary>options()
                        .output(PayloadPolicy.full(StreamSummary::toString)))
                .build();
        Reader cancelling = new Reader(0);
        Reader mistaken = new Reader(0);
        for (Reader reader : List.of(cancelling, mistaken)) {
            meanwhile[0] = reader.equals(cancelling) ? reader::cancel : () -> reader.request(0);
            StreamingCall<String> call = stream.open("a");
            call.subscribe(reader);
            assertThat(failureOf(decisionOf(call))).isEqualTo(new Failure.Cancelled());
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            meanwhile[0] = () -> {};
            assertThat(routeOf(stream.forEach("b", CallContext.empty(), element -> {})))
                    .isEqualTo("v2");
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        }
        assertThat(mistaken.end()).contains("3.9");
        assertThat(cancelling.end).isNotDone();
        assertThat(records("decision")).hasSize(4);
    }

    /** By all their ways to fail, and on a stack that holds only some of them. */
    @Test
    void thousandFailuresAtOnce_endInOneDecision() throws Exception {
        List<StreamCall<String, String>> broken = List.of(
                input -> {
                    throw new IOException("broke");
                },
                input -> subscriber -> {
                    Hand hand = new Hand();
                    hand.subscribe(subscriber);
                    hand.to().onError(new IOException("broke"));
                },
                input -> subscriber -> {
                    Hand hand = new Hand();
                    hand.subscribe(subscriber);
                    hand.to().onNext("bad");
                },
                input -> subscriber -> {
                    Hand hand = new Hand();
                    hand.subscribe(subscriber);
                    hand.to().onNext("one");
                    hand.to().onError(new IOException("broke"));
                },
                input -> subscriber -> new Hand() {
                    private int requests;

                    @Override
                    public void request(long n) {
                        if (++requests == 1) {
                            to().onNext("one");
                        } else if (requests == 2) { // by the reader, who has the element in hand
                            to().onError(new IOException("broke"));
                        }
                    }
                }.subscribe(subscriber));
        for (int kind = 0; kind < broken.size(); kind++) {
            StreamGuardBuilder<String, String> builder = runtime.guardStream("chat-" + kind);
            for (int i = 0; i < 10; i++) {
                if (i == 0) {
                    builder.route("v0", broken.get(kind));
                } else {
                    builder.fallback("v" + i, broken.get(kind));
                }
                builder.rule(FallbackRule.when(Failure.class)
                        .on("v" + i)
                        .retry(99, Backoff.none())
                        .thenToNext());
            }
            GuardedStream<String, String> stream = builder.element(element -> element.equals("bad")
                            ? Verdict.block(new Finding("rule", "category", "message"))
                            : Verdict.pass())
                    .restartWith(failure -> "again")
                    .withoutBreaker()
                    .build();
            StreamingCall<String> call = stream.open("a");
            boolean byTheOne = kind == 4;
            Reader reader = new Reader(byTheOne ? 1 : Long.MAX_VALUE) {
                private final AtomicReference<@Nullable Thread> in = new AtomicReference<>();

                @Override
                public void onNext(String element) {
                    Thread before = in.getAndSet(Thread.currentThread());
                    assertThat(before).as("one thread at a time").isIn(null, Thread.currentThread());
                    super.onNext(element);
                    if (byTheOne) {
                        request(1);
                    }
                    in.set(before);
                }
            };
            Thread thread = new Thread(null, () -> call.subscribe(reader), "caller", 256 << 10);
            thread.start();
            assertThat(decisionOf(call).skipped()).as("kind " + kind).hasSize(1_000);
            assertThat(reader.end()).startsWith("error");
            assertThat(reader.got).hasSize(kind >= 3 ? 1_999 : 0);
            thread.join();
        }
        assertThat(records("decision")).hasSize(broken.size());
    }

    /** A model that is still on the stack of what it has failed in must not keep the next one waiting. */
    @Test
    void modelThatDoesNotComeBackAfterItHasFailed_isReplacedAllTheSame() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    sink.fail(new IOException("broke"));
                    assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                })
                .callbackFallback("v1", (input, sink) -> sink.complete())
                .build();
        StreamingCall<String> call = stream.open("a");
        Thread thread = new Thread(() -> call.subscribe(new Reader(10)));
        thread.start();
        assertThat(routeOf(decisionOf(call))).isEqualTo("v1");
        goOn.countDown();
        thread.join();
    }

    /** The one timer of all models must not wait for the host's code. */
    @Test
    void breakersPredicates_areNotAskedByTheTimer() throws Exception {
        List<String> threads = new CopyOnWriteArrayList<>();
        GuardedStream<String, String> stream = chat().route("v2", input -> new Hand())
                .breaker(CircuitBreakerConfig.custom()
                        .recordException(thrown -> {
                            threads.add(Thread.currentThread().getName());
                            return true;
                        })
                        .ignoreException(thrown -> {
                            threads.add(Thread.currentThread().getName());
                            return false;
                        })
                        .build())
                .deadline(SHORT)
                .build();
        StreamingCall<String> call = stream.open("a");
        call.subscribe(new Reader(1));
        assertThat(failureOf(decisionOf(call))).isEqualTo(new Failure.TimedOut(SHORT, true));
        assertThat(threads).doesNotContain("incident4j-timer");
    }

    @Test
    void waitForARetry_endsWithAKillThatCancels() throws Exception {
        GuardedStream<String, String> stream =
                busy(Duration.ofMinutes(5)).inFlight(InFlight.CANCEL).build();
        StreamingCall<String> call = stream.open("a");
        call.subscribe(new Reader(10));
        runtime.switches().kill(Scope.model("chat"), CAUSE);
        assertThat(skippedCodes(decisionOf(call))).containsExactly("model-error", "killed");
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // thrown as it is, whatever it is
    private static <X extends Throwable> X undeclared(Throwable thrown) throws X {
        throw (X) thrown;
    }

    /** What is put off until the model's code returns can still be cancelled, and is still late. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void modelsThatFailAndDoNotComeBack_holdUpNeitherCancelNorDeadline(boolean cancelled) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        StreamGuardBuilder<String, String> builder = chat().route("v2", input -> subscriber -> {
                    new Hand().subscribe(subscriber);
                    opened.incrementAndGet();
                    subscriber.onError(new IOException("broke"));
                    failed.incrementAndGet();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .rule(FallbackRule.whenThrown(IOException.class)
                        .retry(20, Backoff.none())
                        .thenRefuse());
        StreamingCall<String> call = (cancelled ? builder : builder.deadline(Duration.ofMillis(300)))
                .build()
                .open("a");
        Reader reader = new Reader(10);
        Thread thread = new Thread(() -> call.subscribe(reader));
        thread.start();
        Eventually.until(() -> failed.get() > 0); // the innermost of them, and what would follow is put off
        assertThat(opened.get()).isGreaterThanOrEqualTo(8);
        if (cancelled) {
            reader.cancel();
        }
        Decision<StreamSummary> decision = decisionOf(call);
        assertThat(failureOf(decision)).isInstanceOf(cancelled ? Failure.Cancelled.class : Failure.TimedOut.class);
        assertThat(decision.skipped())
                .as("each attempt once, as what became of it")
                .hasSize(opened.get())
                .allSatisfy(skipped -> assertThat(skipped.failure()).isInstanceOf(Failure.ModelError.class));
        goOn.countDown();
        thread.join();
        assertThat(records("decision")).hasSize(1);
    }

    /** The next route is nobody's whom the cancel of the one before it interrupts, nor the host. */
    @ParameterizedTest
    @ValueSource(strings = {"blocked", "discarded", "cancelled", "interrupted"})
    void routeThatFollowsOnAnInterruptedThread_answers(String how) throws Exception {
        StreamGuardBuilder<String, String> builder = chat().callbackRoute(
                        "v2",
                        (input, sink) -> {
                            Thread worker = new Thread(() -> {
                                if (how.equals("interrupted")) {
                                    runtime.switches().kill(MODEL.route("v2"), CAUSE);
                                    Thread.currentThread().interrupt();
                                }
                                sink.next("new");
                                sink.complete();
                            });
                            if (!how.equals("interrupted")) {
                                sink.onCancel(worker::interrupt);
                            }
                            worker.start();
                        },
                        RouteOptions.<String>options().idempotent())
                .callbackFallback("v1", (input, sink) -> {
                    blocks();
                    sink.next("old");
                    sink.complete();
                })
                .inFlight(how.equals("cancelled") ? InFlight.CANCEL : InFlight.DISCARD);
        if (!how.equals("interrupted")) {
            builder.element(element -> {
                if (element.equals("new") && how.equals("blocked")) {
                    return Verdict.block(new Finding("new", "new", "new"));
                } else if (element.equals("new")) {
                    runtime.switches().kill(MODEL.route("v2"), CAUSE);
                }
                return Verdict.pass();
            });
        }
        Reader reader = new Reader(Long.MAX_VALUE);
        StreamingCall<String> call = builder.build().open("q");
        call.subscribe(reader);
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(reader.got).containsExactly("old");
        assertThat(routeOf(decisionOf(call))).isEqualTo("v1");
    }

    /** As a blocking step does, that an interrupt ends. */
    private static void blocks() throws InterruptedException {
        new CountDownLatch(0).await();
    }

    /** The reader, whom nobody has interrupted, is elsewhere. */
    @Test
    void interruptOfTheModelsThreadWhileItOpensTheNextRoute_isALimitOfThatRoute() throws Exception {
        GuardedStream<String, String> stream = chat().callbackRoute(
                        "v2", (input, sink) -> new Thread(() -> sink.fail(new IOException("down"))).start())
                .callbackFallback("v1", (input, sink) -> {
                    Thread.currentThread().interrupt();
                    blocks();
                })
                .callbackFallback("v0", (input, sink) -> {
                    blocks();
                    sink.next("oldest");
                    sink.complete();
                })
                .build();
        Reader reader = new Reader(Long.MAX_VALUE);
        StreamingCall<String> call = stream.open("q");
        call.subscribe(reader);
        assertThat(reader.end()).isEqualTo("complete");
        Decision<StreamSummary> decision = decisionOf(call);
        assertThat(routeOf(decision)).isEqualTo("v0");
        assertThat(skippedCodes(decision)).containsExactly("model-error", "limited");
    }

    /** Whoever asks for the marker of a restart waits for the route that follows, and may be interrupted. */
    @Test
    void interruptOfTheReaderWhoseDemandOpensTheNextRoute_endsTheStream() throws Exception {
        GuardedStream<String, String> stream = chat().callbackRoute("v2", (input, sink) -> {
                    sink.next("new");
                    sink.fail(new IOException("down"));
                })
                .callbackFallback("v1", (input, sink) -> {
                    Thread.currentThread().interrupt();
                    blocks();
                })
                .callbackFallback("v0", (input, sink) -> sink.complete())
                .restartWith(failure -> "anew")
                .build();
        Reader reader = new Reader(1);
        StreamingCall<String> call = stream.open("q");
        call.subscribe(reader);
        reader.request(5);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failureOf(decisionOf(call))).isInstanceOf(Failure.Cancelled.class);
    }
}
