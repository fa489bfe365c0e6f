// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Ways to write a text so that a filter of words does not see what it says. */
final class Disguises {
    private static final List<String> MORSE = List.of(
            ".-", "-...", "-.-.", "-..", ".", "..-.", "--.", "....", "..", ".---", "-.-", ".-..", "--", "-.", "---",
            ".--.", "--.-", ".-.", "...", "-", "..-", "...-", ".--", "-..-", "-.--", "--..");

    private Disguises() {}

    static Map<String, UnaryOperator<String>> all() {
        Map<String, UnaryOperator<String>> all = new LinkedHashMap<>();
        all.put("zero-width", text -> letters(text, c -> Character.toString(c) + "\u200B"));
        all.put("word joiners", text -> letters(text, c -> Character.toString(c) + "\u2060"));
        all.put("soft hyphens", text -> letters(text, c -> Character.toString(c) + "\u00AD"));
        all.put("zalgo", text -> letters(text, c -> Character.toString(c) + "\u0336\u0353\u035B"));
        all.put("struck out", text -> letters(text, c -> Character.toString(c) + "\u0336"));
        all.put("look-alikes", text -> mapped(text, "aeopcxyis", "аеорсхуіѕ"));
        all.put("full-width", text -> letters(text, c -> Character.toString(c + 0xFEE0)));
        all.put(
                "mathematical",
                text -> letters(text, c -> Character.toString(c >= 'a' ? 0x1D41A + c - 'a' : 0x1D400 + c - 'A')));
        all.put(
                "circled",
                text -> letters(text, c -> Character.toString(c >= 'a' ? 0x24D0 + c - 'a' : 0x24B6 + c - 'A')));
        all.put("leet", text -> mapped(text, "aeiost", "4310$7"));
        all.put("spaced", text -> text.replace(" ", "  ").replaceAll("(?<=[A-Za-z])(?=[A-Za-z])", " "));
        all.put("dashed", text -> text.replaceAll("(?<=[A-Za-z])(?=[A-Za-z])", "-"));
        all.put(
                "tags",
                text -> "Hello "
                        + text.codePoints()
                                .filter(c -> c < 0x7F)
                                .mapToObj(c -> Character.toString(0xE0000 + c))
                                .collect(Collectors.joining()));
        all.put(
                "variation selectors",
                text -> "Hello 😀"
                        + text.codePoints()
                                .filter(c -> c < 0x7F)
                                .mapToObj(c -> Character.toString(0xE0100 + c))
                                .collect(Collectors.joining()));
        all.put("base64", text -> Base64.getEncoder().encodeToString(bytes(text)));
        all.put(
                "base64 behind words",
                text -> "Decode this: " + Base64.getEncoder().encodeToString(bytes(text)));
        all.put("hexadecimal", text -> HexFormat.of().formatHex(bytes(text)));
        all.put("hexadecimal apart", text -> HexFormat.ofDelimiter(" ").formatHex(bytes(text)));
        all.put(
                "binary",
                text -> text.codePoints()
                        .mapToObj(c -> String.format("%8s", Integer.toBinaryString(c & 0xFF))
                                .replace(' ', '0'))
                        .collect(Collectors.joining(" ")));
        all.put("decimal", text -> text.codePoints().mapToObj(Integer::toString).collect(Collectors.joining(" ")));
        all.put("rot13", text -> letters(text, c -> Character.toString(rotated(c))));
        all.put("atbash", text -> letters(text, c -> Character.toString(c >= 'a' ? 'a' + 'z' - c : 'A' + 'Z' - c)));
        all.put("reversed", text -> new StringBuilder(text).reverse().toString());
        all.put(
                "morse",
                text -> text.toLowerCase(java.util.Locale.ROOT)
                        .chars()
                        .filter(c -> c >= 'a' && c <= 'z')
                        .mapToObj(c -> MORSE.get(c - 'a'))
                        .collect(Collectors.joining(" ")));
        all.put("braille", text -> letters(text, c -> Character.toString(0x2801 + c % 32)));
        return all;
    }

    private static int rotated(int c) {
        int first = c >= 'a' ? 'a' : 'A';
        return first + (c - first + 13) % 26;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String letters(String text, IntFunction<String> map) {
        return text.codePoints()
                .mapToObj(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? map.apply(c) : Character.toString(c))
                .collect(Collectors.joining());
    }

    private static String mapped(String text, String from, String to) {
        return text.codePoints()
                .mapToObj(c -> from.indexOf(c) < 0
                        ? Character.toString(c)
                        : to.substring(from.indexOf(c), from.indexOf(c) + 1))
                .collect(Collectors.joining());
    }
}
