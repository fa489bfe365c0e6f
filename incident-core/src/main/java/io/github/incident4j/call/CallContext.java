// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.model.Names;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the caller knows of a call beside its input: attributes such as {@code tenant=acme}. Only attributes that the
 * guard declares as segments are looked at and recorded.
 *
 * @param attributes the attributes by name
 */
public record CallContext(Map<String, String> attributes) {
    private static final CallContext EMPTY = new CallContext(Map.of());

    /**
     * Copies the map.
     *
     * @param attributes the attributes by name
     */
    public CallContext {
        attributes = Map.copyOf(attributes);
    }

    /** {@return a context that knows nothing} */
    public static CallContext empty() {
        return EMPTY;
    }

    /**
     * A context with one attribute.
     *
     * @param attribute a legal name
     * @param value its value
     * @return the context
     */
    public static CallContext of(String attribute, String value) {
        return EMPTY.and(attribute, value);
    }

    /**
     * This context with one more attribute; a value that it had under this name is replaced.
     *
     * @param attribute a legal name
     * @param value its value
     * @return the context
     * @throws IllegalArgumentException if the name is not legal
     */
    public CallContext and(String attribute, String value) {
        Map<String, String> more = new LinkedHashMap<>(attributes);
        more.put(Names.check("attribute", attribute), value);
        return new CallContext(more);
    }
}
