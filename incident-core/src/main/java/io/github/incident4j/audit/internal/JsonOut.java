// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One generator for one object after the other: to make one takes as long as a small object. Used by one thread. */
final class JsonOut {
    private final JsonFactory factory = Json.factory();
    private final Bytes to;
    private @Nullable JsonGenerator generator;

    JsonOut(Bytes to) {
        this.to = to;
    }

    Bytes bytes() {
        return to;
    }

    /** The generator, between two objects; flush it when one is whole. */
    JsonGenerator generator() throws IOException {
        JsonGenerator present = generator;
        if (present == null) {
            present = factory.createGenerator(to);
            present.setRootValueSeparator(new SerializedString(""));
            present.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            generator = present;
        }
        return present;
    }

    /** Gives up an object in its middle: what was written since it began is no part of the bytes any more. */
    void giveUp(int begin) {
        JsonGenerator broken = generator;
        generator = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (IOException | RuntimeException | Error e) {
                to.truncate(begin); // bytes in memory do not fail, but host code may have broken the generator
            }
        }
        to.truncate(begin);
    }
}
