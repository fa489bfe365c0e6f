// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.ConsistencyProof;
import io.github.incident4j.audit.InclusionProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a proof; needs no trail. */
@Command(
        name = "check-proof",
        description = "Checks a file that prove has written. Exit code 1 if it does not hold.",
        mixinStandardHelpOptions = true)
final class CheckProofCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "FILE", description = "the proof")
    private Path file = Path.of(".");

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "the trail's verifier.pub, from somebody whom you trust")
    private List<Path> keys = List.of();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    /** Which trail it is, as of how many records; of keys of several trails, nobody would know whose one has signed. */
    private static String trailOf(String checkpoint, Map<String, Object> result) {
        String[] lines = checkpoint.split("\n", 3);
        String origin = lines[0];
        String size = lines.length > 1 ? lines[1] : "";
        result.put("origin", origin);
        result.put("size", size.matches("[0-9]{1,18}") ? Long.valueOf(size) : size);
        return "the trail " + origin + ", of " + size + " records,";
    }

    @Override
    public Integer call() throws IOException {
        List<String> verifierKeys = VerifierKeys.read(spec, keys);
        String text = Files.readString(file);
        String wrong;
        String shows;
        Map<String, Object> result = new LinkedHashMap<>();
        if (text.contains("inclusion proof")) {
            InclusionProof proof = InclusionProof.parse(text);
            wrong = proof.check(verifierKeys);
            result.put("proof", "inclusion");
            result.put("sequence", proof.sequence());
            result.put("record", proof.record());
            proof.aside().ifPresent(aside -> result.put("aside", aside));
            String trail = trailOf(proof.checkpoint(), result);
            shows = trail + " holds record " + proof.sequence() + ": "
                    + proof.aside().orElse(proof.record());
        } else {
            ConsistencyProof proof = ConsistencyProof.parse(text);
            wrong = proof.check(verifierKeys);
            result.put("proof", "consistency");
            String trail = trailOf(proof.later(), result);
            shows = trail + " only grew between the two checkpoints";
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            result.put("holds", wrong.isEmpty());
            result.put("fault", wrong);
            out.println(new Output().json(result));
        } else {
            out.println(wrong.isEmpty() ? "the proof holds: " + shows : "THE PROOF DOES NOT HOLD: " + wrong);
        }
        return wrong.isEmpty() ? 0 : Main.BAD;
    }
}
