// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.ForkedJvm;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.notify.Receiver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a JVM while it tells of incidents, beside a receiver that is not well either. */
class PagerCrashTest {
    @TempDir
    Path directory;

    @Test
    void killedProcess_leavesNothingUntold() throws Exception {
        int crashes = Boolean.getBoolean("incident4j.full") ? 60 : 4;
        Random random = new Random(7);
        try (Receiver receiver = new Receiver()) {
            for (int crash = 0; crash < crashes; crash++) {
                if (crash % 3 == 1) {
                    receiver.answering(exchange -> exchange.sendResponseHeaders(503, -1));
                } else if (crash % 3 == 2) {
                    receiver.answering(exchange -> {
                        throw new IOException("the connection is reset");
                    });
                } else {
                    receiver.taking();
                }
                Process child = start(receiver, "1000");
                assertThat(child.inputReader().readLine()).isEqualTo("an incident is open");
                child.waitFor(random.nextInt(1_000), TimeUnit.MILLISECONDS);
                child.destroyForcibly().waitFor();
            }
            receiver.taking();
            Process last = start(receiver, "1");
            assertThat(last.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(last.exitValue()).isZero();
            Map<String, List<Integer>> told = told(receiver);
            int events = 0;
            int incidents = 0;
            try (Stream<TrailRecord> records = AuditTrail.in(directory).records()) {
                for (TrailRecord record : records.toList()) {
                    if (record.type().startsWith("incident.") && !record.type().equals("incident.signal")) {
                        JsonNode incident =
                                new ObjectMapper().valueToTree(record.members().get("incident"));
                        JsonNode timeline = incident.path("timeline");
                        int number =
                                timeline.get(timeline.size() - 1).path("number").asInt();
                        assertThat(told.getOrDefault(
                                        keyOf(
                                                incident.path("id").asText(),
                                                incident.path("detected").asText()),
                                        List.of()))
                                .as("%s of %s", number, incident.path("id"))
                                .contains(number);
                        events++;
                        incidents += record.type().equals("incident.resolved") ? 1 : 0;
                    }
                }
            }
            assertThat(incidents).as("incidents").isGreaterThan(crashes);
            assertThat(events).isGreaterThan(2 * incidents - 1);
            assertThat(receiver.answers()).as("some were refused").contains(503);
        }
    }

    private Process start(Receiver receiver, String incidents) throws IOException {
        return ForkedJvm.start(
                PagerChild.class,
                List.of(),
                directory.toString(),
                receiver.uri("/").toString(),
                incidents);
    }

    private static String keyOf(String id, String detected) {
        return id + " of " + detected;
    }

    /** By incident the numbers of its entries, in the order in which they came first. */
    private static Map<String, List<Integer>> told(Receiver receiver) {
        Map<String, List<Integer>> told = new HashMap<>();
        for (Receiver.Post post : receiver.taken()) {
            JsonNode data = post.json().path("data");
            for (JsonNode of : data.has("incidents") ? data.path("incidents") : List.of(data.path("incident"))) {
                List<Integer> numbers = told.computeIfAbsent(
                        keyOf(of.path("id").asText(), of.path("detected").asText()), id -> new ArrayList<>());
                if (data.has("incidents")) {
                    for (int number = 1; number <= of.path("entries").asInt(); number++) {
                        numbers.add(number);
                    }
                }
                for (JsonNode entry : data.path("news")) {
                    if (!numbers.contains(entry.path("number").asInt())) {
                        numbers.add(entry.path("number").asInt());
                    }
                }
            }
        }
        told.values().forEach(numbers -> assertThat(numbers).isSorted());
        return told;
    }
}
