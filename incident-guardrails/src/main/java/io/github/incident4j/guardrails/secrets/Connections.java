// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static io.github.incident4j.guardrails.secrets.ScannedRule.scanned;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Signs;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passwords in addresses of services, in headers, and in the files of command lines. */
final class Connections {
    private static final double SURE = 0.9;
    private static final double WEAK = 0.3;
    private static final int LONGEST_USER = 64;
    private static final int SHORTEST_PASSWORD = 4;
    private static final int LONGEST_PASSWORD = 256;
    private static final int LONGEST_STRING = 512;
    private static final int SHORTEST_TOKEN = 12;
    /** How far before a scheme the name of its header may end. */
    private static final int HEADER = 24;
    /** What stands in manuals in the place of a password. */
    private static final Set<String> MANUAL = Set.of(
            "pass",
            "password",
            "passwd",
            "pwd",
            "pw",
            "secret",
            "token",
            "mypassword",
            "my-password",
            "mypass",
            "foo",
            "bar",
            "xxx",
            "***",
            "p",
            "password123",
            "admin",
            "root",
            "user",
            "username",
            "postgres",
            "mysql",
            "guest",
            "test");

    private static final Signs PAIR_ENDS = Signs.of(";?&, \n\"");
    private static final Set<String> NOTHING = Set.of("none", "null", "nil", "undefined", "true", "false");

    private Connections() {}

    static List<SecretRule> rules() {
        return List.of(
                // RFC 3986, section 3.2.1, and the documentation of each server.
                url("postgres-url", "postgres://", "postgresql://", "postgresql+psycopg2://", "postgresql+asyncpg://"),
                url("mysql-url", "mysql://", "mysql2://", "mariadb://", "mysql+pymysql://"),
                url("mongodb-url", "mongodb://", "mongodb+srv://"),
                url("redis-url", "redis://", "rediss://"),
                url("amqp-url", "amqp://", "amqps://"),
                url("smtp-url", "smtp://", "smtps://"),
                url("ftp-url", "ftp://", "sftp://", "ftps://"),
                url("ldap-url", "ldap://", "ldaps://"),
                url("basic-auth-url", "://"),
                inString("jdbc-password", "jdbc:… password=…", "jdbc:"),
                inString(
                        "ado-connection-string",
                        "Server=…;Password=…",
                        "server=",
                        "data source=",
                        "datasource=",
                        "driver=",
                        "addr=",
                        "host="),
                scanned("azure-sas-signature", "?sv=…&sig={pct 43-88}", Connections::findSas, "sig="),
                // RFC 7617, RFC 6750, RFC 9110 section 11.
                scanned("basic-authorization", "Basic {base64 of user:password}", Connections::findBasic, "basic "),
                scanned("bearer-authorization", "Bearer {token68}", Connections::findBearer, "bearer "),
                scanned(
                        "authorization-header",
                        "Authorization: (Token|ApiKey|Key|…) {token68}",
                        Connections::findAuthorization,
                        "authorization"),
                // npm, ".npmrc"; curl, ".netrc"; Docker, "config.json".
                scanned(
                        "npmrc-auth",
                        "_authToken=…, _auth=…, _password=…",
                        Connections::findNpmrc,
                        "_authtoken",
                        "_auth",
                        "_password"),
                scanned("netrc-password", "machine … login … password …", Connections::findNetrc, "machine "),
                scanned(
                        "docker-config-auth",
                        "\"auth\": \"{base64 of user:password}\"",
                        Connections::findDocker,
                        "\"auth\""),
                scanned("curl-user", "curl … -u user:password", Connections::findCurl, "-u ", "--user "),
                scanned("sshpass-password", "sshpass -p password", Connections::findSshpass, "sshpass -p"));
    }

    private static SecretRule url(String rule, String... schemes) {
        return scanned(rule, schemes[0] + "user:password@host", Connections::findUrl, schemes);
    }

    private static SecretRule inString(String rule, String format, String... literals) {
        return scanned(rule, format, Connections::findInString, literals);
    }

    private static @Nullable Hit hit(View view, int from, int to, double confidence) {
        String value = Chars.text(view, from, to);
        if (value.length() < SHORTEST_PASSWORD
                || Randomness.isReference(value)
                || NOTHING.contains(Chars.lower(view, from, to))) {
            return null;
        }
        boolean manual = MANUAL.contains(Chars.lower(view, from, to))
                || Randomness.isPlaceholder(value)
                || value.chars().allMatch(c -> c == value.charAt(0));
        double sure = manual ? WEAK : confidence;
        return new Hit(from, to, sure, sure);
    }

