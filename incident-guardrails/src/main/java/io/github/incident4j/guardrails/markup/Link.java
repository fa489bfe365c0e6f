// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An absolute link, read as browsers read one (WHATWG URL): a backslash is a slash, the number of slashes does not
 * matter, what stands before the last {@code @} is a user.
 *
 * @param view the text
 * @param from the index of its first character
 * @param to the index after its last one
 * @param scheme in small letters; {@code https} where the text leaves it out
 * @param authority user, host and port as written; empty for schemes without
 * @param host the host in small letters and in normal form, without a final full stop
 * @param path what follows, up to a question mark or number sign
 * @param query without the question mark
 * @param fragment without the number sign
 * @param fetched whether it counts as fetched without a click, wherever it stands
 */
record Link(
        View view,
        int from,
        int to,
        String scheme,
        String authority,
        String host,
        String path,
        String query,
        String fragment,
        boolean fetched) {
    /** A link is read up to here; what is longer carries data in any case. */
    static final int LONGEST = 2_048;

    /** The characters at which a link may be found. */
    static final String TRIGGERS = ":/\\.%";

    /** Schemes whose links begin with a host, however many slashes stand before it. */
    private static final Set<String> SPECIAL = Set.of("http", "https", "ftp", "ws", "wss");

    /** Schemes that run or read something and need no slashes. */
    static final List<String> OPAQUE =
            List.of("javascript", "vbscript", "livescript", "data", "blob", "filesystem", "view-source", "mailto");

    /** So many brackets of a kind may be open in a link; where more are, no renderer takes it for one. */
    private static final int MOST_OPEN = 8;

    /** Glued to the word before, as in "seehttps://": link finders begin at the scheme that they know. */
    private static final List<String> GLUED = List.of("https", "http", "javascript", "vbscript");

    private static final int LONGEST_SCHEME = 24;
    private static final int SHORTEST_SCHEME = 2;
    private static final int LOOK_BACK = 128;
    /** A link that begins in the middle of something is read up to here; what it stands in is read by itself. */
    private static final int LONGEST_INSIDE = 256;
    /** What stands between a link and the one before it is looked through so far for that one. */
    private static final int LONGEST_GLUE = 64;

    /** Pictures in which nothing runs; an SVG may hold scripts and links. */
    private static final List<String> PIXELS =
            List.of("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp");

    private static final Set<String> CLICKED =
            Set.of("a", "area", "form", "button", "input", "q", "blockquote", "del", "ins");

    /** Reads the link of which a colon, slash, full stop or percent sign is the first trigger, or gives null. */
    static @Nullable Link at(View view, int at) {
        return switch (view.charAt(at)) {
            case ':' -> withScheme(view, at, at + 1);
            case '%' -> encoded(view, at) ? withScheme(view, at, at + 3) : null;
            case '.' -> withoutScheme(view, at - 3, at - 3, isWww(view, at));
            case '/', '\\' ->
                withoutScheme(
                        view, at, at + 2, isSlash(view.charAt(at + 1)) && "(\"'<=".indexOf(view.charAt(at - 1)) >= 0);
            default -> null;
        };
    }

    /** Whether it is a picture of pixels that is in the link itself: nothing runs, and nothing is fetched. */
    boolean isPicture() {
        return scheme.equals("data") && PIXELS.stream().anyMatch(type -> isOfType(from + "data:".length(), type));
    }

    private boolean isOfType(int at, String type) {
        for (int i = 0; i < type.length(); i++) {
            if ((view.charAt(at + i) | 0x20) != (type.charAt(i) | 0x20)) {
                return false;
            }
        }
        return ";,".indexOf(view.charAt(at + type.length())) >= 0;
    }

    /** Where a link may begin whose first trigger stands at an index, or later: no later than that. */
    static int earliestStart(View view, int at) {
        int from = at;
        while (at - from < 2 * LONGEST_SCHEME
                && (isScheme(view.charAt(from - 1)) || "\t\n\r".indexOf(view.charAt(from - 1)) >= 0)) {
            from--;
        }
        return Math.max(0, from);
    }

    private static boolean encoded(View view, int at) {
        return view.charAt(at + 1) == '3' && (view.charAt(at + 2) | 0x20) == 'a';
    }

    private static boolean isWww(View view, int dot) {
        for (int i = 1; i <= 3; i++) {
            if ((view.charAt(dot - i) | 0x20) != 'w') {
                return false;
            }
        }
        char before = view.charAt(dot - 4);
        return !view.isWordAt(dot - 4) && "/@.-\\".indexOf(before) < 0;
    }

    private static @Nullable Link withScheme(View view, int colon, int afterColon) {
        int from = schemeStart(view, colon);
        if (colon - from < SHORTEST_SCHEME) {
            return null;
        }
        String scheme = scheme(view, from, colon);
        if (scheme.length() < SHORTEST_SCHEME) {
            return null;
        }
        boolean special = SPECIAL.contains(scheme);
        boolean destination = "(\"'<=".indexOf(before(view, from)) >= 0;
        int at = afterColon;
        int slashes = 0;
        int width = slash(view, at);
        while (width > 0 && at - afterColon < LONGEST) {
            at += width;
            slashes++;
            width = slash(view, at);
        }
        if (special ? slashes == 0 && !destination : slashes < 2) {
            return opaque(view, from, scheme, afterColon);
        }
        if (!special && slashes == 2 && !isHostOrPath(view.charAt(at))) {
            return null;
        }
        boolean percent = view.charAt(colon) == '%';
        // A file's path begins with the third slash.
        Link link = read(view, from, !special && slashes > 2 ? afterColon + 2 : at, scheme, percent);
        return special && hasNoHost(link.authority()) ? null : link;
    }

    /** A browser takes that for no address: {@code http::request}, as programs have it. */
    private static boolean hasNoHost(String authority) {
        String given = hostAndPort(authority);
        return given.isEmpty() || given.charAt(0) == ':';
    }

    private static int slash(View view, int at) {
        if (isSlash(view.charAt(at))) {
            return 1;
        }
        char last = (char) (view.charAt(at + 2) | 0x20);
        boolean slash = view.charAt(at) == '%'
                && ((view.charAt(at + 1) == '2' && last == 'f') || (view.charAt(at + 1) == '5' && last == 'c'));
        return slash ? 3 : 0;
    }

    private static boolean isHostOrPath(char c) {
        return c > ' ' && "<>\"'`()[]{}|,;:*".indexOf(c) < 0;
    }

    private static @Nullable Link opaque(View view, int from, String scheme, int afterColon) {
        char next = view.charAt(afterColon);
        boolean known = OPAQUE.contains(scheme)
                || scheme.startsWith("ms-")
                || scheme.startsWith("search-ms")
                || (scheme.equals("file") && isSlash(next));
        boolean follows = scheme.equals("data")
                ? next == ',' || next == ';' || isMediaType(view, afterColon)
                : next > ' ' && "<>\"')".indexOf(next) < 0;
        return known && follows ? read(view, from, afterColon, scheme, false) : null;
    }

    private static boolean isMediaType(View view, int at) {
        int i = at;
        while (i - at < LONGEST_SCHEME && Ascii.isLetter(view.charAt(i))) {
            i++;
        }
        return i > at && view.charAt(i) == '/' && Ascii.isLetter(view.charAt(i + 1));
    }

    private static @Nullable Link withoutScheme(View view, int from, int host, boolean possible) {
        if (!possible || !(view.isWordAt(host) || view.charAt(host) >= 0x80 || view.charAt(host) == '[')) {
            return null;
        }
        Link link = read(view, from, host, "https", false);
        return link.authority().indexOf('.') > 0 ? link : null;
    }

    /** Where the scheme begins; tabs and line breaks in it do not count, as browsers have it. */
    private static int schemeStart(View view, int colon) {
        int from = colon;
        while (colon - from < LONGEST_SCHEME && isScheme(view.charAt(from - 1)) && from > 0) {
            from--;
        }
        if ("\t\n\r".indexOf(view.charAt(from - 1)) >= 0 && from > 0) {
            int broken = brokenScheme(view, colon);
            from = broken < 0 ? from : broken;
        }
        while (from < colon && !Ascii.isLetter(view.charAt(from))) {
            from++;
        }
        if (colon - from < SHORTEST_SCHEME) {
            return from;
        }
        String scheme = scheme(view, from, colon);
        for (String known : GLUED) {
            if (scheme.length() > known.length() && scheme.endsWith(known) && scheme.indexOf('-') < 0) {
                return colon - known.length();
            }
        }
        return from;
    }

    private static int brokenScheme(View view, int colon) {
        for (String known : List.of("javascript", "vbscript", "data", "https", "http")) {
            int at = colon - 1;
            int letter = known.length() - 1;
            while (letter >= 0 && at >= 0 && colon - at < 2 * LONGEST_SCHEME) {
                char c = view.charAt(at);
                if ((c | 0x20) == known.charAt(letter)) {
                    letter--;
                } else if ("\t\n\r".indexOf(c) < 0) {
                    break;
                }
                at--;
            }
            if (letter < 0 && "(\"'<= ".indexOf(view.charAt(at)) >= 0) {
                return at + 1;
            }
        }
        return -1;
    }

    private static String scheme(View view, int from, int colon) {
        StringBuilder scheme = new StringBuilder();
        for (int i = from; i < colon; i++) {
            if (view.charAt(i) > ' ') {
                scheme.append(view.charAt(i));
            }
        }
        return scheme.toString().toLowerCase(Locale.ROOT);
    }

    private static Link read(View view, int from, int rest, String scheme, boolean percent) {
        int end = percent ? endOfEncoded(view, rest) : end(view, from, rest);
        String text = text(view, rest, end);
        if (percent) {
            text = Payload.decoded(text);
        }
        boolean hierarchical = !OPAQUE.contains(scheme) && !scheme.equals("mailto");
        int authorityEnd = hierarchical ? firstOf(text, 0, "/\\?#") : 0;
        int queryStart = firstOf(text, authorityEnd, "?#");
        int fragmentStart = firstOf(text, queryStart, "#");
        String authority = text.substring(0, authorityEnd);
        return new Link(
                view,
                from,
                end,
                scheme,
                authority,
                host(authority),
                text.substring(authorityEnd, queryStart),
                text.substring(Math.min(queryStart + 1, fragmentStart), fragmentStart),
                text.substring(Math.min(fragmentStart + 1, text.length())),
                false);
    }

    private static String text(View view, int from, int to) {
        StringBuilder text = new StringBuilder(Math.max(0, to - from));
        for (int i = from; i < to; i++) {
            char c = view.charAt(i);
            if (c != '\t' && c != '\n' && c != '\r') {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static int firstOf(String text, int from, String signs) {
        int at = from;
        while (at < text.length() && signs.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static int endOfEncoded(View view, int rest) {
        int end = rest;
        while (end - rest < LONGEST && (view.isWordAt(end) || "%-._~+".indexOf(view.charAt(end)) >= 0)) {
            end++;
        }
        return end;
    }

    private static int end(View view, int from, int rest) {
        char opener = view.charAt(from - 1);
        char second = view.charAt(from - 2);
        boolean delimited = ((opener == '"' || opener == '\'') && (second == '=' || second == '('))
                || (opener == '<' && second == '(');
        if (delimited) {
            char closer = opener == '<' ? '>' : opener;
            for (int i = rest; i - rest < LONGEST && !view.isEnd(i); i++) {
                if (view.charAt(i) == closer) {
                    return i;
                }
            }
        }
        int end = rest;
        boolean inside = isInside(view, from);
        int most = inside ? LONGEST_INSIDE : LONGEST;
        int parentheses = 0;
        int brackets = 0;
        int braces = 0;
        while (end - rest < most) {
            char c = view.charAt(end);
            if (Ascii.isLetter(c)) {
                end++;
                continue;
            }
            parentheses += c == '(' ? 1 : c == ')' ? -1 : 0;
            brackets += c == '[' ? 1 : c == ']' ? -1 : 0;
            braces += c == '{' ? 1 : c == '}' ? -1 : 0;
            boolean closes = parentheses < 0
                    || Math.max(parentheses, Math.max(brackets, braces)) > MOST_OPEN
                    || brackets < 0
                    || braces < 0
                    || (c == '\'' && opener == '\'');
            if (c <= ' ' || closes || "<>\"`".indexOf(c) >= 0 || isCjkStop(view, end)) {
                break;
            }
            if (inside && isBeforeHost(view, end)) {
                break; // a link that is read by itself, so that links without gaps take linear time
            }
            end++;
        }
        while (end > rest && ".,;:!?'*_~|".indexOf(view.charAt(end - 1)) >= 0) {
            end--;
        }
        return end;
    }

    /** Whether a link that begins here stands in a word or in another link. */
    private static boolean isInside(View view, int from) {
        char before = view.charAt(from - 1);
        if (before <= ' ' || before >= 0x80 || "\"'(<[{>`".indexOf(before) >= 0) {
            return false;
        }
        if (",;*_~|".indexOf(before) < 0) {
            return true;
        }
        for (int i = from - 2; from - i < LONGEST_GLUE && view.charAt(i) > ' '; i--) {
            if (isBeforeHost(view, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBeforeHost(View view, int at) {
        return view.charAt(at) == ':' && isSlash(view.charAt(at + 1)) && isSlash(view.charAt(at + 2));
    }

    /** The punctuation of Chinese and Japanese; the ideographic full stop is a dot in a host name (RFC 3490). */
    private static boolean isCjkStop(View view, int at) {
        char c = view.charAt(at);
        return c >= 0x3001 && c <= 0x301F && !(c == '\u3002' && view.isWordAt(at + 1));
    }

    private static boolean isLoading(View view, int from) {
        int at = from - 1;
        while (from - at < LOOK_BACK && (isBlank(view.charAt(at)) || "\"'<".indexOf(view.charAt(at)) >= 0) && at >= 0) {
            at--;
        }
        if (view.charAt(at) == '(') {
            return view.charAt(at - 1) == ']'
                    ? isImage(view, at - 1)
                    : isWordBefore(view, at, "url")
                            || isWordBefore(view, at, "src")
                            || isWordBefore(view, at, "image-set");
        }
        return isWordBefore(view, at + 1, "@import") || isLoadingTag(view, from);
    }

    /** Whether the bracket that closes here was opened behind an exclamation mark; too far away counts as such. */
    private static boolean isImage(View view, int closing) {
        int depth = 0;
        for (int i = closing; i >= 0; i--) {
            char c = view.charAt(i);
            depth += c == ']' ? 1 : c == '[' ? -1 : 0;
            if (depth == 0) {
                return view.charAt(i - 1) == '!';
            }
            if (closing - i > LOOK_BACK) {
                return true;
            }
        }
        return false;
    }

    /** Whether this stands in a tag that fetches: any but those that wait for a click. */
    private static boolean isLoadingTag(View view, int from) {
        for (int i = from - 1; i >= 0 && from - i < LOOK_BACK; i--) {
            char c = view.charAt(i);
            if (c == '>') {
                return false;
            }
            if (c == '<' && Ascii.isLetter(view.charAt(i + 1))) {
                StringBuilder name = new StringBuilder();
                int at = i + 1;
                while (name.length() < LONGEST_SCHEME && (view.isWordAt(at) || view.charAt(at) == '-')) {
                    name.append(view.charAt(at));
                    at++;
                }
                // In an autolink what looks like a name is the scheme itself.
                return at < from && !CLICKED.contains(name.toString().toLowerCase(Locale.ROOT));
            }
        }
        return false;
    }

    private static boolean isWordBefore(View view, int end, String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = view.charAt(end - word.length() + i);
            if ((c == '@' ? c : c | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static char before(View view, int from) {
        int at = from - 1;
        while (at >= 0 && from - at < LONGEST_SCHEME && isBlank(view.charAt(at))) {
            at--;
        }
        return view.charAt(at);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }

    private static boolean isScheme(char c) {
        return Ascii.isLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    }

    /** Whether a renderer may fetch it without a click. Looks at what stands before it each time. */
    boolean loading() {
        return fetched || isLoading(view, from);
    }

    /** The same, fetched without a click. */
    Link asLoading() {
        return new Link(view, from, to, scheme, authority, host, path, query, fragment, true);
    }

    /** What stands before the last {@code @} of the authority, or null. */
    @Nullable
    String user() {
        int end = authority.lastIndexOf('@');
        return end < 0 ? null : authority.substring(0, end);
    }

    private static String hostAndPort(String authority) {
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    private static String host(String authority) {
        String given = hostAndPort(authority);
        int end = given.startsWith("[") ? given.indexOf(']') + 1 : given.lastIndexOf(':');
        return Hosts.normal(end <= 0 ? given : given.substring(0, end));
    }

    /** The port as written, empty when there is none. */
    String port() {
        String given = hostAndPort(authority);
        int colon =
                given.startsWith("[") ? given.indexOf(':', Math.max(0, given.indexOf(']'))) : given.lastIndexOf(':');
        return colon < 0 ? "" : given.substring(colon + 1);
    }
}
