// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
 * Whatever the routes do and however the reader asks, a guarded stream delivers what a straightforward reading of its
 * promises says, never more than was asked for, ends once, and gives its permit back.
 */
class StreamLawProperties {
    private static final Finding FINDING = new Finding("rule", "category", "message");
    private static final Cause CAUSE = Cause.by("test").because("a law");
    private static final int PROBES = 10;
    private static final int AT_ONCE = 3;

    /** How a route's stream ends. */
    enum End {
        COMPLETES,
        FAILS,
        IS_BLOCKED,
        THROWS_AT_ONCE,
        THROWS_AN_ERROR_AT_ONCE,
        IS_NULL,
        IS_LATE,
        THROWS_ONCE_AND_IS_LIMITED_THEN
    }

    /**
     * What a route does.
     *
     * @param elements how many elements it has before its end
     * @param end how it ends
     */
    record Script(int elements, End end) {
        boolean opens() {
            return end == End.COMPLETES || end == End.FAILS || end == End.IS_BLOCKED;
        }
    }

    /** Serves a script, as much of it as was asked for, by any threads. */
    static class Scripted implements Flow.Publisher<String>, Flow.Subscription {
        private final String route;
        private final Script script;
        private Flow.@Nullable Subscriber<? super String> subscriber;
        private long asked;
        private int sent;
        private boolean sending;
        private boolean over;

        Scripted(String route, Script script) {
            this.route = route;
            this.script = script;
        }

        @Override
        public synchronized void subscribe(Flow.Subscriber<? super String> newSubscriber) {
            subscriber = newSubscriber;
            newSubscriber.onSubscribe(this);
            send();
        }

        @Override
        public synchronized void request(long n) {
            asked += n;
            send();
        }

        @Override
        public synchronized void cancel() {
            over = true;
        }

        String element(int number) {
            return route + ":" + number;
        }

        private synchronized void send() {
            Flow.Subscriber<? super String> to = subscriber;
            if (sending || to == null) {
                return;
            }
            sending = true;
            while (!over && sent < asked && sent < script.elements) {
                to.onNext(element(sent++));
            }
            if (!over && sent == script.elements && script.end == End.IS_BLOCKED && sent < asked) {
                sent++;
                to.onNext("bad");
            }
            if (!over && sent == script.elements && script.end != End.IS_BLOCKED) {
                over = true;
                if (script.end == End.COMPLETES) {
                    to.onComplete();
                } else {
                    to.onError(new IOException("scripted"));
                }
            }
            sending = false;
        }
    }

    private @Nullable LawTrail trail;

    @BeforeProperty
    void open() throws IOException {
        trail = new LawTrail();
    }

    @AfterProperty
    void close() throws IOException {
        trail().close();
    }

    private LawTrail trail() {
        return java.util.Objects.requireNonNull(trail);
    }

    private IncidentRuntime runtime() {
        return trail().runtime();
    }

    @Provide
    Arbitrary<Script> scripts() {
        return Combinators.combine(Arbitraries.integers().between(0, 6), Arbitraries.of(End.class))
                .as(Script::new);
    }

