// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.model.TraceContext;
import org.jspecify.annotations.Nullable;

/** What is noted of a call on its way because it must be read then: who, in which trace, what the model saw. */
final class CallNotes {
    @Nullable
    String subject;

    @Nullable
    TraceContext trace;

    @Nullable
    String input;

    @Nullable
    String fault; // why a payload is not recorded, or not whole

    boolean probe;
}
