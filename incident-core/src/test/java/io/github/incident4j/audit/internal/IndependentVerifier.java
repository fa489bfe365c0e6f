// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks a trail and its proofs by the texts of the standards alone (RFC 6962, C2SP tlog-tiles, signed-note,
 * tlog-checkpoint), without any production class. Trees and proofs are computed by the recursive definitions.
 */
final class IndependentVerifier {
    private final Path trail;

    IndependentVerifier(Path trail) {
        this.trail = trail;
    }

    /** What a checkpoint says, once every key of the trail was found to have signed it. */
    @SuppressWarnings("ArrayRecordComponent") // compared by its content where it is compared
    record Attested(int size, byte[] root) {}

    /** The lines of all segments; empty ones are padding. */
    List<String> lines() throws Exception {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(trail.resolve("log"))) {
            for (Path segment : files.sorted().toList()) {
                Files.readAllLines(segment).stream()
                        .filter(line -> !line.isEmpty())
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    /** Checks checkpoint, signatures, root and tiles; returns how many records are attested. */
    int accept(List<String> lines) throws Exception {
        Attested attested = checkpoint(Files.readString(trail.resolve("checkpoint")));
        assertThat(attested.size()).isBetween(1, lines.size());
        List<byte[]> leaves = new ArrayList<>();
        for (String line : lines.subList(0, attested.size())) {
            leaves.add(leaf(line));
        }
        assertThat(attested.root()).isEqualTo(root(leaves));
        checkTiles(leaves);
        return attested.size();
    }

    /** Reads a signed note; each of the trail's keys has signed it, and nobody else. */
    private Attested checkpoint(String note) throws Exception {
        String[] parts = note.split("\n\n", 2);
        String text = parts[0] + "\n";
        String[] body = text.split("\n", -1);
        List<String> keys = Files.readAllLines(trail.resolve("verifier.pub"));
        String[] signatures = parts[1].strip().split("\n", -1);
        assertThat(signatures).hasSameSizeAs(keys);
        assertThat(keys.get(0)).as("the origin").startsWith(body[0] + "+");
        for (int i = 0; i < signatures.length; i++) {
            checkSignature(text, signatures[i], keys.get(i));
        }
        return new Attested(Integer.parseInt(body[1]), Base64.getDecoder().decode(body[2]));
    }

    private static void checkSignature(String text, String line, String verifierKey) throws Exception {
        String[] key = verifierKey.split("\\+", 3);
        byte[] publicKey = Base64.getDecoder().decode(key[2]);
        assertThat(publicKey[0]).as("Ed25519").isEqualTo((byte) 1);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update((key[0] + "\n").getBytes(StandardCharsets.UTF_8));
        byte[] id = Arrays.copyOf(sha256.digest(publicKey), 4);
        assertThat(HexFormat.of().formatHex(id)).isEqualTo(key[1]);
        String[] parts = line.split(" ", -1);
        assertThat(parts[0]).isEqualTo("\u2014");
        assertThat(parts[1]).isEqualTo(key[0]);
        ByteBuffer signature = ByteBuffer.wrap(Base64.getDecoder().decode(parts[2]));
        byte[] keyHash = new byte[4];
        byte[] bytes = new byte[64];
        signature.get(keyHash).get(bytes);
        assertThat(signature.hasRemaining()).isFalse();
        assertThat(keyHash).isEqualTo(id);
        ByteArrayOutputStream x509 = new ByteArrayOutputStream();
        x509.write(HexFormat.of().parseHex("302a300506032b6570032100"));
        x509.write(publicKey, 1, 32);
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initVerify(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509.toByteArray())));
        ed25519.update(text.getBytes(StandardCharsets.UTF_8));
        assertThat(ed25519.verify(bytes)).as("signature of %s", key[0]).isTrue();
    }