    @Property(tries = 1_000)
    void stream_deliversWhatItsPromisesSay(
            @ForAll @Size(min = 1, max = 4) List<@From("scripts") Script> schedule,
            @ForAll boolean restarts,
            @ForAll boolean lastElement,
            @ForAll @IntRange(min = 1, max = 5) int chunk)
            throws Exception {
        StreamGuardBuilder<String, String> builder = runtime().guardStream(trail().nextName());
        List<String> opened = new CopyOnWriteArrayList<>();
        for (int i = 0; i < schedule.size(); i++) {
            String route = "r" + i;
            Script script = schedule.get(i);
            StreamCall<String, String> stream = input -> {
                if (script.end != End.IS_LATE) { // its time may be over before it is opened, on a busy machine
                    opened.add(route);
                }
                return switch (script.end) {
                    case THROWS_AT_ONCE, THROWS_ONCE_AND_IS_LIMITED_THEN -> throw new IOException("scripted");
                    case THROWS_AN_ERROR_AT_ONCE -> throw new AssertionError("scripted");
                    case IS_NULL -> missing();
                    case IS_LATE -> new Hand();
                    default -> new Scripted(route, script);
                };
            };
            RouteOptions<String> options = RouteOptions.<String>options().idempotent();
            if (script.end == End.IS_LATE) {
                options = options.timeLimit(Duration.ofMillis(1));
            } else if (script.end == End.THROWS_ONCE_AND_IS_LIMITED_THEN) {
                options = options.rateLimit(new Limit.Rate(1, Duration.ofDays(1)));
            }
            if (i == 0) {
                builder.route(route, stream, options);
            } else {
                builder.fallback(route, stream, options);
            }
        }
        builder.element(element -> element.equals("bad") ? Verdict.block(FINDING) : Verdict.pass())
                .withoutBreaker()
                .maxConcurrent(1);
        if (restarts) {
            builder.restartWith(failure -> "again");
        }
        if (lastElement) {
            builder.endWith(failure -> "end");
        }
        GuardedStream<String, String> stream = builder.build();

        for (int call = 0; call < 2; call++) { // the second one needs the first one's permit
            opened.clear();
            trail().begun();
            StreamingCall<String> running = stream.open("input");
            Reader reader = new Reader(0);
            running.subscribe(reader);
            for (int asked = chunk; !reader.end.isDone() && asked < 100; asked += chunk) {
                reader.request(chunk);
                assertThat(reader.got).as("no more than was asked for").hasSizeLessThanOrEqualTo(asked);
            }
            reader.end(); // what is late ends beside this thread
            Expected expected = expected(schedule, restarts, lastElement, call > 0);
            Decision<StreamSummary> decision = running.decision().get(30, TimeUnit.SECONDS);
            assertThat(reader.got).isEqualTo(expected.got);
            assertThat(opened).isEqualTo(expected.opened);
            assertThat(decision instanceof Decision.Answered).isEqualTo(expected.answered);
            if (decision instanceof Decision.Refused<StreamSummary> refused) {
                List<Skipped> tried = refused.skipped();
                assertThat(refused.failure())
                        .as("the first route's failure, as of a call; once elements have come, what has ended them")
                        .isEqualTo(
                                tried.get(expected.begun ? tried.size() - 1 : 0).failure());
            }
            assertThat(reader.end().startsWith("complete"))
                    .isEqualTo(decision instanceof Decision.Answered || lastElement);
        }
    }

    /** What should come out. */
    private record Expected(List<String> got, List<String> opened, boolean begun, boolean answered) {}

    private static Expected expected(List<Script> schedule, boolean restarts, boolean lastElement, boolean limited) {
        List<String> got = new ArrayList<>();
        List<String> opened = new ArrayList<>();
        boolean begun = false;
        boolean marked = false;
        for (int i = 0; i < schedule.size(); i++) {
            Script script = schedule.get(i);
            if (begun && !marked) {
                got.add("again");
            }
            marked = limited && script.end == End.THROWS_ONCE_AND_IS_LIMITED_THEN; // and nothing has begun anew yet
            if (!marked && script.end != End.IS_LATE) {
                opened.add("r" + i);
            }
            for (int k = 0; script.opens() && k < script.elements; k++) {
                got.add("r" + i + ":" + k);
                begun = true;
            }
            if (script.end == End.COMPLETES) {
                return new Expected(got, opened, begun, true);
            }
            if (begun && !restarts) {
                break;
            }
        }
        if (lastElement) {
            got.add("end");
        }
        return new Expected(got, opened, begun, false);
    }

    /** How a stream ends that has taken a permit of its breaker. */
    enum Ending {
        COMPLETES,
        FAILS,
        IS_BLOCKED,
        THROWS_AT_ONCE,
        THROWS_AN_ERROR_AT_ONCE,
        OVERFLOWS,
        IS_NULL,
        IS_CANCELLED_BY_ITSELF,
        IS_CANCELLED_BY_ITS_READER,
        IS_CANCELLED_IN_ITS_INPUT,
        IS_KILLED
    }

