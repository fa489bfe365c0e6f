// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.TrailQuery;
import io.github.incident4j.audit.TrailRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints records. */
@Command(
        name = "query",
        description = "Prints the records for which all of the options hold. Exit code 1 if there are none.",
        mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Selection selection = new Selection();

    @Option(names = "--newest", description = "the newest first")
    private boolean newest;

    @Option(names = "--limit", converter = Selection.AsCount.class, description = "how many at most")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--count", description = "print only how many there are")
    private boolean count;

    @Option(names = "--json", description = "print one JSON object a line")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        TrailQuery query = newest ? selection.query().newestFirst() : selection.query();
        PrintWriter out = spec.commandLine().getOut();
        Output output = new Output();
        long[] found = new long[1];
        try (Stream<TrailRecord> records = query.records()) {
            records.limit(limit).forEach(record -> {
                found[0]++;
                if (!count) {
                    Main.print(out, json ? output.json(record) : output.line(record));
                }
            });
        }
        if (count) {
            out.println(found[0]);
        }
        if (found[0] == 0 && selection.isAboutSomebody()) {
            spec.commandLine()
                    .getErr()
                    .println("nobody was found by --subject; decisions of guards without AuditOptions.subject are about"
                            + " nobody, and who was erased is not found either");
        }
        return found[0] > 0 ? 0 : Main.BAD;
    }
}
