// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwitchesCommandTest {
    private static final String[] CAUSE = {"--by", "night-shift", "--because", "ticket 4711"};

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String command, String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] line = Stream.concat(Stream.of("switches", command, directory.toString()), Arrays.stream(args))
                .toArray(String[]::new);
        return Main.run(new PrintWriter(out), new PrintWriter(err), line);
    }

    private int runFor(String command, String... args) {
        return run(
                command,
                Stream.concat(Arrays.stream(CAUSE), Arrays.stream(args)).toArray(String[]::new));
    }

    private IncidentRuntime opened() {
        return IncidentRuntime.builder().directory(directory).build();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(200_000);
        }
    }

    private List<String> recorded() {
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().type("switch.").records()) {
            return records.map(record -> record.type() + " " + who(record)).toList();
        }
    }

    private static String who(TrailRecord record) {
        Object about = record.members().getOrDefault("switch", record.members().get("cause"));
        return about instanceof Map<?, ?> cause ? cause.get("by") + ": " + cause.get("because") : "";
    }

    @Test
    void runningService_takesChangesOverAndRecordsThem() {
        try (IncidentRuntime runtime = opened()) {
            GuardedModel<Integer, String> model = runtime.<Integer, String>guard("credit")
                    .route("v2", input -> "v2")
                    .fallback("rules", input -> "rules")
                    .build();
            assertThat(model.call(1)).isEqualTo("v2");
            assertThat(runFor("kill", "--model", "credit", "--route", "v2")).isZero();
            assertThat(out.toString()).contains("done");
            await(() -> model.call(1).equals("rules"));
            assertThat(runFor("restore", "--model", "credit", "--route", "v2")).isZero();
            await(() -> model.call(1).equals("v2"));
            assertThat(runFor("restore", "--model", "credit", "--route", "v2"))
                    .as("nothing to lift")
                    .isEqualTo(1);
            assertThat(runFor("freeze", "--for", "PT1H")).isZero();
            await(() -> runtime.switches().frozen().isPresent());
            assertThat(run("frozen")).isEqualTo(1);
            assertThat(out.toString()).contains("night-shift: ticket 4711");
            assertThat(runFor("thaw")).isZero();
            await(() -> runtime.switches().frozen().isEmpty());
            assertThat(run("frozen")).isZero();
        }
        assertThat(recorded())
                .containsExactly(
                        "switch.killed night-shift: ticket 4711",
                        "switch.restored night-shift: ticket 4711",
                        "switch.frozen night-shift: ticket 4711",
                        "switch.thawed night-shift: ticket 4711");
    }

    @Test
    void serviceThatIsDown_hasTheSwitchAndTheRecordWhenItStarts() {
        opened().close();
        assertThat(runFor("kill", "--everything", "--feature", "chat", "--segment", "tenant=acme", "--refuse"))
                .isZero();
        assertThat(runFor("limit", "--model", "credit", "--share", "0.5", "--to-share", "0.25", "--prefer", "rules"))
                .isZero();
        assertThat(runFor(
                        "limit",
                        "--model",
                        "fraud",
                        "--calls",
                        "10",
                        "--per",
                        "PT1S",
                        "--until",
                        "2999-01-01T00:00:00Z"))
                .isZero();
        try (IncidentRuntime runtime = opened()) {
            assertThat(runtime.switches().active()).hasSize(3);
        }
        assertThat(recorded())
                .containsExactlyInAnyOrder(
                        "switch.killed night-shift: ticket 4711",
                        "switch.limited night-shift: ticket 4711",
                        "switch.limited night-shift: ticket 4711");
    }

    @Test
    void list_printsForPeopleAndScripts() throws Exception {
        opened().close();
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains("nothing is killed");
        runFor("kill", "--model", "credit", "--route", "v2", "--prefer", "rules", "--until", "2999-01-01T00:00:00Z");
        runFor("freeze");
        assertThat(run("list")).isZero();
        assertThat(out.toString())
                .contains("credit/v2  killed, rules answers", "until 2999", "by night-shift: ticket 4711", "frozen");
        assertThat(run("list", "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.at("/switches/0/scope/route").asText()).isEqualTo("v2");
        assertThat(json.at("/switches/0/prefer").asText()).isEqualTo("rules");
        assertThat(json.at("/freeze/by").asText()).isEqualTo("night-shift");
    }

    @Test
    void wrongUse_changesNothingAndSaysWhatToDo() throws Exception {
        assertThat(runFor("kill", "--model", "credit"))
                .as("no runtime was here")
                .isEqualTo(3);
        assertThat(err.toString()).contains("directory of a runtime");
        opened().close();
        assertThat(runFor("kill")).isEqualTo(2);
        assertThat(err.toString()).contains("--model", "--everything");
        assertThat(runFor("kill", "--everything", "--model", "credit")).isEqualTo(2);
        assertThat(runFor("kill", "--everything", "--route", "v2")).isEqualTo(2);
        assertThat(runFor("kill", "--model", "credit", "--share", "7")).isEqualTo(2);
        assertThat(runFor("kill", "--model", "credit", "--segment", "acme")).isEqualTo(2);
        assertThat(runFor("kill", "--model", "credit", "--refuse", "--prefer", "rules"))
                .isEqualTo(2);
        assertThat(runFor("kill", "--model", "credit", "--until", "tomorrow")).isEqualTo(2);
        assertThat(run("kill", "--model", "credit", "--by", "me")).isEqualTo(2);
        assertThat(run("kill", "--model", "credit", "--by", "me", "--because", " "))
                .isEqualTo(2);
        assertThat(runFor("limit", "--model", "credit")).isEqualTo(2);
        assertThat(runFor("limit", "--model", "credit", "--calls", "10")).isEqualTo(2);
        assertThat(runFor("limit", "--model", "credit", "--to-share", "1.5")).isEqualTo(2);
        assertThat(runFor("kill", "--model", "credit", "--until", "2001-01-01T00:00:00Z"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("is past");
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains("nothing is killed");
        Files.writeString(directory.resolve("switches.json"), "{");
        assertThat(runFor("kill", "--everything")).isEqualTo(3);
        assertThat(err.toString()).contains("corrupt");
        assertThat(directory.resolve("switches.json")).hasContent("{");
    }
}
