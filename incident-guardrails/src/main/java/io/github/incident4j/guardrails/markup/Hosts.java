// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import java.lang.Character.UnicodeScript;
import java.net.IDN;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is known of host names: their normal form, patterns for them, addresses, look-alikes. */
final class Hosts {
    private static final int LONGEST = 253;
    private static final int LONGEST_LABEL = 63;

    /** Letters of other scripts and of Latin's margin that look like one of a to z, and the one they look like. */
    private static final String LOOK = "аеорсухіјѕһӏԁԛԝѵοανιυρκχϲɡɑıոսօ";

    private static final String LIKE = "aeopcyxijshldqwvoaviupkxcgainuo";

    private static final List<Set<UnicodeScript>> TOGETHER = List.of(
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.BOPOMOFO),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HANGUL));

    private Hosts() {}

    /** In small letters, NFKC, ideographic dots as dots, percent escapes decoded, without a final full stop. */
    static String normal(String host) {
        if (isPlain(host)) {
            return host;
        }
        String decoded = Normalizer.normalize(Payload.decoded(host), Normalizer.Form.NFKC)
                .replace('\u3002', '.')
                .toLowerCase(Locale.ROOT);
        return decoded.endsWith(".") ? decoded.substring(0, decoded.length() - 1) : decoded;
    }

    private static boolean isPlain(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c >= 0x80 || c == '%' || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return !host.endsWith(".");
    }

    /** As it is shown: labels in Punycode (RFC 3492) in Unicode. */
    static String shown(String host) {
        return host.contains("xn--") && host.length() <= LONGEST ? IDN.toUnicode(host) : host;
    }

    static boolean isPattern(String pattern) {
        String host = pattern.startsWith("*.") ? pattern.substring(2) : pattern;
        if (host.isEmpty() || host.length() > LONGEST) {
            return false;
        }
        for (String label : host.split("\\.", -1)) {
            boolean fits = !label.isEmpty()
                    && label.length() <= LONGEST_LABEL
                    && label.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_' || c >= 0x80);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    /** Whether a browser takes a host for an address: in brackets, or with a number as its last label (WHATWG URL). */
    static boolean isAddress(String host) {
        if (host.startsWith("[")) {
            return true;
        }
        int from = host.lastIndexOf('.') + 1;
        boolean hex = host.startsWith("0x", from);
        for (int i = hex ? from + 2 : from; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c >= 0x80 || Character.digit(c, hex ? 16 : 10) < 0) {
                return false;
            }
        }
        return from < host.length();
    }

    /** Whether a host may look like another: signs that are none of a name, scripts mixed, or look-alikes only. */
    static boolean isLookAlike(String host, String written) {
        if (host.startsWith("[")) {
            return false;
        }
        if (written.indexOf('%') >= 0) {
            return true;
        }
        if (isAscii(host) && !host.contains("xn--")) {
            return false;
        }
        String shown = shown(host);
        for (String label : shown.split("\\.", -1)) {
            if (label.startsWith("xn--") || hasForeignSigns(label) || isMixed(label) || isAllLookAlike(label)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAscii(String host) {
        for (int i = 0; i < host.length(); i++) {
            if (host.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasForeignSigns(String label) {
        return label.codePoints()
                .anyMatch(c -> c >= 0x80
                        && !Character.isLetterOrDigit(c)
                        && Character.getType(c) != Character.NON_SPACING_MARK
                        && Character.getType(c) != Character.COMBINING_SPACING_MARK);
    }

    private static boolean isMixed(String label) {
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        label.codePoints().filter(Character::isLetter).forEach(c -> scripts.add(UnicodeScript.of(c)));
        scripts.remove(UnicodeScript.COMMON);
        scripts.remove(UnicodeScript.INHERITED);
        return scripts.size() > 1 && TOGETHER.stream().noneMatch(set -> set.containsAll(scripts));
    }

    private static boolean isAllLookAlike(String label) {
        return label.chars().anyMatch(c -> c >= 0x80)
                && label.chars().filter(Character::isLetter).allMatch(c -> LOOK.indexOf(c) >= 0 || c < 0x80);
    }

    /** What a host looks like at a glance: marks dropped, look-alikes replaced, rn as m, 0 as o, 1 as l. */
    static String skeleton(String host) {
        StringBuilder skeleton = new StringBuilder();
        Normalizer.normalize(shown(host), Normalizer.Form.NFD).chars().forEach(c -> {
            int look = LOOK.indexOf(c);
            if (look >= 0) {
                skeleton.append(LIKE.charAt(look));
            } else if (Character.getType(c) != Character.NON_SPACING_MARK) {
                skeleton.append((char) c);
            }
        });
        return skeleton.toString()
                .replace("rn", "m")
                .replace("vv", "w")
                .replace('0', 'o')
                .replace('1', 'l')
                .replace('i', 'l');
    }
}
