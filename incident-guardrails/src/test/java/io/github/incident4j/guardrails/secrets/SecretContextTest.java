// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.TextScanner;
import io.github.incident4j.guardrails.secrets.Samples.Sample;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The places where credentials stand: configuration, code, command lines, logs, prose; and what stands there instead.
 */
class SecretContextTest {
    private static final TextScanner ALL = new TextScanner(Secrets.rules(), 0.5);

    /** N is the name of the issuer, %s the credential. */
    private static final List<String> PLACES = List.of(
            "n_api_key = \"%s\"",
            "{\"nApiKey\": \"%s\", \"debug\": true}",
            "n-token: %s",
            "export N_TOKEN=%s",
            "<nKey>%s</nKey>",
            "<nToken>\n    %s\n</nToken>",
            "nToken := `%s`",
            "n_secret=%s\nBACKUP=true",
            "System.setProperty(\"n.token\", \"%s\");",
            "var nKey string = \"%s\"",
            "n_token: str = '%s'",
            "$n_key => '%s',",
            "curl -H 'N-Api-Key: %s' https://api.internal",
            "https://api.internal/?n_key=%s&page=1",
            "\"{\\\"n_token\\\":\\\"%s\\\"}\"",
            "--n-api-key %s",
            "n:\n  key: %s",
            "The key for n is %s.",
            "[INFO] asking n\n[DEBUG] token %s");

