// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.LinearTime;
import io.github.incident4j.guardrails.scan.TextScanner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen times the text may take sixteen times as long, and is allowed 192 times; a square would be 256. */
class SecretLinearTest {
    private static final int LENGTH = 4_000;

    private static final TextScanner SCANNER = new TextScanner(Secrets.rules(), 0);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ordinary words in a row ",
                "a",
                "A",
                "1",
                "eyJ",
                "eyJ.",
                "eyJhbGciOiJ9.",
                "-",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----abcdefghijklmnopqrstuvwxyzabcdefghijklmnop",
                "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
                "PuTTY-User-Key-File-",
                "://",
                "x://a:b",
                "://a:@",
                "password=",
                "password=\"",
                "password ",
                "token: token: ",
                "secret\n",
                "aws ",
                "aws=",
                "twilio 0",
                "discord.com/api/webhooks/",
                "AIza",
                "sk-",
                "sk_live_",
                "machine x login y ",
                "curl -u a",
                "jdbc:",
                "server=;",
                "bearer ",
                "bearer a",
                "basic YTpi",
                "sig=%41",
                "$6$",
                "$argon2id$v=19$m=",
                "0-us1",
                ":AA",
                "${",
                "中",
                "\u200B",
                "\uD83D"
            })
    void time_growsAsTheText(String piece) {
        LinearTime.assertGrowsAsTheText(
                "rules",
                piece,
                LENGTH,
                8,
                text -> assertThat(SCANNER.scan(text)).hasSizeLessThan(text.length()));
    }
}
