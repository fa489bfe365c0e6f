// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.AuditSigners;
import io.github.incident4j.model.Cause;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.incident4j.runtime.RuntimeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            description = "the file with the key that signs the trail; by default DIR/audit.key")
    private @Nullable Path key;

    @Override
    public Integer call() throws IOException {
        directory.trail();
        if (key == null && !Files.exists(directory.path().resolve("audit.key"))) {
            throw new IllegalArgumentException("the key that signs the trail is not in " + directory.path()
                    + "; name its file by --key, or erase by IncidentRuntime.erase in the service");
        }
        if (because.contains(subject)) {
            throw new IllegalArgumentException(
                    "the reason names the person, and it is recorded for good; name the request instead");
        }
        RuntimeBuilder builder = IncidentRuntime.builder().directory(directory.path());
        if (key != null) {
            builder.auditSigner(AuditSigners.file(key));
        }
        int destroyed;
        try (IncidentRuntime runtime = builder.build()) {
            destroyed = runtime.erase(subject, Cause.by(by).because(because));
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        spec.commandLine()
                .getOut()
                .println(
                        destroyed == 0
                                ? "the trail knows nobody under that reference"
                                : "erased: " + destroyed + " secrets destroyed. Erase the copies of "
                                        + directory.path().resolve("subjects") + " that lie elsewhere, too");
        return destroyed == 0 ? Main.BAD : 0;
    }
}
