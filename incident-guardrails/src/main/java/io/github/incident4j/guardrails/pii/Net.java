// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Addresses of networks and mail. Each method names the source of the format. */
final class Net {
    private static final String DIGITS = "0123456789";
    private static final String HEX = "0123456789abcdefABCDEF";
    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST_DOMAIN = 253;
    private static final int LONGEST_NETBIOS = 15; // name of a domain of Windows
    private static final int LONGEST_SCHEME = 20;
    private static final int LONGEST_AUTHORITY = 512;

    private Net() {}

    static List<Recogniser> rules() {
        return List.of(email(), urlCredentials(), ipV4(), ipV6(), mac(), url());
    }

    /**
     * RFC 5321, section 4.1.2: a dot-string of the usual characters, and a domain with a top level of letters. The rare
     * signs, such as = and &amp;, more often stand before an address than in it. Of RFC 6531 Latin letters with accents
     * behind another letter, and in names of domains below the top level.
     */
    static Recogniser email() {
        return new Backward("email", "@", false, Set.of(), Net::startOfLocal, Net::findEmail);
    }

    private static @Nullable Hit findEmail(View view, int at) {
        int from = startOfLocal(view, at);
        while (from < at && !view.isWordAt(from) && view.charAt(from) != '_') {
            from++;
        }
        int to = from == at ? 0 : endOfDomain(view, at + 1);
        return to == 0 || isRepository(view, from, at, to) ? null : new Hit(from, to, 0.95, 0.95);
    }

    /** The place of a Git repository, such as git@github.com:owner/name.git: nobody's address. */
    private static boolean isRepository(View view, int from, int at, int to) {
        boolean git = at - from == 3
                && view.charAt(from) == 'g'
                && view.charAt(from + 1) == 'i'
                && view.charAt(from + 2) == 't';
        return git && view.charAt(to) == ':' && view.isWordAt(to + 1);
    }

    private static int startOfLocal(View view, int at) {
        int from = at;
        int before = localBefore(view, from);
        while (at - before <= LONGEST_LOCAL
                && before < from
                && (from == at || !view.isBehindEscape(from) || isBehindDomain(view, from - 2))) {
            from = before;
            before = localBefore(view, from);
        }
        return from;
    }

    /**
     * Where the character of a local part before an index begins, with letters with accents behind it; or the index.
     */
    private static int localBefore(View view, int index) {
        int from = index;
        while (index - from < LONGEST_LOCAL && isAccented(view.charAt(from - 1))) {
            from--;
        }
        char c = view.charAt(from - 1);
        boolean isBehindPart = !Ascii.isWord(c) && Ascii.isWord(view.charAt(from - 2));
        return isLocal(c) && (from == index || Ascii.isLetter(c) || isBehindPart) ? from - 1 : index;
    }

    private static boolean isAccented(char c) {
        return c >= 0xC0 && Character.isLetter(c) && UnicodeScript.of(c) == UnicodeScript.LATIN;
    }

    /**
     * Whether a backslash stands between the name of a domain of Windows and that of a user ({@code CORP\frank}):
     * behind a word of capitals with no quotation mark before it, or before an f, as no text has form feeds.
     */
    private static boolean isBehindDomain(View view, int at) {
        if (view.charAt(at) != '\\' || view.charAt(at + 1) == 'f') {
            return view.charAt(at) == '\\' && view.isWordAt(at - 1);
        }
        int from = at;
        while (at - from <= LONGEST_NETBIOS && isOfNetBios(view.charAt(from - 1))) {
            from--;
        }
        char before = view.charAt(from - 1);
        return at - from >= 2 && !Ascii.isWord(before) && "\"'`\\_".indexOf(before) < 0;
    }

    private static boolean isOfNetBios(char c) {
        return (Ascii.isWord(c) && !Ascii.isSmall(c)) || c == '-';
    }

    private static boolean isLocal(char c) {
        return Ascii.isWord(c) || "._%+-'".indexOf(c) >= 0;
    }

    /** The end of the longest domain, or 0. */
    private static int endOfDomain(View view, int from) {
        int end = 0;
        int label = from;
        boolean letters = true;
        for (int i = from; i - from <= LONGEST_DOMAIN; i++) {
            char c = view.charAt(i);
            if (c == '-' || !Ascii.isWord(c)) {
                boolean top = label > from && i - label >= 2 && letters;
                end = top ? i : end;
                if (c == '.' && i > label) {
                    label = i + 1;
                    letters = true;
                    continue;
                }
                if (!isAccented(c) && (c != '-' || i == label)) {
                    break;
                }
                if (c != '-') {
                    letters = false;
                    continue;
                }
                // An internationalised top level begins with xn-- and holds digits and hyphens.
                letters = label > from && i - label >= 2 && view.charAt(label) == 'x' && view.charAt(label + 1) == 'n';
            } else if (!Ascii.isLetter(c) && !(label > from && view.charAt(label + 2) == '-')) {
                letters = false;
            }
        }
        return end;
    }

