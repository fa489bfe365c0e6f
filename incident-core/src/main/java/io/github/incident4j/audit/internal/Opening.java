// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.AuditSigner;
import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.NoteException;
import io.github.incident4j.audit.internal.merkle.NoteVerifier;
import io.github.incident4j.audit.internal.merkle.SignedNote;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Opens a trail for writing: key, last checkpoint, recovery, log.
 *
 * @param log the log, behind the last intact record
 * @param notes records to append first
 * @param files the trail's files
 * @param attestor signs checkpoints
 */
record Opening(RecordLog log, List<TrailEntry> notes, TrailFiles files, Attestor attestor) {

    static Opening of(
            Path directory,
            TrailSettings settings,
            TimeSource time,
            Consumer<StoredRecord> replay,
            SegmentChannel.Opener opener)
            throws IOException {
        TrailFiles files = new TrailFiles(directory.resolve("trail"));
        DurableFiles.createDirectories(files.log());
        List<AuditSigner> signers = settings.signers().isEmpty()
                ? List.of(TrailKey.in(directory.resolve("audit.key")))
                : settings.signers();
        List<NoteVerifier> verifiers = signers.stream()
                .map(signer -> TrailKey.noteSigner(signer).verifier())
                .toList();
        List<TrailEntry> notes = new ArrayList<>();
        Checkpoint last = lastCheckpoint(files, verifiers, time, notes);
        DurableFiles.replace(
                files.verifierKey(),
                verifiers.stream()
                        .map(NoteVerifier::toText)
                        .collect(Collectors.joining("\n", "", "\n"))
                        .getBytes(StandardCharsets.UTF_8));
        Attestor attestor = new Attestor(files, signers, settings.anchors(), last == null ? 0 : last.size());
        TileQueue tiles = new TileQueue(files.tiles());
        Recovery.Result recovered = Recovery.run(files, last, tiles, time, replay);
        notes.addAll(recovered.notes());
        MerkleLog log = new MerkleLog(
                files,
                opener,
                recovered.start(),
                tiles,
                attestor,
                settings.retention().rollAfter());
        attestor.start();
        return new Opening(log, notes, files, attestor);
    }

    /** The last checkpoint, if it is signed by one of the keys. */
    private static @Nullable Checkpoint lastCheckpoint(
            TrailFiles files, List<NoteVerifier> verifiers, TimeSource time, List<TrailEntry> notes)
            throws IOException {
        try {
            String text = Files.readString(files.checkpoint());
            return Checkpoint.parse(SignedNote.parse(text, verifiers).text());
        } catch (NoSuchFileException e) {
            return null;
        } catch (NoteException e) {
            notes.add(new Distrusted(String.valueOf(e.getMessage()), time.nanoTime()));
            return null;
        }
    }

    /** The last checkpoint is not signed by the trail's key: the key was changed, or somebody has written it. */
    private record Distrusted(String why, long nanoTime) implements TrailEntry {
        @Override
        public String type() {
            return "trail.damage";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("segment", "checkpoint");
            json.writeStringField("fault", Text.clean("the last checkpoint cannot be trusted: " + why));
        }
    }
}
