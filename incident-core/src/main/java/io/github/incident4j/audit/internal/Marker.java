// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.util.concurrent.CompletableFuture;

/** Runs through the pipeline behind everything that was recorded before it, and is never written. */
public final class Marker implements TrailEntry {
    private final CompletableFuture<Void> passed = new CompletableFuture<>();

    /** Creates a marker that has not passed. */
    public Marker() {}

    /** {@return completes when the last stage of the pipeline has seen the marker} */
    public CompletableFuture<Void> passed() {
        return passed;
    }

    @Override
    public String type() {
        return "marker";
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public void writeMembers(JsonGenerator json) {
        throw new IllegalStateException("a marker is never written");
    }
}
