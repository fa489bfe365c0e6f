// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.detect.Backtest;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays a history through detectors. */
@Command(
        name = "backtest",
        description = {
            "Replays a history through detectors, to choose tolerance and budget before they are switched on.",
            "The history is a CSV file with a header (--csv), or the decisions of a model in a runtime's directory (DIR"
                    + " and --model).",
            "Prints each alarm with the row, since which row the change is there, and what has changed."
        },
        mixinStandardHelpOptions = true)
final class BacktestCommand implements Callable<Integer> {
    private static final int LEAST_WARM_UP = 100;
    private static final int LOOK_AHEAD = 1_000; // rows that tell what the columns hold
    private static final double MILLION = 1e6;
    private static final int BETWEEN_LOOKS = 500; // rows

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--csv", paramLabel = "FILE", description = "a file of comma-separated values with a header")
    private @Nullable Path csv;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "the directory of a runtime, in place of --csv")
    private @Nullable Path directory;

    @Option(names = "--model", description = "the guarded model of which the trail's decisions are replayed")
    private @Nullable String model;

    @Option(
            names = "--detector",
            paramLabel = "KIND[:COLUMN][,SETTING=VALUE]",
            description = "drift:COLUMN, categories:COLUMN, missing:COLUMN, rate:COLUMN=VALUE (also != < <= > >=),"
                    + " disparity:COLUMN=VALUE (the favourable outcome; needs --group), errors (needs --score and"
                    + " --label); settings are tolerance, budget, warm-up, baseline (0.3/5000) and by; may be repeated."
                    + " Without one, every column is watched")
    private List<String> detectors = new ArrayList<>();

    @Option(names = "--group", paramLabel = "COLUMN", description = "tells groups apart; may be repeated")
    private List<String> groups = new ArrayList<>();

    @Option(names = "--label", paramLabel = "COLUMN", description = "what turned out to be true")
    private @Nullable String label;

    @Option(
            names = "--time",
            paramLabel = "COLUMN",
            description = "the time, in ISO 8601 or seconds since the epoch; without it, a row is a second")
    private @Nullable String time;

    @Option(names = "--score", paramLabel = "COLUMN", description = "what the model said")
    private @Nullable String score;

    @Option(
            names = "--budget",
            paramLabel = "ROWS",
            defaultValue = "1000000",
            description = "one false alarm of all detectors together in so many rows at most; ${DEFAULT-VALUE}")
    private long budget;

    @Option(
            names = "--warm-up",
            paramLabel = "ROWS",
            description =
                    "over how many rows each baseline is learned; 2,000, 5,000 for groups, or a quarter of the rows"
                            + " where that is less")
    private @Nullable Integer warmUp;

    @Option(names = "--tolerance", description = "how far a mean may leave its baseline, such as 0.03")
    private @Nullable Double tolerance;

    @Option(
            names = "--keep-baseline",
            description = "compare with the first baseline to the end; else an alarm is taken for the new norm, of"
                    + " which a baseline is learned")
    private boolean keepBaseline;

    @Option(names = "--svg", paramLabel = "FILE", description = "draw the statistics and the alarms")
    private @Nullable Path svg;

    @Option(names = "--json", description = "print lines of JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Rows rows = rows();
        Columns columns = Columns.of(rows, LOOK_AHEAD);
        requireColumns(columns);
        List<Detection<Row, Row>> watched = detections(columns, rows);
        Backtest.Settings<Row> settings = Backtest.<Row>of(watched).falseAlarmAtMostOncePer(budget);
        columns.legalNames().forEach((column, attribute) -> settings.segment(attribute, row -> row.text(column)));
        Backtest<Row> backtest = (keepBaseline ? settings : settings.relearning()).start();
        BacktestChart chart = svg == null ? null : new BacktestChart();
        Map<String, Long> alarms = new TreeMap<>();
        PrintWriter out = spec.commandLine().getOut();
        Output output = new Output();
        Set<String> learning = new TreeSet<>();
        watched.forEach(detection -> learning.add(detection.name()));
        rows.read(Long.MAX_VALUE, row -> {
            for (Signal signal : backtest.observe(row, row.time())) {
                learning.remove(signal.detector());
                alarms.merge(signal.detector(), 1L, Long::sum);
                Main.print(out, json ? output.json(members(signal)) : line(signal));
                if (chart != null) {
                    chart.alarm(signal);
                }
            }
            if (chart != null) {
                chart.row(backtest);
            }
            if (backtest.rows() % BETWEEN_LOOKS == 0) {
                backtest.readings().forEach(reading -> learning.remove(reading.detector()));
            }
        });
        backtest.readings().forEach(reading -> learning.remove(reading.detector()));
        summarize(out, output, backtest.rows(), alarms, learning);
        if (chart != null && svg != null) {
            Files.writeString(svg, chart.svg(backtest.rows()), StandardCharsets.UTF_8);
        }
        return 0;
    }

    private Rows rows() {
        if (csv != null && directory == null) {
            return new CsvRows(csv, time);
        }
        if (csv == null && directory != null && model != null) {
            return new TrailRows(directory, model);
        }
        throw new IllegalArgumentException("say --csv FILE, or a runtime's directory and --model");
    }

    private void requireColumns(Columns columns) {
        List<String> named = new ArrayList<>(groups);
        for (String column : new @Nullable String[] {label, score, csv == null ? null : time}) {
            if (column != null) {
                named.add(column);
            }
        }
        named.removeAll(columns.names());
        if (!named.isEmpty()) {
            throw new IllegalArgumentException("there is no column " + String.join(", ", named) + "; there are "
                    + String.join(", ", columns.names()));
        }
    }

    private List<Detection<Row, Row>> detections(Columns columns, Rows rows) throws IOException {
        int quarter = warmUp == null ? (int) Math.min(Integer.MAX_VALUE, count(rows) / 4) : 0;
        DetectorExpression words = new DetectorExpression(columns, score, label, groups);
        List<Detection<Row, Row>> all = new ArrayList<>();
        if (detectors.isEmpty()) {
            for (Detection<Row, Row> detection : columns.detections(time, score, label, groups)) {
                all.add(withDefaults(detection, "", quarter));
            }
        }
        for (String text : detectors) {
            all.add(withDefaults(words.parse(text), text.replace(" ", ""), quarter));
        }
        return all;
    }

    /** What was said of one detector counts more than what was said of all. */
    private Detection<Row, Row> withDefaults(Detection<Row, Row> detection, String own, int quarter) {
        Detection<Row, Row> next = detection;
        if (detection.baselineMean().isEmpty() && !own.contains(",warm-up=")) {
            int least = Math.max(LEAST_WARM_UP, Math.min(detection.warmUp(), quarter));
            next = next.warmUp(warmUp == null ? least : warmUp);
        }
        return tolerance == null || own.contains(",tolerance=") ? next : next.tolerance(tolerance);
    }

    private static long count(Rows rows) throws IOException {
        AtomicLong count = new AtomicLong();
        rows.read(Long.MAX_VALUE, row -> count.incrementAndGet());
        return count.get();
    }

    private static String line(Signal signal) {
        return "row " + signal.decision()
                + (signal.time().getEpochSecond() == signal.decision() ? "" : "  " + signal.time())
                + "  since row " + signal.onsetDecision() + " (" + (signal.decision() - signal.onsetDecision())
                + " rows)  " + signal.sentence();
    }

    private static Map<String, Object> members(Signal signal) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("row", signal.decision());
        members.put("time", signal.time().toString());
        members.put("detector", signal.detector());
        signal.segment().ifPresent(segment -> members.put("segment", segment.toString()));
        members.put("onset_row", signal.onsetDecision());
        members.put("onset", signal.onset().toString());
        members.put("delay_rows", signal.decision() - signal.onsetDecision());
        members.put("statistic", signal.evidence().statistic());
        members.put("threshold", signal.evidence().threshold());
        members.put("baseline", signal.evidence().baseline());
        members.put("current", signal.evidence().current());
        members.put("sample_size", signal.evidence().sampleSize());
        signal.evidence().interval().ifPresent(interval -> {
            members.put("current_low", interval.low());
            members.put("current_high", interval.high());
            members.put("level", interval.level());
        });
        members.put("sentence", signal.sentence());
        return members;
    }

    private void summarize(PrintWriter out, Output output, long rows, Map<String, Long> alarms, Set<String> learning) {
        long all = alarms.values().stream().mapToLong(Long::longValue).sum();
        double inAMillion = rows == 0 ? 0 : all * MILLION / rows;
        if (json) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("rows", rows);
            members.put("alarms", all);
            members.put("alarms_per_million_rows", inAMillion);
            members.put("by_detector", alarms);
            members.put("never_ready", learning);
            out.println(output.json(members));
            return;
        }
        out.printf("%d rows, %d alarms (%.0f in a million rows)%n", rows, all, inAMillion);
        alarms.forEach((detector, number) -> out.printf("%8d  %s%n", number, detector));
        if (!learning.isEmpty()) {
            out.println("these have judged nothing, since their warm-up was not over: " + String.join(", ", learning));
        }
    }
}
