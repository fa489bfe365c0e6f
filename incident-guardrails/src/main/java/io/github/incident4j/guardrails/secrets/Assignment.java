// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Signs;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A credential that only the name before it gives away: {@code DB_PASSWORD=…}, {@code "apiKey": "…"}, {@code --token
 * …}, {@code <secret>…</secret>}, {@code setPassword("…")}. The name ends with a word of the rule, or with one of a few
 * words such as {@code value} behind it. Reads at most 512 characters.
 */
final class Assignment extends SecretRule {
    /** What is asked of a value. */
    enum Kind {
        /** A person may have chosen it. */
        PASSWORD,
        /** A machine has drawn it. */
        DRAWN
    }

    private static final double SURE = 0.6;
    private static final double DOUBTFUL = 0.4;
    private static final double MANUAL = 0.3;
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST = 256;
    private static final int SHORTEST_PASSWORD = 6;
    private static final int SHORTEST_DRAWN = 12;

    private static final Set<String> SUFFIXES = Set.of(
            "",
            "key",
            "value",
            "val",
            "text",
            "string",
            "str",
            "plain",
            "prod",
            "production",
            "dev",
            "test",
            "staging",
            "live",
            "sandbox",
            "local",
            "default",
            "base64",
            "main",
            "master",
            "admin",
            "root",
            "db",
            "new",
            "old",
            "primary",
            "secondary");

    private static final Substrings CODE = new Substrings(List.of(
            "pass",
            "pwd",
            "secret",
            "token",
            "config",
            "env.",
            "os.",
            "self.",
            "this.",
            "args",
            "param",
            "input",
            "request",
            "req.",
            "credential",
            "null",
            "none",
            "true",
            "false",
            "undefined",
            "apikey",
            "api_key"));

    private static final Set<String> CHANGE_ME = Set.of(
            "password1",
            "password12",
            "password123",
            "passw0rd",
            "p@ssw0rd",
            "p@ssword",
            "pass123",
            "pass1234",
            "admin123",
            "test123",
            "test1234",
            "secret123",
            "abc123",
            "qwerty123",
            "letmein1",
            "welcome1",
            "123456",
            "1234567",
            "12345678",
            "123456789",
            "1234567890");

    private static final String SIGNS_OF_ENDS = "\"'`,;<>()[]{}&|";
    private static final Signs ENDS = Signs.controlsAnd(" \\" + SIGNS_OF_ENDS);
    private static final Signs ENDS_IN_DOUBLE_QUOTES = Signs.controlsAnd("\\\"");
    private static final Signs ENDS_IN_SINGLE_QUOTES = Signs.controlsAnd("\\'");
    private static final Signs ENDS_IN_BACK_QUOTES = Signs.controlsAnd("\\`");

    private final Kind kind;

    private Assignment(String rule, Kind kind, List<String> words) {
        super(rule, words);
        this.kind = kind;
    }

    static Assignment of(String rule, Kind kind, String... words) {
        return new Assignment(rule, kind, List.of(words));
    }

    @Override
    String format() {
        return (kind == Kind.PASSWORD ? "a value" : "a drawn value") + " behind " + String.join(", ", literals());
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        int end = endOfLiteral(view, at);
        if (end < 0 || (end - at <= 5 && !Chars.isWordStart(view, at))) {
            return null;
        }
        int name = endOfName(view, end);
        int from = name < 0 ? -1 : startOfValue(view, at, name);
        return from < 0 ? null : value(view, from);
    }

