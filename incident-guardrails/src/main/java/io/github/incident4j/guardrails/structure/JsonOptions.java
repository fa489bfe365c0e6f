// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrails.internal.Faults;
import org.jspecify.annotations.Nullable;

/**
 * What JSON an answer must be, and what may be done to make it so. Each method gives new options. What is wrong with
 * them is among the guardrail's faults.
 *
 * <pre>{@code
 * JsonOptions.strict().extracted().repaired().schema("""
 *         {"type": "object", "required": ["decision"]}""")
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param maxLength the most UTF-16 units of a text, from 1
 * @param maxDepth the most levels of objects and arrays, from 1 to 500
 * @param extracting whether JSON is taken out of a text that holds more
 * @param repairing whether the usual defects are repaired
 * @param schema a JSON Schema that the value must meet, or null
 */
public record JsonOptions(
        int maxLength,
        int maxDepth,
        boolean extracting,
        boolean repairing,
        @Nullable String schema) {
    private static final int LENGTH = 1_000_000;
    private static final int DEPTH = 64;
    private static final int DEEPEST = 500;

    /** {@return JSON and nothing else, of at most 1,000,000 UTF-16 units and 64 levels} */
    public static JsonOptions strict() {
        return new JsonOptions(LENGTH, DEPTH, false, false, null);
    }

    /**
     * These options with another limit of length.
     *
     * @param units the most UTF-16 units of a text, from 1
     * @return the new options
     */
    public JsonOptions maxLength(int units) {
        return new JsonOptions(units, maxDepth, extracting, repairing, schema);
    }

    /**
     * These options with another limit of depth.
     *
     * @param levels the most levels of objects and arrays, from 1 to 500
     * @return the new options
     */
    public JsonOptions maxDepth(int levels) {
        return new JsonOptions(maxLength, levels, extracting, repairing, schema);
    }

    /**
     * These options, and JSON is taken out of a text that holds more: out of the one fenced block that is named
     * {@code json}, or has no name and begins with a bracket; else the one object, or the one array when there is no
     * object, that stands between other text. Where there are several, also broken ones that begin with a key in quotes
     * or a string, the text is blocked as ambiguous; what stands within a broken one is never taken.
     *
     * @return the new options
     */
    public JsonOptions extracted() {
        return new JsonOptions(maxLength, maxDepth, true, repairing, schema);
    }

    /**
     * These options, and the usual defects are repaired: a byte order mark, comments ({@code //} and {@code /*}),
     * trailing commas, single and typographic quotes, keys without quotes, {@code True}, {@code False} and
     * {@code None}, line breaks and tabs within strings, missing closing brackets. The finding names each kind with its
     * number. Where a string or a value is missing, nothing is made up: the text is blocked. A missing closing bracket
     * often means that the answer was cut off, and values may be missing with it.
     *
     * @return the new options
     */
    public JsonOptions repaired() {
        return new JsonOptions(maxLength, maxDepth, extracting, true, schema);
    }

    /**
     * These options with a JSON Schema. It needs {@code com.networknt:json-schema-validator} 2.0.x at run time, and
     * {@code com.google.re2j:re2j} when the schema has patterns, which are therefore matched in linear time. The
     * dialect is the schema's {@code $schema}, by default 2020-12; {@code format} is an annotation and checks nothing;
     * nothing is fetched from elsewhere.
     *
     * @param next the schema, as JSON
     * @return the new options
     */
    public JsonOptions schema(String next) {
        return new JsonOptions(maxLength, maxDepth, extracting, repairing, next);
    }

    void check(Faults faults) {
        faults.when(maxLength < 1, "the limit of length " + maxLength + " must be at least 1");
        faults.when(
                maxDepth < 1 || maxDepth > DEEPEST, "the limit of depth " + maxDepth + " must be from 1 to " + DEEPEST);
    }
}