    /** The tiles of all levels, full ones and the last, narrower one. */
    private void checkTiles(List<byte[]> leaves) throws Exception {
        List<byte[]> hashes = leaves;
        for (int level = 0; !hashes.isEmpty(); level++) {
            List<byte[]> above = new ArrayList<>();
            for (int start = 0; start < hashes.size(); start += 256) {
                List<byte[]> part = hashes.subList(start, Math.min(hashes.size(), start + 256));
                ByteArrayOutputStream tile = new ByteArrayOutputStream();
                for (byte[] hash : part) {
                    tile.write(hash);
                }
                String name =
                        "tile/" + level + "/" + number(start / 256) + (part.size() == 256 ? "" : ".p/" + part.size());
                assertThat(Files.readAllBytes(trail.resolve(name))).as(name).isEqualTo(tile.toByteArray());
                if (part.size() == 256) {
                    above.add(root(part));
                }
            }
            hashes = above;
        }
    }

    /** Groups of three digits, all but the last with an x before them. */
    private static String number(int index) {
        String last = String.format("%03d", index % 1_000);
        int rest = index / 1_000;
        return rest == 0 ? last : number(rest).replaceAll("(\\d{3})$", "x$1") + "/" + last;
    }

    /** Says whether a proof of a record holds, from its file alone and the keys. */
    boolean holdsInclusion(String file) throws Exception {
        JsonNode json = new ObjectMapper().readTree(file);
        Attested attested = checkpoint(json.path("checkpoint").asText());
        String record = json.path("record").asText();
        int index = json.path("sequence").asInt();
        assertThat(new ObjectMapper().readTree(record).path("seq").asInt()).isEqualTo(index);
        Deque<byte[]> path = hashes(json);
        byte[] root = rootOfPath(index, attested.size(), leaf(record), path);
        return path.isEmpty() && Arrays.equals(root, attested.root());
    }

    /** PATH of RFC 6962, section 2.1.1, from its end. */
    private static byte[] rootOfPath(int index, int size, byte[] leaf, Deque<byte[]> path) {
        if (size == 1) {
            return leaf;
        }
        int k = Integer.highestOneBit(size - 1);
        byte[] sibling = path.removeLast();
        return index < k
                ? node(rootOfPath(index, k, leaf, path), sibling)
                : node(sibling, rootOfPath(index - k, size - k, leaf, path));
    }

    /** Says whether a proof that the trail only grew holds, from its file alone and the keys. */
    boolean holdsConsistency(String file) throws Exception {
        JsonNode json = new ObjectMapper().readTree(file);
        Attested earlier = checkpoint(json.path("earlier").asText());
        Attested later = checkpoint(json.path("later").asText());
        Deque<byte[]> proof = hashes(json);
        byte[][] roots = rootsOfProof(earlier.size(), later.size(), true, earlier.root(), proof);
        return proof.isEmpty() && Arrays.equals(roots[0], earlier.root()) && Arrays.equals(roots[1], later.root());
    }

    /** SUBPROOF of RFC 6962, section 2.1.2, from its end: the roots of the earlier tree and of the later one. */
    private static byte[][] rootsOfProof(int before, int size, boolean whole, byte[] earlier, Deque<byte[]> proof) {
        if (before == size) {
            byte[] root = whole ? earlier : proof.removeLast();
            return new byte[][] {root, root};
        }
        int k = Integer.highestOneBit(size - 1);
        byte[] other = proof.removeLast();
        if (before <= k) {
            byte[][] left = rootsOfProof(before, k, whole, earlier, proof);
            return new byte[][] {left[0], node(left[1], other)};
        }
        byte[][] right = rootsOfProof(before - k, size - k, false, earlier, proof);
        return new byte[][] {node(other, right[0]), node(other, right[1])};
    }

    private static Deque<byte[]> hashes(JsonNode json) {
        Deque<byte[]> hashes = new ArrayDeque<>();
        json.path("hashes").forEach(hash -> hashes.add(HexFormat.of().parseHex(hash.asText())));
        return hashes;
    }

    /** MTH of RFC 6962, section 2.1, as it is written there. */
    private static byte[] root(List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        int k = Integer.highestOneBit(leaves.size() - 1);
        return node(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
    }

    private static byte[] node(byte[] left, byte[] right) {
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