    /**
     * As for calls: a breaker that is half-open has so many permits, and the limits let as many through as before. What
     * the trail keeps room for is back, too.
     */
    @Property(tries = 150)
    void permits_areAllBack(@ForAll @Size(max = 8) List<Ending> schedule) throws Exception {
        String name = trail().nextName();
        Ending[] next = {Ending.FAILS};
        List<Hand> hands = new ArrayList<>();
        boolean[] byHand = {false};
        AtomicReference<@Nullable Reader> leaving = new AtomicReference<>();
        StreamCall<String, String> model = input -> {
            if (byHand[0]) {
                Hand hand = new Hand();
                hands.add(hand);
                return hand;
            }
            return switch (next[0]) {
                case FAILS -> new Scripted("r", new Script(1, End.FAILS));
                case IS_BLOCKED -> new Scripted("r", new Script(1, End.IS_BLOCKED));
                case THROWS_AT_ONCE -> throw new IOException("scripted");
                case THROWS_AN_ERROR_AT_ONCE -> throw new AssertionError("scripted");
                case OVERFLOWS -> throw new StackOverflowError("scripted");
                case IS_NULL -> missing();
                case IS_CANCELLED_BY_ITSELF -> throw new CancellationException("scripted");
                case IS_CANCELLED_BY_ITS_READER, IS_CANCELLED_IN_ITS_INPUT, IS_KILLED -> new Hand();
                case COMPLETES -> new Scripted("r", new Script(1, End.COMPLETES));
            };
        };
        GuardedStream<String, String> stream = runtime()
                .<String, String>guardStream(name)
                .route("r", model, RouteOptions.<String>options().maxConcurrent(AT_ONCE))
                .element(element -> element.equals("bad") ? Verdict.block(FINDING) : Verdict.pass())
                .input(input -> {
                    Reader reader = leaving.getAndSet(null);
                    if (reader != null) {
                        reader.cancel();
                    }
                    return Verdict.pass();
                })
                .inFlight(InFlight.CANCEL)
                .requireAuditTrail()
                .audit(AuditOptions.<String, StreamSummary>options()
                        .output(PayloadPolicy.full(StreamSummary::toString)))
                .maxConcurrent(AT_ONCE)
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(PROBES)
                        .minimumNumberOfCalls(PROBES)
                        .failureRateThreshold(100)
                        .permittedNumberOfCallsInHalfOpenState(PROBES)
                        .waitDurationInOpenState(Duration.ofMillis(1))
                        .build())
                .build();
        for (int i = 0; i < PROBES; i++) {
            assertThat(isAnswered(begin(stream, new Reader(10)))).isFalse(); // until the breaker opens
        }
        Instant open = Instant.now();
        while (Instant.now().isBefore(open.plusMillis(2))) { // the breaker's own clock, which is the system's
            Thread.onSpinWait();
        }

        for (Ending each : schedule) {
            next[0] = each;
            Reader reader = new Reader(10);
            leaving.set(each == Ending.IS_CANCELLED_IN_ITS_INPUT ? reader : null);
            StreamingCall<String> running = begin(stream, reader);
            if (each == Ending.IS_CANCELLED_BY_ITS_READER) {
                reader.cancel();
            } else if (each == Ending.IS_KILLED) {
                runtime().switches().kill(Scope.model(name), CAUSE);
                runtime().switches().restore(Scope.model(name), CAUSE);
            }
            assertThat(isAnswered(running)).isEqualTo(each == Ending.COMPLETES);
        }
        next[0] = Ending.COMPLETES;
        for (int i = 0; i < PROBES; i++) {
            assertThat(isAnswered(begin(stream, new Reader(10))))
                    .as("stream %d after %s", i, schedule)
                    .isTrue();
        }
        byHand[0] = true;
        List<StreamingCall<String>> atOnce = new ArrayList<>();
        for (int i = 0; i <= AT_ONCE; i++) {
            atOnce.add(begin(stream, new Reader(10)));
        }
        assertThat(hands).as("streams at once, and none that is one too many").hasSize(AT_ONCE);
        hands.forEach(hand -> hand.to().onComplete());
        for (int i = 0; i <= AT_ONCE; i++) {
            assertThat(isAnswered(atOnce.get(i))).isEqualTo(i < AT_ONCE);
        }
    }

    private StreamingCall<String> begin(GuardedStream<String, String> stream, Reader reader) {
        trail().begun();
        StreamingCall<String> running = stream.open("input");
        running.subscribe(reader);
        return running;
    }

    private static boolean isAnswered(StreamingCall<String> running) throws Exception {
        return running.decision().get(30, TimeUnit.SECONDS) instanceof Decision.Answered;
    }

    @SuppressWarnings("NullAway") // that a model breaks its contract is part of the law
    private static Flow.Publisher<String> missing() {
        return null;
    }
}
