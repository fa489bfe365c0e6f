// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the value of a segment attribute comes from.
 *
 * @param attribute the attribute's name
 * @param fromInput reads it from the input; null if it is read from the context
 */
public record SegmentSource<I>(String attribute, @Nullable Function<? super I, @Nullable String> fromInput) {
    /** Reads the value for a call, which notes it if that fails. */
    void read(CallState<I> call, int i) {
        if (fromInput == null) {
            call.segments[i] = call.context.attributes().get(attribute);
            return;
        }
        try {
            call.segments[i] = fromInput.apply(call.input);
        } catch (Throwable e) { // nobody knows what it is; the host's call must not suffer for it
            Interruptions.keep(e);
            call.unreadable(i);
        }
    }
}