    private static @Nullable Hit findUrl(View view, int at, int end) {
        int user = end;
        while (user - end < LONGEST_USER && isUserInfo(view.charAt(user)) && view.charAt(user) != ':') {
            user++;
        }
        if (view.charAt(user) != ':') {
            return null;
        }
        int from = user + 1;
        int host = -1;
        for (int i = from; i - from < LONGEST_PASSWORD && isUserInfo(view.charAt(i)); i++) {
            if (view.charAt(i) == '@') {
                host = i;
            }
        }
        if (host <= from || !(view.isWordAt(host + 1) || Chars.isOneOf(view.charAt(host + 1), "[$*{<"))) {
            return null;
        }
        return hit(view, from, host, SURE);
    }

    private static boolean isUserInfo(char c) {
        return c > ' ' && c != 0x7F && !Chars.isOneOf(c, "/?\"'<>\\`|^");
    }

    /** A password among pairs with semicolons, question marks or ampersands between, on one line. */
    private static @Nullable Hit findInString(View view, int at, int end) {
        if (!Chars.isWordStart(view, at)) {
            return null;
        }
        // what follows the literal begins a pair as what follows a sign does
        int most = end + LONGEST_STRING;
        for (int i = end; i < most; i = view.indexOf(PAIR_ENDS, i, most) + 1) {
            if (Chars.isOneOf(view.charAt(i - 1), "\n\"")) {
                return null;
            }
            if (!Chars.isOneOf(view.charAt(i - 1), ";?&, ")) {
                continue;
            }
            int value = Chars.isAtIgnoringCase(view, i, "password=")
                    ? i + 9
                    : Chars.isAtIgnoringCase(view, i, "pwd=") ? i + 4 : -1;
            if (value > 0) {
                int to = value;
                while (to - value < LONGEST_PASSWORD
                        && view.charAt(to) > ' '
                        && !Chars.isOneOf(view.charAt(to), ";&\"'<>`\\,")) {
                    to++;
                }
                return hit(view, value, to, SURE);
            }
        }
        return null;
    }

    /** Microsoft, "Create an account SAS": the signature is an HMAC-SHA256 in base64, percent-encoded. */
    private static @Nullable Hit findSas(View view, int at, int end) {
        char before = view.charAt(at - 1);
        if (before != '?' && before != '&' && before != ';') {
            return null;
        }
        StringBuilder base64 = new StringBuilder();
        int to = end;
        while (to - end < 140) {
            char c = view.charAt(to);
            if (c == '%' && Ascii.isHex(view.charAt(to + 1)) && Ascii.isHex(view.charAt(to + 2))) {
                base64.append((char) Integer.parseInt(Chars.text(view, to + 1, to + 3), 16));
                to += 3;
            } else if (Base64Text.value(c) >= 0 || c == '=') {
                base64.append(c);
                to++;
            } else {
                break;
            }
        }
        boolean is256Bits = base64.length() == 44 && base64.charAt(43) == '=';
        return is256Bits && !Randomness.isRegular(base64, 64) ? new Hit(end, to, SURE, SURE) : null;
    }

    private static int endOfToken68(View view, int from) {
        int to = from;
        while (to - from < 2_048 && (view.isWordAt(to) || Chars.isOneOf(view.charAt(to), "-._~+/"))) {
            to++;
        }
        while (to > from && view.charAt(to - 1) == '.') {
            to--;
        }
        while (to > from && to - from < 2_050 && view.charAt(to) == '=') {
            to++;
        }
        return to;
    }

    /** Whether a text is name and password with a colon between, of ASCII that shows. */
    private static boolean isNameAndPassword(String text) {
        String password = text.substring(text.indexOf(':') + 1);
        return text.indexOf(':') >= 0
                && !password.isEmpty()
                && text.chars().allMatch(c -> c >= ' ' && c < 0x7F)
                && !MANUAL.contains(password.toLowerCase(Locale.ROOT))
                && !Randomness.isPlaceholder(password);
    }

    private static @Nullable Hit findBasic(View view, int at, int end) {
        int to = endOfToken68(view, end);
        String text = Base64Text.decoded(Chars.text(view, end, to));
        return to - end >= 8 && Chars.isWordStart(view, at) && isNameAndPassword(text)
                ? new Hit(end, to, SURE, SURE)
                : null;
    }

    private static @Nullable Hit findBearer(View view, int at, int end) {
        int to = endOfToken68(view, end);
        String token = Chars.text(view, end, to);
        boolean header = Chars.lower(view, at - HEADER, at).contains("authorization");
        boolean found = Chars.isWordStart(view, at) && (isDrawn(token) || (header && isToken(token)));
        return found ? new Hit(end, to, 0.8, 0.8) : null;
    }

    /** Whether what stands in a header, where there is nothing but tokens, is one and not its description. */
    private static boolean isToken(String value) {
        return value.length() >= SHORTEST_TOKEN
                && value.chars().anyMatch(c -> Ascii.isDigit((char) c))
                && value.chars().anyMatch(c -> Ascii.isCapital((char) c))
                && value.chars().anyMatch(c -> Ascii.isSmall((char) c))
                && !Randomness.isRegular(value, 64)
                && !Randomness.isPlaceholder(value);
    }

