// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.examples.UsageException;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CreditScoringStoryTest {
    /** Within so many applications after the change it must be noticed; the group has about one in five of them. */
    private static final int DETECTED_WITHIN = 3_000;
    /** Within so many after the rollback it must be noticed that it does not help. */
    private static final int INEFFECTIVE_WITHIN = 3_000;

    private static final int CHANGE = CreditScoringStory.CHANGE_AT;
    private static final Path REAL =
            Path.of(System.getProperty("incident4j.shared", "../../shared"), "data", "german.csv");

    @TempDir
    Path directory;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Boolean.getBoolean("incident4j.full") ? 20 : 1);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void syntheticData_story_goesAsToldAndTheSameOnceMore(long seed) throws IOException {
        StoryResult first = tell(SyntheticCredit.sample(seed), seed, directory.resolve("first"));
        assertGoesAsTold(first);
        StoryResult second = tell(SyntheticCredit.sample(seed), seed, directory.resolve("second"));
        assertThat(second)
                .usingRecursiveComparison()
                // what was contained together is stored by one look or by two, each of which has a record
                // so are what was paged together, and what detectors knew at a moment
                .ignoringFields("verification.records", "verification.attested", "verification.sides.opened", "pages")
                .isEqualTo(first);
        assertThat(news(second)).isEqualTo(news(first));
    }

    private static List<String> news(StoryResult result) {
        return result.pages().stream()
                .flatMap(page -> new Page(page).news().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void realData_story_goesAsTold(long seed) throws IOException, UsageException {
        assumeTrue(Files.exists(REAL), () -> "no real data: " + REAL + " is not there");
        assertGoesAsTold(tell(CreditData.read(REAL), seed, directory));
    }

    @Test
    void trailAndSwitches_afterTheStory_tellItAgain() throws IOException {
        StoryResult result = tell(SyntheticCredit.sample(2), 2, directory);
        Incident told = result.course().orElseThrow().incident();
        Instant reviewFrom =
                told.last(TimelineEntry.Kind.CONTAINMENT).orElseThrow().time();

        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().unsealed().records()) {
            List<Object> routesOfGroupAfterwards = records.filter(
                            record -> record.type().equals("decision"))
                    .filter(record -> record.time().isAfter(reviewFrom))
                    .filter(record ->
                            Map.of("ageBand", CreditScoringStory.GROUP).equals(record.segments()))
                    .map(record -> (Object) String.valueOf(record.members().get("route")))
                    .distinct()
                    .toList();
            assertThat(routesOfGroupAfterwards).containsExactly("manual-review");
        }
        try (IncidentRuntime reopened =
                IncidentRuntime.builder().directory(directory).build()) {
            assertThat(reopened.switches().active())
                    .extracting(Switch::scope)
                    .extracting(Object::toString)
                    .hasSize(3);
            assertThat(reopened.incidents().open()).extracting(Incident::id).containsExactly(told.id());
        }
        assertThat(directory.resolve(told.id() + ".md"))
                .content()
                .contains("ageBand=18-25", "rollback from v8 to v7", "manual-review");
    }

    @Test
    void readmesLineOfJq_afterTheStory_tellsOfTheContainment() throws Exception {
        String line = lineOfReadme("jq");
        StoryResult result = tell(SyntheticCredit.sample(2), 2, directory);
        String last = result.course()
                .orElseThrow()
                .incident()
                .last(TimelineEntry.Kind.CONTAINMENT)
                .orElseThrow()
                .what();
        assertThat(outputOf(line)).content().contains(last);
    }

    @Test
    void readmesLineOfDuckDb_afterTheStory_countsTheRoutes() throws Exception {
        String line = lineOfReadme("duckdb");
        tell(SyntheticCredit.sample(2), 2, directory);
        assertThat(outputOf(line)).content().contains("manual-review", "answered");
    }

    private static String lineOfReadme(String program) throws IOException, InterruptedException {
        String line;
        try (Stream<String> readme = Files.lines(Path.of("../README.md"))) {
            line = readme.filter(each -> each.startsWith(program + " -"))
                    .findFirst()
                    .orElseThrow();
        }
        assumeTrue(isThere(program), () -> program + " is not installed, so the README's line is not run");
        return line;
    }

    /** Segments have reserved room at their end, which is no JSON. */
    private Path outputOf(String line) throws IOException, InterruptedException {
        Path segment = directory.resolve("trail/log/00000000000000000000.jsonl");
        Files.writeString(segment, "\n".repeat(1_000), StandardOpenOption.APPEND);
        Path out = directory.resolve("told");
        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        line.replace(
                                "var/incident4j", directory.toAbsolutePath().toString()))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(shell.waitFor()).as("%s: %s", line, out).isZero();
        return out;
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static StoryResult tell(CreditData data, long seed, Path directory) throws IOException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return CreditScoringStory.tell(data, seed, directory, new StoryReport(nowhere));
    }

    private static void assertGoesAsTold(StoryResult result) {
        assertThat(result.incidentsBeforeChange())
                .as("incidents before the change")
                .isZero();
        assertThat(result.departures()).as("departures from the story").isEmpty();
        Course course = result.course().orElseThrow();
        Incident incident = course.incident();

        assertThat(course.detected().application()).as("detected").isBetween(CHANGE, CHANGE + DETECTED_WITHIN);
        assertThat(incident.severity()).isEqualTo(Severity.P1);
        assertThat(incident.type()).isEqualTo(IncidentType.BIAS);
        assertThat(incident.segment()).contains(new Segment("ageBand", CreditScoringStory.GROUP));
        assertThat(incident.state()).isEqualTo(IncidentState.CONTAINED);

        int rollback = course.rollback().orElseThrow().application();
        assertThat(course.rollback().orElseThrow().what()).isEqualTo("rollback from v8 to v7");
        assertThat(course.ineffective().orElseThrow().application())
                .as("the rollback was found ineffective")
                .isBetween(rollback, rollback + INEFFECTIVE_WITHIN);
        assertThat(course.review().orElseThrow().what()).contains("manual-review", "ageBand=18-25");

        assertThat(result.noticing().wronglyDenied() + result.rolledBack().wronglyDenied())
                .as("wrongly denied until the containment")
                .isPositive();
        assertThat(result.reviewed().wronglyDenied())
                .as("wrongly denied after it")
                .isZero();
        assertThat(result.reviewed().wronglyDeniedUnguarded())
                .as("would have been wrongly denied after it by v8 alone")
                .isGreaterThan(100);

        List<Page> pages = result.pages().stream().map(Page::new).toList();
        assertThat(pages).allMatch(page -> page.incident().equals("inc-1"));
        assertThat(news(result))
                .as("opened, rolled back, in vain, v7 has none behind it, reviewed, contained")
                .hasSize(6)
                .first()
                .asString()
                .startsWith("opened: ");
        assertThat(pages.get(0).text()).startsWith("[P1] credit-risk: ");
        assertThat(result.verification().intact()).isTrue();
        assertThat(result.decisionsInTrail()).isEqualTo(CreditScoringStory.APPLICATIONS);
    }
}
