// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import io.github.incident4j.model.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SignatureException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells webhooks that come in from those that anybody could have sent. The host mounts its own endpoint, verifies the
 * bytes as they came, before they are parsed, and then calls such as {@code runtime.incidents().acknowledge(…)}.
 * Several keys or secrets let one be exchanged for the next. Immutable.
 */
public final class WebhookVerifier {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String PAGERDUTY = "x-pagerduty-signature";

    private final List<WebhookKey> keys;
    private final List<byte[]> secrets;

    private WebhookVerifier(List<WebhookKey> keys, List<byte[]> secrets) {
        this.keys = keys;
        this.secrets = secrets;
    }

    /**
     * For webhooks that follow the Standard Webhooks specification. One that was signed more than five minutes ago, or
     * ahead, is refused, so that none can be kept and sent again later; within that time the header {@code webhook-id}
     * tells repetitions.
     *
     * @param keys the keys, of which one must have signed
     * @return the verifier
     * @throws ConfigurationException if there is no key, or a private one, which cannot verify
     */
    public static WebhookVerifier standard(WebhookKey... keys) {
        List<String> faults = new ArrayList<>();
        if (keys == null || keys.length == 0) {
            faults.add("there is no key; use one such as WebhookKey.of(\"whsec_…\")");
        } else {
            for (WebhookKey key : keys) {
                if (key == null || key.toString().startsWith("whsk_")) {
                    faults.add("the key " + key + " cannot verify; use the public one, whpk_…, or a secret");
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new ConfigurationException("webhook verifier", faults);
        }
        return new WebhookVerifier(List.of(keys), List.of());
    }

    /**
     * For the webhooks of PagerDuty, version 3, which have no time in what is signed.
     *
     * @param secrets the secrets of the subscription, of which one must have signed
     * @return the verifier
     * @throws ConfigurationException if there is no secret, or an empty one
     */
    public static WebhookVerifier pagerDuty(String... secrets) {
        List<byte[]> bytes = new ArrayList<>();
        if (secrets != null) {
            for (String secret : secrets) {
                if (secret == null || secret.isBlank()) {
                    throw new ConfigurationException(
                            "webhook verifier", List.of("a secret is empty; use that of the webhook subscription"));
                }
                bytes.add(secret.getBytes(StandardCharsets.UTF_8));
            }
        }
        if (bytes.isEmpty()) {
            throw new ConfigurationException(
                    "webhook verifier", List.of("there is no secret; use that of the webhook subscription"));
        }
        return new WebhookVerifier(List.of(), List.copyOf(bytes));
    }

    /**
     * Verifies a webhook.
     *
     * @param headers the headers as they came; their names in any case
     * @param body the body as it came
     * @param now the time
     * @throws SignatureException if it is not signed by one of the keys, or not lately; it says why, and shows nothing
     */
    public void verify(Map<String, List<String>> headers, byte[] body, Instant now) throws SignatureException {
        if (secrets.isEmpty()) {
            verifyStandard(headers, body, now);
        } else {
            verifyPagerDuty(header(headers, PAGERDUTY), body);
        }
    }

    private void verifyStandard(Map<String, List<String>> headers, byte[] body, Instant now) throws SignatureException {
        String id = header(headers, "webhook-id");
        String signatures = header(headers, "webhook-signature");
        long timestamp = seconds(header(headers, "webhook-timestamp"));
        if (Math.abs((double) timestamp - now.getEpochSecond()) > TOLERANCE.toSeconds()) {
            throw new SignatureException("the webhook was signed more than " + TOLERANCE.toMinutes()
                    + " minutes from now; check both clocks");
        }
        for (String candidate : signatures.split(" ", -1)) {
            for (WebhookKey key : keys) {
                if (key.isSignature(candidate, id, timestamp, body)) {
                    return;
                }
            }
        }
        throw notSigned();
    }

    private static long seconds(String text) throws SignatureException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new SignatureException("the header webhook-timestamp is no number of seconds", e);
        }
    }

    private void verifyPagerDuty(String signatures, byte[] body) throws SignatureException {
        for (String candidate : signatures.split(",", -1)) {
            for (byte[] secret : secrets) {
                if (isPagerDuty(candidate.strip(), secret, body)) {
                    return;
                }
            }
        }
        throw notSigned();
    }

    private static boolean isPagerDuty(String candidate, byte[] secret, byte[] body) {
        try {
            byte[] right = ("v1=" + HexFormat.of().formatHex(WebhookKey.hmac(secret, body)))
                    .getBytes(StandardCharsets.US_ASCII);
            return MessageDigest.isEqual(right, candidate.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static SignatureException notSigned() {
        return new SignatureException("the webhook is not signed by a key that is known here");
    }

    private static String header(Map<String, List<String>> headers, String name) throws SignatureException {
        Optional<String> value = headers.entrySet().stream()
                .filter(header -> header.getKey() != null && header.getKey().equalsIgnoreCase(name))
                .flatMap(header -> header.getValue().stream())
                .findFirst();
        return value.orElseThrow(() -> new SignatureException("the webhook has no header " + name));
    }
}