    private static boolean isDrawn(String value) {
        return value.length() >= 16
                && !Randomness.isWords(value)
                && !Randomness.isOneCase(value)
                && !Randomness.isRegular(value, 64)
                && !Randomness.isPlaceholder(value);
    }

    private static @Nullable Hit findAuthorization(View view, int at, int end) {
        int i = end;
        while (i - end < 6 && Chars.isOneOf(view.charAt(i), " \"':=,\\]>")) {
            i++;
        }
        String between = Chars.text(view, end, i);
        if (!between.contains(":") && !between.contains("=") && !between.contains(",")) {
            return null;
        }
        int scheme = i;
        while (i - scheme < 20 && (view.isWordAt(i) || view.charAt(i) == '-')) {
            i++;
        }
        boolean hasScheme = i > scheme && view.charAt(i) == ' ';
        int from = hasScheme ? i + 1 : scheme;
        for (String name : List.of("token=", "\"", "key=", "\"")) {
            from = Chars.isAtIgnoringCase(view, from, name) ? from + name.length() : from;
        }
        int to = endOfToken68(view, from);
        return isDrawn(Chars.text(view, from, to)) ? new Hit(from, to, 0.7, 0.7) : null;
    }

    private static @Nullable Hit findNpmrc(View view, int at, int end) {
        int from = end;
        while (from - end < 4 && Chars.isOneOf(view.charAt(from), " =\"'")) {
            from++;
        }
        boolean registry = view.charAt(at - 1) == ':' || view.charAt(at - 1) == '\n' || view.charAt(at - 1) == ' ';
        int to = endOfToken68(view, from);
        if (!registry || to - from < 8 || !Chars.text(view, end, from).contains("=")) {
            return null;
        }
        return hit(view, from, to, Chars.isAtIgnoringCase(view, at, "_authtoken") ? SURE : 0.8);
    }

    private static @Nullable Hit findNetrc(View view, int at, int end) {
        if (!Chars.isWordStart(view, at)) {
            return null;
        }
        int i = end;
        boolean login = false;
        while (i - end < LONGEST_STRING) {
            while (i - end < LONGEST_STRING && view.charAt(i) <= ' ') {
                i++;
            }
            int word = i;
            while (i - word < LONGEST_PASSWORD && view.charAt(i) > ' ') {
                i++;
            }
            String name = Chars.text(view, word, i);
            if (name.equals("password") && login) {
                int from = i + 1;
                int to = from;
                while (to - from < LONGEST_PASSWORD && view.charAt(to) > ' ') {
                    to++;
                }
                return hit(view, from, to, SURE);
            }
            if (word > end && !name.equals("login") && !login) {
                return null; // after the machine's name comes the login
            }
            login |= name.equals("login");
        }
        return null;
    }

    private static @Nullable Hit findDocker(View view, int at, int end) {
        int from = end;
        while (from - end < 6 && Chars.isOneOf(view.charAt(from), " :\"")) {
            from++;
        }
        int to = endOfToken68(view, from);
        String text = Base64Text.decoded(Chars.text(view, from, to));
        return to - from >= 8 && isNameAndPassword(text) ? new Hit(from, to, SURE, SURE) : null;
    }

    private static @Nullable Hit findCurl(View view, int at, int end) {
        if (view.charAt(at - 1) != ' '
                || !Chars.lower(view, at - SecretRule.BEFORE, at).contains("curl ")) {
            return null;
        }
        int i = end;
        while (i - end < 4 && Chars.isOneOf(view.charAt(i), " \"'")) {
            i++;
        }
        int user = i;
        while (i - user < LONGEST_USER && view.charAt(i) > ' ' && !Chars.isOneOf(view.charAt(i), ":\"'")) {
            i++;
        }
        if (view.charAt(i) != ':' || view.charAt(user) == '<') {
            return null;
        }
        int from = Chars.isOneOf(view.charAt(i + 1), "\"'") ? i + 2 : i + 1;
        int to = from;
        while (to - from < LONGEST_PASSWORD && view.charAt(to) > ' ' && !Chars.isOneOf(view.charAt(to), "\"'")) {
            to++;
        }
        return hit(view, from, to, 0.8);
    }

    private static @Nullable Hit findSshpass(View view, int at, int end) {
        int from = end;
        while (from - end < 3 && Chars.isOneOf(view.charAt(from), " \"'")) {
            from++;
        }
        int to = from;
        while (to - from < LONGEST_PASSWORD && view.charAt(to) > ' ' && !Chars.isOneOf(view.charAt(to), "\"'")) {
            to++;
        }
        return hit(view, from, to, 0.8);
    }
}
