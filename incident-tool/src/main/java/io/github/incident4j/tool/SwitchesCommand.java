// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchResult.HeldBy;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchState.Instead;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads and changes the switches of a directory, whether its runtime is open or not. */
@Command(
        name = "switches",
        description = "Reads and changes kill switches. A running service takes a change over within about a second and"
                + " records it; one that is down does so when it starts. Whoever may write the directory may change its"
                + " switches: no authorizer and no two-person rule is asked here.",
        mixinStandardHelpOptions = true)
final class SwitchesCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What calls do that a switch stops. */
    static final class Fallback {
        @Option(names = "--prefer", paramLabel = "ROUTE", description = "this route answers what is stopped")
        private @Nullable String prefer;

        @Option(names = "--refuse", description = "what is stopped is refused; no fallback answers")
        private boolean refuse;
    }

    /** How much passes. */
    static final class Rate {
        @Option(names = "--calls", required = true, paramLabel = "NUMBER", description = "so many calls pass")
        private long calls;

        @Option(names = "--per", required = true, paramLabel = "DURATION", description = "in each such time: PT1S")
        private Duration per = Duration.ZERO;
    }

    @Command(
            name = "list",
            description = "Prints the switches that are set in the directory. Other sources of the service, such as a"
                    + " ConfigMap, are not read.",
            mixinStandardHelpOptions = true)
    int list(@Mixin Directory directory, @Option(names = "--json", description = "print JSON") boolean json)
            throws IOException {
        KillSwitches switches = KillSwitches.in(directory.path());
        List<Switch> set = switches.inForce().stream().map(HeldBy::set).toList();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("switches", set.stream().map(SwitchesCommand::members).toList());
            switches.frozen().ifPresent(cause -> all.put("freeze", members(cause)));
            out().println(new Output().json(all));
            return 0;
        }
        set.forEach(each -> out().println(line(each)));
        switches.frozen().ifPresent(cause -> out().println("deployments are frozen" + said(cause)));
        if (set.isEmpty()) {
            out().println("nothing is killed or limited here");
        }
        return 0;
    }

    @Command(name = "kill", description = "Stops everything in a scope.", mixinStandardHelpOptions = true)
    int kill(
            @Mixin Directory directory,
            @Mixin SwitchScope scope,
            @Mixin SwitchCause cause,
            @ArgGroup SwitchCause.@Nullable End end,
            @ArgGroup @Nullable Fallback fallback)
            throws IOException {
        return answer(KillSwitches.in(directory.path())
                .kill(scope.scope(), new SwitchState.Killed(instead(fallback)), cause.cause(end)));
    }

    @Command(
            name = "limit",
            description = "Lets only so much of a scope pass: a share, a rate, or both.",
            mixinStandardHelpOptions = true)
    int limit(
            @Mixin Directory directory,
            @Mixin SwitchScope scope,
            @Mixin SwitchCause cause,
            @ArgGroup SwitchCause.@Nullable End end,
            @ArgGroup @Nullable Fallback fallback,
            @Option(names = "--to-share", paramLabel = "SHARE", description = "this share passes, such as 0.25")
                    @Nullable
                    Double share,
            @ArgGroup(exclusive = false) @Nullable Rate rate)
            throws IOException {
        if (share == null && rate == null) {
            throw new ParameterException(
                    spec.subcommands().get("limit"), "say how much may pass: --to-share, or --calls and --per");
        }
        Limit limit;
        try {
            Limit toShare = Limit.toShare(share == null ? 1 : share);
            limit = rate == null ? toShare : toShare.andRate(rate.calls, rate.per);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.subcommands().get("limit"), e.getMessage(), e);
        }
        return answer(KillSwitches.in(directory.path())
                .limit(scope.scope(), new SwitchState.Limited(limit, instead(fallback)), cause.cause(end)));
    }

    @Command(
            name = "restore",
            description = "Lifts what is set for exactly this scope.",
            mixinStandardHelpOptions = true)
    int restore(@Mixin Directory directory, @Mixin SwitchScope scope, @Mixin SwitchCause cause) throws IOException {
        return answer(KillSwitches.in(directory.path()).restore(scope.scope(), cause.cause()));
    }

    @Command(name = "freeze", description = "Asks deployments to wait.", mixinStandardHelpOptions = true)
    int freeze(@Mixin Directory directory, @Mixin SwitchCause cause, @ArgGroup SwitchCause.@Nullable End end)
            throws IOException {
        return answer(KillSwitches.in(directory.path()).freeze(cause.cause(end)));
    }

    @Command(name = "thaw", description = "Lets deployments go on.", mixinStandardHelpOptions = true)
    int thaw(@Mixin Directory directory, @Mixin SwitchCause cause) throws IOException {
        return answer(KillSwitches.in(directory.path()).thaw(cause.cause()));
    }

    @Command(
            name = "frozen",
            description = "For deployment pipelines: exit code 1 and the reason if deployments are to wait.",
            mixinStandardHelpOptions = true)
    int frozen(@Mixin Directory directory) throws IOException {
        Optional<Cause> cause = KillSwitches.in(directory.path()).frozen();
        cause.ifPresent(why -> out().println("deployments are frozen" + said(why)));
        return cause.isPresent() ? Main.BAD : 0;
    }

    // ---- words ------------------------------------------------------------------------------------------------

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static Instead instead(@Nullable Fallback fallback) {
        if (fallback != null && fallback.prefer != null) {
            return new Instead.Prefer(fallback.prefer);
        }
        return fallback != null && fallback.refuse ? new Instead.Refuse() : new Instead.ByRule();
    }

    private int answer(SwitchResult result) {
        if (!result.durable()) { // nobody here holds it in force
            spec.commandLine().getErr().println("nothing was changed: " + result.message());
            return result.outcome() == SwitchResult.Outcome.REFUSED ? Main.BAD : Main.FAILED;
        }
        boolean changed = result.outcome() == SwitchResult.Outcome.DONE;
        out().println(changed ? "done" : "there is nothing to change");
        if (!result.message().isEmpty()) {
            out().println(result.message());
        }
        return changed ? 0 : Main.BAD;
    }

    private static String line(Switch set) {
        String state = set.state() instanceof SwitchState.Limited limited ? "limited to " + limited.limit() : "killed";
        String instead = set.state().instead() instanceof Instead.Refuse
                ? ", refused"
                : set.state()
                        .instead()
                        .preferred()
                        .map(route -> ", " + route + " answers")
                        .orElse("");
        return set.scope() + "  " + state + instead + "  since " + set.since() + said(set.cause());
    }

    private static String said(Cause cause) {
        return cause.until().map(end -> " until " + end).orElse("") + ", by " + cause.by() + ": " + cause.because();
    }

    private static Map<String, Object> members(Switch set) {
        Map<String, Object> members = new LinkedHashMap<>();
        Scope scope = set.scope();
        Map<String, Object> where = new LinkedHashMap<>();
        scope.model().ifPresent(name -> where.put("model", name));
        scope.route().ifPresent(name -> where.put("route", name));
        scope.feature().ifPresent(name -> where.put("feature", name));
        scope.segment().ifPresent(part -> where.put("segment", part.toString()));
        where.put("share", scope.share());
        members.put("scope", where);
        if (set.state() instanceof SwitchState.Limited limited) {
            members.put("state", "limited");
            members.put("limit", limited.limit().toString());
        } else {
            members.put("state", "killed");
        }
        set.state().instead().preferred().ifPresent(route -> members.put("prefer", route));
        if (set.state().instead() instanceof Instead.Refuse) {
            members.put("instead", "refuse");
        }
        members.put("since", set.since().toString());
        members.putAll(members(set.cause()));
        return members;
    }

    private static Map<String, Object> members(Cause cause) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("by", cause.by());
        members.put("because", cause.because());
        cause.until().ifPresent(end -> members.put("until", end.toString()));
        return members;
    }
}
