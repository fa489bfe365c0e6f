// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.AuditTrail;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** Whose trail is meant. */
final class Directory {
    @Parameters(index = "0", paramLabel = "DIR", description = "the runtime's directory")
    private Path directory = Path.of(".");

    Path path() {
        return directory;
    }

    AuditTrail trail() throws NoSuchFileException {
        if (!Files.isDirectory(directory.resolve("trail"))) {
            throw new NoSuchFileException(
                    directory.toString(),
                    null,
                    "there is no audit trail; name the directory that the runtime was given");
        }
        return AuditTrail.in(directory);
    }
}
