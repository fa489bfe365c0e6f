// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a decision is on the disk, who waits for that, and what happens when it cannot be. */
class DurabilityTest extends CallTestBase {
    private final AtomicInteger asked = new AtomicInteger();

    private GuardedModel<String, String> model(Durability durability) {
        return guard().route("v2", input -> {
                    asked.incrementAndGet();
                    return "new";
                })
                .fallback("v1", input -> "old")
                .durability(durability)
                .build();
    }

    private long onDisk(Decision<?> decision) {
        return AuditTrail.in(directory)
                .query()
                .decision(decision.id().toString())
                .type("decision")
                .count();
    }

    private void removeTheLog() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("trail/log"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void everyDurability_recordsEveryDecisionOnce(Durability durability) {
        GuardedModel<String, String> model = model(durability);
        for (int i = 0; i < 50; i++) {
            Decision<String> decision = model.decide("a");
            assertThat(durability.waits() ? onDisk(decision) : 1).isEqualTo(1);
        }
        assertThat(records("decision")).hasSize(50);
    }

    @Test
    void asynchronousCallsAndStreams_waitToo() throws Exception {
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2", input -> CompletableFuture.supplyAsync(() -> "later"), RouteOptions.options())
                .durability(Durability.DURABLE)
                .build();
        assertThat(onDisk(model.decideAsync("a").get(30, TimeUnit.SECONDS))).isEqualTo(1);
        GuardedStream<String, String> stream = runtime.<String, String>guardStream("chat")
                .callbackRoute("v1", (input, sink) -> {
                    sink.next("one");
                    sink.complete();
                })
                .durability(Durability.EVERY)
                .build();
        assertThat(onDisk(stream.forEach("a", CallContext.empty(), element -> {})))
                .isEqualTo(1);
    }

    /** No answer without a record: the first call learns it after the model, the next ones before it is asked. */
    @Test
    void durable_failsClosedAndComesBackByItself() throws Exception {
        GuardedModel<String, String> model = model(Durability.DURABLE);
        assertThat(routeOf(model.decide("a"))).isEqualTo("v2");
        removeTheLog();
        Decision<String> first = model.decide("a");
        assertThat(failureOf(first)).isEqualTo(new Failure.TrailRefused());
        int before = asked.get();
        assertThat(failureOf(model.decide("a"))).isEqualTo(new Failure.TrailRefused());
        assertThat(asked).as("refused before the model is paid for").hasValue(before);
        Eventually.until(() -> model.decide("a") instanceof Decision.Answered);
        assertThat(records("decision.withdrawn"))
                .as("what the log says of the answer that was not given")
                .singleElement()
                .satisfies(record -> assertThat(record.members())
                        .containsEntry("id", first.id().toString()));
        assertThat(records("trail.resumed")).hasSize(1);
    }

    /** A person must not decide about an answer that nobody was given. */
    @Test
    void durable_leavesNoCaseForAPersonWhereTheAnswerWasNotGiven() throws Exception {
        ReviewQueue<String, String> queue = ReviewQueue.holding(1, Duration.ofHours(4), input -> "pending");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .reviewQueue("person", queue)
                .withoutBreaker()
                .durability(Durability.DURABLE)
                .build();
        Decision<String> given = model.decide("a");
        assertThat(routeOf(given)).isEqualTo("person");
        assertThat(queue.decide(given.id(), "approved", CAUSE)).isPresent();
        removeTheLog();
        assertThat(failureOf(model.decide("a"))).isEqualTo(new Failure.TrailRefused());
        assertThat(queue.waiting()).isEmpty();
        Eventually.until(() -> model.decide("a") instanceof Decision.Answered); // its place is free again
    }

    @Test
    void every_failsOpenAndComesBackByItself() throws Exception {
        GuardedModel<String, String> model = model(Durability.EVERY);
        assertThat(routeOf(model.decide("a"))).isEqualTo("v2");
        removeTheLog();
        Decision<String> first = model.decide("a");
        assertThat(routeOf(first)).isEqualTo("v2");
        Eventually.until(() -> onDisk(model.decide("a")) == 1);
        assertThat(onDisk(first)).as("written again after the outage").isEqualTo(1);
    }

    @Test
    void interruptedCaller_waitsAllTheSameAndKeepsItsInterrupt() {
        GuardedModel<String, String> model = model(Durability.DURABLE);
        Thread.currentThread().interrupt();
        Decision<String> decision = model.decide("a");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(routeOf(decision)).isEqualTo("v2");
        assertThat(onDisk(decision)).isEqualTo(1);
    }

    /** One force serves all who wait: with many callers there are far fewer forces than records. */
    @Test
    void manyCallers_loseNothingAndEndTogether() throws Exception {
        GuardedModel<String, String> model = model(Durability.DURABLE);
        List<Thread> callers = Stream.generate(() -> new Thread(() -> {
                    for (int i = 0; i < 50; i++) {
                        assertThat(model.call("a")).isEqualTo("new");
                    }
                }))
                .limit(8)
                .toList();
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(records("decision")).hasSize(400);
    }

    @Test
    void contradictions_areBuildErrors() {
        GuardBuilder<String, String> builder = guard().route("v2", input -> "new")
                .durability(Durability.DURABLE)
                .withoutAuditTrail();
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("either requires the audit trail or goes without it");
    }

    /** What was passed on cannot be taken back; but the stream does not end as if its record were there. */
    @Test
    void durableStreamOfWhichTheRecordIsNotTaken_endsAsRefused() throws Exception {
        List<Hand> hands = new CopyOnWriteArrayList<>();
        GuardedStream<String, String> stream = runtime.<String, String>guardStream("chat")
                .route("v1", input -> {
                    Hand hand = new Hand();
                    hands.add(hand);
                    return hand;
                })
                .endWith(Failure::code)
                .durability(Durability.DURABLE)
                .build();
        StreamingCall<String> said = stream.open("a");
        StreamingCall<String> silent = stream.open("a");
        Reader reader = new Reader(10);
        said.subscribe(reader);
        silent.subscribe(new Reader(10));
        hands.get(0).to().onNext("one");
        removeTheLog();
        hands.get(0).to().onComplete();
        hands.get(1).to().onComplete();
        Decision<StreamSummary> decision = said.decision().get(30, TimeUnit.SECONDS);
        assertThat(failureOf(decision)).isEqualTo(new Failure.TrailRefused());
        assertThat(((Decision.Refused<StreamSummary>) decision).partial())
                .hasValueSatisfying(summary -> assertThat(summary.elements()).isOne());
        assertThat(reader.got).containsExactly("one", "trail-refused");
        assertThat(reader.end()).isEqualTo("complete");
        Decision<StreamSummary> nothing = silent.decision().get(30, TimeUnit.SECONDS);
        assertThat(failureOf(nothing)).isEqualTo(new Failure.TrailRefused());
        GuardedModel<String, String> model = model(Durability.DURABLE);
        Eventually.until(() -> model.decide("a") instanceof Decision.Answered);
        assertThat(records("decision.cut"))
                .singleElement()
                .satisfies(record -> assertThat(record.members())
                        .containsEntry("id", decision.id().toString())
                        .containsEntry("failure", "trail-refused")
                        .containsEntry("elements", 1));
        assertThat(records("decision.withdrawn"))
                .singleElement()
                .satisfies(record -> assertThat(record.members())
                        .containsEntry("id", nothing.id().toString()));
    }
}
