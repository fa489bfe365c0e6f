// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

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

    /** The route's circuit breaker refused the call. */
    record BreakerOpen() implements Failure {
        @Override
        public String code() {
            return "breaker-open";
        }

        @Override
        public String message() {
            return "the circuit breaker of the route is open";
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

    /** The model call returned null, which is no answer. */
    record NullAnswer() implements Failure {
        @Override
        public String code() {
            return "null-answer";
        }

        @Override
        public String message() {
            return "the model call returned null";
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
