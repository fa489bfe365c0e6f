// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Rules that find text in an encoding, whatever it says: its shape, and whether what it stands for looks like prose.
 * What it says is found by the other rules, once it is decoded.
 */
final class Encodings {
    private static final int SAMPLE = 96;
    private static final int FEWEST = 20;
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /** Ordinary words of prose and of instructions, four letters and more where a shorter one may mean something. */
    private static final List<String> COMMON = List.of(
            "the",
            "and",
            "you",
            "your",
            "that",
            "this",
            "with",
            "from",
            "have",
            "what",
            "how",
            "tell",
            "make",
            "write",
            "about",
            "please",
            "would",
            "should",
            "instructions",
            "instruction",
            "previous",
            "ignore",
            "prompt",
            "system",
            "reveal",
            "show",
            "secret",
            "password",
            "following",
            "answer",
            "question",
            "without",
            "create",
            "give",
            "explain",
            "provide",
            "guide",
            "into",
            "which",
            "where",
            "when",
            "could",
            "they",
            "their",
            "them",
            "all",
            "can",
            "for",
            "print",
            "above",
            "forget",
            "steps",
            "build",
            "instead",
            "disregard",
            "rules",
            "assistant",
            "conversation",
            "forward",
            "emails",
            "message",
            "send",
            "user",
            "anything",
            "developer",
            "ignoriere",
            "vergiss",
            "alle",
            "und",
            "der",
            "die",
            "anweisungen",
            "bisherigen",
            "vorgaben",
            "regeln",
            "olvida",
            "todas",
            "las",
            "anteriores",
            "instrucciones",
            "reglas",
            "oublie",
            "toutes",
            "tes",
            "consignes",
            "ignora",
            "tutte",
            "istruzioni",
            "precedenti",
            "negeer",
            "eerdere",
            "opdrachten",
            "zignoruj",
            "wszystkie",
            "poprzednie",
            "polecenia",
            "zanemari",
            "prethodne",
            "upute");

    private static final List<String> NATO = List.of(
            "alpha",
            "alfa",
            "bravo",
            "charlie",
            "delta",
            "echo",
            "foxtrot",
            "golf",
            "hotel",
            "india",
            "juliett",
            "juliet",
            "kilo",
            "lima",
            "mike",
            "november",
            "oscar",
            "papa",
            "quebec",
            "romeo",
            "sierra",
            "tango",
            "uniform",
            "victor",
            "whiskey",
            "xray",
            "yankee",
            "zulu");

    private Encodings() {}

    static List<Recogniser> rules() {
        return List.of(
                Sign.at("encoded-text", Sign.WORD_STARTS + "0123456789", true, 512, Encodings::run),
                Sign.at("morse", ".-·–", false, 160, Encodings::morse),
                Sign.at("braille", braille(), false, 64, Encodings::ofBraille),
                codeWords("rot13", words(Encodings::rot13), 3),
                codeWords("atbash", words(Encodings::atbash), 3),
                codeWords(
                        "reversed",
                        words(word -> new StringBuilder(word).reverse().toString()),
                        3),
                codeWords("spelling-alphabet", NATO, 6));
    }

    // Runs of one alphabet

    private static @Nullable Hit run(View view, int at) {
        char first = view.charAt(at);
        if (first == '0' || first == '1') {
            Hit bits = bits(view, at);
            if (bits != null) {
                return bits;
            }
        }
        int end = at;
        boolean digits = false;
        boolean capitals = false;
        boolean small = false;
        char c = first;
        while (end - at < 400 && BASE64.indexOf(c) >= 0) {
            digits |= c <= '9';
            capitals |= c >= 'A' && c <= 'Z';
            small |= c >= 'a';
            c = view.charAt(++end);
        }
        if (end - at < FEWEST) {
            return digits && end - at >= 2 && end - at <= 4 ? numbers(view, at) : null;
        }
        boolean prose = isProse(decoded(view, at, end, 4, 16))
                || (capitals && isProse(decoded(view, at, end, 6, 64)))
                || (capitals && !small && isProse(decoded(view, at, end, 5, 32)));
        return prose ? Sign.hit(at, end, 0.65) : null;
    }

    /**
     * The bytes that a run stands for, with so many bits a character, as far as the sample goes; empty if it is none.
     */
    private static String decoded(View view, int from, int to, int bits, int base) {
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int held = 0;
        for (int i = from; i < Math.min(to, from + SAMPLE); i++) {
            char c = view.charAt(i);
            int value = base == 16 ? Character.digit(c, 16) : (base == 32 ? BASE32 : BASE64).indexOf(c);
            if (value < 0) {
                return "";
            }
            buffer = (buffer << bits | value) & 0xFFFF;
            held += bits;
            if (held >= 8) {
                held -= 8;
                text.append((char) (buffer >> held & 0xFF));
            }
        }
        return text.toString();
    }

