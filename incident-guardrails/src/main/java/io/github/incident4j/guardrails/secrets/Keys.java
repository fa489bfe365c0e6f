// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static io.github.incident4j.guardrails.secrets.KeyedRule.near;
import static io.github.incident4j.guardrails.secrets.ScannedRule.scanned;
import static io.github.incident4j.guardrails.secrets.TokenRule.token;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Private keys, signed tokens, and hashes of passwords. */
final class Keys {
    private static final int LONGEST_HEADER = 1_024;
    private static final List<String> ESCAPED_DOTS =
            List.of("%2e", "%252e", "%u002e", "\\u002e", "\\x2e", "\\056", "\\.", "&#46;", "&#x2e;", "&period;", "=2e");
    private static final int LONGEST = SecretRule.AFTER - 128;
    /** A line of a key has 64 characters of base64 in most formats; some end or begin with a shorter one. */
    private static final int SHORTEST_LINE = 40;
    /** Between two lines stand a line break, its escape, quotes, signs of joining, spaces. */
    private static final int GAP = 24;

    private static final double SURE = 0.95;
    private static final double HEADER_ONLY = 0.4;

    private static final Format SSHA = Format.of("{base64 30-120}{pad 0-2}");

    private Keys() {}

    static List<SecretRule> rules() {
        return List.of(
                // RFC 7468 and RFC 1421, the labels of OpenSSL, OpenSSH and RFC 4716; RFC 9580 for OpenPGP.
                pem("rsa-private-key", "rsa private key"),
                pem("ec-private-key", "ec private key"),
                pem("dsa-private-key", "dsa private key"),
                pem("openssh-private-key", "openssh private key"),
                pem("pkcs8-private-key", "private key"),
                pem("encrypted-private-key", "encrypted private key"),
                pem("pgp-private-key", "pgp private key block"),
                pem("other-private-key", "any private key"),
                scanned(
                                "ssh2-private-key",
                                "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ---- … ---- END",
                                (view, at, end) -> block(view, at, end, "---- begin", "---- end"),
                                "---- begin ssh2 encrypted private key ----")
                        .upTo("---- end"),
                // PuTTY, "Appendix C: PPK file format".
                scanned(
                                "putty-private-key",
                                "PuTTY-User-Key-File-… Private-MAC",
                                (view, at, end) -> block(view, at, end, "putty-user-key-file-", "private-mac:"),
                                "putty-user-key-file-")
                        .upTo("private-mac:"),
                // age, "The age file encryption format"; Minisign; BIP 32; WireGuard, "wg(8)".
                token("age-secret-key", "AGE-SECRET-KEY-1{up 58}"),
                token("bip32-extended-private-key", "{xprv|yprv|zprv|tprv}{base58 107}"),
                near("wireguard-private-key", "{base64 43}=", "privatekey", "presharedkey"),
                near(
                        "ethereum-private-key",
                        "0x{anyhex 64}",
                        "private_key",
                        "privatekey",
                        "private-key",
                        "private key"),
                near("hex-private-key", "{anyhex 64}", "private_key", "privatekey", "private-key", "private key"),
                near("jwk-private-exponent", "{url 43-683}", "\"d\""),
                // RFC 7519, RFC 7515, RFC 7516.
                scanned("jwt", "header.payload.signature; the header is JSON with alg", Keys::findJwt, "eyj"),
                // crypt(5), and the formats of Apache, Django and the Password Hashing Competition.
                token("bcrypt-hash", "{$2a$|$2b$|$2y$|$2x$}{digit 2}${crypt 53}"),
                token("sha512-crypt-hash", "$6${crypt 1-16}${crypt 86}"),
                token("sha512-crypt-hash-with-rounds", "$6$rounds={digit 4-9}${crypt 1-16}${crypt 86}"),
                token("sha256-crypt-hash", "$5${crypt 1-16}${crypt 43}"),
                token("sha256-crypt-hash-with-rounds", "$5$rounds={digit 4-9}${crypt 1-16}${crypt 43}"),
                token("md5-crypt-hash", "$1${crypt 1-8}${crypt 22}"),
                // Cisco IOS, "secret" of the types 8 (PBKDF2) and 9 (scrypt).
                token("cisco-type-8-hash", "$8${crypt 14}${crypt 43}"),
                token("cisco-type-9-hash", "$9${crypt 14}${crypt 43}"),
                token("apache-md5-hash", "$apr1${crypt 1-8}${crypt 22}"),
                token("yescrypt-hash", "$y${crypt 3-10}${crypt 1-86}${crypt 43}"),
                token(
                        "argon2-hash",
                        "{$argon2id$|$argon2i$|$argon2d$}v=19$m={digit 1-10},t={digit 1-10},p={digit 1-3}"
                                + "${base64 11-86}${base64 16-172}"),
                token("django-pbkdf2-hash", "{pbkdf2_sha256$|pbkdf2_sha1$}{digit 4-8}${alnum 8-32}${base64 27-43}="),
                token("phpass-hash", "{$P$|$H$}{crypt 31}"),
                scanned(
                        "ldap-ssha-hash",
                        "{SSHA} {base64 32-120}",
                        Keys::findSsha,
                        "{ssha}",
                        "{ssha256}",
                        "{ssha512}"));
    }

