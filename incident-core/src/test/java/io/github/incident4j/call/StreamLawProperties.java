// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Finding;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
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
 * Whatever the routes do and however the reader asks, a guarded stream delivers what a straightforward reading of its
 * promises says, never more than was asked for, ends once, and gives its permit back.
 */
class StreamLawProperties {
    private static final Finding FINDING = new Finding("rule", "category", "message");

    /** How a route's stream ends. */
    enum End {
        COMPLETES,
        FAILS,
        IS_BLOCKED,
        THROWS_AT_ONCE,
        IS_NULL
    }

    /**
     * What a route does.
     *
     * @param elements how many elements it has before its end
     * @param end how it ends
     */
    record Script(int elements, End end) {
        boolean opens() {
            return end != End.THROWS_AT_ONCE && end != End.IS_NULL;
        }
    }

    /** Serves a script, as much of it as was asked for. */
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
        public void subscribe(Flow.Subscriber<? super String> newSubscriber) {
            subscriber = newSubscriber;
            newSubscriber.onSubscribe(this);
            send();
        }

        @Override
        public void request(long n) {
            asked += n;
            send();
        }

        @Override
        public void cancel() {
            over = true;
        }

        String element(int number) {
            return route + ":" + number;
        }

        private void send() {
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
        StreamGuardBuilder<String, String> builder = runtime().guardStream("model-" + guards++);
        List<String> opened = new ArrayList<>();
        for (int i = 0; i < schedule.size(); i++) {
            String route = "r" + i;
            Script script = schedule.get(i);
            StreamCall<String, String> stream = input -> {
                opened.add(route);
                return switch (script.end) {
                    case THROWS_AT_ONCE -> throw new IOException("scripted");
                    case IS_NULL -> missing();
                    default -> new Scripted(route, script);
                };
            };
            if (i == 0) {
                builder.route(route, stream);
            } else {
                builder.fallback(route, stream);
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
            StreamingCall<String> running = stream.open("input");
            Reader reader = new Reader(0);
            running.subscribe(reader);
            for (int asked = chunk; !reader.end.isDone() && asked < 100; asked += chunk) {
                reader.request(chunk);
                assertThat(reader.got).as("no more than was asked for").hasSizeLessThanOrEqualTo(asked);
            }
            Expected expected = expected(schedule, restarts, lastElement);
            Decision<StreamSummary> decision = running.decision().get(30, TimeUnit.SECONDS);
            assertThat(reader.got).isEqualTo(expected.got);
            assertThat(opened).isEqualTo(expected.opened);
            assertThat(decision instanceof Decision.Answered).isEqualTo(expected.answered);
            assertThat(reader.end().startsWith("complete"))
                    .isEqualTo(decision instanceof Decision.Answered || lastElement);
        }
    }

    /** What should come out. */
    private record Expected(List<String> got, List<String> opened, boolean answered) {}

    private static Expected expected(List<Script> schedule, boolean restarts, boolean lastElement) {
        List<String> got = new ArrayList<>();
        List<String> opened = new ArrayList<>();
        boolean begun = false;
        for (int i = 0; i < schedule.size(); i++) {
            Script script = schedule.get(i);
            opened.add("r" + i);
            if (begun) {
                got.add("again");
            }
            for (int k = 0; script.opens() && k < script.elements; k++) {
                got.add("r" + i + ":" + k);
                begun = true;
            }
            if (script.end == End.COMPLETES) {
                return new Expected(got, opened, true);
            }
            if (begun && !restarts) {
                break;
            }
        }
        if (lastElement) {
            got.add("end");
        }
        return new Expected(got, opened, false);
    }

    @SuppressWarnings("NullAway") // that a model breaks its contract is part of the law
    private static Flow.Publisher<String> missing() {
        return null;
    }
}
