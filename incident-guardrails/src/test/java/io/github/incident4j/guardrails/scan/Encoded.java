// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The ways to write a text that a rail sees through, by name. */
public final class Encoded {

    private Encoded() {}

    /** All ways to write a text. */
    public static Map<String, UnaryOperator<String>> all() {
        Map<String, UnaryOperator<String>> all = new LinkedHashMap<>();
        all.put("base64", text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        all.put(
                "base64 of URLs",
                text -> Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        all.put(
                "base64 of UTF-16",
                text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_16LE)));
        String before = "what stands before it in a mail of some length, ";
        all.put(
                "base64 in lines",
                text -> Base64.getMimeEncoder()
                        .encodeToString((before + text + " and behind it, too").getBytes(StandardCharsets.UTF_8)));
        all.put(
                "base64 in lines of 64",
                text -> Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString((before + before + text).getBytes(StandardCharsets.UTF_8)));
        all.put("base32", Encoded::base32);
        all.put("base32 in small letters", text -> base32(text).toLowerCase(Locale.ROOT));
        all.put("base32 with padding", text -> {
            String signs = base32(text);
            return signs + "=".repeat((8 - signs.length() % 8) % 8);
        });
        all.put("hex behind 0x", text -> "0x" + codes(text, "%02x", ""));
        all.put("hex behind a backslash and x", text -> "\\x" + codes(text, "%02X", ""));
        all.put("hex", text -> codes(text, "%02x", ""));
        all.put("hex with spaces", text -> codes(text, "%02X", " "));
        all.put("hex with 0x", text -> codes(text, "0x%02x", ", ").replace(", ", ","));
        all.put(
                "binary",
                text -> text.chars()
                        .mapToObj(c ->
                                String.format("%8s", Integer.toBinaryString(c)).replace(' ', '0'))
                        .collect(Collectors.joining(" ")));
        all.put("decimal", text -> codes(text, "%d", " "));
        all.put("percent", text -> codes(text, "%%%02X", ""));
        all.put(
                "percent where needed",
                text -> URLEncoder.encode("é " + text, StandardCharsets.UTF_8).replace("-", "%2D"));
        all.put("quoted-printable", text -> codes(text, "=%02X", ""));
        all.put("JSON", text -> codes(text, "\\u%04x", ""));
        all.put("backslash x", text -> codes(text, "\\x%02x", ""));
        all.put("quoted-printable lines", text -> text.replaceAll("(.{9})", "$1=\r\n"));
        all.put("percent u", text -> codes(text, "%%u%04X", ""));
        all.put("backslash U", text -> codes(text, "\\U%08x", ""));
        all.put("octal", text -> codes(text, "\\%03o", ""));
        all.put("CSS", text -> codes(text, "\\%x ", ""));
        all.put("CSS in six digits", text -> codes(text, "\\%06x", ""));
        all.put("HTML", text -> codes(text, "&#%d;", ""));
        all.put("HTML in hex", text -> codes(text, "&#x%X;", ""));
        all.put("ROT13", Encoded::rot13);
        all.put(
                "tags",
                text -> text.codePoints()
                        .map(c -> 0xE0000 + c)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()));
        all.put(
                "variation selectors",
                text -> text.codePoints()
                        .map(c -> c < 16 ? 0xFE00 + c : 0xE0100 + c - 16)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()));
        return all;
    }

    private static String codes(String text, String format, String between) {
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return bytes.chars().mapToObj(c -> String.format(format, c)).collect(Collectors.joining(between));
    }

    static String rot13(String text) {
        return text.chars()
                .map(c -> c >= 'a' && c <= 'z'
                        ? 'a' + (c - 'a' + 13) % 26
                        : c >= 'A' && c <= 'Z' ? 'A' + (c - 'A' + 13) % 26 : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static String base32(String text) {
        StringBuilder bits = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bits.append(String.format("%8s", Integer.toBinaryString(b & 0xFF)).replace(' ', '0'));
        }
        while (bits.length() % 5 != 0) {
            bits.append('0');
        }
        StringBuilder signs = new StringBuilder();
        for (int i = 0; i < bits.length(); i += 5) {
            signs.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(Integer.parseInt(bits.substring(i, i + 5), 2)));
        }
        return signs.toString();
    }

    /** A text in one of them. */
    public static String of(String name, String text) {
        return all().getOrDefault(name, UnaryOperator.identity()).apply(text);
    }
}
