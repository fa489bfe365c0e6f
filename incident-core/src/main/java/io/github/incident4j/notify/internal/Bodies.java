// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.incident.Incident;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the bodies of all receivers have in common. */
final class Bodies {
    static final String JSON = "application/json";

    private static final ObjectMapper MAPPER = Json.mapper();
    private static final int HEX_OF_SHA_256 = 64;

    private Bodies() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** As UTF-8; characters that it cannot hold are replaced. */
    static byte[] bytes(Object json) {
        try {
            return Text.whole(MAPPER.writeValueAsString(json)).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values could not be written", e);
        }
    }

    /** A text that a receiver takes: no longer than it wants, cut with a mark and not within a character. */
    static String cut(String text, int length) {
        String whole = Text.whole(text);
        if (whole.length() <= length) {
            return whole;
        }
        int end = length - 1;
        return whole.substring(0, Character.isHighSurrogate(whole.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /** The key by which a pager tells incidents apart, the same in all processes of a service. */
    static String key(Incident incident, int longest) {
        String key = "incident4j/" + Text.whole(incident.fingerprint());
        if (key.length() <= longest) {
            return key;
        }
        return cut(key, longest - HEX_OF_SHA_256 - 1) + "#" + digest(key);
    }

    /** The SHA-256 of a text, in hexadecimal. */
    static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
