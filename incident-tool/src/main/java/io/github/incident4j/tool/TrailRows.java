// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The decisions of a model that its versions have answered, with what their detectors watched, their segments, the
 * route and the latency as columns.
 */
final class TrailRows implements Rows {
    private final Path directory;
    private final String model;

    TrailRows(Path directory, String model) {
        this.directory = directory;
        this.model = model;
    }

    @Override
    public void read(long most, Consumer<Row> sink) {
        try (Stream<TrailRecord> records = AuditTrail.in(directory)
                .query()
                .type("decision")
                .model(model)
                .unsealed()
                .records()) {
            records.filter(record -> "model".equals(record.members().get("route_kind")))
                    .limit(most)
                    .forEach(record -> sink.accept(row(record)));
        }
    }

    private static Row row(TrailRecord record) {
        Map<String, String> texts = new LinkedHashMap<>();
        record.values().forEach((name, value) -> texts.put(name, String.valueOf(value)));
        record.categories().forEach((name, value) -> texts.put(name, String.valueOf(value)));
        record.segments().forEach((name, value) -> texts.put(name, String.valueOf(value)));
        for (String member : new String[] {"route", "latency_ns"}) {
            texts.put(member, String.valueOf(record.members().getOrDefault(member, "")));
        }
        return new Row(texts, record.time());
    }
}
