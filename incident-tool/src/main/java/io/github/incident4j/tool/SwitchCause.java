// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.model.Cause;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who changes a switch, and why. */
final class SwitchCause {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--by", required = true, paramLabel = "WHO", description = "who wants it; is recorded")
    private String by = "";

    @Option(names = "--because", required = true, paramLabel = "WHY", description = "why; is recorded")
    private String because = "";

    /** When what is set ends by itself. */
    static final class End {
        @Option(
                names = "--until",
                converter = Selection.AsInstant.class,
                description = "ends by itself then, such as 2026-11-20T21:00:00Z")
        private @Nullable Instant until;

        @Option(names = "--for", paramLabel = "DURATION", description = "ends by itself after that, such as PT2H")
        private @Nullable Duration length;
    }

    Cause cause() {
        try {
            return Cause.by(by).because(because);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    Cause cause(@Nullable End end) {
        if (end == null) {
            return cause();
        }
        if (end.length == null) {
            return end.until == null ? cause() : cause().until(end.until);
        }
        return cause().until(Instant.now().plus(end.length));
    }
}
