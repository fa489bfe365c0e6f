// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Synthetic credentials, made at run time from the formats and a seeded generator: no line of this repository looks
 * like a live one.
 */
final class Samples {

    /** A text of the right kind, and the credential in it. */
    record Sample(SecretRule rule, String before, String value, String after) {
        String text() {
            return before + value + after;
        }

        @Override
        public String toString() {
            return rule.rule();
        }
    }

    private static final String ALNUM = CharClass.named("alnum").members();
    private static final String BASE64 = CharClass.named("base64").members();

    /** What the rules that a function reads take: the text before the value, the value, and the text behind it. */
    private static final Map<String, Function<Random, List<String>>> SCANNED = Map.ofEntries(
            Map.entry("rsa-private-key", random -> pem(random, "RSA PRIVATE KEY")),
            Map.entry("ec-private-key", random -> pem(random, "EC PRIVATE KEY")),
            Map.entry("dsa-private-key", random -> pem(random, "DSA PRIVATE KEY")),
            Map.entry("openssh-private-key", random -> pem(random, "OPENSSH PRIVATE KEY")),
            Map.entry("pkcs8-private-key", random -> pem(random, "PRIVATE KEY")),
            Map.entry("encrypted-private-key", random -> pem(random, "ENCRYPTED PRIVATE KEY")),
            Map.entry("pgp-private-key", random -> pem(random, "PGP PRIVATE KEY BLOCK")),
            Map.entry("other-private-key", random -> pem(random, "SM2 PRIVATE KEY")),
            Map.entry(
                    "ssh2-private-key",
                    random -> List.of(
                            "",
                            "---- BEGIN SSH2 ENCRYPTED " + "PRIVATE KEY ----\nComment: \"synthetic\"\n"
                                    + lines(random, 9) + "---- END SSH2 ENCRYPTED " + "PRIVATE KEY ----",
                            "")),
            Map.entry(
                    "putty-private-key",
                    random -> List.of(
                            "",
                            "PuTTY-User-Key-"
                                    + "File-2: ssh-rsa\nEncryption: none\nComment: synthetic\nPublic-Lines: 6\n"
                                    + lines(random, 6) + "Private-Lines: 14\n" + lines(random, 14) + "Private-MAC: "
                                    + drawn(random, "0123456789abcdef", 40),
                            "\n")),
            Map.entry("ldap-ssha-hash", random -> List.of("", "{SSHA}" + drawn(random, BASE64, 38) + "==", "")),
            Map.entry("jwt", random -> List.of("", jwt(random), "")),
            Map.entry("postgres-url", random -> url(random, "postgres")),
            Map.entry("mysql-url", random -> url(random, "mysql")),
            Map.entry("mongodb-url", random -> url(random, "mongodb+srv")),
            Map.entry("redis-url", random -> List.of("redis://:", drawn(random, ALNUM, 16), "@cache.internal:6379/0")),
            Map.entry("amqp-url", random -> url(random, "amqps")),
            Map.entry("smtp-url", random -> url(random, "smtp")),
            Map.entry("ftp-url", random -> url(random, "sftp")),
            Map.entry("ldap-url", random -> url(random, "ldaps")),
            Map.entry("basic-auth-url", random -> url(random, "https")),
            Map.entry(
                    "jdbc-password",
                    random -> List.of("jdbc:sqlserver://db:1433;user=sa;password=", drawn(random, ALNUM, 12), ";")),
            Map.entry(
                    "ado-connection-string",
                    random -> List.of("Server=db;Database=x;User Id=sa;Pwd=", drawn(random, ALNUM, 12), ";")),
            Map.entry(
                    "azure-sas-signature",
                    random -> List.of(
                            "https://a.blob.core.windows.net/c?sv=2022-11-02&se=2030-01-01&sig=",
                            drawn(random, ALNUM, 42) + "A%3D",
                            "")),
            Map.entry(
                    "basic-authorization",
                    random -> List.of("Authorization: Basic ", base64("jo:" + drawn(random, ALNUM, 12)), "")),
            Map.entry(
                    "bearer-authorization", random -> List.of("Authorization: Bearer ", drawn(random, ALNUM, 32), "")),
            Map.entry("authorization-header", random -> List.of("Authorization: Token ", drawn(random, ALNUM, 40), "")),
            Map.entry(
                    "npmrc-auth", random -> List.of("//registry.example/:_authToken=", drawn(random, ALNUM, 36), "\n")),
            Map.entry(
                    "netrc-password",
                    random -> List.of("machine api.internal\n  login jo\n  password ", drawn(random, ALNUM, 12), "\n")),
            Map.entry(
                    "docker-config-auth",
                    random -> List.of("\"auth\": \"", base64("jo:" + drawn(random, ALNUM, 20)), "\"")),
            Map.entry(
                    "curl-user",
                    random -> List.of("curl -s -u jo:", drawn(random, ALNUM, 12), " https://api.internal/")),
            Map.entry("sshpass-password", random -> List.of("sshpass -p '", drawn(random, ALNUM, 12), "' ssh a@b")),
            Map.entry("password-assignment", random -> List.of("DB_PASSWORD=", "h7" + drawn(random, ALNUM, 10), "\n")),
            Map.entry(
                    "secret-assignment",
                    random -> List.of("\"clientSecret\": \"", "h7a9K" + drawn(random, ALNUM, 27), "\"")),
            Map.entry("token-assignment", random -> List.of("auth_token = '", "h7a9K" + drawn(random, ALNUM, 27), "'")),
            Map.entry(
                    "api-key-assignment", random -> List.of("X-Api-Key: ", "h7a9K" + drawn(random, ALNUM, 27), "\r\n")),
            Map.entry("key-assignment", random -> List.of("MASTER_KEY: ", "h7a9K" + drawn(random, ALNUM, 27), "\n")),
            Map.entry(
                    "credential-assignment",
                    random -> List.of("<credential>", "h7a9K" + drawn(random, ALNUM, 27), "</credential>")));

