// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrails.internal.Digests;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tool call that a model asks for. Execute it with {@link #arguments()} or {@link #json()} of the call that came
 * through the guardrails, not with the text that the model wrote: where two parsers read a text differently, one thing
 * would be judged and another done.
 *
 * <p>The arguments are strict JSON (RFC 8259) with each name once; at most 1,000,000 characters, 100,000 values, 32
 * levels, numbers of 1,000 digits and exponents up to 1,000. What is wrong with them is {@link #fault()}, and every
 * guardrail of {@link ToolRails} blocks it. Creating a call never throws.
 *
 * <p>Immutable. {@code toString} holds neither name nor arguments.
 */
public final class ToolCall {
    private static final byte[] NO_KEY = {};

    private final String turn;
    private final String name;
    private final Map<String, @Nullable Object> arguments;
    private final @Nullable String fault;

    private ToolCall(String turn, String name, Map<String, @Nullable Object> arguments, @Nullable String fault) {
        this.turn = turn == null ? "" : turn;
        this.name = name == null ? "" : name;
        this.arguments = arguments;
        this.fault = fault;
    }

    /**
     * A call whose arguments are a text, as a model's API gives it.
     *
     * @param turn the key of the turn: all calls that answer one message of a user have the same one, and no others
     * @param name the tool's name
     * @param json the arguments, a JSON object
     * @return the call
     */
    public static ToolCall ofJson(String turn, String name, String json) {
        try {
            return new ToolCall(turn, name, Json.read(json), null);
        } catch (Json.Unreadable e) {
            return new ToolCall(turn, name, Map.of(), e.why());
        }
    }

    /**
     * A call whose arguments were read already.
     *
     * @param turn the key of the turn: all calls that answer one message of a user have the same one, and no others
     * @param name the tool's name
     * @param arguments texts, booleans, numbers of {@code java.lang} and {@code java.math}, nulls, collections and maps
     *     of these by name; copied
     * @return the call
     */
    public static ToolCall of(String turn, String name, Map<String, ? extends @Nullable Object> arguments) {
        try {
            return new ToolCall(turn, name, Json.copy(arguments), null);
        } catch (Json.Unreadable e) {
            return new ToolCall(turn, name, Map.of(), e.why());
        }
    }

    /** {@return the key of the turn; empty where there is none} */
    public String turn() {
        return turn;
    }

    /** {@return the tool's name; empty where there is none} */
    public String name() {
        return name;
    }

    /** {@return the arguments by name, all of them immutable; empty where they could not be read} */
    public Map<String, @Nullable Object> arguments() {
        return arguments;
    }

    /** {@return the arguments as JSON, written anew} */
    public String json() {
        return Json.write(arguments);
    }

    /** {@return the end of a sentence that says why the arguments cannot be read; empty when they can} */
    public Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /**
     * This call with other arguments.
     *
     * @param next the arguments; copied
     * @return the new call
     */
    public ToolCall withArguments(Map<String, ? extends @Nullable Object> next) {
        return of(turn, name, next);
    }

    /** What is the same for the same tool and arguments. */
    Fingerprint fingerprint() {
        return Fingerprint.of(Digests.sha256(NO_KEY, canonical("")));
    }

    /** What is the same for the same turn, tool and arguments, also in another process. */
    String id() {
        return HexFormat.of().formatHex(Digests.sha256(NO_KEY, canonical(turn)).array());
    }

    private StringBuilder canonical(String scope) {
        StringBuilder out = new StringBuilder();
        Json.canonical(scope, out);
        Json.canonical(name, out);
        Json.canonical(arguments, out);
        return out;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ToolCall call
                && turn.equals(call.turn)
                && name.equals(call.name)
                && arguments.equals(call.arguments)
                && fault().equals(call.fault());
    }

    @Override
    public int hashCode() {
        return 31 * (31 * turn.hashCode() + name.hashCode()) + arguments.hashCode();
    }

    @Override
    public String toString() {
        return "ToolCall with " + arguments.size() + " arguments";
    }
}
