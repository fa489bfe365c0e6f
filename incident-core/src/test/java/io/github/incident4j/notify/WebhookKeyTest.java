// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.model.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SignatureException;
import java.security.interfaces.EdECPrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookKeyTest {
    // The example of the Standard Webhooks specification.
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final long TIMESTAMP = 1_614_265_330;
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final Instant NOW = Instant.ofEpochSecond(TIMESTAMP + 100);

    private static Map<String, List<String>> headers(String signature) {
        return Map.of(
                "Webhook-Id",
                List.of(ID),
                "Webhook-Timestamp",
                List.of(Long.toString(TIMESTAMP)),
                "Webhook-Signature",
                List.of(signature));
    }

    @Test
    void secret_signsAsTheSpecificationsExample() {
        assertThat(WebhookKey.of(SECRET).sign(ID, TIMESTAMP, BODY)).isEqualTo(SIGNATURE);
    }

    @Test
    void verifier_takesOneOfSeveralSignaturesByOneOfSeveralKeys() throws SignatureException {
        WebhookKey next = WebhookKey.of("whsec_" + Base64.getEncoder().encodeToString(new byte[32]));
        WebhookVerifier verifier = WebhookVerifier.standard(next, WebhookKey.of(SECRET));
        verifier.verify(headers(SIGNATURE), BODY, NOW);
        verifier.verify(headers("v1a,AAAA v1,x " + SIGNATURE), BODY, NOW);
        verifier.verify(headers(next.sign(ID, TIMESTAMP, BODY)), BODY, NOW);
    }

    @Test
    void webhookThatIsNotSignedOrNotLately_isRefused() {
        WebhookVerifier verifier = WebhookVerifier.standard(WebhookKey.of(SECRET));
        byte[] other = "{\"test\": 2432232315}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> verifier.verify(headers(SIGNATURE), other, NOW))
                .hasMessageContaining("not signed");
        assertThatThrownBy(() -> verifier.verify(headers("v1," + "A".repeat(44)), BODY, NOW))
                .hasMessageContaining("not signed");
        assertThatThrownBy(() -> verifier.verify(headers(SIGNATURE), BODY, NOW.plusSeconds(201)))
                .hasMessageContaining("5 minutes");
        assertThatThrownBy(() -> verifier.verify(headers(SIGNATURE), BODY, NOW.minusSeconds(401)))
                .hasMessageContaining("5 minutes");
        assertThatThrownBy(() -> verifier.verify(Map.of(), BODY, NOW)).hasMessageContaining("webhook-id");
        assertThatThrownBy(() -> verifier.verify(
                        Map.of(
                                "webhook-id",
                                List.of(ID),
                                "webhook-signature",
                                List.of(SIGNATURE),
                                "webhook-timestamp",
                                List.of("now")),
                        BODY,
                        NOW))
                .hasMessageContaining("number of seconds");
    }

    @Test
    void privateKey_signsWhatThePublicOneVerifies() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        byte[] both = Arrays.copyOf(seed, 64);
        System.arraycopy(point, 0, both, 32, 32);
        WebhookKey known = WebhookKey.of("whpk_" + Base64.getEncoder().encodeToString(point));
        WebhookVerifier verifier = WebhookVerifier.standard(known);
        for (byte[] form : List.of(seed, both)) {
            WebhookKey signing = WebhookKey.of("whsk_" + Base64.getEncoder().encodeToString(form));
            String signature = signing.sign(ID, TIMESTAMP, BODY);
            assertThat(signature).startsWith("v1a,");
            verifier.verify(headers(signature), BODY, NOW);
            assertThatThrownBy(() -> verifier.verify(headers(signature), new byte[0], NOW))
                    .isInstanceOf(SignatureException.class);
            assertThatThrownBy(() -> WebhookVerifier.standard(signing)).hasMessageContaining("whpk_");
        }
        assertThatThrownBy(() -> known.sign(ID, TIMESTAMP, BODY)).hasMessageContaining("public key cannot sign");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_",
                "whsec_c2hvcnQ=",
                "whsec_!",
                "whsk_AAAA",
                "whpk_AAAA"
            })
    void keyThatIsNone_isRefusedAndNotShown(String text) {
        assertThatThrownBy(() -> WebhookKey.of(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("webhook key")
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("MfKQ9r8", "c2hvcnQ="));
    }

    @Test
    void text_neverShowsTheKey() {
        assertThat(WebhookKey.of(SECRET)).hasToString("whsec_…");
    }

    /** HMAC-SHA-256 of the body in hexadecimal behind {@code v1=}; this one was made by openssl. */
    @Test
    void pagerDutysSignature_isVerified() throws SignatureException {
        WebhookVerifier verifier = WebhookVerifier.pagerDuty("next", "secret");
        byte[] body = "{\"event\":{}}".getBytes(StandardCharsets.UTF_8);
        String right = "v1=2c984a26b96792f49173390b114619a17f5699a0bb42f13aff472b980b3080b5";
        verifier.verify(Map.of("X-PagerDuty-Signature", List.of("v1=00," + right)), body, NOW);
        assertThatThrownBy(() -> verifier.verify(Map.of("X-PagerDuty-Signature", List.of("v1=00")), body, NOW))
                .isInstanceOf(SignatureException.class);
        assertThatThrownBy(() -> verifier.verify(Map.of(), body, NOW)).hasMessageContaining("x-pagerduty-signature");
        assertThatThrownBy(WebhookVerifier::pagerDuty).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> WebhookVerifier.pagerDuty(" ")).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(WebhookVerifier::standard).isInstanceOf(ConfigurationException.class);
    }
}
