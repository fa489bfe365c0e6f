// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each line of MUST-NOT.md names tests that are there and run, and at least one. */
class MustNotTest {
    private static final Pattern TEST = Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|Property|Example)\\b");
    private static final Pattern DISABLED = Pattern.compile("@[\\w.]*Disabled");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");

    @Test
    void everyLine_namesTestsThatAreThere() throws IOException {
        Map<String, String> tests = testSources();
        List<String> missing = new ArrayList<>();
        int lines = 0;
        for (String line : Files.readAllLines(Path.of("MUST-NOT.md"))) {
            if (!line.startsWith("| ") || line.startsWith("| what") || line.startsWith("| ---")) {
                continue;
            }
            lines++;
            String cells = line.substring(0, line.lastIndexOf('|'));
            Matcher named = NAMED.matcher(cells.substring(cells.lastIndexOf('|')));
            int found = 0;
            while (named.find()) {
                found++;
                String source = tests.getOrDefault(named.group(1), "");
                String method = named.group(2);
                if (method == null
                        ? source.isEmpty() || DISABLED.matcher(source).find()
                        : !runs(source, method)) {
                    missing.add(named.group());
                }
            }
            assertThat(found).as(line).isPositive();
        }
        assertThat(lines).isGreaterThan(40);
        assertThat(missing).isEmpty();
    }

    /** Whether it stands behind a test's annotation, and is not disabled, alone or with its class. */
    private static boolean runs(String source, String method) {
        int at = source.indexOf("void " + method + "(");
        if (at < 0) {
            return false;
        }
        String before = source.substring(source.lastIndexOf("\n\n", at) + 1, at);
        String head = source.substring(0, source.indexOf("class "));
        return TEST.matcher(before).find() && !DISABLED.matcher(head + before).find();
    }

    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String module : List.of("../incident-core", "../incident-guardrails")) {
            try (Stream<Path> files = Files.walk(Path.of(module, "src/test/java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    sources.put(String.valueOf(file.getFileName()).replace(".java", ""), Files.readString(file));
                }
            }
        }
        return sources;
    }
}
