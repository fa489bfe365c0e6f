// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.model.TraceContext;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a guard needs of its runtime.
 *
 * @param runtime the runtime's number, the first half of every decision id
 * @param numbers counts the decisions
 * @param switches the kill switches
 * @param journal takes the records
 * @param time the clocks
 * @param timer tells when time is up
 * @param ruleSets knows which rules stand in for the host's own
 * @param traces tells the trace of the calling thread, if the host has one
 * @param taken says whether a guard of that name is there already
 * @param registrar is told of every guard that is built; throws if the name is taken
 */
public record GuardServices(
        long runtime,
        AtomicLong numbers,
        SwitchBoard switches,
        Journal journal,
        TimeSource time,
        CallTimer timer,
        RuleSets ruleSets,
        @Nullable Supplier<@Nullable TraceContext> traces,
        Predicate<String> taken,
        GuardRegistrar registrar) {}
