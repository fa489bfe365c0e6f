// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.AuditSigner;
import io.github.incident4j.audit.AuditSigners;
import io.github.incident4j.model.Cause;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.incident4j.runtime.RuntimeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Erases a person while the service is down; a running one does that by {@code IncidentRuntime.erase}. */
@Command(
        name = "erase",
        description = "Destroys the secrets that open what the trail has of a person, and puts that on record. The"
                + " decisions stay, about nobody, and all proofs hold. The service must not run: in it,"
                + " IncidentRuntime.erase does the same.",
        mixinStandardHelpOptions = true)
final class EraseCommand implements Callable<Integer> {
    private static final int WORD = 4; // from that length on a reference is looked for within words, too

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Directory directory = new Directory();

    @Parameters(index = "1", paramLabel = "SUBJECT", description = "the host's own reference to the person")
    private String subject = "";

    @Option(names = "--by", required = true, paramLabel = "WHO", description = "who wants it; is recorded")
    private String by = "";

    @Option(
            names = "--because",
            required = true,
            paramLabel = "WHY",
            description = "why, such as the number of the request; is recorded, so it must not name the person")
    private String because = "";

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "the file with a key that signs the trail; give it once for each key in DIR/trail/verifier.pub,"
                            + " such as while keys are changed; by default DIR/audit.key")
    private List<Path> keys = List.of();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    /** A verifier key ends in the algorithm's number, which is 1, and the public key. */
    private static boolean isKeyOf(AuditSigner signer, String verifierKey) {
        byte[] bytes = new byte[1 + signer.publicKey().length];
        bytes[0] = 1;
        System.arraycopy(signer.publicKey(), 0, bytes, 1, bytes.length - 1);
        return verifierKey.strip().endsWith("+" + Base64.getEncoder().encodeToString(bytes));
    }

    /** All that sign the trail, in the order in which they do: what one of them does not sign it trusts no more. */
    private List<AuditSigner> signers() throws IOException {
        List<Path> files = keys.isEmpty() ? List.of(directory.path().resolve("audit.key")) : keys;
        List<String> verifiers = directory.trail().verifierKeys();
        Path published = directory.path().resolve("trail/verifier.pub");
        Map<String, AuditSigner> given = new HashMap<>();
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new IllegalArgumentException("there is no key that signs the trail in " + file
                        + "; name its file by --key, or erase by IncidentRuntime.erase in the service");
            }
            AuditSigner signer = AuditSigners.file(file);
            String verifier = verifiers.stream()
                    .filter(known -> isKeyOf(signer, known))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("the key in " + file
                            + " is not one that signs this trail (see " + published
                            + "); name the right one by --key"));
            given.put(verifier, signer);
        }
        List<String> missing =
                verifiers.stream().filter(known -> !given.containsKey(known)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("this trail is signed by " + verifiers.size()
                    + " keys, and none may be left out, or who trusts that one alone would find the trail attested by"
                    + " nobody. Missing: " + missing + " (see " + published
                    + "); name the file of each by --key, or erase by IncidentRuntime.erase in the service");
        }
        return verifiers.stream().map(given::get).map(Objects::requireNonNull).toList();
    }

    /** A short reference as a word: "7" is not named by "request 17", and "Müller" is by "Müllers request". */
    private boolean namesThePerson() {
        if (subject.length() >= WORD) {
            return because.contains(subject);
        }
        String word = "(?<![\\p{L}\\p{N}])" + Pattern.quote(subject) + "(?![\\p{L}\\p{N}])";
        return Pattern.compile(word).matcher(because).find();
    }

    @Override
    public Integer call() throws IOException {
        if (namesThePerson()) {
            throw new IllegalArgumentException(
                    "the reason names the person, and it is recorded for good; name the request instead");
        }
        RuntimeBuilder builder = IncidentRuntime.builder().directory(directory.path());
        signers().forEach(builder::auditSigner);
        int destroyed;
        try (IncidentRuntime runtime = builder.build()) {
            destroyed = runtime.erase(subject, Cause.by(by).because(because));
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        String subjects = directory.path().resolve("subjects").toString();
        String said = destroyed == 0
                ? "the trail knows nobody under that reference"
                : "erased: " + destroyed + " secrets destroyed. Erase the copies of " + subjects
                        + " that lie elsewhere, too";
        spec.commandLine()
                .getOut()
                .println(json ? new Output().json(Map.of("erased", destroyed, "subjects", subjects)) : said);
        return destroyed == 0 ? Main.BAD : 0;
    }
}
