// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.model.Names;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the caller knows of a call beside its input.
 *
 * <pre>{@code CallContext.of("tenant", "acme").key("user-4711").feature("loan-offer")}</pre>
 *
 * @param attributes attributes by name, such as {@code tenant=acme}; switches may be about any of them, and only those
 *     that the guard declares as segments are recorded and compared
 * @param key decides on which side of a share of the traffic the call falls, such as a user's number; never recorded
 * @param feature the host's feature that the call is for; without it, the one that the guard declares
 * @param subject whom the call is about, as the host names that person; without it, what the guard reads of the input.
 *     The audit trail has it so that it can be erased
 */
public record CallContext(
        Map<String, String> attributes, Optional<String> key, Optional<String> feature, Optional<String> subject) {
    private static final CallContext EMPTY =
            new CallContext(Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Copies the map.
     *
     * @param attributes attributes by name
     * @param key the traffic key
     * @param feature the host's feature
     * @param subject whom the call is about
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
        return new CallContext(more, key, feature, subject);
    }

    /**
     * This context with a traffic key.
     *
     * @param trafficKey the same for all calls that belong together, such as a user's number
     * @return the context
     */
    public CallContext key(String trafficKey) {
        return new CallContext(attributes, Optional.of(trafficKey), feature, subject);
    }

    /**
     * This context with a feature.
     *
     * @param name a legal name
     * @return the context
     * @throws IllegalArgumentException if the name is not legal
     */
    public CallContext feature(String name) {
        return new CallContext(attributes, key, Optional.of(Names.check("feature", name)), subject);
    }

    /**
     * This context with a subject.
     *
     * @param reference the host's own reference to the person, such as a customer's number
     * @return the context
     */
    public CallContext subject(String reference) {
        return new CallContext(attributes, key, feature, Optional.of(reference));
    }
}
