// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.RefusedException;
import io.github.incident4j.model.Skipped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The form in which the caller wants the outcome: the answer alone, or the whole decision. */
interface Outcome<O, R> {

    R answered(
            GuardInfo guard,
            long number,
            int route,
            O output,
            long latencyNanos,
            long staleForNanos,
            @Nullable Trace trace);

    R refused(
            GuardInfo guard,
            long number,
            Failure failure,
            long latencyNanos,
            @Nullable O partial,
            @Nullable Trace trace);

    /** The answer alone; exceptions for the rest. */
    record Plain<O>() implements Outcome<O, O> {
        @Override
        public O answered(
                GuardInfo guard,
                long number,
                int route,
                O output,
                long latencyNanos,
                long staleForNanos,
                @Nullable Trace trace) {
            return output;
        }

        @Override
        public O refused(
                GuardInfo guard,
                long number,
                Failure failure,
                long latencyNanos,
                @Nullable O partial,
                @Nullable Trace trace) {
            Throwable own = trace == null ? null : hostsOwn(trace.attempts());
            if (own != null) {
                throw Sneaky.rethrow(own);
            }
            throw new RefusedException(new DecisionId(guard.runtime(), number), guard.model(), failure);
        }

        /** The first exception that a route threw, with the others suppressed in it. */
        @SuppressWarnings("ReferenceEquality") // the same exception object must not be suppressed in itself
        private static @Nullable Throwable hostsOwn(List<Skipped> skipped) {
            Throwable first = null;
            for (Skipped skip : skipped) {
                if (skip.failure() instanceof Failure.ModelError error) {
                    Throwable next = error.exception();
                    if (first == null) {
                        first = next;
                    } else if (first != next && first.getSuppressed().length < skipped.size()) {
                        // The bound matters where a host throws one shared exception again and again.
                        first.addSuppressed(next);
                    }
                }
            }
            return first;
        }
    }

    /** The whole decision. */
    record Whole<O>() implements Outcome<O, Decision<O>> {
        @Override
        public Decision<O> answered(
                GuardInfo guard,
                long number,
                int route,
                O output,
                long latencyNanos,
                long staleForNanos,
                @Nullable Trace trace) {
            return new Decision.Answered<>(
                    new DecisionId(guard.runtime(), number),
                    guard.model(),
                    guard.routes().get(route).name(),
                    output,
                    Trace.judgements(trace),
                    Duration.ofNanos(latencyNanos),
                    Trace.skipped(trace),
                    staleForNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(staleForNanos)));
        }

        @Override
        public Decision<O> refused(
                GuardInfo guard,
                long number,
                Failure failure,
                long latencyNanos,
                @Nullable O partial,
                @Nullable Trace trace) {
            return new Decision.Refused<>(
                    new DecisionId(guard.runtime(), number),
                    guard.model(),
                    failure,
                    Trace.judgements(trace),
                    Duration.ofNanos(latencyNanos),
                    Trace.skipped(trace),
                    Optional.ofNullable(partial));
        }
    }
}
