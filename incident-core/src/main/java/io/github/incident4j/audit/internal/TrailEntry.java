// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something that goes into the trail. Implementations are immutable: the journal encodes them on its own thread. */
public interface TrailEntry {

    /** {@return the record's type, such as {@code switch.killed}} */
    String type();

    /** {@return when it happened, on the runtime's monotonic clock} */
    long nanoTime();

    /**
     * Writes the members that follow {@code seq}, {@code v}, {@code time} and {@code type}.
     *
     * @param json inside the record's object; text that comes from outside goes through {@link Text#clean}
     * @throws IOException never for a reason of its own
     */
    void writeMembers(JsonGenerator json) throws IOException;

    /** {@return whether it leaves room to the runtime's own records where many wait, as decisions do} */
    default boolean yields() {
        return false;
    }

    /** {@return what goes into the erasable side record; null if there is nothing} */
    default @Nullable Erasable erasable() {
        return null;
    }
}
