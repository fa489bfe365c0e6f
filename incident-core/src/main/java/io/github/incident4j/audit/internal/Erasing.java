// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Has the journal destroy a subject's secret in the segment that it is writing. It is never written itself. */
final class Erasing implements TrailEntry {
    private final String subject;
    private final CompletableFuture<Result> done = new CompletableFuture<>();

    /**
     * What was done.
     *
     * @param destroyed how many secrets were destroyed
     * @param segment the segment in which that was done
     */
    record Result(int destroyed, Path segment) {}

    Erasing(String subject) {
        this.subject = subject;
    }

    String subject() {
        return subject;
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
