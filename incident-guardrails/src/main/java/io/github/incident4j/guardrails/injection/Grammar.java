// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the phrases of the rules from the table {@code phrases.txt}, which says at its top how it is written. The table
 * is part of the library: a mistake in it is an error and a test's business.
 */
final class Grammar {
    private static final String RESTRAINT = "$restraint";
    private static final String ASKS = "$asks";
    private static final String YOU = "$you-before";
    private static final String MENTION_ASKS = "$mention-asks";
    private static final String MENTION_OPENS = "$mention-opens";
    private static final String MENTION_NAMES = "$mention-names";
    private static final String MENTION_ORDERS = "$mention-orders";
    private static final String EDGE = "^";
    static final char FIRST_GLYPH = '\u3040';

    private final Map<String, List<String>> named = new LinkedHashMap<>();
    private final Map<String, List<Phrase>> phrases = new LinkedHashMap<>();
    private final Map<String, List<Glyphs>> glyphs = new LinkedHashMap<>();
    private final Map<String, Set<String>> openings = new LinkedHashMap<>();
    private final Lexicon.Builder lexicon = new Lexicon.Builder();
    private String rule = "";

    private Grammar() {}

    static List<PhraseRule> load() {
        return rules(Table.lines("phrases.txt"));
    }

    static List<PhraseRule> rules(String table) {
        return rules(Table.lines(table.lines()));
    }

    private static List<PhraseRule> rules(Stream<String> lines) {
        Grammar grammar = new Grammar();
        lines.forEach(grammar::line);
        return grammar.build();
    }

    /** The words of all phrases, without those of which only the beginning is known. */
    static Set<String> wholeWords() {
        return Table.lines("phrases.txt")
                .flatMap(line -> Arrays.stream(line.split("[ |?]+")))
                .filter(word -> !word.isEmpty() && word.chars().allMatch(Character::isLetter))
                .collect(Collectors.toSet());
    }

    private void line(String line) {
        List<String> tokens = Arrays.asList(line.split(" +", -1));
        String first = tokens.get(0);
        List<String> rest = tokens.subList(1, tokens.size());
        if (first.startsWith("$")) {
            named.computeIfAbsent(first, key -> new ArrayList<>())
                    .addAll(rest.stream().flatMap(word -> words(word).stream()).toList());
        } else if (first.startsWith("[")) {
            rule = first.substring(1, first.length() - 1);
            phrases.put(rule, new ArrayList<>());
            glyphs.put(rule, new ArrayList<>());
            openings.put(rule, new LinkedHashSet<>());
        } else {
            boolean order = first.endsWith("!");
            double confidence = Double.parseDouble(order ? first.substring(0, first.length() - 1) : first);
            phrase(confidence, order, rest);
        }
    }

    private void phrase(double confidence, boolean order, List<String> tokens) {
        boolean atStart = tokens.get(0).equals(EDGE);
        boolean atEnd = tokens.get(tokens.size() - 1).equals(EDGE);
        List<String> row = tokens.subList(atStart ? 1 : 0, tokens.size() - (atEnd ? 1 : 0));
        List<String> opening = words(row.get(0));
        if (opening.get(0).charAt(0) >= FIRST_GLYPH) {
            list(glyphs).add(glyphs(confidence, row));
        } else {
            list(phrases).add(new Phrase(confidence, order, atStart, atEnd, parts(row)));
        }
        Objects.requireNonNull(openings.get(rule)).addAll(opening);
    }

    private <T> List<T> list(Map<String, List<T>> of) {
        return Objects.requireNonNull(of.get(rule), "a phrase stands before the first rule");
    }

