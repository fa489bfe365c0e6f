// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fragments of code, told from prose by more than one word. Each looks at a bounded number of characters. */
final class Fragments {
    private static final String CATEGORY = "code";
    private static final int REACH = 256;
    private static final int LONGEST_WORD = 24;

    private static final Set<String> COMMANDS = Set.of(
            "rm",
            "cat",
            "curl",
            "wget",
            "nc",
            "ncat",
            "netcat",
            "bash",
            "sh",
            "zsh",
            "chmod",
            "chown",
            "sudo",
            "mkfs",
            "dd",
            "kill",
            "shutdown",
            "reboot",
            "scp",
            "ssh",
            "python",
            "python3",
            "perl",
            "ruby",
            "eval",
            "exec",
            "base64",
            "env",
            "whoami",
            "id",
            "uname",
            "ls",
            "cp",
            "mv",
            "powershell",
            "cmd",
            "certutil",
            "nslookup",
            "ping",
            "touch",
            "tar");

    private static final Set<String> SHELLS =
            Set.of("sh", "bash", "zsh", "dash", "ksh", "python", "python3", "perl", "ruby", "powershell", "iex", "cmd");

    /** Reads what stands at a trigger. */
    @FunctionalInterface
    private interface Finder {
        @Nullable
        Hit find(View view, int at);
    }

    private record OfCode(String rule, String triggers, Finder finder) implements MarkupRule {
        @Override
        public String category() {
            return CATEGORY;
        }

        @Override
        public @Nullable Hit find(View view, int at) {
            return finder.find(view, at);
        }
    }

    private Fragments() {}

    static List<Recogniser> recognisers(Set<Fragment> kinds) {
        return kinds.stream().sorted().map(Fragments::recogniser).toList();
    }

    private static Recogniser recogniser(Fragment kind) {
        return switch (kind) {
            case SQL -> new OfCode("sql", "sSiIuUdDaAtTeEwW';", Fragments::sql);
            case SHELL -> new OfCode("shell", ";|&$/<>", Fragments::shell);
            case TEMPLATE -> new OfCode("template", "{$#<", Fragments::template);
        };
    }

    // ---- SQL

    private static @Nullable Hit sql(View view, int at) {
        char c = view.charAt(at);
        if (c == '\'' || c == ';') {
            return injection(view, at);
        }
        if (view.isWordAt(at - 1) || view.charAt(at - 1) == '_') {
            return null;
        }
        int end = switch (word(view, at)) {
            case "select" -> select(view, at);
            case "insert" -> follows(view, at, "into") && within(view, at, "values", "select") ? reach(view, at) : 0;
            case "update" -> isAssignment(view, at) ? reach(view, at) : 0;
            case "delete" ->
                follows(view, at, "from") && (isStatement(view, at) || within(view, at, "where")) ? reach(view, at) : 0;
            case "drop", "truncate", "alter" ->
                (follows(view, at, "table") || follows(view, at, "database")) && isStatement(view, at)
                        ? reach(view, at)
                        : 0;
            case "union" ->
                follows(view, at, "select") || (follows(view, at, "all") && within(view, at, "select"))
                        ? reach(view, at)
                        : 0;
            case "exec", "execute" ->
                startsWith(view, next(view, at), "xp_") || startsWith(view, next(view, at), "sp_")
                        ? reach(view, at)
                        : 0;
            case "waitfor" -> follows(view, at, "delay") ? reach(view, at) : 0;
            default -> 0;
        };
        return end == 0 ? null : MarkupRule.sure(at, end);
    }

    /** Select and from in one sentence, with a star, a list or capitals between which no prose has. */
    private static int select(View view, int at) {
        int list = next(view, at);
        int from = find(view, list, "from");
        if (from == 0) {
            return 0;
        }
        char first = view.charAt(list);
        boolean columns = first == '*' || first == '@' || isCall(view, list) || isList(view, list, from);
        boolean capitals = isCapital(view, at, 6) && isCapital(view, from, 4);
        return columns || capitals ? reach(view, from) : 0;
    }

    /** Names with dots or commas and nothing else. */
    private static boolean isList(View view, int from, int to) {
        boolean listed = false;
        boolean name = false;
        for (int i = from; i < to; i++) {
            char c = view.charAt(i);
            if (c == ',' || (c == '.' && view.isWordAt(i + 1))) {
                listed = true;
                name = false;
            } else if (view.isWordAt(i) || "_`\"[]".indexOf(c) >= 0) {
                if (name && isBlank(view.charAt(i - 1))) {
                    return false;
                }
                name = true;
            } else if (!isBlank(c)) {
                return false;
            }
        }
        // "Select apples, pears from the list" is a list, too; but then an article follows, or no statement.
        String after = word(view, next(view, to));
        return listed
                && !Set.of("the", "a", "an", "these", "this", "those", "your", "our", "my", "each")
                        .contains(after);
    }

