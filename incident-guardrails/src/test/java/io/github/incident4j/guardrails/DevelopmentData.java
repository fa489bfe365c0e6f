// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The texts of the development data, where these are there. */
public final class DevelopmentData {
    private static final Path DATA =
            Path.of(System.getProperty("incident4j.shared", "../../shared"), "data", "guardrails-dev");

    private DevelopmentData() {}

    /** Skips the test that asks when the file is not there. */
    public static List<String> lines(String file) throws IOException {
        Path path = DATA.resolve(file);
        assumeTrue(Files.exists(path), "the data " + path + " are not there; set -Dincident4j.shared=DIR");
        return Files.readAllLines(path);
    }

    /** Skips the test that asks when the file is not there. */
    public static List<String> texts(String file) throws IOException {
        return lines(file).stream().map(DevelopmentData::text).toList();
    }

    /** The first string of a line of JSON, which is its text or value. */
    public static String text(String line) {
        StringBuilder text = new StringBuilder();
        for (int i = line.indexOf(": \"") + 3; line.charAt(i) != '"'; i++) {
            char c = line.charAt(i);
            if (c != '\\') {
                text.append(c);
            } else if (line.charAt(++i) == 'u') {
                text.append((char) Integer.parseInt(line.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                int escape = "nrtbf".indexOf(line.charAt(i));
                text.append(escape < 0 ? line.charAt(i) : "\n\r\t\b\f".charAt(escape));
            }
        }
        return text.toString();
    }
}
