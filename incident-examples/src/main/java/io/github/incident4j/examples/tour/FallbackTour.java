// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.tour;

import static io.github.incident4j.call.FallbackRule.when;
import static io.github.incident4j.call.FallbackRule.whenThrown;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.call.Backoff;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.call.GuardedStream;
import io.github.incident4j.call.ReviewQueue;
import io.github.incident4j.call.RouteOptions;
import io.github.incident4j.call.StreamSummary;
import io.github.incident4j.call.StreamingCall;
import io.github.incident4j.examples.Options;
import io.github.incident4j.examples.RunDirectory;
import io.github.incident4j.examples.Story;
import io.github.incident4j.examples.UsageException;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.pii.PiiRails;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets the models of a service that answers questions fail in every way there is, and shows what their fallbacks and
 * rules make of it. They are a few lines of this program: everything they do is made up.
 */
public final class FallbackTour implements Story {
    private static final Cause CAUSE = Cause.by("on-call").because("the tour");
    private static final Duration SHORT = Duration.ofMillis(30);

    /** What a provider says when it is asked too often. */
    private static final class RateLimitException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** One line of the table: what is expected stands beside what came. */
    private record Row(String failure, String expected, String came) {
        boolean isAsExpected() {
            return expected.equals(came);
        }
    }

    @Override
    public String name() {
        return "fallback-tour";
    }

    @Override
    public String summary() {
        return "every way in which a model call can fail, and what the fallback rules do about it";
    }

