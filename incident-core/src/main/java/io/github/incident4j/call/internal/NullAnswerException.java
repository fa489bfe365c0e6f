// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

/** What a circuit breaker is told of a model that returned null. Never thrown. */
final class NullAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    NullAnswerException() {
        super("the model call returned null", null, false, false);
    }
}
