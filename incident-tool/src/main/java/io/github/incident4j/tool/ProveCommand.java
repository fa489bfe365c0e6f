// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.CheckpointAnchors;
import io.github.incident4j.audit.InclusionProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a proof for an outsider. */
@Command(
        name = "prove",
        description = "Writes a file that proves that a record stands in the trail, or that the trail only grew since a"
                + " checkpoint. It shows no other record.",
        mixinStandardHelpOptions = true)
final class ProveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Directory directory = new Directory();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "the file to write, which must not be there yet; by default the terminal")
    private @Nullable Path out;

    /** One of the two. */
    static final class What {
        @Option(names = "--record", paramLabel = "SEQUENCE", description = "the record's number")
        private @Nullable Long record;

        @Option(
                names = "--since",
                paramLabel = "FILE",
                description = "the earlier checkpoint, or an anchor's file, of which the newest one is taken")
        private @Nullable Path since;
    }

    @Override
    public Integer call() throws IOException {
        AuditTrail trail = directory.trail();
        String proof;
        if (what.record != null) {
            InclusionProof made = trail.prove(what.record);
            requireThatItHolds(made, trail);
            proof = made.toJson();
        } else if (what.since != null) {
            proof = trail.proveSince(newestOf(what.since)).toJson();
        } else {
            throw new IllegalArgumentException("say --record or --since");
        }
        if (out == null) {
            PrintWriter terminal = spec.commandLine().getOut();
            terminal.print(proof);
            terminal.flush();
        } else {
            Files.writeString(out, proof, StandardOpenOption.CREATE_NEW);
            spec.commandLine().getOut().println("written: " + out);
        }
        return 0;
    }

    /** Of a copy of the checkpoint there is one note, of an anchor's file there are many. */
    private static String newestOf(Path file) throws IOException {
        try {
            List<String> notes = CheckpointAnchors.read(file);
            return notes.get(notes.size() - 1);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof FileSystemException || !Files.isRegularFile(file)) {
                throw e;
            }
            throw new IllegalArgumentException(
                    "this is no checkpoint: give a copy of trail/checkpoint as it was, or the file of an anchor", e);
        }
    }

    /** Where the trail is damaged; an outsider would take it for a lie. */
    private static void requireThatItHolds(InclusionProof proof, AuditTrail trail) {
        String wrong = proof.check(trail.verifierKeys());
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(
                    "record " + proof.sequence() + " cannot be proved: " + wrong + "; verify says more");
        }
    }
}
