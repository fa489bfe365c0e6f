// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the journal look for a subject's secret in the segment that it is writing, and destroy it if the trail has told
 * of that. It is never written itself.
 */
final class Erasing implements TrailEntry {
    private final String subject;
    private final Set<String> told;
    private final CompletableFuture<Result> done = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();

    /**
     * What was found and done.
     *
     * @param destroyed the secrets that were destroyed
     * @param untold those of which the trail has not told, and which are not destroyed therefore
     * @param segment the segment that is being written
     */
    record Result(List<String> destroyed, List<String> untold, Path segment) {
        Result {
            destroyed = List.copyOf(destroyed);
            untold = List.copyOf(untold);
        }
    }

    /**
     * Creates an order.
     *
     * @param subject whom it is about
     * @param told the secrets that are to be destroyed, as the trail has told of them
     */
    Erasing(String subject, Set<String> told) {
        this.subject = subject;
        this.told = Set.copyOf(told);
    }

    String subject() {
        return subject;
    }

    boolean isTold(String secret) {
        return told.contains(secret);
    }

    /** Whether it may be done: nobody has given it up. By the journal's thread. */
    boolean begin() {
        return decided.compareAndSet(false, true);
    }

    /** Whether it is certain that nothing is destroyed later. */
    boolean giveUp() {
        return decided.compareAndSet(false, true);
    }

    CompletableFuture<Result> done() {
        return done;
    }

    @Override
    public String type() {
        return "erasing";
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public void writeMembers(JsonGenerator json) {
        throw new IllegalStateException("it is never written");
    }
}
