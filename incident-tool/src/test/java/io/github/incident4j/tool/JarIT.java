// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is handed out: what is left out of it, or overwritten, no other test sees. */
class JarIT {
    @TempDir
    Path directory;

    @Test
    void jar_readsATrailByItself() throws Exception {
        Path home = directory.resolve("var");
        IncidentRuntime.builder().directory(home).build().close();
        assertThat(run("trail", "verify", home.toString())).contains("intact: ", "self-attested");
        assertThat(run("trail", "query", home.toString(), "--json")).contains("runtime.opened");
        assertThat(run("trail", "erase", "--help")).contains("Destroys the secrets");
    }

    /** The guardrails find their rules in it. */
    @Test
    void jar_scansTexts() throws Exception {
        Path texts = Files.writeString(directory.resolve("texts"), "{\"text\": \"mail jo@example.com\"}\n");
        assertThat(run("scan", "--preset", "chat-input", texts.toString())).contains("[EMAIL]");
    }

    private String run(String... args) throws IOException, InterruptedException {
        assumeTrue(Files.exists(jar()), "there is no jar yet: it is made by mvn package, and started by mvn verify");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(List.of(args));
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile()) // nothing of the build is there
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        int code = process.waitFor();
        String said = Files.readString(out, StandardCharsets.UTF_8);
        assertThat(code).as("%s: %s", command, said).isZero();
        return said;
    }

    private static Path jar() {
        try {
            Path classes = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return classes.resolveSibling("incident4j.jar");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
