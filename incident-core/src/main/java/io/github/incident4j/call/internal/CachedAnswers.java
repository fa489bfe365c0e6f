// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.model.internal.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A route that answers with the last good answer to the same question. */
public final class CachedAnswers<I, O> implements Answering<I, O> {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long MAX_ENTRIES = 10_000_000;

    private final Function<? super I, ? extends @Nullable Object> key;
    private final TimeSource time;
    private final Cache<Object, Kept<O>> answers;

    private record Kept<O>(O output, String route, long nanos) {}

    /**
     * Creates an empty cache.
     *
     * @param key what makes two questions the same; null, or an exception, for questions that are never the same; so
     *     are those of which the hash or the equality throws
     * @param maxAge how old an answer may be
     * @param maxEntries how many answers are kept
     * @param time the clocks
     */
    public CachedAnswers(
            Function<? super I, ? extends @Nullable Object> key, Duration maxAge, long maxEntries, TimeSource time) {
        this.key = key;
        this.time = time;
        this.answers = Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .expireAfterWrite(maxAge)
                .ticker(time::nanoTime)
                .executor(Runnable::run) // no thread of ours for it
                .build();
    }

    /**
     * Says what is wrong with the settings of a cache.
     *
     * @param key what makes two questions the same
     * @param maxAge how old an answer may be
     * @param maxEntries how many answers are kept
     * @return the faults
     */
    public static List<String> faults(@Nullable Function<?, ?> key, @Nullable Duration maxAge, long maxEntries) {
        List<String> found = new ArrayList<>();
        if (maxAge == null || maxAge.compareTo(Duration.ofMillis(1)) < 0 || maxAge.compareTo(LONGEST) > 0) {
            found.add("a maximum age of " + Durations.text(maxAge) + " is out of range; use 1 ms to "
                    + Durations.text(LONGEST));
        }
        if (maxEntries < 1 || maxEntries > MAX_ENTRIES) {
            found.add("a cache of " + maxEntries + " answers is out of range; use 1 to " + MAX_ENTRIES);
        }
        if (key == null) {
            found.add("the function that reads the question is null");
        }
        return found;
    }

    /** Keeps a good answer of one of the model's routes. */
    void keep(I input, O output, String route) {
        Object question = questionOf(input);
        if (question != null) {
            try {
                answers.put(question, new Kept<>(output, route, time.nanoTime()));
            } catch (Throwable e) { // the question's own hash or equality: it is not kept, and the answer is given
                Interruptions.keep(e);
            }
        }
    }

    @Override
    public @Nullable O answer(I input, CallState<I> call) {
        Object question = questionOf(call.original); // what a guardrail redacts must not make one question of two
        Kept<O> kept = question == null ? null : keptFor(question);
        if (kept == null) {
            call.noAnswer("no answer to this input is cached");
            return null;
        }
        call.cachedOf(kept.route(), time.nanoTime() - kept.nanos());
        return kept.output();
    }

    private @Nullable Kept<O> keptFor(Object question) {
        try {
            return answers.getIfPresent(question);
        } catch (Throwable e) {
            Interruptions.keep(e);
            return null;
        }
    }

    private @Nullable Object questionOf(I input) {
        try {
            return key.apply(input);
        } catch (Throwable e) { // the host's call must not suffer for it
            Interruptions.keep(e);
            return null;
        }
    }
}
