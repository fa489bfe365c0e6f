// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.CheckpointAnchors;
import io.github.incident4j.audit.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Re-reads a whole trail. */
@Command(
        name = "verify",
        description =
                "Re-reads the whole trail: every checksum, every hash, the signature. Exit code 1 if anything is wrong.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Directory directory = new Directory();

    @Option(names = "--key", paramLabel = "FILE", description = "a copy of trail/verifier.pub that was kept elsewhere")
    private List<Path> keys = List.of();

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "a checkpoint that was kept elsewhere, or many of them, one after another")
    private List<Path> checkpoints = List.of();

    @Mixin
    private Progress progress = new Progress();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<String> verifierKeys = VerifierKeys.read(spec, keys);
        List<String> notes = new ArrayList<>();
        for (Path checkpoint : checkpoints) {
            notes.addAll(CheckpointAnchors.read(checkpoint));
        }
        PrintWriter out = spec.commandLine().getOut();
        progress.begin(directory.trail());
        Verification found = directory.trail().verify(verifierKeys, notes, progress::at);
        progress.end();
        String trust = found.trust().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("intact", found.intact());
            result.put("records", found.records());
            result.put("attested", found.attested());
            result.put("trust", trust);
            result.put("retired", found.retired());
            result.put("sides", found.sides());
            result.put("faults", found.faults());
            out.println(new Output().json(result));
        } else if (found.intact()) {
            out.printf("intact: %,d records, %,d of them attested, %s%n", found.records(), found.attested(), trust);
            if (found.retired() > 0) {
                out.printf(
                        "the first %,d of them were dropped by retention; the tree has their hashes%n",
                        found.retired());
            }
            Verification.Sides sides = found.sides();
            if (sides.opened() + sides.erased() + sides.locked() > 0) {
                out.printf(
                        "erasable parts: %,d opened, %,d erased, %,d locked (their secrets are not here)%n",
                        sides.opened(), sides.erased(), sides.locked());
            }
            if (found.trust() == Verification.Trust.ATTESTED && keys.isEmpty()) {
                out.println(
                        "that is what a checkpoint from elsewhere covers; for the records behind it pass --key, too");
            } else if (found.trust() != Verification.Trust.ATTESTED) {
                out.println("whoever can write the directory may have replaced trail and key together; pass --key or"
                        + " --checkpoint with a copy that was kept elsewhere");
            }
        } else {
            found.faults().forEach(out::println);
            out.printf("NOT INTACT: %d faults in %,d records%n", found.faults().size(), found.records());
        }
        return found.intact() ? 0 : Main.BAD;
    }
}
