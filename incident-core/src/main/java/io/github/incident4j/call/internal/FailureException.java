// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

/** What a circuit breaker is told of a failure that is no exception, such as an answer of null. Never thrown. */
final class FailureException extends Exception {
    private static final long serialVersionUID = 1L;

    FailureException(String message) {
        super(message, null, false, false);
    }
}
