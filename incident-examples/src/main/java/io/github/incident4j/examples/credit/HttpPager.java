// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.notify.IncidentListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;

/** Pages by HTTP: posts what happened in an incident as JSON. Further signals of a known incident page nobody. */
final class HttpPager implements IncidentListener {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int FIRST_ERROR = 300;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final URI receiver;

    HttpPager(URI receiver) {
        this.receiver = receiver;
    }

    @Override
    public void on(IncidentEvent event) throws IOException, InterruptedException {
        if (event.entry().kind() == TimelineEntry.Kind.SIGNAL) {
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(receiver)
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(page(event)))
                .build();
        int status =
                client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status >= FIRST_ERROR) {
            throw new IOException("the pager's receiver answered " + status);
        }
    }

    private String page(IncidentEvent event) throws IOException {
        Incident incident = event.incident();
        ObjectNode page = json.createObjectNode();
        page.put("incident", incident.id());
        page.put("event", lowerCase(event.entry().kind()));
        page.put("time", event.entry().time().toString());
        page.put("severity", incident.severity().name());
        page.put("type", lowerCase(incident.type()));
        page.put("state", lowerCase(incident.state()));
        page.put("model", incident.model());
        incident.segment().ifPresent(segment -> page.put("segment", segment.toString()));
        page.put("since", incident.onset().toString());
        page.put("what", event.entry().what());
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(page);
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
