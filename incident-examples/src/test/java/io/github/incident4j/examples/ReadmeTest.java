// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compiles every Java block of the README as a user would paste it into a method. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    private static final List<String> IMPORTED = List.of(
            "io.github.incident4j.audit",
            "io.github.incident4j.call",
            "io.github.incident4j.detect",
            "io.github.incident4j.guardrail",
            "io.github.incident4j.incident",
            "io.github.incident4j.killswitch",
            "io.github.incident4j.model",
            "io.github.incident4j.notify",
            "io.github.incident4j.response",
            "io.github.incident4j.review",
            "io.github.incident4j.runtime",
            "static io.github.incident4j.detect.Detectors",
            "java.net",
            "java.nio.file",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "java.util.stream");

    private static final String BEFORE =
            IMPORTED.stream().map(from -> "import " + from + ".*;\n").collect(Collectors.joining()) + """
            import io.github.incident4j.guardrails.numeric.NumericRails;
            import io.github.incident4j.guardrails.presets.Rails;
            import io.github.incident4j.guardrails.scan.TextRail;
            import io.github.incident4j.guardrails.scan.TextStreamGuard;
            import io.github.incident4j.guardrails.pii.PiiRails;
            import io.github.incident4j.guardrails.text.TextRails;
            import static io.github.incident4j.guardrails.numeric.NumericRails.within;

            abstract class Readme {
                record Application(String ageBand, String customer) {}
                record Score(double probabilityOfDefault, boolean approved, String reason) {
                    static Score referToPerson() { return new Score(0.5, false, "a person decides"); }
                }
                interface Model { Score score(Application application); }
                interface Pager { void page(Incident incident); }

                Model v7;
                Model v8;
                Pager pager;
                Application application;
                IncidentRuntime runtime;
                GuardedModel<Application, Score> scorer;
                Instant onset;
                Path elsewhere;
                List<String> onCall;

                abstract void use(Object... values);
                abstract void explain(Object... values);
                abstract void log(String text);
                abstract void send(String text);
                abstract String currentTraceparent();

                void block() throws Exception {
            """;

    private static final String AFTER = "    }\n}\n";

    @TempDir
    Path classes;

    @TestFactory
    List<DynamicTest> javaBlock_pastedIntoAMethod_compiles() throws IOException {
        List<String> blocks = blocks();
        assertThat(blocks).as("Java blocks of the README").hasSizeGreaterThan(4);
        List<DynamicTest> tests = new ArrayList<>();
        for (String block : blocks) {
            String title = block.lines().findFirst().orElse("").strip();
            tests.add(DynamicTest.dynamicTest(
                    title, () -> assertThat(compile(BEFORE + block + AFTER)).isEmpty()));
        }
        return tests;
    }

    @Test
    void wrongBlock_isNotCompiled() {
        assertThat(compile(BEFORE + "int x = scorer.noSuchMethod();" + AFTER)).isPresent();
    }

    private static List<String> blocks() throws IOException {
        List<String> blocks = new ArrayList<>();
        for (String document : List.of(
                "README.md", "incident-core/DETECTORS.md", "incident-core/INCIDENTS.md", "incident-core/PAGER.md")) {
            Matcher matcher = BLOCK.matcher(Files.readString(ROOT.resolve(document)));
            while (matcher.find()) {
                blocks.add(matcher.group(1));
            }
        }
        return blocks;
    }

    /** Returns what the compiler objects to, if anything. */
    private Optional<String> compile(String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Readme.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        List.of(file))
                .call();
        return compiled ? Optional.empty() : Optional.of(messages.toString());
    }
}
