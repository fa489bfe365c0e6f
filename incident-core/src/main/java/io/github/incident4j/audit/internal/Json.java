// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Makes Jackson's parts. They recycle their buffers by themselves, not by thread locals of the host's threads, which
 * would keep the library's class loader in memory after a runtime was closed.
 */
public final class Json {
    private static final int BUFFERS = 8;

    private Json() {}

    /** {@return a new factory} */
    public static JsonFactory factory() {
        return JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.newBoundedPool(BUFFERS))
                .build();
    }

    /** {@return a new mapper} */
    public static ObjectMapper mapper() {
        return new ObjectMapper(factory());
    }
}
