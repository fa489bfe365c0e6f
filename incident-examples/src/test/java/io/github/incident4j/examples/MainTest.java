// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.model.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    @Test
    void noArguments_run_listsTheStories() {
        assertThat(run()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("credit-scoring");
    }

    @Test
    void help_run_explainsOptionsAndExitCodes() {
        assertThat(run("credit-scoring", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--data", "--out", "--seed", "Exit code");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no-such-story| there is no story 'no-such-story'",
                "--seed 1| there is no story '--seed'",
                "credit-scoring --speed 9| unknown argument '--speed'",
                "credit-scoring now| unknown argument 'now'",
                "credit-scoring --seed| --seed has no value",
                "credit-scoring --seed --out x| --seed has no value",
                "credit-scoring --seed=| --seed has no value",
                "credit-scoring --seed one| --seed 'one' is not a whole number",
                "credit-scoring --seed 1 --seed 2| --seed is given twice",
                "credit-scoring --data no/such/file.csv| --data no/such/file.csv is not there",
            })
    void unusableArguments_run_saysWhyAndExitsWith2(String arguments, String message) {
        assertThat(run(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("error: " + message, "--help");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void malformedData_run_namesTheLineAndWritesNothing() throws IOException {
        Path data = Files.writeString(directory.resolve("data.csv"), "this,is,something,else\n");
        Path written = directory.resolve("out");

        assertThat(run("credit-scoring", "--data", data.toString(), "--out", written.toString()))
                .isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("line 1");
        assertThat(written).doesNotExist();
    }

    @Test
    void outThatIsAFile_run_exitsWith2() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThat(run("credit-scoring", "--out", file.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("cannot be made");
    }

    @Test
    void story_run_goesAsToldOnceInADirectory() {
        String written = directory.resolve("out").toString();

        assertThat(run("credit-scoring", "--out=" + written, "--seed", "3")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "SYNTHETIC data",
                        "CHANGE: feature pipeline 4.2",
                        "P1 bias, ageBand=18-25",
                        "did not stop the harm",
                        "PAGE opened: ",
                        "v8 alone, nobody watching",
                        "the trail is intact",
                        "The story went as told.")
                .contains(directory.resolve("out").resolve("inc-1.md").toString());
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).allMatch(line -> line.length() <= 110);

        assertThat(run("credit-scoring", "--out", written, "--seed", "3")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("of an earlier run");
    }

    @Test
    void fallbackTour_run_goesAsTold() {
        assertThat(run("fallback-tour", "--out", directory.resolve("tour").toString()))
                .as(() -> out.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("refused: timed-out", "cache, after model-error", "a b [again] a b")
                .doesNotContain("EXPECTED");
        assertThat(out.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.substring(Math.min(45, line.length()))) // what the caller gets
                        .collect(Collectors.joining("\n")))
                .contains(codesOfAllFailures());
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory.resolve("tour")).records()) {
            assertThat(records.filter(record -> record.type().equals("decision"))
                            .map(record -> record.members().get("model")))
                    .as("what the last lines say of the record")
                    .contains("questions", "switched", "interrupted", "stream-left")
                    .doesNotContain("closed", "recorded");
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).allMatch(line -> line.length() <= 110);
    }

    /** By the names of the types: {@code BreakerOpen} has the code {@code breaker-open}. */
    private static List<String> codesOfAllFailures() {
        List<String> codes = Arrays.stream(Failure.class.getPermittedSubclasses())
                .map(type -> type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-"))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        assertThat(codes).contains(new Failure.BreakerOpen().code(), new Failure.TrailRefused().code());
        return codes;
    }

    @Test
    void rampTour_run_goesAsTold() {
        int seeds = Boolean.getBoolean("incident4j.full") ? 20 : 1;
        for (int seed = 1; seed <= seeds; seed++) {
            assertThat(run(
                            "ramp-tour",
                            "--out",
                            directory.resolve("ramp-" + seed).toString(),
                            "--seed",
                            "" + seed))
                    .as(() -> out.toString(StandardCharsets.UTF_8))
                    .isZero();
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("completed", "undone", "inconclusive", "no detector watches", "canary")
                .containsPattern("25 %  running .*\\R  the service restarts\\R .* 25 %  running .*goes on");
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).allMatch(line -> line.length() <= 110);
    }

    @Test
    void noOut_choose_takesANewDirectoryEachTime() throws Exception {
        String name = "test-" + System.nanoTime();
        Path first = RunDirectory.choose(Optional.empty(), name);
        Path second = RunDirectory.choose(Optional.empty(), name);
        try {
            assertThat(first.toAbsolutePath().getParent()).hasFileName("target");
            assertThat(second).hasFileName(name + "-run2").isEmptyDirectory();
        } finally {
            Files.delete(first);
            Files.delete(second);
        }
    }

    private int run(String... arguments) {
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }
}
