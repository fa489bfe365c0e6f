// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** Whatever the routes do, the answer is that of the first one that can, and the call leaves one record. */
class FallbackLawProperties {
    private static final Cause CAUSE = Cause.by("test").because("a law");
    private static final Finding FINDING = new Finding("rule", "category", "message");

    /** What a route does when its turn comes. */
    enum Behaviour {
        ANSWERS(null),
        ANSWERS_WHEN_ASKED_AGAIN(null),
        THROWS("model-error"),
        RETURNS_NULL("no-answer"),
        IS_BLOCKED("output-blocked"),
        IS_KILLED("killed"),
        BREAKER_IS_OPEN("breaker-open");

        private final @Nullable String failure;

        Behaviour(@Nullable String failure) {
            this.failure = failure;
        }
    }

    private @Nullable Path directory;
    private @Nullable IncidentRuntime runtime;
    private int guards;

    @BeforeProperty
    void open() throws IOException {
        directory = Files.createTempDirectory("incident4j-law");
        runtime = IncidentRuntime.builder().directory(directory).build();
    }

    @AfterProperty
    void close() throws IOException {
        runtime().close();
        try (Stream<Path> files = Files.walk(java.util.Objects.requireNonNull(directory))) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private IncidentRuntime runtime() {
        return java.util.Objects.requireNonNull(runtime);
    }

    @Property(tries = 150)
    void answer_isThatOfTheFirstRouteThatCan(@ForAll @Size(min = 1, max = 5) List<Behaviour> schedule) {
        String name = "model-" + guards++;
        GuardBuilder<String, String> builder = runtime().guard(name);
        List<String> called = new ArrayList<>();
        boolean[] warmingUp = {true};
        for (int i = 0; i < schedule.size(); i++) {
            String route = "r" + i;
            Behaviour behaviour = schedule.get(i);
            int[] times = {0};
            ModelCall<String, String> function = input -> {
                if (warmingUp[0]) {
                    throw new IllegalStateException("so that the breaker opens");
                }
                called.add(route);
                return switch (behaviour) {
                    case THROWS -> throw new IOException("broken");
                    case RETURNS_NULL -> missing();
                    case IS_BLOCKED -> "bad";
                    case ANSWERS_WHEN_ASKED_AGAIN -> times[0]++ == 0 ? "again" : route;
                    default -> route;
                };
            };
            if (i == 0) {
                builder.route(route, function);
            } else {
                builder.fallback(route, function);
            }
        }
        boolean broken = schedule.contains(Behaviour.BREAKER_IS_OPEN);
        GuardedModel<String, String> model = builder.output(value -> value.equals("bad")
                        ? Verdict.block(FINDING)
                        : value.equals("again") ? Verdict.retry(FINDING) : Verdict.pass())
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .build())
                .build();
        if (broken) {
            openBreakers(model, name, schedule);
        }
        warmingUp[0] = false;
        for (int i = 0; i < schedule.size(); i++) {
            if (schedule.get(i) == Behaviour.IS_KILLED) {
                runtime().switches().kill(Scope.model(name).route("r" + i), CAUSE);
            }
        }

        Decision<String> decision = model.decide("input");

        int first = 0;
        List<String> failures = new ArrayList<>();
        List<String> expectedCalls = new ArrayList<>();
        for (; first < schedule.size(); first++) {
            Behaviour behaviour = schedule.get(first);
            String route = "r" + first;
            if (behaviour != Behaviour.IS_KILLED && behaviour != Behaviour.BREAKER_IS_OPEN) {
                expectedCalls.add(route);
            }
            if (behaviour == Behaviour.ANSWERS_WHEN_ASKED_AGAIN) {
                expectedCalls.add(route);
            }
            String failure = behaviour.failure;
            if (failure == null) {
                break;
            }
            failures.add(failure);
        }
        assertThat(called).isEqualTo(expectedCalls);
        assertThat(decision.skipped())
                .extracting((Skipped skip) -> skip.failure().code())
                .isEqualTo(failures);
        if (first < schedule.size()) {
            assertThat(decision)
                    .isInstanceOfSatisfying(
                            Decision.Answered.class,
                            answered -> assertThat(answered.output()).isEqualTo(answered.route()));
            assertThat(((Decision.Answered<String>) decision).route()).isEqualTo("r" + first);
        } else {
            assertThat(((Decision.Refused<String>) decision).failure().code()).isEqualTo(failures.get(0));
        }
        assertThat(recordsOf(decision)).hasSize(1);
    }

    /** Opens the breakers of some routes by letting them fail while the switches keep the others from it. */
    private void openBreakers(GuardedModel<String, String> model, String name, List<Behaviour> schedule) {
        List<Scope> others = new ArrayList<>();
        for (int i = 0; i < schedule.size(); i++) {
            if (schedule.get(i) != Behaviour.BREAKER_IS_OPEN) {
                others.add(Scope.model(name).route("r" + i));
            }
        }
        others.forEach(scope -> runtime().switches().kill(scope, CAUSE));
        assertThat(model.decide("input")).isInstanceOf(Decision.Refused.class);
        others.forEach(scope -> runtime().switches().restore(scope, CAUSE));
    }

    private List<TrailRecord> recordsOf(Decision<?> decision) {
        assertThat(runtime().awaitQuiet(Duration.ofSeconds(30))).isTrue();
        try (Stream<TrailRecord> records = runtime().trail().records()) {
            return records.filter(each ->
                            decision.id().toString().equals(each.members().get("id")))
                    .toList();
        }
    }

    @SuppressWarnings("NullAway") // that a model breaks its contract is part of the law
    private static String missing() {
        return null;
    }
}
