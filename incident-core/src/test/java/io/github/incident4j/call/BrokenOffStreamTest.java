// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A stream that an error of the JVM breaks off, wherever that is, has its decision, its record and one end at most, and
 * keeps nothing that others need.
 */
class BrokenOffStreamTest {
    private static final Finding FINDING = new Finding("rule", "category", "message");

    @TempDir
    Path directory;

    private final BrittleClock clock = new BrittleClock();
    private IncidentRuntime runtime = IncidentRuntime.builder().ephemeral().build();

    @BeforeEach
    void open() {
        runtime.close();
        runtime = IncidentRuntime.builder()
                .directory(directory)
                .maxWaitingPayload(16 << 16) // for 16 calls that require the trail, and record what they answer
                .switchStore(SwitchSources.inMemory("runtime"))
                .time(clock)
                .build();
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    /**
     * Throws once, at one of its readings by the threads of a call; that stands for whatever may be thrown anywhere.
     */
    private static final class BrittleClock implements TimeSource {
        private final AtomicInteger left = new AtomicInteger();
        private volatile @Nullable Throwable error;

        void breakAt(int reading, Throwable thrown) {
            thrown.setStackTrace(new StackTraceElement[0]); // hundreds of these are logged
            error = thrown;
            left.set(reading);
        }

        /** Whether it has thrown; from now on it does not. */
        boolean isBroken() {
            return left.getAndSet(0) <= 0;
        }

        @Override
        public Instant instant() {
            return Instant.now();
        }

        @Override
        public long nanoTime() {
            String thread = Thread.currentThread().getName();
            boolean ofACall = !thread.startsWith("incident4j-") || thread.equals("incident4j-call");
            if (ofACall && left.get() > 0 && left.decrementAndGet() == 0) {
                throw BrokenOffStreamTest.<RuntimeException>thrown(Objects.requireNonNull(error));
            }
            return System.nanoTime();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // thrown as it is, whatever it is
    private static <X extends Throwable> X thrown(Throwable failure) throws X {
        throw (X) failure;
    }

    /** What becomes of a stream that nothing breaks off. */
    enum Course {
        COMPLETES,
        COMPLETES_WHILE_IT_IS_ASKED,
        IS_JUDGED,
        IS_HELD_BACK,
        MAY_BE_STOPPED,
        FAILS_AT_ONCE,
        FAILS_BEFORE_THE_FIRST,
        FAILS_MIDWAY,
        FAILS_MIDWAY_WITH_A_LAST_ELEMENT,
        FAILS_MIDWAY_AND_BEGINS_ANEW,
        FAILS_AND_IS_RETRIED_LATER,
        IS_BLOCKED,
        IS_CANCELLED,
        IS_ASKED_FOR_NOTHING,
        IS_KILLED,
        IS_LATE
    }

    /** Leaves where it sees an error itself. */
    private static final class Witness implements Flow.Subscriber<String> {
        private final long ask;
        private final AtomicInteger ends = new AtomicInteger();
        private volatile boolean left;
        private volatile Flow.@Nullable Subscription subscription;

        Witness(long ask) {
            this.ask = ask;
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            request(ask);
        }

        void request(long n) {
            Flow.Subscription known = Objects.requireNonNull(subscription);
            try {
                known.request(n);
            } catch (Throwable thrown) {
                cancel();
                throw thrown;
            }
        }

        void cancel() {
            left = true;
            Objects.requireNonNull(subscription).cancel();
        }

        @Override
        public void onNext(String element) {}

        @Override
        public void onError(Throwable thrown) {
            ends.incrementAndGet();
        }

        @Override
        public void onComplete() {
            ends.incrementAndGet();
        }

        boolean isServed() {
            return left || ends.get() > 0;
        }
    }

    private GuardedStream<String, String> guarded(String name, Course course, List<Hand> hands) {
        StreamCall<String, String> model = input -> course == Course.COMPLETES_WHILE_IT_IS_ASKED
                ? new Hand() {
                    @Override
                    public void request(long n) {
                        to().onNext("one");
                        to().onComplete();
                    }
                }
                : new Hand() {
                    @Override
                    public void subscribe(Flow.Subscriber<? super String> newSubscriber) {
                        subscriber.set(newSubscriber);
                        hands.add(this);
                        newSubscriber.onSubscribe(this);
                    }
                };
        StreamCall<String, String> failing = input -> {
            throw new IOException("broken");
        };
        RouteOptions<String> one =
                RouteOptions.<String>options().maxConcurrent(1).idempotent();
        StreamGuardBuilder<String, String> builder = runtime.<String, String>guardStream(name)
                .route("v2", course == Course.FAILS_AT_ONCE ? failing : model, one)
                .fallback("v1", model, one)
                .maxConcurrent(1)
                .requireAuditTrail()
                .audit(AuditOptions.<String, StreamSummary>options()
                        .output(PayloadPolicy.full(StreamSummary::toString)));
        return switch (course) {
            case IS_JUDGED -> builder.element(element -> Verdict.pass()).build();
            case IS_HELD_BACK -> builder.output(new Window<>("window", 1)).build();
            case IS_BLOCKED ->
                builder.element(element -> element.equals("two") ? Verdict.block(FINDING) : Verdict.pass())
                        .build();
            case MAY_BE_STOPPED ->
                builder.inFlight(InFlight.CANCEL)
                        .deadline(Duration.ofMinutes(1))
                        .timeToFirst(Duration.ofMinutes(1))
                        .build();
            case IS_KILLED -> builder.inFlight(InFlight.CANCEL).build();
            case IS_LATE -> builder.deadline(Duration.ofMillis(20)).build();
            case FAILS_MIDWAY_WITH_A_LAST_ELEMENT ->
                builder.endWith(failure -> "end").build();
            case FAILS_MIDWAY_AND_BEGINS_ANEW ->
                builder.restartWith(failure -> "again").build();
            case FAILS_AND_IS_RETRIED_LATER ->
                builder.rule(FallbackRule.whenThrown(IOException.class)
                                .retry(1, Backoff.fixed(Duration.ofMillis(1)))
                                .thenToNext())
                        .build();
            default -> builder.build();
        };
    }

    /** The model's thread does what its course says, and sees what is thrown. */
    private void play(Course course, String name, Flow.Subscriber<? super String> to, Witness reader) {
        switch (course) {
            case FAILS_BEFORE_THE_FIRST, FAILS_AND_IS_RETRIED_LATER -> to.onError(new IOException("broken"));
            case FAILS_MIDWAY, FAILS_MIDWAY_WITH_A_LAST_ELEMENT, FAILS_MIDWAY_AND_BEGINS_ANEW -> {
                to.onNext("one");
                to.onError(new IOException("broken"));
            }
            case IS_CANCELLED -> reader.cancel();
            case IS_ASKED_FOR_NOTHING -> reader.request(0);
            case IS_KILLED -> {
                to.onNext("one");
                kill(Scope.model(name));
                Eventually.until(reader::isServed);
            }
            case IS_LATE -> {
                to.onNext("one");
                Eventually.until(reader::isServed);
            }
            default -> {
                to.onNext("one");
                to.onNext("two");
                to.onComplete();
            }
        }
    }

    private void kill(Scope scope) {
        try {
            runtime.switches().kill(scope, CallTestBase.CAUSE);
        } catch (Throwable thrown) { // its own reading of the clock
            runtime.switches().kill(scope, CallTestBase.CAUSE);
        }
    }

    @ParameterizedTest
    @EnumSource(Course.class)
    void streamThatIsBrokenOff_hasItsDecisionAndItsRecordAndKeepsNothing(Course course) throws Exception {
        int begun = 0;
        for (Throwable error : List.of(
                new StackOverflowError("injected"),
                new OutOfMemoryError("injected"),
                new NoClassDefFoundError("injected"),
                new IllegalStateException("injected"))) {
            int reading = 1;
            for (boolean broken = true; broken; reading++) {
                String name = "model-" + error.getClass().getSimpleName() + "-" + reading;
                List<Hand> hands = new CopyOnWriteArrayList<>();
                GuardedStream<String, String> stream = guarded(name, course, hands);
                StreamingCall<String> call = stream.open("a");
                Witness reader = new Witness(course == Course.IS_HELD_BACK ? 10 : Long.MAX_VALUE);
                clock.breakAt(reading, error);
                run(course, name, call, hands, reader);
                broken = clock.isBroken();
                String where = name + " of " + course;
                assertThat(call.decision()).as(where).isDone();
                assertThat(reader.ends.get()).as(where).isEqualTo(reader.left && reader.ends.get() == 0 ? 0 : 1);
                if (!call.decision().isCompletedExceptionally()) { // else it had not begun
                    begun++;
                }
                runtime.switches().restore(Scope.model(name), CallTestBase.CAUSE);
                assertThat(isLetThrough(stream, hands)).as(where).isTrue();
                begun++;
            }
            assertThat(reading).as("readings of " + course).isGreaterThan(3);
        }
        assertThat(runtime.awaitQuiet(CallTestBase.LIMIT)).isTrue();
        try (var records = runtime.trail().query().type("decision").records()) {
            List<String> ids = records.map(TrailRecord::members)
                    .map(members -> String.valueOf(members.get("id")))
                    .toList();
            assertThat(ids).doesNotHaveDuplicates().hasSize(begun);
        }
    }

    /** Who has subscribed hears of it, and so does the thread on which it has happened. */
    @Test
    void errorWhileAStreamIsDecided_goesOnToTheModelsThread() throws Exception {
        List<Hand> hands = new CopyOnWriteArrayList<>();
        StreamingCall<String> call = guarded("model", Course.COMPLETES, hands).open("a");
        Reader reader = new Reader(10);
        call.subscribe(reader);
        hands.get(0).to().onNext("one");
        OutOfMemoryError error = new OutOfMemoryError("injected");
        clock.breakAt(1, error);
        assertThatThrownBy(() -> hands.get(0).to().onComplete()).isSameAs(error);
        assertThat(reader.end()).isEqualTo("error " + error);
        Decision.Refused<StreamSummary> refused =
                (Decision.Refused<StreamSummary>) call.decision().get(30, TimeUnit.SECONDS);
        assertThat(refused.failure()).isEqualTo(new Failure.ModelError(error));
        assertThat(refused.partial().orElseThrow().elements()).isEqualTo(1);
    }

    @Test
    void errorBeforeAStreamBegins_isThrownToWhoWaitsForIt() {
        GuardedStream<String, String> stream =
                guarded("model", Course.COMPLETES_WHILE_IT_IS_ASKED, new CopyOnWriteArrayList<>());
        for (Throwable error : List.of(new OutOfMemoryError("injected"), new IllegalStateException("injected"))) {
            clock.breakAt(1, error);
            assertThatThrownBy(() -> stream.forEach("a", CallContext.empty(), element -> {}))
                    .isSameAs(error);
        }
    }

    /** It is told of the end, and its mistake is neither the model's nor the stream's. */
    @ParameterizedTest
    @EnumSource(
            value = Course.class,
            names = {"COMPLETES", "FAILS_MIDWAY"})
    void readerThatThrowsAtTheEnd_changesNothing(Course course) throws Exception {
        List<Hand> hands = new CopyOnWriteArrayList<>();
        StreamingCall<String> call = guarded("model", course, hands).open("a");
        call.subscribe(new Reader(10) {
            @Override
            public void onError(Throwable thrown) {
                throw new IllegalStateException("the client has gone");
            }

            @Override
            public void onComplete() {
                throw new IllegalStateException("the client has gone");
            }
        });
        play(course, "model", hands.get(0).to(), new Witness(1));
        assertThat(call.decision().get(30, TimeUnit.SECONDS) instanceof Decision.Answered)
                .isEqualTo(course == Course.COMPLETES);
    }

    private void run(Course course, String name, StreamingCall<String> call, List<Hand> hands, Witness reader)
            throws Exception {
        try {
            call.subscribe(reader);
        } catch (Throwable thrown) {
            assertThat(thrown).hasMessage("injected");
        }
        int played = 0;
        while (!call.decision().isDone() || !reader.isServed()) {
            int next = played;
            Eventually.until(() -> (call.decision().isDone() && reader.isServed()) || hands.size() > next);
            if (hands.size() > next) {
                try {
                    play(
                            next == 0 ? course : Course.COMPLETES,
                            name,
                            hands.get(next).to(),
                            reader);
                } catch (Throwable thrown) {
                    assertThat(thrown).hasMessage("injected");
                }
                played++;
            }
        }
    }

    private static boolean isLetThrough(GuardedStream<String, String> stream, List<Hand> hands) throws Exception {
        StreamingCall<String> call = stream.open("b");
        int before = hands.size();
        call.subscribe(new Reader(10));
        if (hands.size() > before && !call.decision().isDone()) {
            hands.get(before).to().onComplete();
        }
        Decision<StreamSummary> decision = call.decision().get(30, TimeUnit.SECONDS);
        assertThat(CallTestBase.skippedCodes(decision)).doesNotContain("limited");
        return decision instanceof Decision.Answered
                || CallTestBase.failureOf(decision) instanceof Failure.TimedOut; // on a busy machine
    }
}
