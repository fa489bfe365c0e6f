// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.secrets.Assignment.Kind;
import java.util.List;
import java.util.stream.Stream;

/** Values without a format of their own, by the names that are given to them. */
final class Assignments {

    private Assignments() {}

    static List<SecretRule> rules() {
        return List.of(
                Assignment.of(
                        "password-assignment",
                        Kind.PASSWORD,
                        "password",
                        "passwd",
                        "passphrase",
                        "passcode",
                        "passwort",
                        "kennwort",
                        "contrasena",
                        "senha",
                        "pass",
                        "pwd"),
                Assignment.of("secret-assignment", Kind.DRAWN, "secret"),
                Assignment.of("token-assignment", Kind.DRAWN, "token"),
                Assignment.of("api-key-assignment", Kind.DRAWN, keys("api", "app", "application", "service")),
                Assignment.of(
                        "key-assignment",
                        Kind.DRAWN,
                        keys(
                                "access",
                                "auth",
                                "private",
                                "encryption",
                                "signing",
                                "master",
                                "shared",
                                "account",
                                "security",
                                "license",
                                "client",
                                "server",
                                "admin",
                                "storage",
                                "webhook")),
                Assignment.of("credential-assignment", Kind.DRAWN, "credential", "credentials", "creds", "_salt"));
    }

    private static String[] keys(String... words) {
        return Stream.of(words)
                .flatMap(word -> Stream.of(word + "key", word + "_key", word + "-key", word + " key"))
                .toArray(String[]::new);
    }
}
