// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A guardrail that asks a model; see {@link Plugs}. Safe for use by several threads. The thread that checks a text
 * waits for the answer, at most as long as the time limit; an interrupt ends the wait, blocks the text, and stays set.
 */
public final class PlugRail implements Guardrail<String>, AutoCloseable {

    /** A model as the rail sees it. */
    interface Model<A> {
        /** An answer for each text; null where it is none. */
        List<? extends @Nullable A> answers(List<String> texts) throws Exception;

        /** About how many bytes an answer takes. */
        int bytes(A answer);

        /** What an answer means. */
        Verdict<String> verdict(A answer, String text);
    }

    private final String name;
    private final List<String> faults;
    private final @Nullable Asking<?> asking;

    <A> PlugRail(String name, Model<A> model, PlugOptions options) {
        this.name = name;
        faults = List.of();
        asking = new Asking<>(name, model, options);
    }

    PlugRail(String name, List<String> faults) {
        this.name = name;
        this.faults = List.copyOf(faults);
        asking = null;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> faults() {
        return faults;
    }

    @Override
    public Cost cost() {
        return Cost.EXPENSIVE;
    }

    @Override
    public Verdict<String> check(@Nullable String text) {
        if (asking == null) {
            return Verdict.block(new Finding(name, "misconfigured", String.join("; ", faults)));
        }
        return asking.check(text);
    }

    /** {@return what it has done so far} */
    public PlugMetrics metrics() {
        return asking == null ? new PlugMetrics(0, 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO) : asking.metrics();
    }

    /**
     * Ends the plug's threads. Whoever waits is told at once, and what is checked from now on is blocked. The model's
     * calls are interrupted and not waited for. A second close does nothing.
     */
    @Override
    public void close() {
        if (asking != null) {
            asking.close();
        }
    }
}