    @Override
    public boolean run(Options options, PrintStream out) throws UsageException {
        List<Row> rows = new ArrayList<>();
        var directory = RunDirectory.choose(options.out(), "fallback-tour");
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            calls(runtime, rows);
            switchesAndLimits(runtime, rows);
            streams(runtime, rows);
            nobodyWaits(runtime, rows);
            rows.add(afterClose(runtime));
        }
        rows.add(withoutTrail(directory.resolve("lost-disk")));
        out.println(
                "A service's models, called v8, and what their callers get. Most have v7 and a small model to fall");
        out.println("back on, and two rules; the models and their failures are made up.");
        out.println();
        out.printf(Locale.ROOT, "%-44s %s%n", "what happens to v8", "what the caller gets");
        for (Row row : rows) {
            out.printf(Locale.ROOT, "%-44s %s%n", row.failure(), row.came());
            if (!row.isAsExpected()) {
                out.printf(Locale.ROOT, "%-44s EXPECTED: %s%n", "", row.expected());
            }
        }
        out.println();
        out.println("The decisions are on record in " + directory.resolve("trail/log"));
        out.println("but for the last two: a closed runtime records nothing, and the other one had lost its disk.");
        return rows.stream().allMatch(Row::isAsExpected);
    }

    /** A question says how the model is to fail at it. */
    private static GuardedModel<String, String> model(IncidentRuntime runtime, String name, boolean idempotent) {
        RouteOptions<String> timed =
                RouteOptions.<String>options().timeLimit(SHORT).interruptible();
        return runtime.<String, String>guard(name)
                .route(
                        "v8",
                        FallbackTour::ask,
                        (idempotent ? timed.idempotent() : timed)
                                .accepting(question -> !question.equals("in a foreign language")))
                .fallback("v7", question -> "an older answer")
                .ruleFallback("small-model", question -> "a short answer")
                .input(question -> question.equals("an attack") ? block("injection") : Verdict.pass())
                .output(piiRail())
                .output(answer -> answer.equals("nonsense") ? block("quality") : Verdict.pass())
                .rule(whenThrown(RateLimitException.class)
                        .retry(2, Backoff.fixed(Duration.ofMillis(1)))
                        .thenTo("small-model"))
                .rule(when(
                                Failure.OutputBlocked.class,
                                blocked ->
                                        blocked.judgement().finding().category().equals("pii"))
                        .refuse())
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(10)
                        .minimumNumberOfCalls(10)
                        .build())
                .build();
    }

    private static Guardrail<String> piiRail() {
        return answer -> answer.contains("@") ? block("pii") : Verdict.pass();
    }

    private static <T> Verdict<T> block(String category) {
        return Verdict.block(new Finding("tour", category, "made up for the tour"));
    }

    private static String ask(String question) throws IOException, InterruptedException {
        switch (question) {
            case "too often" -> throw new RateLimitException();
            case "an error" -> throw new IOException("the connection broke");
            case "slow" -> new CountDownLatch(1).await();
            default -> {}
        }
        return switch (question) {
            case "private" -> "write to alice@example.org";
            case "odd" -> "nonsense";
            default -> "an answer";
        };
    }

    private static void calls(IncidentRuntime runtime, List<Row> rows) {
        GuardedModel<String, String> model = model(runtime, "questions", true);
        add(rows, "answers", "v8", () -> model.decide("hello"));
        add(
                rows,
                "asked too often (rule: retry 2, then small)",
                "small-model, after model-error, model-error, model-error",
                () -> model.decide("too often"));
        add(
                rows,
                "is not made for this question",
                "v7, after out-of-scope",
                () -> model.decide("in a foreign language"));
        add(rows, "answers nonsense (guardrail)", "v7, after output-blocked", () -> model.decide("odd"));
        add(rows, "answers with an address (rule: refuse)", "refused: output-blocked", () -> model.decide("private"));
        add(rows, "is attacked (input guardrail)", "refused: input-blocked", () -> model.decide("an attack"));
        GuardedModel<String, String> fresh = model(runtime, "timed", true);
        add(rows, "is too slow, and idempotent", "v7, after timed-out", () -> fresh.decide("slow"));
        GuardedModel<String, String> careful = model(runtime, "careful", false);
        add(rows, "is too slow, and not idempotent", "refused: timed-out", () -> careful.decide("slow"));
        GuardedModel<String, String> broken = model(runtime, "broken", true);
        add(rows, "throws", "v7, after model-error", () -> broken.decide("an error"));
        for (int i = 0; i < 9; i++) {
            broken.decide("an error");
        }
        add(rows, "has thrown too often (circuit breaker)", "v7, after breaker-open", () -> broken.decide("hello"));
    }

    private static void switchesAndLimits(IncidentRuntime runtime, List<Row> rows) {
        GuardedModel<String, String> model = model(runtime, "switched", true);
        Scope v8 = Scope.model("switched").route("v8");
        runtime.switches().kill(v8, CAUSE);
        add(rows, "is killed", "v7, after killed", () -> model.decide("hello"));
        runtime.switches().kill(v8, SwitchState.killedPreferring("small-model"), CAUSE);
        add(rows, "is killed, small-model preferred", "small-model, after killed", () -> model.decide("hello"));
        runtime.switches().restore(v8, CAUSE);
        Scope all = Scope.model("switched");
        runtime.switches().kill(all, SwitchState.killedPreferring("small-model"), CAUSE);
        add(
                rows,
                "the whole model is, small-model preferred",
                "small-model, after killed",
                () -> model.decide("hello"));
        runtime.switches().restore(all, CAUSE);
        runtime.switches().kill(all, CAUSE);
        add(rows, "the whole model is killed", "refused: killed", () -> model.decide("hello"));

        boolean[] down = {false};
        ReviewQueue<String, String> queue =
                ReviewQueue.holding(10, Duration.ofHours(1), question -> "somebody will write to you");
        GuardedModel<String, String> limited = runtime.<String, String>guard("limited")
                .route("v8", question -> {
                    if (down[0]) {
                        throw new IOException("down");
                    }
                    return "an answer";
                })
                .cachedFallback("cache", question -> question, Duration.ofMinutes(10), 1_000)
                .reviewQueue("person", queue)
                .rateLimit(new Limit.Rate(2, Duration.ofHours(1)))
                .build();
        limited.decide("hello");
        down[0] = true;
        add(rows, "is down, the question was asked before", "cache, after model-error", () -> limited.decide("hello"));
        add(
                rows,
                "is over its rate, the question is new",
                "person, after limited, no-answer",
                () -> limited.decide("something new"));
    }

    private static void streams(IncidentRuntime runtime, List<Row> rows) {
        addStream(
                rows,
                "its stream breaks before the first word",
                "a b | v7, after model-error",
                stream(runtime, 0, false));
        addStream(
                rows,
                "its stream breaks after two words",
                "a b [sorry] | refused: model-error",
                stream(runtime, 2, false));
        addStream(
                rows,
                "the same, where the owner wants a restart",
                "a b [again] a b | v7, after model-error",
                stream(runtime, 2, true));
        addStream(
                rows,
                "its stream holds an address, cut in two",
                "mail: [EMAIL]; now | v8",
                addressInPieces(runtime, "redacting", PiiRails.redact()));
        addStream(
                rows,
                "the same, where an address blocks",
                "mail: [sorry] | refused: output-blocked",
                addressInPieces(
                        runtime,
                        "blocking",
                        TextRail.builder("no-pii").block(PiiRails.rules()).build()));
    }

    private static GuardedStream<String, String> addressInPieces(IncidentRuntime runtime, String name, TextRail rail) {
        return runtime.<String, String>guardStream("stream-" + name)
                .callbackRoute("v8", (question, sink) -> {
                    sink.next("mail:alice@exam");
                    sink.next("ple.org;now");
                    sink.complete();
                })
                .output(rail.forStream())
                .endWith(failure -> "[sorry]")
                .build();
    }

    private static GuardedStream<String, String> stream(IncidentRuntime runtime, int wordsBefore, boolean restart) {
        var builder = runtime.<String, String>guardStream("stream-" + wordsBefore + "-" + restart)
                .callbackRoute("v8", (question, sink) -> {
                    for (String word : List.of("a", "b").subList(0, wordsBefore)) {
                        sink.next(word);
                    }
                    sink.fail(new IOException("the connection broke"));
                })
                .callbackFallback("v7", (question, sink) -> {
                    sink.next("a");
                    sink.next("b");
                    sink.complete();
                });
        return (restart ? builder.restartWith(failure -> "[again]") : builder.endWith(failure -> "[sorry]")).build();
    }

    private static void nobodyWaits(IncidentRuntime runtime, List<Row> rows) {
        GuardedModel<String, String> model = model(runtime, "interrupted", true);
        Thread.currentThread().interrupt();
        String came;
        try {
            came = told(model.decide("slow"));
        } catch (Exception e) { // an InterruptedException, which decide does not declare
            came = e.getClass().getSimpleName();
        }
        rows.add(new Row(
                "is asked by a thread that is interrupted",
                "InterruptedException, and the thread stays so",
                came + (Thread.interrupted() ? ", and the thread stays so" : "")));
        StreamingCall<String> call = runtime.<String, String>guardStream("stream-left")
                .callbackRoute("v8", (question, sink) -> {
                    sink.next("a");
                    sink.next("b");
                    sink.complete();
                })
                .build()
                .open("hello");
        LeavingReader reader = new LeavingReader();
        call.subscribe(reader);
        rows.add(new Row(
                "the reader of its stream goes away",
                "a | refused: cancelled",
                String.join(" ", reader.words) + " | " + told(call.decision().join())));
    }

    /** Reads one word and leaves. */
    private static final class LeavingReader implements Flow.Subscriber<String> {
        private final List<String> words = new ArrayList<>();
        private Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            newSubscription.request(1);
        }

        @Override
        public void onNext(String word) {
            words.add(word);
            if (subscription != null) {
                subscription.cancel();
            }
        }

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onComplete() {}
    }

    /** A disk that goes away while the service runs: whose decisions must be on record refuses. */
    private static Row withoutTrail(Path disk) {
        try (IncidentRuntime runtime = IncidentRuntime.builder().directory(disk).build()) {
            GuardedModel<String, String> model = runtime.<String, String>guard("recorded")
                    .route("v8", question -> "an answer")
                    .durability(Durability.DURABLE)
                    .build();
            model.decide("hello");
            try (Stream<Path> files = Files.walk(disk.resolve("trail/log"))) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            return new Row(
                    "the disk of its audit trail is gone", "refused: trail-refused", told(model.decide("hello")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row afterClose(IncidentRuntime runtime) {
        GuardedModel<String, String> model = model(runtime, "closed", true);
        runtime.close();
        return new Row("the service is stopping", "refused: closed", told(model.decide("hello")));
    }

    private static void add(List<Row> rows, String failure, String expected, Supplier<Decision<String>> decision) {
        rows.add(new Row(failure, expected, told(decision.get())));
    }

    private static void addStream(
            List<Row> rows, String failure, String expected, GuardedStream<String, String> stream) {
        List<String> words = new ArrayList<>();
        try {
            Decision<StreamSummary> decision = stream.forEach("hello", CallContext.empty(), words::add);
            rows.add(new Row(failure, expected, String.join(" ", words) + " | " + told(decision)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            rows.add(new Row(failure, expected, "interrupted"));
        }
    }

    private static String told(Decision<?> decision) {
        if (decision instanceof Decision.Refused<?> refused) {
            return "refused: " + refused.failure().code();
        }
        String route = ((Decision.Answered<?>) decision).route();
        String skipped = decision.skipped().stream()
                .map(Skipped::failure)
                .map(Failure::code)
                .collect(Collectors.joining(", "));
        return skipped.isEmpty() ? route : route + ", after " + skipped;
    }
}
