// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.ConsistencyProof;
import io.github.incident4j.audit.InclusionProof;
import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.NoteException;
import io.github.incident4j.audit.internal.merkle.NoteVerifier;
import io.github.incident4j.audit.internal.merkle.Proofs;
import io.github.incident4j.audit.internal.merkle.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Proofs as files, and their check, which needs no trail. */
public final class ProofFile {
    private static final String INCLUSION = "incident4j inclusion proof 1";
    private static final String CONSISTENCY = "incident4j consistency proof 1";

    private ProofFile() {}

    /**
     * Checks a proof.
     *
     * @param proof the proof
     * @param verifierKeys the keys that may have signed
     * @return what is wrong, or an empty text
     */
    public static String check(InclusionProof proof, List<String> verifierKeys) {
        try {
            Checkpoint checkpoint = checkpoint(proof.checkpoint(), verifierKeys);
            byte[] line = proof.record().getBytes(StandardCharsets.UTF_8);
            if (LineFormat.sequenceOf(line, 0, line.length) != proof.sequence()) {
                return "the record is not number " + proof.sequence();
            }
            if (proof.aside().isPresent() && !isAside(proof.aside().get(), line)) {
                return "what the proof carries aside is not what the record commits to";
            }
            boolean holds = Proofs.verifyInclusion(
                    proof.sequence(),
                    checkpoint.size(),
                    new Hashes().leaf(line, 0, line.length),
                    bytes(proof.hashes()),
                    checkpoint.root());
            return holds ? "" : "the record is not the one that the checkpoint attests";
        } catch (IllegalArgumentException | NoteException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static boolean isAside(String aside, byte[] line) {
        byte[] bytes = aside.getBytes(StandardCharsets.UTF_8);
        return AsideFiles.digest(bytes).equals(LineFormat.asideOf(line, 0, line.length));
    }

    /**
     * Checks a proof.
     *
     * @param proof the proof
     * @param verifierKeys the keys that may have signed
     * @return what is wrong, or an empty text
     */
    public static String check(ConsistencyProof proof, List<String> verifierKeys) {
        try {
            Checkpoint earlier = checkpoint(proof.earlier(), verifierKeys);
            Checkpoint later = checkpoint(proof.later(), verifierKeys);
            return whyNot(earlier, later, bytes(proof.hashes()));
        } catch (IllegalArgumentException | NoteException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Why hashes do not prove that one checkpoint attests what an earlier one does; an empty text if they do. */
    static String whyNot(Checkpoint earlier, Checkpoint later, List<byte[]> hashes) {
        if (!earlier.origin().equals(later.origin())) {
            return "the checkpoints are of two trails: " + earlier.origin() + " and " + later.origin();
        }
        boolean holds = earlier.size() == 0
                || Proofs.verifyConsistency(earlier.size(), later.size(), earlier.root(), later.root(), hashes);
        return holds ? "" : "the later checkpoint does not attest what the earlier one does";
    }

    static Checkpoint checkpoint(String note, List<String> verifierKeys) {
        List<NoteVerifier> keys = verifierKeys.stream()
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .map(NoteVerifier::parse)
                .toList();
        return Checkpoint.parse(SignedNote.parse(note, keys).text());
    }

    /** What a checkpoint says, whoever has signed it. */
    static Checkpoint unchecked(String note) {
        int end = note.lastIndexOf("\n\n");
        if (end < 0 || !note.startsWith("\u2014 ", end + 2)) {
            throw noCheckpoint(null);
        }
        try {
            return Checkpoint.parse(note.substring(0, end + 1));
        } catch (NoteException e) {
            throw noCheckpoint(e);
        }
    }

    private static IllegalArgumentException noCheckpoint(@Nullable NoteException cause) {
        return new IllegalArgumentException(
                "this is no checkpoint: give the text of trail/checkpoint as it was, or one that an anchor has kept",
                cause);
    }

    private static List<byte[]> bytes(List<String> hashes) {
        return hashes.stream().map(HexFormat.of()::parseHex).toList();
    }

    static List<String> hex(List<byte[]> hashes) {
        return hashes.stream().map(HexFormat.of()::formatHex).toList();
    }

    /**
     * Makes a text of a proof.
     *
     * @param proof the proof
     * @return JSON
     */
    public static String write(InclusionProof proof) {
        ObjectNode json = node(INCLUSION).put("sequence", proof.sequence()).put("record", proof.record());
        proof.aside().ifPresent(aside -> json.put("aside", aside));
        return text(json, proof.hashes(), "checkpoint", proof.checkpoint());
    }

    /**
     * Makes a text of a proof.
     *
     * @param proof the proof
     * @return JSON
     */
    public static String write(ConsistencyProof proof) {
        return text(node(CONSISTENCY).put("earlier", proof.earlier()), proof.hashes(), "later", proof.later());
    }

    private static ObjectNode node(String format) {
        return Json.mapper().createObjectNode().put("format", format);
    }

    private static String text(ObjectNode json, List<String> hashes, String last, String note) {
        hashes.forEach(json.putArray("hashes")::add);
        json.put(last, note);
        return json.toPrettyString() + "\n";
    }

    /**
     * Reads a proof.
     *
     * @param text JSON
     * @return the proof
     */
    public static InclusionProof readInclusion(String text) {
        JsonNode json = parse(text, INCLUSION);
        return new InclusionProof(
                json.path("sequence").asLong(-1),
                json.path("record").asText(),
                json.has("aside") ? Optional.of(json.path("aside").asText()) : Optional.empty(),
                hashes(json),
                json.path("checkpoint").asText());
    }

    /**
     * Reads a proof.
     *
     * @param text JSON
     * @return the proof
     */
    public static ConsistencyProof readConsistency(String text) {
        JsonNode json = parse(text, CONSISTENCY);
        return new ConsistencyProof(
                json.path("earlier").asText(), json.path("later").asText(), hashes(json));
    }

    private static List<String> hashes(JsonNode json) {
        List<String> hashes = new ArrayList<>();
        json.path("hashes").forEach(hash -> hashes.add(hash.asText()));
        return hashes;
    }

    private static JsonNode parse(String text, String format) {
        ObjectMapper mapper = Json.mapper();
        try {
            JsonNode json = mapper.readTree(text);
            if (json == null || !json.path("format").asText().equals(format)) {
                throw new IllegalArgumentException("this is no file of the format '" + format + "'");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is no file of the format '" + format + "', but no JSON at all", e);
        }
    }
}
