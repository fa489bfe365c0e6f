// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.TrailFollower;
import io.github.incident4j.audit.TrailQuery;
import io.github.incident4j.audit.TrailRecord;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the newest records and follows the trail. */
@Command(
        name = "tail",
        description =
                "Prints the newest records, oldest of them first; with --follow those that come, too, until it is"
                        + " stopped or nobody reads what it prints: what a checkpoint attests, so that nothing of it is"
                        + " taken back by a crash, a second or two after it was recorded. To ship a trail: tail --follow --json --after the last record that arrived.",
        mixinStandardHelpOptions = true)
final class TailCommand implements Callable<Integer> {
    private static final long PAUSE_MILLIS = 250;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = {"-n", "--lines"},
            converter = Selection.AsCount.class,
            description = "how many, by default 10")
    private long lines = 10;

    @Option(names = "--after", paramLabel = "SEQUENCE", description = "begin after this record instead")
    private long after = -1;

    @Option(
            names = {"-f", "--follow"},
            description = "go on with those that come")
    private boolean follow;

    @Option(names = "--json", description = "print one JSON object a line")
    private boolean json;

    @Override
    @SuppressWarnings("BusyWait") // a file cannot be waited for in a way that all systems have
    public Integer call() throws IOException, InterruptedException {
        TrailQuery query = selection.query();
        Output output = new Output();
        long last = after;
        if (after < 0) {
            last = selection.newest(follow);
            Deque<TrailRecord> newest = new ArrayDeque<>();
            try (Stream<TrailRecord> records =
                    (follow ? query.attested() : query).newestFirst().records()) {
                records.limit(lines).forEach(newest::addFirst);
            }
            for (TrailRecord record : newest) {
                print(record, output);
                last = Math.max(last, record.sequence());
            }
        }
        if (after >= 0 && !follow) {
            try (Stream<TrailRecord> records = query.after(after).records()) {
                records.forEach(record -> print(record, output));
            }
        }
        TrailFollower follower = query.after(last).follow();
        if (after >= 0 && follow) {
            follower.look(record -> print(record, output));
        }
        while (follow && !Thread.currentThread().isInterrupted()) {
            Thread.sleep(PAUSE_MILLIS);
            follower.look(record -> print(record, output));
        }
        return 0;
    }

    private void print(TrailRecord record, Output output) {
        Main.print(spec.commandLine().getOut(), json ? output.json(record) : output.line(record));
    }
}
