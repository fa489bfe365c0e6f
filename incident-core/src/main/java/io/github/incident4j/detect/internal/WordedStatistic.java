// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.detect.Interval;
import java.util.Optional;

/**
 * A statistic that says in the words of its norm what another one, which knows only numbers, has found.
 *
 * @param <T> what it is at the core
 */
abstract class WordedStatistic<T extends OnsetStatistic> implements Statistic {
    private final T core;

    WordedStatistic(T core) {
        this.core = core;
    }

    final T core() {
        return core;
    }

    /** The change since the onset that is estimated. */
    final Change change(double baseline, double current, Optional<Interval> interval) {
        return new Change(core.onsetDecision(), core.onsetTime(), baseline, current, core.onsetCount(), interval);
    }

    @Override
    public final void observe(double x, long decision, long time) {
        core.observe(x, decision, time);
    }

    @Override
    public final double value() {
        return core.statistic();
    }

    @Override
    public final double recovery() {
        return core.recovery();
    }

    @Override
    public final void reset() {
        core.reset();
    }

    @Override
    public final void save(ObjectNode into) {
        core.save(into);
    }

    @Override
    public final void load(JsonNode from) {
        core.load(from);
    }
}
