// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.runtime.IncidentRuntime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The Technology Compatibility Kit of Reactive Streams 1.0.4 (org.reactivestreams), run over guarded streams. */
class ReactiveStreamsTckTest {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static IncidentRuntime runtime =
            IncidentRuntime.builder().ephemeral().build();

    @BeforeAll
    static void open() {
        runtime.close();
        runtime = IncidentRuntime.builder().ephemeral().build();
    }

    @AfterAll
    static void close() {
        runtime.close();
    }

    @TestFactory
    Stream<DynamicTest> passedOn_asItComes() {
        return verify(InFlight.FINISH, 0, List.of());
    }

    /** Of the large tier: the kit waits 100 ms and more for what must not come, which the other cases do, too. */
    @TestFactory
    @EnabledIfSystemProperty(named = "incident4j.full", matches = "true")
    Stream<DynamicTest> passedOn_wherePeopleMayCancelIt() {
        return verify(InFlight.CANCEL, 0, List.of());
    }

    @TestFactory
    Stream<DynamicTest> passedOn_afterAFallback() {
        return verify(InFlight.DISCARD, 2, List.of());
    }

    @TestFactory
    @EnabledIfSystemProperty(named = "incident4j.full", matches = "true")
    Stream<DynamicTest> passedOn_afterItWasHeldBack() {
        return verify(InFlight.FINISH, 0, List.of(new Window<>("window", 3)));
    }

    @TestFactory
    Stream<DynamicTest> passedOn_afterItWasHeldBackByTwo_wherePeopleMayCancelIt() {
        return verify(InFlight.CANCEL, 1, List.of(new Batches<>("batches", 4), new Window<>("window", 2)));
    }

    private static Stream<DynamicTest> verify(
            InFlight inFlight, int failingRoutes, List<StreamGuardrail<Integer>> guardrails) {
        List<Method> rules = Arrays.stream(FlowPublisherVerification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class) || isRule(method))
                .filter(method -> method.getParameterCount() == 0)
                .sorted(Comparator.comparing(Method::getName))
                .toList();
        assertThat(rules).as("the rules of the kit").hasSizeGreaterThan(30);
        return rules.stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getName(), () -> {
                    Verification verification = new Verification(inFlight, failingRoutes, guardrails);
                    verification.setUp();
                    try {
                        rule.invoke(verification);
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof SkipException skip) {
                            throw new TestAbortedException(skip.getMessage());
                        }
                        throw e.getCause();
                    }
                }));
    }

    private static boolean isRule(Method method) {
        return method.getName().startsWith("required_")
                || method.getName().startsWith("optional_")
                || method.getName().startsWith("stochastic_");
    }

    private static final class Verification extends FlowPublisherVerification<Integer> {
        private final InFlight inFlight;
        private final int failingRoutes;
        private final List<StreamGuardrail<Integer>> guardrails;

        Verification(InFlight inFlight, int failingRoutes, List<StreamGuardrail<Integer>> guardrails) {
            super(new TestEnvironment(300, 100));
            this.guardrails = guardrails;
            this.inFlight = inFlight;
            this.failingRoutes = failingRoutes;
        }

        private StreamGuardBuilder<String, Integer> guard() {
            StreamGuardBuilder<String, Integer> guard = runtime.<String, Integer>guardStream(
                            "tck-" + NAMES.getAndIncrement())
                    .withoutAuditTrail()
                    .inFlight(inFlight);
            guardrails.forEach(guard::output);
            return guard;
        }

        @Override
        public Flow.Publisher<Integer> createFlowPublisher(long elements) {
            StreamGuardBuilder<String, Integer> guard = guard();
            for (int i = 0; i < failingRoutes; i++) {
                StreamCall<String, Integer> broken = input -> {
                    throw new IllegalStateException("a route that is broken");
                };
                if (i == 0) {
                    guard.route("broken-0", broken);
                } else {
                    guard.fallback("broken-" + i, broken);
                }
            }
            StreamCall<String, Integer> counting = input -> subscriber -> new Counter(subscriber, elements).start();
            return (failingRoutes == 0 ? guard.route("v1", counting) : guard.fallback("v1", counting))
                    .build()
                    .open("a");
        }

        @Override
        public Flow.Publisher<Integer> createFailedFlowPublisher() {
            return guard().route("v1", input -> {
                        throw new IllegalStateException("broken from the start");
                    })
                    .build()
                    .open("a");
        }

        @Override
        public long maxElementsFromPublisher() {
            return Long.MAX_VALUE - 1;
        }
    }

    /** Counts as far as it is asked to, on the thread that asks; a publisher by the book. */
    private static final class Counter implements Flow.Subscription {
        private final Flow.Subscriber<? super Integer> subscriber;
        private final long elements;
        private final List<Long> asked = new ArrayList<>();
        private long wanted;
        private long sent;
        private boolean sending;
        private volatile boolean cancelled;

        Counter(Flow.Subscriber<? super Integer> subscriber, long elements) {
            this.subscriber = subscriber;
            this.elements = elements;
        }

        void start() {
            subscriber.onSubscribe(this);
            send();
        }

        @Override
        public void request(long n) {
            synchronized (this) {
                asked.add(n);
                wanted = wanted + n < 0 ? Long.MAX_VALUE : wanted + n;
            }
            send();
        }

        private void send() {
            synchronized (this) {
                if (sending) {
                    return;
                }
                sending = true;
            }
            while (!cancelled) {
                synchronized (this) {
                    if (sent < elements && sent >= wanted) {
                        sending = false;
                        return;
                    }
                }
                if (sent == elements) {
                    cancelled = true;
                    subscriber.onComplete();
                } else {
                    subscriber.onNext((int) sent++);
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
