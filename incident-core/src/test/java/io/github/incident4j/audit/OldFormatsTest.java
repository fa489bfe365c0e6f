// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trails that earlier versions wrote are read, verified, and gone on with. */
class OldFormatsTest {
    @TempDir
    Path directory;

    private Path segment;

    @BeforeEach
    void makeFolder() throws IOException {
        segment = directory.resolve("trail/log/00000000000000000000.jsonl");
        Files.createDirectories(segment.getParent());
    }

    /** Lines as version 1 wrote them, linked by hashes, or version 2, which left the links out. */
    private void write(int version) throws Exception {
        List<String> members = new ArrayList<>();
        members.add("\"type\":\"runtime.opened\",\"runtime\":\"0000000000000007\",\"java\":\"17\"");
        for (int i = 0; i < 300; i++) {
            members.add("\"type\":\"decision\",\"id\":\"0000000000000007-" + i
                    + "\",\"model\":\"credit\",\"outcome\":\"answered\",\"route\":\"v1\",\"route_kind\":\"model\","
                    + "\"latency_ns\":5,\"segments\":{\"age\":\"" + (i % 3 == 0 ? "young" : "old")
                    + "\"},\"values\":{\"denied\":1.0}");
        }
        members.add("\"type\":\"switch.killed\",\"switch\":{\"scope\":{\"model\":\"credit\"},\"state\":\"killed\","
                + "\"by\":\"ada\",\"because\":\"drill\",\"since\":\"2026-11-20T21:41:00Z\"}");
        String link = "0".repeat(64);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < members.size(); i++) {
            String body = "{\"seq\":" + i + ",\"v\":" + version + ",\"time\":\"2026-11-20T21:41:00.123456789Z\","
                    + members.get(i) + (version == 1 ? ",\"prev\":\"" + link + "\"" : "");
            CRC32C crc = new CRC32C();
            crc.update(body.getBytes(StandardCharsets.UTF_8));
            String line = body + ",\"crc32c\":\"" + HexFormat.of().toHexDigits((int) crc.getValue()) + "\"}";
            link = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8)));
            lines.append(line).append('\n');
        }
        Files.writeString(segment, lines);
    }

    private AuditTrail trail() {
        return AuditTrail.in(directory);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oldTrail_isReadAsItLies(int version) throws Exception {
        write(version);
        assertThat(trail().verify().faults()).isEmpty();
        assertThat(trail().query().segment("age", "young").count()).isEqualTo(100);
        assertThat(trail().query().countBySegment("age").get("old")).containsEntry("answered", 200L);
        assertThat(trail().record(5).segment("age")).contains("old");
        assertThat(trail().record(5).values()).containsEntry("denied", 1.0);
        assertThat(trail().record(5).side().state()).isEqualTo(SideRecord.State.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oldTrail_isGoneOnWithAndGetsATree(int version) throws Exception {
        write(version);
        String before = Files.readString(segment).stripTrailing();
        Path lock = Files.createFile(directory.resolve("runtime.lock"));
        Object key = Files.readAttributes(lock, BasicFileAttributes.class).fileKey();
        Files.writeString(lock, "of a runtime that has ended, file " + key + ", epoch 1"); // no wait for it
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            runtime.<String, String>guard("new")
                    .route("v1", input -> input)
                    .segment("age", input -> input)
                    .build()
                    .call("old");
        }
        assertThat(Files.readString(segment)).startsWith(before);
        Verification verification = trail().verify();
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.attested()).isEqualTo(verification.records()).isGreaterThan(302);
        assertThat(trail().prove(7).record()).contains("\"v\":" + version);
        assertThat(trail().query().segment("age", "old").count())
                .as("both formats")
                .isEqualTo(201);
        try (Stream<TrailRecord> records = trail().records()) {
            assertThat(records.map(each -> each.members().get("v")).distinct()).containsExactly(version, 3);
        }
    }

    @Test
    void damageInAnOldTrail_isFound() throws Exception {
        write(1);
        Files.writeString(segment, Files.readString(segment).replaceFirst("young", "youth"));
        assertThat(trail().verify().faults()).isNotEmpty();
    }
}
