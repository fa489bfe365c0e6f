// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;

/**
 * Where a story writes. A story begins with nothing killed and nobody paged, so it never goes on in the directory of an
 * earlier run: one that the user named is refused then, and otherwise a new one is taken.
 */
public final class RunDirectory {
    private static final List<String> TRACES = List.of("trail", "switches.json", "runtime.lock");

    private RunDirectory() {}

    /**
     * The directory for a run; it exists afterwards.
     *
     * @param wanted what the user named, if anything
     * @param name the name of a directory of the story's own; when it is taken, a number is added
     * @return the directory
     * @throws UsageException if it cannot be used
     */
    public static Path choose(Optional<Path> wanted, String name) throws UsageException {
        Path directory = wanted.isPresent() ? wanted.get() : build().resolve(name);
        try {
            if (wanted.isPresent()) {
                requireFresh(directory);
                return Files.createDirectories(directory);
            }
            return createNew(directory);
        } catch (IOException e) {
            throw new UsageException("the directory " + directory + " cannot be made (" + e
                    + "); name one that can be written with --out DIR");
        }
    }

    private static void requireFresh(Path directory) throws UsageException {
        for (String trace : TRACES) {
            if (Files.exists(directory.resolve(trace))) {
                throw new UsageException("--out " + directory + " holds the " + trace
                        + " of an earlier run, whose switches would still be set; remove the directory or name another"
                        + " one, or leave --out away and a new one is taken");
            }
        }
    }

    private static Path createNew(Path first) throws IOException {
        Path parent = first.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path next = first;
        for (int run = 2; ; run++) {
            try {
                return Files.createDirectory(next); // atomic: of two runs at the same time, each gets its own
            } catch (FileAlreadyExistsException e) {
                next = first.resolveSibling(first.getFileName() + "-run" + run);
            }
        }
    }

    /** The target directory of the build that this program comes from, or else the current directory. */
    private static Path build() {
        CodeSource source = RunDirectory.class.getProtectionDomain().getCodeSource();
        try {
            if (source != null && source.getLocation() != null) {
                Path parent = Path.of(source.getLocation().toURI()).getParent();
                if (parent != null && parent.endsWith("target")) {
                    return Path.of("").toAbsolutePath().relativize(parent);
                }
            }
        } catch (URISyntaxException | IllegalArgumentException | SecurityException e) {
            return Path.of(""); // not run from a file, or from another disk: the current directory will do
        }
        return Path.of("");
    }
}