    private Samples() {}

    /** One sample of each rule for a seed. */
    static List<Sample> all(long seed) {
        return Secrets.all().stream()
                .map(rule -> of(rule, new Random(seed * 31 + rule.rule().hashCode())))
                .toList();
    }

    static Sample of(SecretRule rule, Random random) {
        if (rule instanceof TokenRule token) {
            return new Sample(rule, "", checked(token, written(token.value(), random)), "");
        }
        if (rule instanceof KeyedRule keyed) {
            String name = keyed.literals().get(random.nextInt(keyed.literals().size()));
            String sign = name.startsWith("\"") ? ": \"" : "_key = \"";
            return new Sample(rule, name + sign, written(keyed.value(), random), "\"");
        }
        List<String> parts =
                requireNonNull(SCANNED.get(rule.rule()), rule.rule()).apply(random);
        return new Sample(rule, parts.get(0), parts.get(1), parts.get(2));
    }

    private static String checked(TokenRule rule, String value) {
        if (!rule.isChecked()) {
            return value;
        }
        int prefix = value.indexOf('_') + 1;
        int end = value.length() - 6;
        return value.substring(0, end) + Checksums.crc32Of(value.substring(prefix, end));
    }

    /** The format of a rule that has one. */
    static @Nullable Format format(SecretRule rule) {
        return rule instanceof TokenRule token ? token.value() : rule instanceof KeyedRule keyed ? keyed.value() : null;
    }

    /** Values in which one run is too short, too long, or has a character that is in no class. */
    static List<String> wrong(Format format, Random random) {
        List<String> wrong = new ArrayList<>();
        List<Format.Part> parts = format.parts();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Format.Run run && run.least() == run.most()) {
                String members = run.of().members();
                wrong.add(written(format, random, i, drawn(random, members, run.least() - 1)));
                wrong.add(written(format, random, i, drawn(random, members, run.most() + 1)));
                wrong.add(written(format, random, i, "*" + drawn(random, members, run.least() - 1)));
            }
        }
        return wrong;
    }

    /** A value whose runs hold one character only. */
    static String filled(Format format, char c) {
        StringBuilder value = new StringBuilder();
        for (Format.Part part : format.parts()) {
            value.append(
                    part instanceof Format.Words words
                            ? words.texts().get(0)
                            : String.valueOf(c).repeat(((Format.Run) part).least()));
        }
        return value.toString();
    }

    /** A value of a format. */
    static String written(Format format, Random random) {
        return written(format, random, -1, "");
    }

    private static String written(Format format, Random random, int changed, String to) {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < format.parts().size(); i++) {
            Format.Part part = format.parts().get(i);
            if (i == changed) {
                value.append(to);
            } else if (part instanceof Format.Words words) {
                value.append(words.texts().get(random.nextInt(words.texts().size())));
            } else if (part instanceof Format.Run run) {
                int length = run.least() + random.nextInt(run.most() - run.least() + 1);
                String of = run.of().members();
                String drawn = drawn(random, of, length);
                // What a sentence may end with is no part of a value, and an escape needs its two digits.
                value.append(run.of().has('%') ? drawn.replace('%', 'p') : drawn.replaceAll("\\.$", "x"));
            }
        }
        return value.toString();
    }

    static String drawn(Random random, String of, int length) {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < length; i++) {
            value.append(of.charAt(random.nextInt(of.length())));
        }
        return value.toString();
    }

    private static List<String> pem(Random random, String label) {
        String rule = "-----";
        return List.of(
                "",
                rule + "BEGIN " + label + rule + "\n" + lines(random, 3 + random.nextInt(40)) + rule + "END " + label
                        + rule,
                "\n");
    }

    private static String lines(Random random, int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(drawn(random, BASE64, 64) + "\n");
        }
        return String.join("", lines);
    }

    private static String jwt(Random random) {
        Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
        String header = url.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
        String payload = url.encodeToString(
                ("{\"sub\":\"" + random.nextInt(1_000_000) + "\"}").getBytes(StandardCharsets.UTF_8));
        return header + "." + payload + "."
                + drawn(random, CharClass.named("url").members(), 43);
    }

    private static List<String> url(Random random, String scheme) {
        return List.of(scheme + "://jo:", drawn(random, ALNUM, 12), "@db.internal:5432/app");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
