// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.incident.PhaseModel;
import io.github.incident4j.incident.internal.StoredIncidents;
import java.util.Locale;
import java.util.TreeMap;

/** Writes a review as JSON. */
final class ReviewJson {
    private final ObjectMapper mapper = Json.mapper();

    String of(Review review) {
        ObjectNode json = mapper.createObjectNode();
        json.set("incident", StoredIncidents.write(review.incident()));
        ObjectNode phases = json.putObject("phase");
        for (PhaseModel model : PhaseModel.values()) {
            phases.put(
                    model.name().toLowerCase(Locale.ROOT),
                    model.phaseOf(review.incident().state()));
        }
        review.contained().ifPresent(time -> json.put("contained", time.toString()));
        review.ended().ifPresent(time -> json.put("ended", time.toString()));
        json.put("decisions_in_harm", review.harmed());
        ArrayNode timeline = json.putArray("timeline");
        review.timeline()
                .forEach(entry -> timeline.addObject()
                        .put("number", entry.number())
                        .put("time", entry.time().toString())
                        .put("kind", entry.kind().name())
                        .put("by", entry.by())
                        .put("what", entry.what()));
        write(review.phases(), json.putArray("phases"));
        write(review.traffic(), json.putArray("traffic"));
        ArrayNode changes = json.putArray("changes");
        review.changes()
                .forEach(change -> changes.addObject()
                        .put("what", change.what())
                        .put("at", change.at().toString())
                        .put("by", change.by())
                        .put("because", change.because()));
        return json.toPrettyString();
    }

    private static void write(Traffic traffic, ArrayNode json) {
        for (Traffic.Slice slice : traffic.slices()) {
            ObjectNode each = json.addObject()
                    .put("from", slice.from().toString())
                    .put("until", slice.until().toString());
            ObjectNode routes = each.putObject("by_route");
            new TreeMap<>(slice.byRoute()).forEach(routes::put);
        }
    }
}
