// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** The standards' own test vectors, where they are there. */
class StandardVectorsTest {
    private static final Path VECTORS = Path.of(System.getProperty("incident4j.shared", "../../shared"), "vectors");
    private static final HexFormat HEX = HexFormat.of();

    private static JsonNode vectors(String file) throws IOException {
        Path path = VECTORS.resolve(file);
        assumeTrue(Files.exists(path), "the vectors " + path + " are not there; set -Dincident4j.shared=DIR");
        return new ObjectMapper().readTree(path.toFile());
    }

    private static byte[] hex(JsonNode node) {
        return HEX.parseHex(node.asText());
    }

    private static List<byte[]> hashes(JsonNode proof) {
        List<byte[]> hashes = new ArrayList<>();
        proof.forEach(each -> hashes.add(hex(each)));
        return hashes;
    }

    @Test
    void rfc6962_rootsAndHashes() throws IOException {
        JsonNode all = vectors("rfc6962-roots.json");
        StoredTree tree = new StoredTree();
        assertThat(tree.root()).isEqualTo(hex(all.path("rootsBySize").get(0)));
        int size = 0;
        for (JsonNode leaf : all.path("leafInputs")) {
            tree.append(HEX.parseHex(leaf.asText()));
            assertThat(tree.root()).isEqualTo(hex(all.path("rootsBySize").get(++size)));
        }
        assertThat(size).isEqualTo(8);
        for (JsonNode each : all.path("hasher")) {
            Hashes hashes = new Hashes();
            byte[] got = switch (each.path("op").asText()) {
                case "leaf" -> {
                    byte[] input = hex(each.path("inputHex"));
                    yield hashes.leaf(input, 0, input.length);
                }
                case "node" -> hashes.node(hex(each.path("leftHex")), hex(each.path("rightHex")));
                default -> hashes.empty();
            };
            assertThat(got).as(each.path("desc").asText()).isEqualTo(hex(each.path("want")));
        }
    }

    @Test
    void rfc6962_inclusionProofs() throws IOException {
        int accepted = 0;
        int rejected = 0;
        for (JsonNode each : vectors("rfc6962-inclusion.json").path("vectors")) {
            boolean holds = Proofs.verifyInclusion(
                    each.path("leafIdx").asLong(),
                    each.path("treeSize").asLong(),
                    hex(each.path("leafHash")),
                    hashes(each.path("proof")),
                    hex(each.path("root")));
            assertThat(holds)
                    .as(each.path("path").asText())
                    .isEqualTo(!each.path("wantErr").asBoolean());
            accepted += holds ? 1 : 0;
            rejected += holds ? 0 : 1;
        }
        assertThat(accepted).isEqualTo(6);
        assertThat(rejected).isEqualTo(92);
    }

    @Test
    void rfc6962_consistencyProofs() throws IOException {
        int accepted = 0;
        int rejected = 0;
        for (JsonNode each : vectors("rfc6962-consistency.json").path("vectors")) {
            boolean holds = Proofs.verifyConsistency(
                    each.path("size1").asLong(),
                    each.path("size2").asLong(),
                    hex(each.path("root1")),
                    hex(each.path("root2")),
                    hashes(each.path("proof")));
            assertThat(holds)
                    .as(each.path("path").asText() + " " + each.path("desc").asText())
                    .isEqualTo(!each.path("wantErr").asBoolean());
            accepted += holds ? 1 : 0;
            rejected += holds ? 0 : 1;
        }
        assertThat(accepted).isEqualTo(6);
        assertThat(rejected).isEqualTo(92);
    }

    /** Every root, inclusion and consistency proof up to 130 leaves, as Go's tlog package makes them. */
    @Test
    void allProofsOfSmallTrees_areThoseOfTheReference() throws Exception {
        JsonNode all = vectors("proofs-accumulated.json");
        int max = all.path("maxLeaves").asInt();
        MessageDigest roots = Hashes.sha256();
        MessageDigest inclusions = Hashes.sha256();
        MessageDigest consistencies = Hashes.sha256();
        StoredTree tree = new StoredTree();
        for (int size = 1; size <= max; size++) {
            tree.append(new byte[] {(byte) (size - 1)});
            add(roots, size + " " + HEX.formatHex(tree.root()));
            for (int index = 0; index < size; index++) {
                add(inclusions, index + " " + size + text(tree.proofs().inclusion(index)));
            }
            for (int before = 1; before <= size; before++) {
                add(consistencies, before + " " + size + text(tree.proofs().consistency(before)));
            }
        }
        assertThat(HEX.formatHex(roots.digest()))
                .isEqualTo(all.path("rootsSha256").asText());
        assertThat(HEX.formatHex(inclusions.digest()))
                .isEqualTo(all.path("inclusionSha256").asText());
        assertThat(HEX.formatHex(consistencies.digest()))
                .isEqualTo(all.path("consistencySha256").asText());
    }

