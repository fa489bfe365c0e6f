// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Files of keys that were kept elsewhere, as {@code trail/verifier.pub} has them. */
final class VerifierKeys {
    private static final String KEY = "[^\\s+]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]+";

    private VerifierKeys() {}

    /**
     * Reads them.
     *
     * @throws ParameterException if a file holds none: without a key the trail's own would vouch for it
     */
    static List<String> read(CommandSpec spec, List<Path> files) throws IOException {
        List<String> keys = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (lines.isEmpty() || !lines.stream().allMatch(line -> line.matches(KEY))) {
                throw new ParameterException(
                        spec.commandLine(),
                        file
                                + " is no file of verifier keys; name a copy of trail/verifier.pub, which has lines such as"
                                + " incident4j.local/audit+1a2b3c4d+AbCd…");
            }
            keys.addAll(lines);
        }
        return keys;
    }
}
