// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.call.ModelCall;
import io.github.incident4j.model.RouteKind;
import org.jspecify.annotations.Nullable;

/**
 * One way to answer.
 *
 * @param name its name
 * @param kind who answers
 * @param function the host's function
 * @param breaker its circuit breaker, if it has one
 */
public record Route<I, O>(
        String name,
        RouteKind kind,
        ModelCall<? super I, ? extends O> function,
        @Nullable Breaker breaker) {}
