// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.call.CallContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the value of a segment attribute comes from.
 *
 * @param attribute the attribute's name
 * @param fromInput reads it from the input; null if it is read from the context
 */
public record SegmentSource<I>(String attribute, @Nullable Function<? super I, @Nullable String> fromInput) {

    @Nullable
    String valueFor(I input, CallContext context) {
        if (fromInput == null) {
            return context.attributes().get(attribute);
        }
        try {
            return fromInput.apply(input);
        } catch (Throwable e) {
            return null; // the call has no such attribute; the host's call must not suffer for it
        }
    }
}