    @Test
    void credentials_areFound_whereverTheyStand() {
        Map<String, Integer> missed = new TreeMap<>();
        for (Sample sample : Samples.all(7)) {
            Format format = Samples.format(sample.rule());
            if (format == null || sample.rule().rule().equals("jwk-private-exponent")) {
                continue; // read by a function, or without an issuer
            }
            String name = sample.rule() instanceof KeyedRule
                    ? sample.rule().literals().get(0).replaceAll("[^a-z0-9_-]", "")
                    : "some";
            for (String place : PLACES) {
                String text = place.replace("%s", "\u0000")
                        .replaceAll("\\bn(?=[A-Z_:.-]| is|\\n)", name)
                        .replaceAll("(?<=\\$)n(?=_)", name)
                        .replaceAll("\\bN(?=[_-])", name.toUpperCase(Locale.ROOT))
                        .replace("\u0000", sample.value());
                int start = text.indexOf(sample.value());
                boolean found = ALL.scan(text).stream()
                        .anyMatch(match -> match.start() <= start
                                && match.end() >= start + sample.value().length());
                if (!found) {
                    missed.merge(sample.rule().rule() + " in " + place, 1, Integer::sum);
                }
            }
        }
        assertThat(missed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password = \"%s\"",
                "\"password\": \"%s\"",
                "'db_password' => '%s',",
                "DB_PASSWORD=%s",
                "password: %s",
                "spring.datasource.password=%s",
                "userPassword := \"%s\"",
                "String pwd = \"%s\";",
                "login --password %s --verbose",
                "login --password=%s",
                "setPassword(\"%s\")",
                "props.put(\"password\", \"%s\")",
                "<password>%s</password>",
                "<add key=\"DbPassword\" value=\"%s\"/>",
                "{\\\"passwd\\\":\\\"%s\\\"}",
                "Your password is %s.",
                "- name: DB_PASSWORD\n  value: %s",
                "password: str = '%s'",
                "user=jo&password=%s&x=1",
                "MYSQL_PWD='%s'"
            })
    void passwords_areFound_byTheirNames(String place) {
        Random random = new Random(3);
        for (int i = 0; i < 20; i++) {
            String value = "k4" + Samples.drawn(random, CharClass.named("alnum").members(), 8);
            String text = place.replace("%s", value);
            assertThat(ALL.scan(text)).as(text).singleElement().satisfies(match -> {
                assertThat(match.rule()).isEqualTo("password-assignment");
                assertThat(text.substring(match.start(), match.end())).isEqualTo(value);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password = getPassword()",
                "password = os.environ[\"DB_PASSWORD\"]",
                "password: process.env.DB_PASSWORD",
                "password=${DB_PASSWORD}",
                "password: {{ db_password }}",
                "password = <your-password>",
                "password = \"changeme\"",
                "password = 'password123'",
                "password: \"********\"",
                "password: xxxxxxxx",
                "\"password\": \"string\"",
                "password: required",
                "Password must have 8 characters, one digit and one sign.",
                "if password == user_password1:",
                "self.password = password",
                "token = request.headers[\"X-Token\"]",
                "token: str",
                "max_tokens = 4096",
                "tokens: 128000",
                "token_count = 123456789012",
                "secret_name = \"prod/db/main-1\"",
                "api_key = os.getenv(\"API_KEY\")",
                "apiKey: \"YOUR_API_KEY\"",
                "api_key=<YOUR_API_KEY_1234>",
                "token = \"my-service-token-v2\"",
                "public_key = \"a9F3kQ7mZ2xL8vB4nC6d\"",
                "compass = \"north12345\"",
                "primary_key: user_id_2",
                "sort-key = 'created_at_2024'",
                "Authorization: Bearer <token>",
                "Authorization: Bearer $TOKEN",
                "Authorization: Basic <credentials>",
                "the bearer of good news, a basic understanding",
                "postgres://user:password@localhost:5432/db",
                "https://user:${PASSWORD}@example.com",
                "https://example.com:8080/a@b",
                "git@github.com:some/thing.git",
                "jdbc:postgresql://localhost/db?user=jo&password=",
                "-----BEGIN PUBLIC KEY-----",
                "if (line.equals(\"-----BEGIN PRIVATE KEY-----\")) {",
                "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
                "datadog commit 3f2a9c1e5b7d8f0a4c6e2b1d9f8a7c5e3b1d0f2a",
                "the twilio docs, the discord bot, the stripe API and the okta login",
                "eyJhbGciOiJub25lIn0 is a header only",
                "//registry.npmjs.org/:_authToken=${NPM_TOKEN}",
                "machine example.com login jo password <password>",
                "curl -u user:password https://example.com",
                "curl -u <user:password> https://example.com",
                "curl -u jo: https://example.com",
                "export OP_SERVICE_ACCOUNT_TOKEN=ops_eyJzaWduSW5BZGRyZXNzIjoiaHR0cHM6...",
                "sumOfExposures = sumOfExposures;"
            })
    void whatIsNoCredential_isNotFound(String text) {
        assertThat(ALL.scan(text)).as(text).isEmpty();
    }

    @Test
    void documentedExamples_areNoCredentials() {
        String id = "AKIA" + "IOSFODNN7" + "EXAMPLE";
        String secret = "wJalrXUtnFEMI" + "/K7MDENG/bPxRfiCY" + "EXAMPLEKEY";
        assertThat(ALL.scan("aws_access_key_id = " + id + "\naws_secret_access_key = " + secret))
                .isEmpty();
        for (String prefix : List.of("gh" + "p_", "sk_" + "live_", "sk-" + "ant-api03-", "AI" + "za", "xo" + "xb-")) {
            for (String body : List.of("x".repeat(40), "your-token-here", "...")) {
                assertThat(ALL.scan("key: " + prefix + body)).as(prefix + body).isEmpty();
            }
        }
    }

    @Test
    void valuesThatCount_areFoundWithLittleConfidence_whereTheyHaveTheFormat() {
        String counting = "0123456789abcdefghijklmnopqrstuvwxyz0123";
        assertThat(confidences("use dop_" + "v1_" + "0123456789abcdef".repeat(4)))
                .containsExactly(0.55);
        assertThat(confidences("DATADOG_API_KEY=" + "0123456789abcdef".repeat(2)))
                .containsExactly(0.55);
        assertThat(confidences("datadog saw " + "0123456789abcdef".repeat(2))).isEmpty();
        assertThat(confidences("gh" + "p_" + counting.substring(0, 36))).isEmpty();
    }

    private static List<Double> confidences(String text) {
        return ALL.scan(text).stream().map(Match::confidence).toList();
    }

    @Test
    void digestBehindTheNameOfAnIssuer_isACredential_whereItIsAssignedToAKey() {
        String digest = Samples.drawn(new Random(5), CharClass.named("hex").members(), 40);
        assertThat(rules("COHERE_API_KEY=" + digest)).containsExactly("cohere-api-key");
        assertThat(rules("cohere at commit " + digest)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api_token: |\n  %s\n",
                "api_token: >-\n    %s\n",
                "API_TOKEN :::= \"%s\"",
                "$apiToken .= \"%s\"",
                "var apiToken string = \"%s\""
            })
    void tokens_areFound_byTheirNames_inEveryAssignment(String place) {
        String value = Samples.drawn(new Random(9), CharClass.named("alnum").members(), 32);
        assertThat(ALL.scan(place.replace("%s", value)))
                .anyMatch(match -> match.start() == place.indexOf("%s") && match.end() - match.start() == 32);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curl -u jo:%s https://api.internal",
                "curl --user  'jo:%s' https://api.internal",
                "curl --user jo:'%s' -i https://api.internal",
                "curl -u \":%s\" https://api.internal"
            })
    void passwords_areFound_inCommandLines(String place) {
        assertThat(ALL.scan(place.replace("%s", "k4nW9xTq!z7"))).singleElement().satisfies(match -> {
            assertThat(match.rule()).isEqualTo("curl-user");
            assertThat(match.start()).isEqualTo(place.indexOf("%s"));
            assertThat(match.end() - match.start()).isEqualTo(11);
        });
    }

    @Test
    void shortTokens_areFoundBehindTheirHeader() {
        assertThat(rules("curl -H 'Authorization: Bearer Tz4kQ9mW2xLb7' https://api.internal"))
                .containsExactly("bearer-authorization");
        assertThat(rules("the bearer Tz4kQ9mW2xLb7")).isEmpty();
        assertThat(rules("Authorization: Bearer authentication")).isEmpty();
    }

    private static List<String> rules(String text) {
        return ALL.scan(text).stream().map(Match::rule).toList();
    }

    @Test
    void drawnTextsThatAreNoCredentials_areNotFound() {
        Random random = new Random(11);
        String hex = CharClass.named("hex").members();
        String base64 = CharClass.named("base64").members();
        for (int i = 0; i < 2_000; i++) {
            String uuid = Samples.written(Format.of("{hex 8}-{hex 4}-4{hex 3}-a{hex 3}-{hex 12}"), random);
            String sha1 = Samples.drawn(random, hex, 40);
            String text = "request " + uuid + " of commit " + sha1 + ", sha256:" + Samples.drawn(random, hex, 64)
                    + " at 2024-03-05T10:11:12Z; image-" + Samples.drawn(random, hex, 12) + " order "
                    + random.nextInt(Integer.MAX_VALUE) + " etag \"" + Samples.drawn(random, hex, 32) + "\"";
            assertThat(ALL.scan(text)).as(text).isEmpty();
        }
        for (int i = 0; i < 20; i++) {
            String image = "![chart](data:image/png;base64,iVBORw0KGgo" + Samples.drawn(random, base64, 20_000) + "=)";
            List<Match> matches = ALL.scan(image);
            assertThat(matches).as(matches.toString()).isEmpty();
        }
    }
}
