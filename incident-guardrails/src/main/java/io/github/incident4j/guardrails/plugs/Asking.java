// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.BoundedCalls;
import io.github.incident4j.guardrails.internal.BoundedCalls.Failure;
import io.github.incident4j.guardrails.internal.BoundedCalls.Outcome;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Asks the cache, then the model; counts; and says what follows when there is no answer. */
final class Asking<A> implements AutoCloseable {
    /** About what an entry of the cache takes beside the answer: node, key, digest, boxes. */
    private static final int ENTRY_BYTES = 200;

    private record Question(String text, @Nullable TextDigest digest) {}

    private final String name;
    private final PlugRail.Model<A> model;
    private final boolean open;
    private final @Nullable Cache<TextDigest, A> cache;
    private final TextDigest.Secret secret = new TextDigest.Secret();
    private final BoundedCalls<Question, A> calls;
    private final LongAdder checks = new LongAdder();
    private final LongAdder hits = new LongAdder();
    private final Map<Failure, LongAdder> failures = new EnumMap<>(Failure.class);

    Asking(String name, PlugRail.Model<A> model, PlugOptions options) {
        this.name = name;
        this.model = model;
        open = options.isOpen();
        cache = options.cacheBytes() == 0 ? null : cacheOf(model, options);
        Arrays.stream(Failure.values()).forEach(failure -> failures.put(failure, new LongAdder()));
        calls = new BoundedCalls<>(this::answers, options.limits("plug-" + name));
    }

    private static <A> Cache<TextDigest, A> cacheOf(PlugRail.Model<A> model, PlugOptions options) {
        TimeSource time = options.time();
        return Caffeine.newBuilder()
                .maximumWeight(options.cacheBytes())
                .<TextDigest, A>weigher((digest, answer) -> ENTRY_BYTES + model.bytes(answer))
                .expireAfterWrite(options.cacheAge())
                .ticker(time::nanoTime)
                .executor(Runnable::run) // no thread but the plug's own
                .build();
    }

    Verdict<String> check(@Nullable String text) {
        checks.increment();
        if (text == null) {
            return Verdict.block(new Finding(name, "missing-text", "there is no text to judge"));
        }
        if (calls.isClosed()) {
            return unjudged(Outcome.of(Failure.CLOSED));
        }
        TextDigest digest = cache == null ? null : secret.digest(text);
        A known = cache == null || digest == null ? null : cache.getIfPresent(digest);
        if (known != null) {
            hits.increment();
            return model.verdict(known, text);
        }
        Outcome<A> outcome = calls.call(new Question(text, digest));
        return outcome.answer() == null ? unjudged(outcome) : model.verdict(outcome.answer(), text);
    }

    /** On the plug's thread. An answer that comes too late for its caller is remembered as well. */
    private List<? extends @Nullable A> answers(List<Question> questions) throws Exception {
        List<? extends @Nullable A> answers =
                model.answers(questions.stream().map(Question::text).toList());
        if (cache != null && answers.size() == questions.size()) {
            for (int i = 0; i < answers.size(); i++) {
                A answer = answers.get(i);
                TextDigest digest = questions.get(i).digest();
                if (answer != null && digest != null) {
                    cache.put(digest, answer);
                }
            }
        }
        return answers;
    }

    private Verdict<String> unjudged(Outcome<A> outcome) {
        Failure failure = outcome.failure() == null ? Failure.GARBAGE : outcome.failure();
        LongAdder count = failures.get(failure);
        if (count != null) {
            count.increment();
        }
        Finding finding = new Finding(
                name,
                failure.category(),
                "the model behind " + name + " " + failure.sentence() + outcome.cause() + "; the text is not judged");
        boolean ours = failure == Failure.INTERRUPTED || failure == Failure.CLOSED;
        return open && !ours ? Verdict.flag(finding) : Verdict.block(finding);
    }

    PlugMetrics metrics() {
        return new PlugMetrics(
                checks.sum(),
                hits.sum(),
                count(Failure.TIMED_OUT),
                count(Failure.FAILED) + count(Failure.GARBAGE),
                count(Failure.OVERLOADED),
                count(Failure.INTERRUPTED),
                calls.calls(),
                Duration.ofNanos(calls.nanos()),
                Duration.ofNanos(calls.longestNanos()));
    }

    private long count(Failure failure) {
        LongAdder count = failures.get(failure);
        return count == null ? 0 : count.sum();
    }

    @Override
    public void close() {
        calls.close();
        if (cache != null) {
            cache.invalidateAll();
        }
    }
}
