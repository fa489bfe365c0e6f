// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import io.github.incident4j.audit.internal.TrailTail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Follows a trail that grows, for instance to ship it: made by {@link TrailQuery#follow()}. Each look reads only what
 * has come since the one before, however few records answer the question. It holds no file open between two looks, and
 * needs no end. Used by one thread at a time.
 */
public final class TrailFollower {
    private final TrailTail tail;
    private final List<Predicate<TrailRecord>> conditions;

    TrailFollower(TrailTail tail, List<Predicate<TrailRecord>> conditions) {
        this.tail = tail;
        this.conditions = List.copyOf(conditions);
    }

    /**
     * Reads what has come since the last look, as far as the last checkpoint attests it; at the first one, everything
     * that the question asks for.
     *
     * @param to takes the records, oldest first; what it throws goes on to the caller
     * @throws UncheckedIOException if a file cannot be read, or the checkpoint cannot be trusted; then, and where the
     *     taker throws, the next look gives the records of this one again
     */
    public void look(Consumer<TrailRecord> to) {
        try {
            tail.read(record -> {
                if (conditions.stream().allMatch(condition -> condition.test(record))) {
                    to.accept(record);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
