// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a detector remembers, as JSON: numbers as they are, with {@code null} for NaN. Reading is strict, since a state
 * of another shape would be worse than none.
 */
final class Memory {
    private Memory() {}

    /** Something that is remembered across a restart. */
    interface Kept {
        /** Writes what is known. */
        void save(ObjectNode into);

        /**
         * Takes up what was written.
         *
         * @throws IllegalArgumentException if it is of another shape; what is known is undefined then
         */
        void load(JsonNode from);
    }

    static void put(ObjectNode into, String name, Kept part) {
        part.save(into.putObject(name));
    }

    static void take(JsonNode from, String name, Kept part) {
        JsonNode node = from.path(name);
        if (!node.isObject()) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
        part.load(node);
    }

    static void put(ObjectNode into, String name, double[] numbers) {
        ArrayNode array = into.putArray(name);
        for (double number : numbers) {
            if (Double.isNaN(number)) {
                array.addNull();
            } else if (Double.isInfinite(number)) { // JSON has none, so it could not be read back
                throw new IllegalStateException("'" + name + "' has a number that is not finite");
            } else {
                array.add(number);
            }
        }
    }

    static void put(ObjectNode into, String name, long[] numbers) {
        ArrayNode array = into.putArray(name);
        for (long number : numbers) {
            array.add(number);
        }
    }

    static void put(ObjectNode into, String name, boolean[] flags) {
        ArrayNode array = into.putArray(name);
        for (boolean flag : flags) {
            array.add(flag);
        }
    }

    static void take(JsonNode from, String name, double[] numbers) {
        JsonNode array = array(from, name, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).isNull()
                    ? Double.NaN
                    : number(array.get(i), name).asDouble();
        }
    }

    static void take(JsonNode from, String name, long[] numbers) {
        JsonNode array = array(from, name, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(array.get(i), name).asLong();
        }
    }

    static void take(JsonNode from, String name, boolean[] flags) {
        JsonNode array = array(from, name, flags.length);
        for (int i = 0; i < flags.length; i++) {
            flags[i] = array.get(i).asBoolean();
        }
    }

    static double decimal(JsonNode from, String name) {
        return from.path(name).isNull()
                ? Double.NaN
                : number(from.path(name), name).asDouble();
    }

    static long whole(JsonNode from, String name) {
        return number(from.path(name), name).asLong();
    }

    private static JsonNode number(JsonNode node, String name) {
        if (!node.isNumber()) {
            throw new IllegalArgumentException("'" + name + "' is no number: " + node);
        }
        return node;
    }

    private static JsonNode array(JsonNode from, String name, int length) {
        JsonNode array = from.path(name);
        if (!array.isArray() || array.size() != length) {
            throw new IllegalArgumentException("'" + name + "' is no list of " + length);
        }
        return array;
    }
}