    private List<Phrase.Part> parts(List<String> row) {
        List<Phrase.Part> parts = new ArrayList<>();
        for (String token : row) {
            if (token.startsWith("~")) {
                for (int i = 0; i < gap(token); i++) {
                    parts.add(new Phrase.Part(Phrase.ANY, true));
                }
            } else {
                boolean optional = token.endsWith("?");
                String words = optional ? token.substring(0, token.length() - 1) : token;
                parts.add(new Phrase.Part(lexicon.place(words(words)), optional));
            }
        }
        if (parts.size() > Phrase.MOST_PARTS || parts.get(0).optional()) {
            throw new IllegalStateException("the phrase " + row + " has too many parts, or an optional first one");
        }
        return parts;
    }

    private Glyphs glyphs(double confidence, List<String> row) {
        List<Glyphs.Piece> pieces = new ArrayList<>();
        int gap = 0;
        for (String token : row) {
            if (token.startsWith("~")) {
                gap = gap(token);
            } else {
                pieces.add(new Glyphs.Piece(
                        gap, words(token).stream().map(View::folded).toList()));
                gap = 0;
            }
        }
        return new Glyphs(confidence, pieces);
    }

    private static int gap(String token) {
        return Integer.parseInt(token.substring(1));
    }

    /** The words that a token stands for: words and names of sets, with bars between them. */
    private List<String> words(String token) {
        List<String> words = new ArrayList<>();
        for (String each : token.split("\\|", -1)) {
            if (each.startsWith("$")) {
                words.addAll(Objects.requireNonNull(named.get(each), () -> "there is no set " + each));
            } else {
                String folded = Lexicon.folded(each);
                if (folded.isEmpty() || folded.indexOf(' ') >= 0 || folded.indexOf('.') >= 0) {
                    throw new IllegalStateException(
                            "\"" + each + "\" in \"" + token + "\" is not one word when folded");
                }
                words.add(each);
            }
        }
        return words;
    }

    private List<PhraseRule> build() {
        PhraseRule.Restraint restraint = new PhraseRule.Restraint(
                lexicon.place(words(RESTRAINT)), lexicon.place(words(ASKS)), lexicon.place(words(YOU)));
        Mention mention = new Mention(
                lexicon.place(words(MENTION_ASKS)),
                lexicon.place(words(MENTION_OPENS)),
                lexicon.place(words(MENTION_NAMES)),
                lexicon.place(words(MENTION_ORDERS)));
        Lexicon all = lexicon.build();
        return phrases.keySet().stream()
                .map(name -> {
                    Set<String> first = Objects.requireNonNull(openings.get(name)).stream()
                            .map(Lexicon::folded)
                            .collect(Collectors.toCollection(LinkedHashSet::new));
                    List<Phrase> rows = List.copyOf(Objects.requireNonNull(phrases.get(name)));
                    BitSet firstSets = new BitSet();
                    rows.forEach(row -> firstSets.set(row.firstSet()));
                    return new PhraseRule(
                            name,
                            literals(first),
                            triggers(first),
                            rows,
                            List.copyOf(Objects.requireNonNull(glyphs.get(name))),
                            firstSets,
                            all,
                            restraint,
                            mention);
                })
                .toList();
    }

    /** The ASCII that words begin with; of these none that begins with another. */
    private static List<String> literals(Set<String> words) {
        List<String> beginnings = words.stream()
                .map(word -> word.substring(0, ascii(word)))
                .filter(word -> word.length() > 1)
                .distinct()
                .sorted()
                .toList();
        List<String> literals = new ArrayList<>();
        for (String each : beginnings) {
            if (literals.isEmpty() || !each.startsWith(literals.get(literals.size() - 1))) {
                literals.add(each);
            }
        }
        return List.copyOf(literals);
    }

    /** The first characters of words that no literal finds. */
    private static String triggers(Set<String> words) {
        return words.stream()
                .filter(word -> ascii(word) < 2)
                .map(word -> word.substring(0, 1))
                .distinct()
                .collect(Collectors.joining());
    }

    private static int ascii(String word) {
        int end = 0;
        while (end < word.length() && word.charAt(end) < 0x7F) {
            end++;
        }
        return end;
    }
}