    /** Whether bytes are letters, spaces and the like, in any of the languages that are written so. */
    private static boolean isProse(String bytes) {
        int letters = 0;
        int others = 0;
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ';
            letters += letter ? 1 : 0;
            others += letter || (c >= ' ' && c < 0x7F) || c == '\n' ? 0 : 1;
        }
        return bytes.length() >= 8 && 20 * others <= bytes.length() && 4 * letters >= 3 * bytes.length();
    }

    /** Bytes in binary, with or without something between them. */
    private static @Nullable Hit bits(View view, int at) {
        StringBuilder text = new StringBuilder();
        int value = 0;
        int count = 0;
        int i = at;
        for (; text.length() < 12; i++) {
            char c = view.charAt(i);
            if (c == '0' || c == '1') {
                value = value << 1 | c - '0';
                if (++count == 8) {
                    text.append((char) value);
                    value = 0;
                    count = 0;
                }
            } else if (count != 0 || (c != ' ' && c != ',' && c != '-')) {
                break;
            }
        }
        return isProse(text.toString()) ? Sign.hit(at, i, 0.65) : null;
    }

    /** Bytes as numbers, decimal, octal or hexadecimal, with something between them. */
    private static @Nullable Hit numbers(View view, int at) {
        for (int base : new int[] {10, 16, 8}) {
            StringBuilder text = new StringBuilder();
            int i = at;
            while (text.length() < 12) {
                int value = 0;
                int from = i;
                for (int digit = Character.digit(view.charAt(i), base);
                        digit >= 0 && i - from < 4;
                        digit = Character.digit(view.charAt(++i), base)) {
                    value = value * base + digit;
                }
                if (i - from < 2 || value > 0xFF || view.isWordAt(i)) {
                    break;
                }
                text.append((char) value);
                int between = i;
                while (i - between < 3 && " ,;:-".indexOf(view.charAt(i)) >= 0) {
                    i++;
                }
                if (i == between) {
                    break;
                }
            }
            if (text.length() >= 10 && isProse(text.toString())) {
                return Sign.hit(at, i, 0.65);
            }
        }
        return null;
    }

    /** Groups of one to six dots and dashes. */
    private static @Nullable Hit morse(View view, int at) {
        if (isMorse(view.charAt(at - 1)) || (view.charAt(at - 1) == ' ' && isMorse(view.charAt(at - 2)))) {
            return null; // it was asked at the first group
        }
        int groups = 0;
        int dots = 0;
        int dashes = 0;
        int end = at;
        int i = at;
        while (groups < 10) {
            int from = i;
            for (char c = view.charAt(i); isMorse(c) && i - from < 7; c = view.charAt(++i)) {
                dots += c == '-' ? 0 : 1;
                dashes += c == '-' ? 1 : 0;
            }
            if (i == from || i - from > 6) {
                break;
            }
            groups++;
            end = i;
            int between = i;
            while (i - between < 3 && " /|".indexOf(view.charAt(i)) >= 0) {
                i++;
            }
            if (i == between) {
                break;
            }
        }
        return groups >= 8 && dots >= 4 && dashes >= 4 ? Sign.hit(at, end, 0.65) : null;
    }

    private static boolean isMorse(char c) {
        return c == '.' || c == '-' || c == '·' || c == '–';
    }

    private static String braille() {
        StringBuilder cells = new StringBuilder();
        for (char c = '\u2801'; c <= '\u283F'; c++) {
            cells.append(c);
        }
        return cells.toString();
    }

    private static @Nullable Hit ofBraille(View view, int at) {
        if (isCell(view.charAt(at - 1)) || (view.charAt(at - 1) == ' ' && isCell(view.charAt(at - 2)))) {
            return null;
        }
        int cells = 0;
        int i = at;
        for (char c = view.charAt(i); cells < 12 && (isCell(c) || (c == ' ' && cells > 0)); c = view.charAt(++i)) {
            cells += isCell(c) ? 1 : 0;
        }
        return cells >= 8 ? Sign.hit(at, i, 0.6) : null;
    }

    private static boolean isCell(char c) {
        return c > '\u2800' && c <= '\u28FF';
    }

    // Words of a secret language

    private static List<String> words(UnaryOperator<String> code) {
        Set<String> plain = new HashSet<>();
        COMMON.forEach(word -> plain.add(View.folded(word)));
        return COMMON.stream()
                .map(code)
                .filter(word -> !plain.contains(View.folded(word)))
                .toList();
    }

    static String rot13(String word) {
        return mapped(word, c -> (c - 'a' + 13) % 26);
    }

    static String atbash(String word) {
        return mapped(word, c -> 'z' - c);
    }

    private static String mapped(String word, java.util.function.IntUnaryOperator place) {
        StringBuilder mapped = new StringBuilder();
        word.chars().forEach(c -> mapped.append((char) ('a' + place.applyAsInt(c))));
        return mapped.toString();
    }

    /** Some words of a list among the next ones of a folded text. */
    private static Sign codeWords(String rule, List<String> words, int fewest) {
        Lexicon lexicon = Lexicon.of(List.of(words));
        return Sign.atLiterals(rule, beginnings(words), true, 160, (view, at) -> {
            if (!Words.begins(view, at)) {
                return null;
            }
            Words read = new Words(view, at, lexicon);
            if (!read.sets(0).get(0)) {
                return null;
            }
            int found = 1;
            int end = read.end(0);
            for (int i = 1; i < 4 * fewest && found < fewest && read.has(i); i++) {
                if (read.sets(i).get(0)) {
                    found++;
                    end = read.end(i);
                }
            }
            return found >= fewest ? Sign.hit(at, end, 0.65) : null;
        });
    }

    private static List<String> beginnings(List<String> words) {
        List<String> sorted =
                words.stream().map(View::folded).distinct().sorted().toList();
        List<String> kept = new ArrayList<>();
        for (String word : sorted) {
            if (kept.isEmpty() || !word.startsWith(kept.get(kept.size() - 1))) {
                kept.add(word);
            }
        }
        return kept;
    }
}