    private static boolean isCall(View view, int at) {
        int end = at + word(view, at).length();
        return end > at && view.charAt(end) == '(';
    }

    /** A name, set, a name and an equals sign. */
    private static boolean isAssignment(View view, int at) {
        int set = find(view, next(view, at), "set");
        if (set == 0 || set - at > 2 * LONGEST_WORD * 2) {
            return false;
        }
        int i = next(view, set);
        while (view.isWordAt(i) || "_.`\"[]".indexOf(view.charAt(i)) >= 0) {
            i++;
            if (i - set > 2 * LONGEST_WORD) {
                return false;
            }
        }
        return i > next(view, set) && view.charAt(afterBlanks(view, i)) == '=';
    }

    /** Whether the keyword is in capitals, or a semicolon ends what follows. */
    private static boolean isStatement(View view, int at) {
        return isCapital(view, at, word(view, at).length()) || endsWithSemicolon(view, at);
    }

    private static boolean endsWithSemicolon(View view, int at) {
        for (int i = at; i - at < REACH && !view.isEnd(i); i++) {
            if (view.charAt(i) == ';' || isEndOfSentence(view, i)) {
                return view.charAt(i) == ';';
            }
        }
        return false;
    }

    private static boolean isEndOfSentence(View view, int at) {
        char c = view.charAt(at);
        return (c == '.' || c == '?' || c == '!') && isBlank(view.charAt(at + 1));
    }

    /** A quote, a logical word and a comparison of constants; or a comment or a statement behind a semicolon. */
    private static @Nullable Hit injection(View view, int at) {
        int next = afterBlanks(view, at + 1);
        String word = word(view, next);
        if (view.charAt(at) == '\'' && (word.equals("or") || word.equals("and"))) {
            int left = afterBlanks(view, next + word.length());
            int equals = left;
            while (equals - left < LONGEST_WORD
                    && (view.isWordAt(equals) || "'\" ()".indexOf(view.charAt(equals)) >= 0)) {
                equals++;
            }
            char sign = view.charAt(equals);
            boolean constant = view.isDigitAt(left) || view.charAt(left) == '\'' || view.charAt(left) == '"';
            return constant && (sign == '=' || sign == '<' || sign == '>') ? MarkupRule.sure(at, equals + 1) : null;
        }
        boolean comment = view.charAt(at) == '\''
                && view.isWordAt(at - 1)
                && view.charAt(next) == '-'
                && view.charAt(next + 1) == '-';
        return comment && !view.isWordAt(next + 2) && view.charAt(next + 2) != '-'
                ? MarkupRule.sure(at, next + 2)
                : null;
    }

    // ---- shell

    private static @Nullable Hit shell(View view, int at) {
        char c = view.charAt(at);
        char next = view.charAt(at + 1);
        if (c == '$') {
            int inside = afterBlanks(view, at + 2);
            int end = next == '(' && view.charAt(at + 2) != '(' && COMMANDS.contains(word(view, inside))
                    ? close(view, at + 2, ')')
                    : 0;
            return end == 0 ? null : MarkupRule.sure(at, end);
        }
        if (c == '/') {
            return startsWith(view, at, "/etc/passwd")
                            || startsWith(view, at, "/etc/shadow")
                            || startsWith(view, at, "/dev/tcp/")
                    ? MarkupRule.sure(at, endOfWord(view, at))
                    : null;
        }
        if ((c == '<' || c == '>') && next == '(') {
            return COMMANDS.contains(word(view, at + 2)) && close(view, at + 2, ')') > 0
                    ? MarkupRule.sure(at, close(view, at + 2, ')'))
                    : null;
        }
        if (c == '<' || c == '>' || (c == '&' && next != '&' && view.charAt(at - 1) != '&' && !isBlank(next))) {
            return null;
        }
        int command = afterBlanks(view, at + (next == c ? 2 : 1));
        String word = word(view, command);
        int after = command + word.length();
        if (c == '|' && SHELLS.contains(word) && isEndOfCommand(view, after)) {
            return MarkupRule.sure(at, after);
        }
        return COMMANDS.contains(word) && isBlank(view.charAt(after)) && isArgument(view, afterBlanks(view, after))
                ? MarkupRule.sure(at, endOfWord(view, afterBlanks(view, after)))
                : null;
    }