    /** A block of PEM; its label is a private key's, {@code any} stands for those without a rule of their own. */
    private static SecretRule pem(String rule, String label) {
        String begin = "-----begin " + (label.startsWith("any ") ? "" : label + "-----");
        String shown = "-----BEGIN " + label.toUpperCase(Locale.ROOT) + "----- … -----END";
        return scanned(
                        rule,
                        shown,
                        (view, at, end) -> {
                            int body = label.startsWith("any ") ? endOfOtherLabel(view, end) : end;
                            return body < 0 ? null : block(view, at, body, "-----begin ", "-----end ");
                        },
                        begin)
                .upTo("-----end ");
    }

    private static int endOfOtherLabel(View view, int from) {
        int to = from;
        while (to - from < 40 && (Ascii.isCapital(view.charAt(to)) || view.isDigitAt(to) || view.charAt(to) == ' ')) {
            to++;
        }
        String label = Chars.lower(view, from, to);
        boolean ours = List.of(
                        "rsa private key",
                        "ec private key",
                        "dsa private key",
                        "openssh private key",
                        "private key",
                        "encrypted private key",
                        "pgp private key block")
                .contains(label);
        return !ours && label.endsWith("private key") && Chars.isAtIgnoringCase(view, to, "-----") ? to + 5 : -1;
    }

    /**
     * A block from its first line to its last one; without a last one in reach, or before the next block, as far as its
     * lines go. Without a line of base64 it is only spoken of.
     */
    private static Hit block(View view, int at, int body, String first, String last) {
        int run = 0;
        int longest = 0;
        int endOfKey = body;
        int to = body;
        while (to - at < LONGEST && isBlock(view, to) && !isAt(view, to, last) && !isAt(view, to, first)) {
            run = Base64Text.value(view.charAt(to)) >= 0 ? run + 1 : 0;
            to++;
            longest = Math.max(longest, run);
            if (run > 0 && to - run - endOfKey <= GAP) {
                endOfKey = to;
            }
        }
        if (longest < SHORTEST_LINE) {
            return new Hit(at, body, HEADER_ONLY, HEADER_ONLY);
        }
        return new Hit(at, isAt(view, to, last) ? endOfLine(view, to + last.length()) : endOfKey, SURE, SURE);
    }

    private static boolean isAt(View view, int at, String line) {
        return Chars.isAtIgnoringCase(view, at, line);
    }

    /** The end of the last line: {@code RSA PRIVATE KEY-----}, or the code of PuTTY. */
    private static int endOfLine(View view, int from) {
        int to = from;
        while (to - from < 80 && (view.isWordAt(to) || view.charAt(to) == ' ')) {
            to++;
        }
        while (to - from < 90 && view.charAt(to) == '-') {
            to++;
        }
        return to;
    }

    private static boolean isBlock(View view, int at) {
        char c = view.charAt(at);
        return (c >= ' ' && c < 0x7F)
                || c == '\t'
                || c == '\r'
                || (c == '\n' && !(view.charAt(at + 1) == '\n' && view.charAt(at + 2) == '\n'));
    }

    /** RFC 2307 with the salted schemes of OpenLDAP. */
    private static @Nullable Hit findSsha(View view, int at, int end) {
        StringBuilder hash = new StringBuilder();
        int to = SSHA.end(view, end, hash);
        return to < 0 || Randomness.isRegular(hash, 64) ? null : new Hit(at, to, SURE, SURE);
    }

    private static @Nullable Hit findJwt(View view, int at, int end) {
        if (!Chars.isAtIgnoringCase(view, at, "eyj") || view.charAt(at + 2) != 'J' || !isTokenStart(view, at)) {
            return null;
        }
        int header = endOfBase64Url(view, at, at + LONGEST_HEADER);
        if (dot(view, header) == 0 || !isHeader(Base64Text.decoded(Chars.text(view, at, header)))) {
            return null;
        }
        int to = header;
        int third = header;
        int parts = 1;
        while (parts < 5 && dot(view, to) > 0) {
            int part = to + dot(view, to);
            int next = endOfBase64Url(view, part, at + LONGEST);
            if (next == part && parts > 2 && dot(view, next) == 0) {
                break; // a full stop after the token
            }
            to = next;
            parts++;
            third = parts == 3 ? to : third;
        }
        boolean cut = to >= at + LONGEST;
        if (parts == 4 && !cut) {
            to = third; // and what follows a full stop
        }
        return parts >= 3 || cut ? new Hit(at, to, SURE, SURE) : null;
    }

    /**
     * How long the full stop is that stands at an index, also as an escape: a token is often too long to tell there.
     */
    private static int dot(View view, int at) {
        if (view.charAt(at) == '.') {
            return 1;
        }
        for (String dot : Chars.isOneOf(view.charAt(at), "%\\&=") ? ESCAPED_DOTS : List.<String>of()) {
            if (Chars.isAtIgnoringCase(view, at, dot)) {
                return dot.length();
            }
        }
        return 0;
    }

    private static boolean isTokenStart(View view, int at) {
        char before = view.charAt(at - 1);
        return Chars.isStart(view, at) && before != '.' && before != '_' && before != '-';
    }

    private static int endOfBase64Url(View view, int from, int limit) {
        int to = from;
        while (to < limit && (view.isWordAt(to) || view.charAt(to) == '-' || view.charAt(to) == '_')) {
            to++;
        }
        return to;
    }

    private static boolean isHeader(String json) {
        return json.startsWith("{") && json.stripTrailing().endsWith("}") && json.contains("\"alg\"");
    }
}
