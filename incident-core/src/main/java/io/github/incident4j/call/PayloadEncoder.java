// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.call.internal.JsonPayload;

/**
 * Makes the text under which an input or an output is recorded. It runs on the caller's thread: for inputs before the
 * model, so that the record has what the model saw, whatever becomes of the object later. One that throws costs the
 * record its payload and nothing else. Safe for use by several threads.
 *
 * @param <T> what is recorded
 */
@FunctionalInterface
public interface PayloadEncoder<T> {

    /**
     * Encodes a value.
     *
     * @param value the value
     * @return its text, such as JSON; binary content as base64
     * @throws Exception if it cannot be encoded
     */
    String encode(T value) throws Exception;

    /** {@return an encoder for what is text already} */
    static PayloadEncoder<CharSequence> text() {
        return CharSequence::toString;
    }

    /**
     * An encoder by Jackson's defaults, which serve records, maps and beans.
     *
     * @param <T> what is recorded
     * @return the encoder
     */
    static <T> PayloadEncoder<T> json() {
        return new JsonPayload<>();
    }
}