    private static boolean isEndOfCommand(View view, int at) {
        char c = view.charAt(at);
        return isBlank(c) || c == ';' || c == '\n' || c == '`' || c == '\'' || c == '"';
    }

    /** An option, a path or a link. */
    private static boolean isArgument(View view, int at) {
        char c = view.charAt(at);
        return c == '/'
                || c == '~'
                || c == '$'
                || (c == '-' && view.isWordAt(at + 1))
                || (c == '.' && (view.charAt(at + 1) == '/' || view.charAt(at + 1) == '.'))
                || startsWith(view, at, "http");
    }

    // ---- templates

    private static @Nullable Hit template(View view, int at) {
        char c = view.charAt(at);
        char next = view.charAt(at + 1);
        int end = 0;
        if (c == '{' && next == '{' && view.charAt(at - 1) != '{') {
            end = close(view, at + 2, '}', '}');
        } else if (c == '{' && next == '%') {
            end = close(view, at + 2, '%', '}');
        } else if ((c == '$' || c == '#') && next == '{') {
            end = close(view, at + 2, '}');
        } else if (c == '<' && next == '%') {
            end = close(view, at + 2, '%', '>');
        } else if (c == '<' && next == '?' && (startsWith(view, at + 2, "php") || view.charAt(at + 2) == '=')) {
            int closed = close(view, at + 2, '?', '>');
            end = closed == 0 ? at + 2 : closed;
        }
        return end == 0 ? null : MarkupRule.sure(at, end);
    }

    // ---- words

    /** The letters and digits from here, in small letters; empty when there are none or too many. */
    private static String word(View view, int at) {
        int end = at;
        while (end - at <= LONGEST_WORD && view.isWordAt(end)) {
            end++;
        }
        if (end == at || end - at > LONGEST_WORD) {
            return "";
        }
        StringBuilder word = new StringBuilder(end - at);
        for (int i = at; i < end; i++) {
            word.append(view.charAt(i));
        }
        return word.toString().toLowerCase(Locale.ROOT);
    }

    /** Where the word after this one begins; a comment of SQL counts as a blank. */
    private static int next(View view, int at) {
        int end = at + word(view, at).length();
        int i = afterBlanks(view, end);
        if (view.charAt(i) == '/' && view.charAt(i + 1) == '*') {
            int close = close(view, i + 2, '*', '/');
            return close == 0 ? i : afterBlanks(view, close);
        }
        return i;
    }

    private static boolean follows(View view, int at, String word) {
        return word(view, next(view, at)).equals(word);
    }

    private static boolean within(View view, int at, String... words) {
        for (String word : words) {
            if (find(view, at, word) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Where a word stands before the statement or sentence ends, or 0. */
    private static int find(View view, int from, String word) {
        for (int i = from; i - from < REACH && !view.isEnd(i); i++) {
            char c = view.charAt(i);
            if (c == ';' || isEndOfSentence(view, i)) {
                return 0;
            }
            if (!view.isWordAt(i - 1) && startsWith(view, i, word) && !view.isWordAt(i + word.length()) && i > from) {
                return i;
            }
        }
        return 0;
    }

    /** The end of the statement: after a semicolon, or before a line break, or as far as is looked. */
    private static int reach(View view, int at) {
        for (int i = at; i - at < REACH; i++) {
            char c = view.charAt(i);
            if (c == ';') {
                return i + 1;
            }
            if (c == '\n' && i > at) {
                return i;
            }
        }
        return at + REACH;
    }

    private static int close(View view, int from, char... signs) {
        for (int i = from; i - from < REACH && !view.isEnd(i); i++) {
            if (view.charAt(i) == signs[0] && (signs.length == 1 || view.charAt(i + 1) == signs[1])) {
                return i > from ? i + signs.length : 0;
            }
        }
        return 0;
    }

    private static boolean startsWith(View view, int at, String lower) {
        for (int i = 0; i < lower.length(); i++) {
            char c = view.charAt(at + i);
            if ((c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCapital(View view, int at, int length) {
        for (int i = 0; i < length; i++) {
            if (view.charAt(at + i) < 'A' || view.charAt(at + i) > 'Z') {
                return false;
            }
        }
        return true;
    }

    private static int afterBlanks(View view, int from) {
        int at = from;
        while (at - from < LONGEST_WORD && !view.isEnd(at) && isBlank(view.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int endOfWord(View view, int from) {
        int at = from;
        while (at - from < REACH && !view.isEnd(at) && view.charAt(at) > ' ') {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
