// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.call.PayloadEncoder;
import java.io.IOException;

/** Encodes by Jackson's defaults. */
public final class JsonPayload<T> implements PayloadEncoder<T> {
    private final ObjectMapper mapper = Json.mapper();

    /** Creates an encoder. */
    public JsonPayload() {}

    @Override
    public String encode(T value) throws IOException {
        return mapper.writeValueAsString(value);
    }
}
