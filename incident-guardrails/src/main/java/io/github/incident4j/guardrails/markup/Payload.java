// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

/** Whether a part of a link looks as if it carried data away. Thresholds are of our own choice; the README has them. */
final class Payload {
    private static final int LONG_QUERY = 512;
    private static final int LONG_VALUE = 200;
    private static final int LONG_LABEL = 40;
    private static final int MANY_WORDS = 4;
    private static final int SHORTEST = 2 * MANY_WORDS - 1; // what has less is neither so many words nor encoded
    private static final int ENCODED_IN_PATH = 64;
    private static final int ENCODED_IN_QUERY = 40;
    private static final int ENCODED_IN_LOADED = 20;

    private Payload() {}

    static boolean carriesData(Link link) {
        if (link.to() - link.from() >= Link.LONGEST - 1
                || link.query().length() + link.fragment().length() > LONG_QUERY) {
            return true;
        }
        if (hasLongLabel(link.host())) {
            return true;
        }
        String path = decoded(link.path());
        String query = decoded(link.query());
        String fragment = decoded(link.fragment());
        if (hasTemplate(path) || hasTemplate(query) || hasTemplate(fragment)) {
            return true;
        }
        boolean loading = link.loading();
        int mostInQuery = loading ? ENCODED_IN_LOADED : ENCODED_IN_QUERY;
        return isPayload(path, '/', ENCODED_IN_PATH, LONG_VALUE, loading)
                || isPayload(query, '&', mostInQuery, LONG_VALUE, loading)
                || isPayload(fragment, '&', mostInQuery, LONG_VALUE, loading);
    }

    private static boolean hasLongLabel(String host) {
        for (int from = 0; host.length() - from > LONG_LABEL; ) {
            int dot = host.indexOf('.', from);
            int end = dot < 0 ? host.length() : dot;
            if (end - from > LONG_LABEL && !host.startsWith("xn--", from)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }

    private static boolean isPayload(String text, char separator, int mostEncoded, int mostChars, boolean loading) {
        int from = 0;
        while (from <= text.length()) {
            int end = text.indexOf(separator, from);
            end = end < 0 ? text.length() : end;
            if (end - from >= SHORTEST
                    && isPayload(value(text, separator, from, end), mostEncoded, mostChars, loading)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }

    private static String value(String text, char separator, int from, int end) {
        int equals = separator == '&' ? text.indexOf('=', from) : -1;
        return text.substring(equals < 0 || equals >= end ? from : equals + 1, end);
    }

    private static boolean isPayload(String value, int mostEncoded, int mostChars, boolean loading) {
        return value.length() > mostChars
                || (value.length() >= mostEncoded && longestEncoded(value) >= mostEncoded)
                || (loading && words(value) >= MANY_WORDS);
    }

    private static boolean hasTemplate(String text) {
        return text.contains("{{") || text.contains("${");
    }

    private static int words(String value) {
        int words = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean space = c == ' ' || c == '+' || c == '_';
            boolean before = i > 0 && Character.isLetterOrDigit(value.charAt(i - 1));
            words += space && before ? 1 : 0;
        }
        return words + 1;
    }

    /**
     * The longest run of characters of base64, base32 or hex that does not look like words: of letters and digits in a
     * row more than a fifth change their kind, a capital before a small letter not counted.
     */
    private static int longestEncoded(String value) {
        int longest = 0;
        int from = 0;
        int changes = 0;
        int before = 0;
        for (int i = 0; i <= value.length(); i++) {
            char c = i < value.length() ? value.charAt(i) : ' ';
            int now = kind(c);
            if (now == 0 && c != '+' && c != '=' && c != '_' && c != '-') {
                int length = i - from;
                longest = length > longest && changes * 5 > length ? length : longest;
                from = i + 1;
                changes = 0;
            } else if (before != now && before > 0 && now > 0 && !(before == 2 && now == 1)) {
                changes++;
            }
            before = now;
        }
        return longest;
    }

    /** Small letter 1, capital 2, digit 3, else 0. */
    private static int kind(char c) {
        if (c >= 'a' && c <= 'z') {
            return 1;
        }
        if (c >= 'A' && c <= 'Z') {
            return 2;
        }
        return c >= '0' && c <= '9' ? 3 : 0;
    }

    /** With percent escapes decoded, each byte as one character; a second time where they were escaped twice. */
    static String decoded(String text) {
        String once = decodedOnce(text);
        return once.indexOf('%') < 0 ? once : decodedOnce(once);
    }

    private static String decodedOnce(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low < 0) {
                decoded.append(c);
            } else {
                decoded.append((char) (high * 16 + low));
                i += 2;
            }
        }
        return decoded.toString();
    }
}
