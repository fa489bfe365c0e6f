// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.time.Duration;

/** Why a route did not answer, or why a whole call was refused. */
public sealed interface Failure {

    /** {@return a stable, short code for logs, metrics and the audit trail, such as {@code breaker-open}} */
    String code();

    /** {@return one sentence for a person; it holds neither input nor output of the model} */
    String message();

    /**
     * A kill switch covers the call.
     *
     * @param scope the switch's scope
     * @param cause who set it and why
     */
    record Killed(Scope scope, Cause cause) implements Failure {
        @Override
        public String code() {
            return "killed";
        }

        @Override
        public String message() {
            return scope + " was killed by " + cause.by() + " because: " + cause.because();
        }
    }

    /**
     * The route's circuit breaker refused the call.
     *
     * @param contained whether a containment has opened it, and it has not been closed since
     */
    record BreakerOpen(boolean contained) implements Failure {
        /** One that has opened by what calls have shown. */
        public BreakerOpen() {
            this(false);
        }

        @Override
        public String code() {
            return contained ? "breaker-opened" : "breaker-open";
        }

        @Override
        public String message() {
            return contained
                    ? "the circuit breaker of the route was opened by a containment"
                    : "the circuit breaker of the route is open";
        }
    }

    /**
     * The model call threw.
     *
     * @param exception what it threw, unchanged
     */
    record ModelError(Throwable exception) implements Failure {
        @Override
        public String code() {
            return "model-error";
        }

        @Override
        public String message() {
            return "the model call threw " + exception.getClass().getName();
        }
    }

    /**
     * The route has no answer: the model call returned null, nothing is cached, the review queue is full.
     *
     * @param why in a few words
     */
    record NoAnswer(String why) implements Failure {
        @Override
        public String code() {
            return "no-answer";
        }

        @Override
        public String message() {
            return "the route has no answer: " + why;
        }
    }

    /**
     * The time was up.
     *
     * @param limit how much time there was
     * @param started whether the model was at work then, so that it was late, and how far it came is not known: the
     *     call had begun and, of a stream, an element was asked for that had not come
     */
    record TimedOut(Duration limit, boolean started) implements Failure {
        @Override
        public String code() {
            return "timed-out";
        }

        @Override
        public String message() {
            return started
                    ? "the model call did not answer within " + limit.toMillis() + " ms"
                    : "the time was up while the model was not at work";
        }
    }

    /**
     * More than is allowed, or than there is room for: a rate, a number of calls at once, an executor that takes no
     * more, a reader that is too far behind its stream; also a thread of others that was interrupted while it answered.
     *
     * @param what what the limit is
     */
    record Limited(String what) implements Failure {
        @Override
        public String code() {
            return "limited";
        }

        @Override
        public String message() {
            return "the call is limited: " + what;
        }
    }

    /** The route is not made for this input. */
    record OutOfScope() implements Failure {
        @Override
        public String code() {
            return "out-of-scope";
        }

        @Override
        public String message() {
            return "the route does not accept this input";
        }
    }

    /** The decision could not be recorded, and this model may not decide without a record. */
    record TrailRefused() implements Failure {
        @Override
        public String code() {
            return "trail-refused";
        }

        @Override
        public String message() {
            return "the audit trail did not take the decision's record";
        }
    }

    /**
     * An input guardrail blocked the call. No route is tried.
     *
     * @param judgement the verdict that blocked
     */
    record InputBlocked(Judgement judgement) implements Failure {
        @Override
        public String code() {
            return "input-blocked";
        }

        @Override
        public String message() {
            return "guardrail '" + judgement.guardrail() + "' blocked the input: "
                    + judgement.finding().message();
        }
    }

    /**
     * An output guardrail blocked the route's answer.
     *
     * @param judgement the verdict that blocked
     */
    record OutputBlocked(Judgement judgement) implements Failure {
        @Override
        public String code() {
            return "output-blocked";
        }

        @Override
        public String message() {
            return "guardrail '" + judgement.guardrail() + "' blocked the output: "
                    + judgement.finding().message();
        }
    }

    /** The calling thread was interrupted, or the model call was cancelled: nobody waits for an answer any more. */
    record Cancelled() implements Failure {
        @Override
        public String code() {
            return "cancelled";
        }

        @Override
        public String message() {
            return "the call was interrupted or cancelled";
        }
    }

    /** The runtime was closed; a closed runtime lets nothing through unguarded. */
    record Closed() implements Failure {
        @Override
        public String code() {
            return "closed";
        }

        @Override
        public String message() {
            return "the incident runtime is closed";
        }
    }
}
