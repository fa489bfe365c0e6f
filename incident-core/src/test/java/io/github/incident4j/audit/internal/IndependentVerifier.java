// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Checks a trail by the texts of the standards alone (RFC 6962, C2SP tlog-tiles, signed-note, tlog-checkpoint), without
 * any production class.
 */
final class IndependentVerifier {
    private final Path trail;

    IndependentVerifier(Path trail) {
        this.trail = trail;
    }

    void accept(List<String> lines) throws Exception {
        String[] note = Files.readString(trail.resolve("checkpoint")).split("\n\n", 2);
        String text = note[0] + "\n";
        String[] body = text.split("\n", -1);
        assertThat(body[1]).isEqualTo(String.valueOf(lines.size()));
        assertThat(Base64.getDecoder().decode(body[2])).isEqualTo(root(lines));
        checkSignature(text, note[1].strip().split("\n", -1)[0], body[0]);
        checkTiles(lines);
    }

    private void checkSignature(String text, String line, String origin) throws Exception {
        String[] key = Files.readString(trail.resolve("verifier.pub")).strip().split("\\+", 3);
        byte[] publicKey = Base64.getDecoder().decode(key[2]);
        assertThat(publicKey[0]).as("Ed25519").isEqualTo((byte) 1);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update((key[0] + "\n").getBytes(StandardCharsets.UTF_8));
        byte[] id = Arrays.copyOf(sha256.digest(publicKey), 4);
        assertThat(HexFormat.of().formatHex(id)).isEqualTo(key[1]);
        String[] parts = line.split(" ", -1);
        assertThat(parts[0]).isEqualTo("\u2014");
        assertThat(parts[1]).isEqualTo(key[0]).isEqualTo(origin);
        ByteBuffer signature = ByteBuffer.wrap(Base64.getDecoder().decode(parts[2]));
        byte[] keyHash = new byte[4];
        byte[] bytes = new byte[64];
        signature.get(keyHash).get(bytes);
        assertThat(keyHash).isEqualTo(id);
        ByteArrayOutputStream x509 = new ByteArrayOutputStream();
        x509.write(HexFormat.of().parseHex("302a300506032b6570032100"));
        x509.write(publicKey, 1, 32);
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initVerify(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509.toByteArray())));
        ed25519.update(text.getBytes(StandardCharsets.UTF_8));
        assertThat(ed25519.verify(bytes)).isTrue();
    }

    /** The tiles of the first two levels; up to 65,536 records. */
    private void checkTiles(List<String> lines) throws Exception {
        ByteArrayOutputStream above = new ByteArrayOutputStream();
        for (int start = 0; start < lines.size(); start += 256) {
            List<String> part = lines.subList(start, Math.min(lines.size(), start + 256));
            ByteArrayOutputStream tile = new ByteArrayOutputStream();
            for (String line : part) {
                tile.write(leaf(line));
            }
            String name = String.format("tile/0/%03d", start / 256) + (part.size() == 256 ? "" : ".p/" + part.size());
            assertThat(Files.readAllBytes(trail.resolve(name))).isEqualTo(tile.toByteArray());
            if (part.size() == 256) {
                above.write(root(part));
            }
        }
        if (above.size() > 0) {
            assertThat(Files.readAllBytes(trail.resolve("tile/1/000.p/" + above.size() / 32)))
                    .isEqualTo(above.toByteArray());
        }
    }

    /** MTH of RFC 6962, section 2.1, as it is written there. */
    private static byte[] root(List<String> lines) {
        if (lines.size() == 1) {
            return leaf(lines.get(0));
        }
        int k = Integer.highestOneBit(lines.size() - 1);
        byte[] left = root(lines.subList(0, k));
        byte[] right = root(lines.subList(k, lines.size()));
        return sha256((byte) 1, left, right);
    }

    static byte[] leaf(String line) {
        return sha256((byte) 0, line.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(byte prefix, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(prefix);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
