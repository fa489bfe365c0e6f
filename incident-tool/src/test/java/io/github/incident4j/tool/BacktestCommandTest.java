// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

class BacktestCommandTest {
    private static final int CHANGE = 6_000;
    private static final int ROWS = 10_000;
    private static final Path ADULT = Path.of("../../shared/data/adult.csv");

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final SplittableRandom random = new SplittableRandom(4);

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    /** A synthetic history: from row 6,001 on, women are approved less often, and income is in another unit. */
    private Path history(String separator) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(String.join(separator, "time", "sex", "income", "city", "score", "outcome"));
        for (int i = 1; i <= ROWS; i++) {
            boolean changed = i > CHANGE;
            boolean woman = random.nextBoolean();
            boolean approved = random.nextDouble() < (woman && changed ? 0.2 : 0.6);
            double income = (20_000 + random.nextInt(40_000)) * (changed ? 0.1 : 1);
            String city = random.nextInt(3) == 0 ? "\"Bonn" + separator + " Rhein\"" : "Köln";
            lines.add(String.join(
                    separator,
                    "2026-01-01T00:00:00Z"
                            .replace("00:00:00", String.format("%02d:%02d:%02d", i / 3_600, i / 60 % 60, i % 60)),
                    woman ? "f" : "m",
                    i % 50 == 0 ? "" : String.valueOf(income),
                    city,
                    approved ? "0.8" : "0.2",
                    approved ? "1" : "0"));
        }
        return Files.write(directory.resolve("history.csv"), lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";"})
    void everyColumn_isWatchedUnlessDetectorsAreNamed(String separator) throws Exception {
        Path csv = history(separator);
        assertThat(run(
                        "backtest",
                        "--csv",
                        csv.toString(),
                        "--time",
                        "time",
                        "--group",
                        "sex",
                        "--score",
                        "score",
                        "--label",
                        "outcome"))
                .isZero();
        List<String> lines = lines();
        assertThat(out.toString())
                .contains("10000 rows, ")
                .contains("'drift-income' became lower since about decision 6001")
                .contains("the favourable answer for sex=f fell from")
                .doesNotContain("drift-time", "categories-city", "'errors'");
        assertThat(lines.get(0)).startsWith("row 60").contains("2026-01-01T01:40:", "since row 6001 (");
    }

    @Test
    void namedDetectors_areThoseThatRun() throws Exception {
        Path csv = history(",");
        assertThat(run(
                        "backtest",
                        "--csv",
                        csv.toString(),
                        "--group",
                        "sex",
                        "--detector",
                        "disparity:outcome=1,warm-up=2000,tolerance=0.05",
                        "--detector",
                        "rate:income<10000,by=sex",
                        "--detector",
                        "missing:income,baseline=0.02/10000",
                        "--json"))
                .isZero();
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> records = new ArrayList<>();
        for (String line : lines()) {
            records.add(mapper.readTree(line));
        }
        JsonNode summary = records.get(records.size() - 1);
        assertThat(summary.path("rows").asInt()).isEqualTo(ROWS);
        assertThat(summary.path("alarms").asInt()).isEqualTo(records.size() - 1).isGreaterThanOrEqualTo(3);
        assertThat(summary.path("by_detector").fieldNames())
                .toIterable()
                .containsExactly("disparity-outcome-1-warm-up-2000-tolerance-0.05", "rate-income-10000-by-sex");
        JsonNode first = records.get(0);
        assertThat(first.path("onset_row").asInt()).isBetween(5_990, 6_020);
        assertThat(first.path("delay_rows").asInt())
                .isEqualTo(first.path("row").asInt() - first.path("onset_row").asInt());
        assertThat(records)
                .filteredOn(each -> each.path("segment").asText().equals("sex=m"))
                .isNotEmpty();
    }

    /** Times as people write them; and nothing is passed over in silence. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01T02:00:0%d+02:00",
                "2026-01-01T00:00:0%d",
                "2026-01-01 00:00:0%d",
                "176722560%d",
                "176722560%d000"
            })
    void times_areThoseOfIsoOrSinceTheEpoch(String time) throws Exception {
        List<String> lines = new ArrayList<>(List.of("\uFEFFtime,x"));
        for (int i = 1; i < 10; i++) {
            lines.add(String.format(time, i) + "," + i);
        }
        Path csv = Files.write(directory.resolve("times.csv"), lines);
        assertThat(run("backtest", "--csv", csv.toString(), "--time", "time")).isZero();
        assertThat(out.toString())
                .contains(
                        "9 rows, 0 alarms",
                        "these have judged nothing, since their warm-up was not over: categories-x");
        List<Row> rows = new ArrayList<>();
        new CsvRows(csv, "time").read(9, rows::add);
        assertThat(rows.get(8).time()).isEqualTo(Instant.parse("2026-01-01T00:00:09Z"));
    }

    /** Names of detectors are of few signs, names of columns are not. */
    @Test
    void columnsOfOneLegalName_areTwo() throws Exception {
        List<String> lines = new ArrayList<>(List.of("年齢,性別,approved"));
        for (int i = 0; i < 10_000; i++) {
            boolean woman = random.nextBoolean();
            boolean approved = random.nextDouble() < (woman && i >= CHANGE ? 0.1 : 0.6);
            lines.add((20 + random.nextInt(5)) + "," + (woman ? "f" : "m") + "," + (approved ? "yes" : "no"));
        }
        Path csv = Files.write(directory.resolve("names.csv"), lines);
        assertThat(run("backtest", "--csv", csv.toString(), "--group", "性別", "--label", "approved"))
                .isZero();
        assertThat(out.toString())
                .contains("the favourable answer for column-2=f fell", "disparity-column-2-yes")
                .doesNotContain("column=");
    }

    @Test
    void numberOf_takesNoCodesForNumbers() {
        assertThat(Row.numberOf("10D")).isNaN();
        assertThat(Row.numberOf("0x1p3")).isEqualTo(8);
        assertThat(Row.numberOf(" -1.5e3 ")).isEqualTo(-1_500);
        assertThat(Row.numberOf("NaN")).isNaN();
    }

    /** After an alarm what has changed is the norm; or it is not. */
    @Test
    void keptBaseline_alarmsAgain() throws Exception {
        Path csv = history(",");
        run("backtest", "--csv", csv.toString(), "--detector", "drift:income");
        int relearning = lines().size();
        run("backtest", "--csv", csv.toString(), "--detector", "drift:income", "--keep-baseline");
        assertThat(relearning).as("an alarm, and two lines of summary").isEqualTo(3);
        assertThat(lines().size()).isGreaterThan(20);
    }

    @Test
    void chart_isADocumentOfItsOwn() throws Exception {
        Path csv = history(",");
        Path svg = directory.resolve("chart.svg");
        assertThat(run(
                        "backtest",
                        "--csv",
                        csv.toString(),
                        "--group",
                        "sex",
                        "--label",
                        "outcome",
                        "--svg",
                        svg.toString()))
                .isZero();
        String picture = Files.readString(svg);
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(picture)))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
        assertThat(picture)
                .contains("drift-income", "disparity-sex-1 sex=f", "#d02020")
                .doesNotContain("NaN,", ",NaN");
    }

    /** What detectors watched, the segments and the latency are the columns. */
    @Test
    void decisionsOfATrail_areAHistory() {
        Path home = directory.resolve("var");
        try (IncidentRuntime runtime = IncidentRuntime.builder().directory(home).build()) {
            GuardedModel<Integer, Double> model = runtime.<Integer, Double>guard("credit")
                    .route("v1", input -> random.nextDouble() + (input > 1_500 ? 1 : 0))
                    .withoutBreaker()
                    .segment("region", input -> input % 2 == 0 ? "north" : "south")
                    .detect(Detectors.<Double>outputDrift(output -> output))
                    .detect(Detectors.<Integer>inputCategories("kind", input -> input % 3 == 0 ? "a" : "b"))
                    .build();
            for (int i = 0; i < 2_000; i++) {
                model.decide(i);
            }
        }
        assertThat(run(
                        "backtest",
                        home.toString(),
                        "--model",
                        "credit",
                        "--warm-up",
                        "1000",
                        "--tolerance",
                        "0.1",
                        "--detector",
                        "drift:output-drift",
                        "--detector",
                        "categories:kind,by=region"))
                .isZero();
        assertThat(out.toString())
                .contains("'drift-output-drift' became higher since about decision 150", "2000 rows, 1 alarms");
    }

    static Stream<Arguments> wrongDetectors() {
        return Stream.of(
                Arguments.of("drift:nothing", "names no column that there is; there are time, sex, income"),
                Arguments.of("drft:income", "there is no detector 'drft'; use drift:COLUMN"),
                Arguments.of("DRIFT", "is no detector"),
                Arguments.of("rate:income", "needs a condition"),
                Arguments.of("rate:income<much", "compares with 'much', which is no number"),
                Arguments.of("errors", "needs --score and --label"),
                Arguments.of("disparity:outcome=1", "needs --group"),
                Arguments.of("drift:income,tolerance=x", "'tolerance=x' is no number"),
                Arguments.of("drift:income,tolerance=3", "a tolerance of 3.0 is out of range"),
                Arguments.of("drift:income,speed=3", "there is no setting 'speed'"),
                Arguments.of("rate:outcome=1,baseline=0.3", "a baseline is a mean and on how many rows"));
    }

    @ParameterizedTest
    @MethodSource("wrongDetectors")
    void detectorThatCannotBe_saysWhy(String detector, String why) throws Exception {
        assertThat(run("backtest", "--csv", history(",").toString(), "--detector", detector))
                .isEqualTo(1);
        assertThat(err.toString()).contains(why);
    }

    @Test
    void wrongUse_saysWhatToDo() throws Exception {
        assertThat(run("backtest")).isEqualTo(1);
        assertThat(err.toString()).contains("say --csv FILE, or a runtime's directory and --model");
        assertThat(run("backtest", "--csv", directory.resolve("nothing.csv").toString()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("nothing.csv");
        Path empty = Files.writeString(directory.resolve("empty.csv"), "a,b\n");
        assertThat(run("backtest", "--csv", empty.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("there are no rows");
        assertThat(run("backtest", "--csv", history(",").toString(), "--group", "age"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no column age; there are time, sex");
        assertThat(run("backtest", "--csv", history(",").toString(), "--time", "city"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("row 1 has the time", "use ISO 8601");
    }

    /** Real people's data in an order that means nothing, then one feature is encoded in another way. */
    @Test
    void oneFeatureThatIsEncodedInAnotherWay_isTheOneThatIsNamed() throws Exception {
        assumeTrue(Files.exists(ADULT), "the data for development is not here: " + ADULT);
        List<String> rows = new ArrayList<>(Files.readAllLines(ADULT));
        String header = rows.remove(0);
        Collections.shuffle(rows, new Random(5));
        int change = 6_000;
        for (int feature : new int[] {1, 3, 4, 9, 12}) {
            List<String> changed = new ArrayList<>();
            changed.add(header);
            for (int i = 0; i < 8_000; i++) {
                String[] cells = rows.get(i).split(",", -1);
                if (i >= change) {
                    cells[feature] = reencoded(cells[feature]);
                }
                changed.add(String.join(",", cells));
            }
            Path csv = Files.write(directory.resolve("adult.csv"), changed);
            assertThat(run("backtest", "--csv", csv.toString(), "--label", "income-per-year"))
                    .isZero();
            String name = header.split(",", -1)[feature];
            assertThat(lines().get(0)).contains(name).containsPattern("^row 6[0-4]\\d\\d ");
            assertThat(lines()).filteredOn(line -> line.startsWith("row ")).allMatch(line -> line.contains("-" + name));
        }
    }

    private static String reencoded(String cell) {
        double number = Row.numberOf(cell);
        return Double.isNaN(number) ? cell.equals("Male") ? "Female" : "0" + cell : String.valueOf(number * 12);
    }
}
