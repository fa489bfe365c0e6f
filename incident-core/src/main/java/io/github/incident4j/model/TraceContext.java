// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.util.Objects;
import java.util.Optional;

/**
 * The trace and the span in which a call is made, as W3C Trace Context (Recommendation of 2021) numbers them.
 *
 * @param traceId 32 lower-case hex digits, not all zero
 * @param spanId 16 lower-case hex digits, not all zero
 */
public record TraceContext(String traceId, String spanId) {
    private static final int TRACE = 32;
    private static final int SPAN = 16;
    private static final int SHORTEST = 3 + TRACE + 1 + SPAN;

    /**
     * Checks the ids.
     *
     * @param traceId 32 lower-case hex digits
     * @param spanId 16 lower-case hex digits
     * @throws IllegalArgumentException if one of them is none
     */
    public TraceContext {
        check("trace id", traceId, TRACE);
        check("span id", spanId, SPAN);
    }

    private static void check(String what, String id, int length) {
        Objects.requireNonNull(id, () -> "the " + what + " is null");
        if (!isId(id, length)) {
            throw new IllegalArgumentException(
                    "'" + id + "' is no " + what + "; it has " + length + " lower-case hex digits, not all zero");
        }
    }

    private static boolean isId(String id, int length) {
        boolean zero = true;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
            zero &= c == '0';
        }
        return id.length() == length && !zero;
    }

    /**
     * Reads the header {@code traceparent}.
     *
     * @param traceparent such as {@code 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01}
     * @return trace and span; empty if the header is none
     */
    public static Optional<TraceContext> parse(String traceparent) {
        if (traceparent.length() < SHORTEST || traceparent.charAt(2) != '-' || traceparent.charAt(3 + TRACE) != '-') {
            return Optional.empty();
        }
        String traceId = traceparent.substring(3, 3 + TRACE);
        String spanId = traceparent.substring(3 + TRACE + 1, SHORTEST);
        return isId(traceId, TRACE) && isId(spanId, SPAN)
                ? Optional.of(new TraceContext(traceId, spanId))
                : Optional.empty();
    }
}
