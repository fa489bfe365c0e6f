// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

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
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a trail for writing: key, last checkpoint, recovery, log.
 *
 * @param log the log, behind the last intact record
 * @param notes records to append first
 * @param files the trail's files
 * @param attestor signs checkpoints
 * @param place whether the trail's directory is still the one that was opened
 * @param fence stands before what is written beside the journal's thread
 */
record Opening(
        RecordLog log, List<TrailEntry> notes, TrailFiles files, Attestor attestor, TrailPlace place, Fence fence) {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    Opening {
        notes = List.copyOf(notes);
    }

    static Opening of(
            Path directory,
            TrailSettings settings,
            TimeSource time,
            Consumer<StoredRecord> replay,
            Ownership ownership,
            SegmentChannel.Opener opener)
            throws IOException {
        TrailFiles files = new TrailFiles(directory.resolve("trail"));
        TrailPlace place = new TrailPlace(files, ownership);
        DurableFiles.createDirectories(files.log());
        List<AuditSigner> signers = settings.signers().isEmpty()
                ? List.of(TrailKey.in(directory.resolve("audit.key")))
                : settings.signers();
        List<NoteVerifier> verifiers = signers.stream()
                .map(signer -> TrailKey.noteSigner(signer).verifier())
                .toList();
        Last found = lastCheckpoint(files, verifiers);
        Checkpoint last = found.checkpoint();
        if (Files.exists(files.checkpoint()) || Files.exists(files.verifierKey())) {
            TrailKey.publish(signers, files.verifierKey());
        }
        Fence fence = new Fence(() -> {
            ownership.check();
            place.require();
        });
        Attestor attestor = new Attestor(files, signers, settings.anchors(), last, fence);
        TileQueue tiles = new TileQueue(files);
        Belonging.putBack(files);
        Recovery.Result recovered = Recovery.run(files, last, found.fault(), tiles, time, replay, place::require);
        List<TrailEntry> notes = new ArrayList<>(recovered.notes());
        MerkleLog.Start start = recovered.start();
        long next = start.tree().size();
        TagKeys keys = TagKeys.setAsideUnreadable(files);
        Optional<String> misfiled = Filing.fault(files, keys, next);
        if (misfiled.isPresent()) {
            TrailDamage damage = new TrailDamage("subjects/tag.key", misfiled.get(), time.nanoTime());
            LOG.error("audit trail, {}: {}", damage.segment(), damage.fault());
            notes.add(damage);
        }
        Optional<TagKeys.Key> known = misfiled.isEmpty() ? keys.newest(next) : Optional.empty();
        TagKeys.Key key = known.isPresent() ? known.get() : keys.begin(files, next);
        Path present = start.segment();
        if (present != null && TrailFiles.firstSequenceOf(present) < key.from()) {
            start = start.inNewSegment(); // a segment is filed under one key
        }
        MerkleLog log = new MerkleLog(
                files,
                place,
                place.guard(opener),
                start,
                tiles,
                attestor,
                settings.retention().rollAfter(),
                key);
        attestor.start();
        return new Opening(log, notes, files, attestor, place, fence);
    }

    /** The last checkpoint, if it is signed by one of the keys; or why the one that there was cannot be had. */
    private record Last(
            @Nullable Checkpoint checkpoint, @Nullable String fault) {}

    private static Last lastCheckpoint(TrailFiles files, List<NoteVerifier> verifiers) throws IOException {
        String fault;
        try {
            String text = new String(Files.readAllBytes(files.checkpoint()), StandardCharsets.UTF_8); // or what is left
            return new Last(Checkpoint.parse(SignedNote.parse(text, verifiers).text()), null);
        } catch (NoSuchFileException e) {
            if (!files.wasAttested()) {
                return new Last(null, null); // the trail is new, or older than checkpoints are
            }
            fault = "it is missing although the trail had one";
        } catch (NoteException e) {
            fault = "it cannot be trusted: " + e.getMessage()
                    + Broken.kept(files, files.checkpoint(), "checkpoint@untrusted");
        }
        if (Files.exists(files.verifierKey())) {
            fault += "; the keys that verified it are kept, too"
                    + Broken.kept(files, files.verifierKey(), TrailFiles.KEY_UNTRUSTED);
        }
        fault += "; who wrote the records before this one, nobody can say any more, so none of them is attested";
        return new Last(null, fault);
    }
}
