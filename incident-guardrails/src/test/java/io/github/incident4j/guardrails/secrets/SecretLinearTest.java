// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.CpuTime;
import io.github.incident4j.guardrails.scan.TextScanner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen times the text may take sixteen times as long, and is allowed 192 times; a square would be 256. */
class SecretLinearTest {
    private static final int SMALL = 4_000;
    private static final int FACTOR = 16;

    private final TextScanner scanner = new TextScanner(Secrets.rules(), 0);

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
        String small = piece.repeat(SMALL / piece.length());
        String large = piece.repeat(SMALL * FACTOR / piece.length());
        long ofSmall = Long.MAX_VALUE;
        long ofLarge = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            ofSmall = Math.min(ofSmall, nanos(small));
            ofLarge = Math.min(ofLarge, nanos(large));
        }
        assertThat(ofLarge).isLessThan(Math.max(ofSmall, 200_000) * FACTOR * 12);
    }

    private long nanos(String text) {
        long start = CpuTime.nanos();
        int found = scanner.scan(text).size();
        long nanos = CpuTime.nanos() - start;
        assertThat(found).isLessThan(text.length());
        return nanos;
    }
}