    /** Words for numbers with dots that are no addresses. */
    private static final Set<String> VERSIONS =
            Pii.words("version versions release build firmware driver patch revision"
                    + " update upgrade section sections chapter clause paragraph article kapitel abschnitt treiber chapitre"
                    + " capítulo versión versione wersja versie");

    /** RFC 791 in dotted decimal, without leading zeros. */
    static Recogniser ipV4() {
        return new Anchored("ipv4", DIGITS, true, Set.of("ip", "address", "host", "server"), (view, at) -> {
                    boolean beyond = view.charAt(at - 1) == '.' && view.isWordAt(at - 2);
                    int to = beyond ? 0 : endOfIpV4(view, at);
                    return to == 0 || isNobodys(view, at, to) ? null : new Hit(at, to, 0.6, 0.9);
                })
                .withAgainst(VERSIONS);
    }

    /** Addresses of the machine itself, masks, and numbers of versions such as 120.0.0.0. */
    private static boolean isNobodys(View view, int from, int to) {
        boolean own = view.charAt(from) == '1' && view.charAt(from + 1) == '2' && view.charAt(from + 2) == '7';
        boolean mask = view.charAt(from) == '2' && view.charAt(from + 1) == '5' && view.charAt(from + 2) == '5';
        boolean zeros = true;
        for (int i = 1; i <= 5; i++) {
            zeros &= view.charAt(to - i) == (i % 2 == 1 ? '0' : '.');
        }
        return (own || mask || zeros) && (zeros || view.charAt(from + 3) == '.');
    }

