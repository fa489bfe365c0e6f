// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.call.StreamGuardBuilder;
import io.github.incident4j.call.StreamSummary;
import io.github.incident4j.call.StreamingCall;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.Screening;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.runtime.IncidentRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** The text of a guarded stream is what its rail makes of the whole, however it was cut and asked for. */
class PiiGuardedStreamProperties {
    private static final Rules EVERYTHING = PiiRails.rules().leastConfidence(0);
    private static final TextRail REDACT =
            TextRail.builder("pii").redact(EVERYTHING).build();
    private static final TextRail MIXED = TextRail.builder("mixed")
            .redact(EVERYTHING.only("email", "iban", "credit-card"))
            .flag(EVERYTHING.without("email", "iban", "credit-card", "us-ssn"))
            .block(EVERYTHING.only("us-ssn"))
            .build();

    private @Nullable IncidentRuntime runtime;
    private int guards;

    /**
     * A piece of one of the texts, or something else.
     *
     * @param channel which text
     * @param text the piece, if it is one
     * @param number of the element within its stream
     */
    record Chunk(int channel, @Nullable String text, int number) {
        Chunk with(String other) {
            return new Chunk(channel, other, number);
        }
    }

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
    Arbitrary<String> texts() {
        return PiiProperties.valuesAndPieces();
    }

    @Provide
    Arbitrary<Long> demands() {
        return Arbitraries.of(1L, 3L, Long.MAX_VALUE);
    }

    @Property(tries = 500)
    void guardedText_isWhatTheRailMakesOfTheWhole(
            @ForAll("texts") String text, @ForAll long seed, @ForAll("demands") long demand) throws Exception {
        for (TextRail rail : List.of(REDACT, MIXED)) {
            List<String> pieces = cut(text, new Random(seed));
            StreamGuardBuilder<String, String> builder = runtime().guardStream("model-" + guards++);
            Read<String> read = read(builder.output(rail.forStream()), pieces, demand);
            Screening whole = rail.screen(text);
            assertThat(String.join("", read.got)).isEqualTo(whole.text());
            assertThat(read.got).doesNotContain("");
            assertThat(read.blocked).isEqualTo(whole.stop().isPresent());
            if (!read.blocked) {
                assertThat(read.findings).isEqualTo(whole.found().size());
            }
        }
    }

    @Property(tries = 500)
    void channels_areWhatTheRailMakesOfEachOfThem(
            @ForAll("texts") String first,
            @ForAll("texts") String second,
            @ForAll long seed,
            @ForAll("demands") long demand)
            throws Exception {
        Random random = new Random(seed);
        List<List<String>> pieces = List.of(cut(first, random), cut(second, random));
        int[] at = new int[2];
        List<Chunk> chunks = new ArrayList<>();
        while (at[0] < pieces.get(0).size() || at[1] < pieces.get(1).size() || random.nextInt(3) == 0) {
            int channel = random.nextInt(2);
            boolean plain =
                    random.nextInt(4) == 0 || at[channel] == pieces.get(channel).size();
            String text = plain ? null : pieces.get(channel).get(at[channel]++);
            chunks.add(new Chunk(channel, text, chunks.size()));
        }
        StreamGuardBuilder<String, Chunk> builder = runtime().guardStream("model-" + guards++);
        builder.output(REDACT.forStream(Chunk::channel, Chunk::text, Chunk::with));
        Read<Chunk> read = read(builder, chunks, demand);
        assertThat(read.blocked).isFalse();
        assertThat(textOf(read.got, 0)).isEqualTo(REDACT.screen(first).text());
        assertThat(textOf(read.got, 1)).isEqualTo(REDACT.screen(second).text());
        for (int channel = 0; channel < 2; channel++) {
            assertThat(plain(read.got, channel)).isEqualTo(plain(chunks, channel));
        }
        if (REDACT.screen(first).found().isEmpty()) {
            assertThat(sequence(read.got, 0)).as("text and the rest in order").isEqualTo(sequence(chunks, 0));
        }
    }

    private static String textOf(List<Chunk> chunks, int channel) {
        StringBuilder text = new StringBuilder();
        for (Chunk chunk : chunks) {
            text.append(chunk.channel == channel && chunk.text != null ? chunk.text : "");
        }
        return text.toString();
    }

    /** The elements without text. */
    private static List<Chunk> plain(List<Chunk> chunks, int channel) {
        return chunks.stream()
                .filter(chunk -> chunk.channel == channel && chunk.text == null)
                .toList();
    }

    /** The text, and where in it what has none stands. */
    private static String sequence(List<Chunk> chunks, int channel) {
        StringBuilder text = new StringBuilder();
        for (Chunk chunk : chunks) {
            if (chunk.channel == channel) {
                text.append(chunk.text == null ? "<" + chunk.number + ">" : chunk.text);
            }
        }
        return text.toString();
    }

    private static List<String> cut(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(11));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    /** What a reader got. */
    private record Read<T>(List<T> got, boolean blocked, int findings) {}

    private static <T> Read<T> read(StreamGuardBuilder<String, T> builder, List<T> elements, long demand)
            throws Exception {
        StreamingCall<T> call = builder.callbackRoute("v1", (input, sink) -> {
                    elements.forEach(sink::next);
                    sink.complete();
                })
                .build()
                .open("input");
        List<T> got = new ArrayList<>();
        CompletableFuture<Boolean> completed = new CompletableFuture<>();
        CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        call.subscribe(new Flow.Subscriber<T>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscribed.complete(subscription);
            }

            @Override
            public void onNext(T element) {
                got.add(element);
            }

            @Override
            public void onError(Throwable thrown) {
                completed.complete(false);
            }

            @Override
            public void onComplete() {
                completed.complete(true);
            }
        });
        while (!completed.isDone()) {
            int before = got.size();
            subscribed.join().request(demand);
            assertThat((long) got.size() - before).isLessThanOrEqualTo(demand);
            assertThat(got.size() > before || completed.isDone())
                    .as("it goes on")
                    .isTrue();
        }
        Decision<StreamSummary> decision = call.decision().get(30, TimeUnit.SECONDS);
        boolean blocked = decision instanceof Decision.Refused<StreamSummary> refused
                && refused.failure() instanceof Failure.OutputBlocked;
        assertThat(completed.join()).isEqualTo(!blocked);
        int findings = decision.judgements().stream().mapToInt(Judgement::times).sum();
        return new Read<>(got, blocked, findings);
    }
}
