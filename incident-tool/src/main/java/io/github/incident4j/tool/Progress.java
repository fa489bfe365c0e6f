// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.AuditTrail;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A bar on the error stream that says how far a command has read. */
final class Progress {
    private static final int WIDTH = 40;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--progress",
            negatable = true,
            description = "show on the error stream how far it is; by default on a terminal only")
    private @Nullable Boolean wanted;

    private long total;
    private int shown = -1;

    /** Begins to read a trail from its start to its end. */
    void begin(AuditTrail trail) {
        if (wanted == null ? Ansi.AUTO.enabled() : wanted) {
            total = trail.query()
                    .reportingDamage(what -> {}) // told by the question itself
                    .newestFirst()
                    .first()
                    .map(last -> last.sequence() + 1)
                    .orElse(0L);
            at(0);
        }
    }

    /** Has come so far. */
    void at(long records) {
        if (total == 0) {
            return; // nobody looks, or there is nothing to read
        }
        int percent = (int) Math.min(100, records * 100 / total);
        if (percent != shown) {
            shown = percent;
            int full = percent * WIDTH / 100;
            print(String.format(
                    "\r[%s%s] %3d %% of %,d records", "#".repeat(full), ".".repeat(WIDTH - full), percent, total));
        }
    }

    /** Takes the bar away. */
    void end() {
        if (shown >= 0) {
            print("\r" + " ".repeat(WIDTH + 40) + "\r");
        }
    }

    private void print(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.print(text);
        err.flush();
    }
}
