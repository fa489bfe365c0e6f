// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * Has the journal count, or destroy, a subject's secrets in the segment that it is writing. It is never written itself.
 */
final class Erasing implements TrailEntry {
    private final String subject;
    private final boolean destroying;
    private final CompletableFuture<Result> done = new CompletableFuture<>();

    /**
     * What was done.
     *
     * @param secrets how many secrets there were
     * @param segment the segment in which they are
     */
    record Result(int secrets, Path segment) {}

    Erasing(String subject, boolean destroying) {
        this.subject = subject;
        this.destroying = destroying;
    }

    boolean isDestroying() {
        return destroying;
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
