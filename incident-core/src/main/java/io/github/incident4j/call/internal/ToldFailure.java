// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

/**
 * What a circuit breaker is told of a failure that is no exception, such as an answer of null. Never thrown, and no
 * {@link Exception}, so that no list of exceptions that a host counts or ignores has it.
 */
final class ToldFailure extends Throwable {
    private static final long serialVersionUID = 1L;

    ToldFailure(String message) {
        super(message, null, false, false);
    }
}