    /** The end of the name, or -1 when something else is named. */
    private static int endOfName(View view, int from) {
        int to = from;
        while (to - from < LONGEST_NAME && (view.isWordAt(to) || view.charAt(to) == '_' || isHyphen(view, to))) {
            to++;
        }
        if (to == from) {
            return to;
        }
        String rest = Chars.lower(view, from, to);
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (c != '_' && c != '-' && !(Ascii.isDigit(c) && i == rest.length() - 1)) {
                letters.append(c);
            }
        }
        return SUFFIXES.contains(letters.toString()) ? to : -1;
    }

    private static boolean isHyphen(View view, int at) {
        return view.charAt(at) == '-' && Ascii.isLetter(view.charAt(at + 1));
    }

    private static int skip(View view, int from, String set, int most) {
        int to = from;
        while (to - from < most && Chars.isOneOf(view.charAt(to), set)) {
            to++;
        }
        return to;
    }

    /** Where the value begins, or -1 when nothing is assigned. */
    private static int startOfValue(View view, int at, int name) {
        int sign = skip(view, name, " \t\"'`\\])", 8);
        int after = skip(view, sign, ":=>~?|+-.", 4);
        boolean joined = sign == name;
        if (!Chars.isOneOf(view.charAt(after - 1), ":=>") || after == sign) {
            char c = view.charAt(sign);
            boolean call = c == '(' && (isQuote(view.charAt(sign + 1)) || view.charAt(sign + 1) == ' ');
            boolean argument = c == ',' && !joined && isQuote(view.charAt(skip(view, sign + 1, " ", 2)));
            if (call || argument) {
                after = sign + 1;
            } else if (view.charAt(name) == ' ' && isOption(view, at)) {
                return skip(view, name, " ", 4);
            } else if (view.charAt(name) == ' ' && endOfType(view, sign) > 0) {
                after = endOfType(view, sign); // var token string = "…"
            } else if (variable(view, name) > 0) {
                return variable(view, name);
            } else if (Chars.isAtIgnoringCase(view, name, " is ")) {
                after = name + 4;
            } else if (Chars.isAtIgnoringCase(view, sign, "value=")) {
                after = sign + 6;
            } else {
                return -1;
            }
        }
        int from = skip(view, after, " \t", 8);
        int typed = endOfType(view, from);
        from = typed > 0 ? typed : from;
        int block = startOfBlock(view, from);
        from = block > 0 ? block : from;
        boolean open = view.charAt(after - 1) == '>' || view.charAt(after - 1) == '(';
        if (open || view.charAt(after - 1) == '=') {
            int line = skip(view, from, " \t\r\n", 40);
            from = open || isQuote(view.charAt(line)) ? line : from;
        }
        return from;
    }

    /** Where the value of a container's variable in YAML begins, on the line behind its name; else 0. */
    private static int variable(View view, int name) {
        int line = skip(view, name, " \"'\r", 4);
        int next = skip(view, line, "\n ", 24);
        return view.charAt(line) == '\n' && Chars.isAtIgnoringCase(view, next, "value: ") ? next + 7 : 0;
    }

    /** Where the text behind the sign of a block in YAML begins, {@code |} or {@code >}, on the next line; else 0. */
    private static int startOfBlock(View view, int from) {
        if (!Chars.isOneOf(view.charAt(from), "|>")) {
            return 0;
        }
        int line = skip(view, skip(view, from + 1, "+-", 1), " \r", 4);
        int next = skip(view, line + 1, " ", 24);
        return view.charAt(line) == '\n' && next > line + 1 ? next : 0;
    }

    /** The end of a type and the sign of assignment behind it, as in {@code token: str = "…"}; else 0. */
    private static int endOfType(View view, int from) {
        int to = from;
        while (to - from < 24 && (view.isWordAt(to) || Chars.isOneOf(view.charAt(to), "&<>[]?_."))) {
            to++;
        }
        int sign = skip(view, to, " ", 2);
        return to > from && sign > to && view.charAt(sign) == '=' && view.charAt(sign + 1) == ' ' ? sign + 2 : 0;
    }

    /** Whether the name is an option of a command line. */
    private static boolean isOption(View view, int at) {
        int from = at;
        while (at - from < LONGEST_NAME && (view.isWordAt(from - 1) || view.charAt(from - 1) == '_')) {
            from--;
        }
        while (at - from < LONGEST_NAME && view.charAt(from - 1) == '-' && view.isWordAt(from - 2)) {
            from--;
            while (at - from < LONGEST_NAME && view.isWordAt(from - 1)) {
                from--;
            }
        }
        return view.charAt(from - 1) == '-' && view.charAt(from - 2) == '-' && !view.isWordAt(from - 3);
    }

    @Override
    public String ends() {
        return SIGNS_OF_ENDS;
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }

    private @Nullable Hit value(View view, int at) {
        int from = at;
        if (Ascii.isLetter(view.charAt(from)) && isQuote(view.charAt(from + 1))) {
            from++; // the prefix of a string: b"…", f"…"
        }
        int behindSigns = skip(view, from, "@$\\", 2);
        from = isQuote(view.charAt(behindSigns)) ? behindSigns : from;
        char quote = isQuote(view.charAt(from)) ? view.charAt(from) : 0;
        from = skip(view, from, "\"'`", 3);
        int to = endOfValue(view, from, quote);
        if (to == from || view.isUndecided()) {
            return null;
        }
        if (to - from > LONGEST) { // of a longer one the beginning shows what it is
            double sure = kind == Kind.DRAWN ? confidence(Chars.text(view, from, from + LONGEST), quote != 0) : 0;
            return sure == 0 ? null : new Hit(from, from + LONGEST, sure, sure);
        }
        boolean quoted = quote != 0 && (view.charAt(to) == quote || view.charAt(to) == '\\');
        if (quote != 0 && !quoted) {
            return null;
        }
        if (!quoted) {
            boolean tag = view.charAt(at - 1) == '>' && view.charAt(at - 2) != '=' && view.charAt(at - 2) != '-';
            if (Chars.isOneOf(view.charAt(to), "([{>") || (tag && view.charAt(to) != '<')) {
                return null; // code
            }
            if (to - from > 3 && Chars.isAtIgnoringCase(view, to - 3, "...")) {
                return null; // the rest is left out
            }
            while (to > from && Chars.isOneOf(view.charAt(to - 1), ".,:;!?")) {
                to--;
            }
        }
        double confidence = confidence(Chars.text(view, from, to), quoted);
        return confidence == 0 ? null : new Hit(from, to, confidence, confidence);
    }

    /** Where a value ends, or one more than the longest behind its beginning. */
    private static int endOfValue(View view, int from, char quote) {
        Signs ends = switch (quote) {
            case '"' -> ENDS_IN_DOUBLE_QUOTES;
            case '\'' -> ENDS_IN_SINGLE_QUOTES;
            case '`' -> ENDS_IN_BACK_QUOTES;
            default -> ENDS;
        };
        int most = from + LONGEST + 1;
        int to = view.indexOf(ends, from, most);
        while (to < most && view.charAt(to) == '\\' && !isEscape(view.charAt(to + 1))) {
            to = view.indexOf(ends, to + 1, most);
        }
        return to;
    }

    private static boolean isEscape(char behindBackslash) {
        return isQuote(behindBackslash) || Chars.isOneOf(behindBackslash, "nrt");
    }

    private double confidence(String value, boolean quoted) {
        if (Randomness.isReference(value) || value.indexOf(' ') >= 0 || isPlace(value)) {
            return 0;
        }
        String lower = value.toLowerCase(Locale.ROOT);
        if (Randomness.isPlaceholder(value) || CHANGE_ME.contains(lower)) {
            return MANUAL;
        }
        if (!quoted && (CODE.standIn(lower) || isPathOfNames(value))) {
            return 0;
        }
        return kind == Kind.PASSWORD ? ofPassword(value, quoted) : ofDrawn(value);
    }

    /** Whether a value says where something is: an address, a file, a resource's name. */
    private static boolean isPlace(String value) {
        return value.contains("://")
                || value.startsWith("arn:")
                || value.startsWith("./")
                || value.startsWith("../")
                || value.startsWith("~/")
                || (value.startsWith("/") && value.indexOf('/', 1) > 0 && Randomness.isWords(value));
    }

    private static boolean isPathOfNames(String value) {
        int dot = value.indexOf('.');
        return dot > 0
                && dot < value.length() - 1
                && Ascii.isLetter(value.charAt(0))
                && Ascii.isLetter(value.charAt(dot + 1))
                && !Randomness.hasAny(value, c -> c != '.' && c != '_' && !Ascii.isWord(c))
                && Randomness.isWords(value);
    }

    private static double ofPassword(String value, boolean quoted) {
        if (value.length() < SHORTEST_PASSWORD || value.length() > 128 || Randomness.isCounting(value)) {
            return 0;
        }
        boolean digit = Randomness.hasAny(value, Ascii::isDigit);
        boolean letter = Randomness.hasAny(value, Ascii::isLetter);
        boolean sign = Randomness.hasAny(value, c -> Chars.isOneOf(c, "!@#$%^&*+~?=|"));
        if (letter && (digit || sign)) {
            boolean name = !quoted && Randomness.isName(value) && value.indexOf('_') > 0 && Randomness.isWords(value);
            return name ? DOUBTFUL : SURE;
        }
        if (!letter) {
            return digit && !sign && value.length() >= 8 && value.indexOf('.') < 0 ? 0.5 : DOUBTFUL;
        }
        return Randomness.isOneCase(value) || Randomness.isWords(value) ? DOUBTFUL : 0.5;
    }

    private static double ofDrawn(String value) {
        boolean drawn = value.length() >= SHORTEST_DRAWN
                && !Randomness.hasAny(value, c -> c <= ' ' || c >= 0x7F)
                && !Randomness.isOneCase(value)
                && Randomness.hasAny(value, Ascii::isLetter)
                && !Randomness.isRegular(value, 64)
                && !Randomness.isWords(value);
        return drawn ? SURE : 0;
    }
}
