// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The part of an entry that must not stand in the log, because somebody may want it erased. */
public interface Erasable {

    /** {@return whom it is about, as the host names that person; null if nobody is known} */
    @Nullable
    String subject();

    /**
     * Writes the members of the side record.
     *
     * @param json inside the side record's object
     * @throws IOException never for a reason of its own
     */
    void writeSide(JsonGenerator json) throws IOException;

    /**
     * Writes what the log has instead of texts: their digests.
     *
     * @param json inside the record's object
     * @param digest the keyed digest of a text, worthless once the subject is erased
     * @throws IOException never for a reason of its own
     */
    void writeDigests(JsonGenerator json, UnaryOperator<String> digest) throws IOException;
}