    private static void add(MessageDigest digest, String line) {
        digest.update((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(List<byte[]> proof) {
        StringJoiner text = new StringJoiner(" ", proof.isEmpty() ? "" : " ", "");
        proof.forEach(hash -> text.add(HEX.formatHex(hash)));
        return text.toString();
    }

    @Test
    void c2spSignedNotes_areAcceptedAndRejected() throws IOException {
        JsonNode all = vectors("signed-note.json");
        int checked = 0;
        for (JsonNode each : all.path("notes")) {
            List<NoteVerifier> known = new ArrayList<>();
            each.path("vkeys").forEach(key -> known.add(NoteVerifier.parse(key.asText())));
            String note = each.has("noteHex")
                    ? new String(HEX.parseHex(each.path("noteHex").asText()), StandardCharsets.ISO_8859_1)
                    : each.path("noteText").asText();
            String what = each.path("desc").asText();
            if (each.path("want").asText().equals("ok")) {
                List<String> names = new ArrayList<>();
                each.path("verified").forEach(key -> names.add(key.asText().split("\\+", -1)[0]));
                assertThat(SignedNote.parse(note, known).signedBy()).as(what).isEqualTo(names);
            } else {
                assertThatThrownBy(() -> SignedNote.parse(note, known)).as(what).isInstanceOf(NoteException.class);
            }
            checked++;
        }
        assertThat(checked).isEqualTo(14);
    }

    @Test
    void c2spKeys_areParsedSignWithAndStrict() throws IOException {
        JsonNode keys = vectors("signed-note.json").path("keys");
        for (JsonNode each : keys.path("vkeysValid")) {
            String text = each.path("vkey").asText();
            assertThat(NoteVerifier.parse(text).toText()).isEqualTo(text);
            for (int i = 0; i < text.length(); i++) {
                String cut = text.substring(0, i);
                assertThatThrownBy(() -> NoteVerifier.parse(cut)).as(cut).isInstanceOf(NoteException.class);
                String changed = cut + (char) (text.charAt(i) + 1) + text.substring(i + 1);
                assertThatThrownBy(() -> NoteVerifier.parse(changed))
                        .as(changed)
                        .isInstanceOf(NoteException.class);
            }
        }
        for (JsonNode each : keys.path("vkeysInvalid")) {
            assertThatThrownBy(() -> NoteVerifier.parse(each.path("vkey").asText()))
                    .as(each.path("why").asText())
                    .isInstanceOf(NoteException.class);
        }
        JsonNode first = keys.path("signing").get(0);
        NoteSigner signer = NoteSigner.parse(first.path("skey").asText());
        assertThat(signer.toText()).isEqualTo(first.path("skey").asText());
        assertThat(SignedNote.sign(first.path("text").asText(), List.of(signer)))
                .isEqualTo(first.path("wantNote").asText());
        for (JsonNode each : keys.path("signRejects")) {
            assertThatThrownBy(() -> SignedNote.sign(each.path("text").asText(), List.of(signer)))
                    .isInstanceOf(NoteException.class);
        }
    }

    @Test
    void c2spTilePaths_areLaidOutAlike() throws IOException {
        JsonNode all = vectors("tlog-tiles-layout.json").path("paths");
        int checked = 0;
        for (JsonNode each : all.path("TestTilePath")) {
            int width = each.path("p").asInt() == 0 ? 256 : each.path("p").asInt();
            assertThat(TilePath.of(
                            each.path("level").asInt(), each.path("index").asLong(), width))
                    .isEqualTo(each.path("wantPath").asText());
            checked++;
        }
        for (JsonNode each : all.path("TestNWithSuffix")) {
            int width = each.path("p").asInt() == 0 ? 256 : each.path("p").asInt();
            assertThat(TilePath.of(
                            each.path("level").asInt(), each.path("index").asLong(), width))
                    .endsWith("/" + each.path("wantPath").asText());
            checked++;
        }
        assertThat(checked).isEqualTo(9);
        for (JsonNode each : vectors("tlog-tiles-layout.json").path("layoutBySize")) {
            long size = each.path("size").asLong();
            if (size <= 70_000) {
                StoredTree tree = new StoredTree();
                for (long i = 0; i < size; i++) {
                    tree.append(new byte[] {(byte) i});
                }
                int levels = 0;
                for (JsonNode level : each.path("levels")) {
                    assertThat(tree.partial(levels))
                            .isEqualTo(level.path("partialWidth").asInt());
                    assertThat(tree.full(levels))
                            .isEqualTo(level.path("fullTiles").asInt());
                    levels++;
                }
                assertThat(tree.levels()).as("levels of " + size).isEqualTo(levels);
            }
        }
    }

    /** Stricter than one of them: C2SP wants no empty extension lines. */
    @Test
    void c2spCheckpoints_areParsedStrictly() throws IOException {
        int rejected = 0;
        for (JsonNode each : vectors("checkpoint-body.json").path("vectors")) {
            String text = each.path("text").asText();
            String what = each.path("desc").asText();
            if (each.path("wantErr").asBoolean() || what.equals("valid with trailing newlines")) {
                assertThatThrownBy(() -> Checkpoint.parse(text)).as(what).isInstanceOf(NoteException.class);
                rejected++;
            } else {
                assertThatCode(() -> Checkpoint.parse(text)).as(what).doesNotThrowAnyException();
                Checkpoint checkpoint = Checkpoint.parse(text);
                assertThat(checkpoint.origin()).isEqualTo(each.path("origin").asText());
                assertThat(checkpoint.size()).isEqualTo(each.path("size").asLong());
                assertThat(new String(checkpoint.root(), StandardCharsets.UTF_8))
                        .isEqualTo(each.path("hashUtf8").asText());
                assertThat(checkpoint.toText()).isEqualTo(text);
            }
        }
        assertThat(rejected).isPositive();
    }
}
