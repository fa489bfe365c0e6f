// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM beside the one that runs the tests, with the same classes. */
public final class ForkedJvm {
    private ForkedJvm() {}

    /** Starts a main class; what it says on its error stream is thrown away. */
    public static Process start(Class<?> main, List<String> options, String... arguments) throws IOException {
        return builder(main, options, arguments)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Starts a main class; what it says on its error stream comes with the rest. */
    public static Process startTelling(Class<?> main, List<String> options, String... arguments) throws IOException {
        return builder(main, options, arguments).redirectErrorStream(true).start();
    }

    private static ProcessBuilder builder(Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** What the tests see, as a class path; they themselves run on the module path. */
    public static String classPath() {
        try {
            Path tests = Path.of(ForkedJvm.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path target = tests.resolveSibling("");
            return String.join(
                    File.pathSeparator,
                    target.resolve("test-classes").toString(),
                    target.resolve("classes").toString(),
                    System.getProperty("jdk.module.path", ""),
                    System.getProperty("java.class.path", ""));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