    private static int endOfIpV4(View view, int from) {
        int at = from;
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0) {
                if (view.charAt(at) != '.') {
                    return 0;
                }
                at++;
            }
            int first = at;
            int number = 0;
            while (at - first < 3 && view.isDigitAt(at)) {
                number = number * 10 + view.charAt(at) - '0';
                at++;
            }
            if (at == first || number > 255 || (at - first > 1 && view.charAt(first) == '0')) {
                return 0;
            }
        }
        return view.isWordAt(at) || (view.charAt(at) == '.' && view.isDigitAt(at + 1)) ? 0 : at;
    }

    /** RFC 4291, section 2.2. An address of one group only, such as ::1, is nobody's. */
    static Recogniser ipV6() {
        return new Anchored("ipv6", HEX + ":", true, Set.of(), Net::findIpV6).withRun(length -> length <= 4);
    }

    private static @Nullable Hit findIpV6(View view, int at) {
        boolean leading = view.charAt(at) == ':';
        if (view.charAt(at - 1) == ':' || (leading && view.charAt(at + 1) != ':')) {
            return null;
        }
        int to = endOfIpV6(view, at, leading);
        return to == 0 ? null : new Hit(at, to, 0.8, 0.8);
    }

    private static int endOfIpV6(View view, int from, boolean leading) {
        boolean compressed = leading;
        boolean digit = false;
        int groups = 0;
        int at = leading ? from + 2 : from;
        while (groups <= 8) {
            int group = at;
            while (at - group < 4 && isHex(view.charAt(at))) {
                digit |= view.isDigitAt(at);
                at++;
            }
            if (at == group) {
                break;
            }
            groups++;
            if (view.charAt(at) == '.') {
                int dotted = endOfIpV4(view, group);
                if (dotted > 0) {
                    groups++;
                    at = dotted;
                } else if (view.isDigitAt(at + 1)) {
                    return 0; // ends like an IPv4 address that is none
                }
                break;
            }
            if (view.charAt(at) != ':') {
                break;
            }
            if (view.charAt(at + 1) == ':') {
                if (compressed) {
                    return 0;
                }
                compressed = true;
                at += 2;
            } else if (isHex(view.charAt(at + 1))) {
                at++;
            } else {
                break;
            }
        }
        boolean complete = compressed ? groups >= 2 && groups <= 7 && digit : groups == 8;
        return complete && !view.isWordAt(at) ? at : 0;
    }

    private static boolean isHex(char c) {
        return HEX.indexOf(c) >= 0;
    }

    /** IEEE 802: six pairs with colons or hyphens, or three groups of four with full stops. */
    static Recogniser mac() {
        Anchored mac = new Anchored("mac", HEX, true, Set.of(), (view, at) -> {
            if (goesOnBefore(view, at)) {
                return null;
            }
            int to = Math.max(endOfMac(view, at, 2), endOfMac(view, at, 4));
            return to == 0 || isOfNoDevice(view, at, to) ? null : new Hit(at, to, 0.8, 0.8);
        });
        return mac.withRun(length -> length == 2 || length == 4);
    }

    /**
     * Whether a group of the same number stands before, or a full stop without one, as in {@code [.1CAD.0020.0002]}.
     */
    private static boolean goesOnBefore(View view, int at) {
        char before = view.charAt(at - 1);
        if (before != ':' && before != '-' && before != '.') {
            return false;
        }
        int from = at - 1;
        while (at - from <= 6 && isHex(view.charAt(from - 1))) {
            from--;
        }
        boolean group = from < at - 1 && !view.isWordAt(from - 1);
        return group || before == '.';
    }

    /** All zeros stand for no address, all ones for every device. */
    private static boolean isOfNoDevice(View view, int from, int to) {
        char first = view.charAt(from);
        for (int i = from; i < to; i++) {
            if (isHex(view.charAt(i)) && view.charAt(i) != first) {
                return false;
            }
        }
        return first == '0' || first == 'f' || first == 'F';
    }

    private static int endOfMac(View view, int from, int size) {
        char separator = view.charAt(from + size);
        if (size == 4 ? separator != '.' : separator != ':' && separator != '-') {
            return 0;
        }
        int at = from;
        for (int digit = 0; digit < 12; digit++) {
            if (digit > 0 && digit % size == 0 && view.charAt(at++) != separator) {
                return 0;
            }
            if (!isHex(view.charAt(at++))) {
                return 0;
            }
        }
        return view.isWordAt(at) || (view.charAt(at) == separator && view.isWordAt(at + 1)) ? 0 : at;
    }

    /** RFC 3986, section 3.2.1: an authority with user and password. The whole of scheme and authority is the value. */
    static Recogniser urlCredentials() {
        return new Backward("url-credentials", ":", false, Set.of(), Net::startOfScheme, Net::findUrlCredentials);
    }

    private static @Nullable Hit findUrlCredentials(View view, int at) {
        if (view.charAt(at + 1) != '/' || view.charAt(at + 2) != '/') {
            return null;
        }
        int from = startOfScheme(view, at);
        while (from < at && !Ascii.isLetter(view.charAt(from))) {
            from++;
        }
        int to = at + 3;
        int password = 0;
        int host = 0;
        while (to - at < LONGEST_AUTHORITY && isAuthority(view.charAt(to))) {
            if (view.charAt(to) == ':' && password == 0) {
                password = to + 1;
            } else if (view.charAt(to) == '@' && password > 0 && to > password) {
                host = to + 1;
            }
            to++;
        }
        if (from == at || host == 0) {
            return null;
        }
        int end = host;
        while (end < to && (Ascii.isWord(view.charAt(end)) || ".-:[]".indexOf(view.charAt(end)) >= 0)) {
            end++;
        }
        while (end > host && (view.charAt(end - 1) == '.' || view.charAt(end - 1) == ':')) {
            end--;
        }
        return new Hit(from, end, 0.95, 0.95);
    }

    private static int startOfScheme(View view, int at) {
        int from = at;
        while (at - from < LONGEST_SCHEME && isScheme(view.charAt(from - 1))) {
            from--;
        }
        return from;
    }

    /** RFC 3986: an address on the web. It is nobody's by itself, and counts near a word such as homepage. */
    static Recogniser url() {
        Set<String> context = Pii.words("homepage website blog domain site url posted profile webseite sitio");
        Anchored url = new Anchored("url", "hwHW", true, context, (view, at) -> {
            int host = endOf(view, at, "https://", "http://", "www.");
            int to = host == 0 ? 0 : endOfDomain(view, host);
            return to == 0 ? null : new Hit(at, endOfPath(view, to), 0.3, 0.7);
        });
        return url.withRun(length -> length >= 3 && length <= 5); // www, http, https
    }

    /** The end of the first of some beginnings, or 0. */
    private static int endOf(View view, int at, String... beginnings) {
        for (String beginning : beginnings) {
            int i = 0;
            while (i < beginning.length() && Character.toLowerCase(view.charAt(at + i)) == beginning.charAt(i)) {
                i++;
            }
            if (i == beginning.length()) {
                return at + i;
            }
        }
        return 0;
    }

    private static int endOfPath(View view, int from) {
        char first = view.charAt(from);
        int to = from;
        if (first == '/' || first == '?' || first == '#' || (first == ':' && view.isDigitAt(from + 1))) {
            while (to - from < LONGEST_AUTHORITY && isPath(view.charAt(to))) {
                to++;
            }
        }
        while (to > from && ".,;:!?)'".indexOf(view.charAt(to - 1)) >= 0) {
            to--;
        }
        return to;
    }

    private static boolean isPath(char c) {
        return c > ' ' && c < 0x7F && "\"<>\\^`{|}".indexOf(c) < 0;
    }

    private static boolean isScheme(char c) {
        return Ascii.isWord(c) || c == '+' || c == '-' || c == '.';
    }

    private static boolean isAuthority(char c) {
        return c > ' ' && "/?#\"<>\\".indexOf(c) < 0;
    }
}
