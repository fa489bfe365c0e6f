// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** What the receiver reads in a page, which is a CloudEvent. */
record Page(String body) {

    /** What has happened, a line for each. */
    List<String> news() {
        List<String> news = new ArrayList<>();
        for (JsonNode entry : data().path("news")) {
            news.add(entry.path("kind").asText() + ": " + entry.path("what").asText());
        }
        return news;
    }

    /** The page in words. */
    String text() {
        return data().path("title").asText() + "\n" + data().path("text").asText();
    }

    /** The incident that it is about. */
    String incident() {
        return data().path("incident").path("id").asText();
    }

    private JsonNode data() {
        try {
            return new ObjectMapper().readTree(body).path("data");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a page is no JSON: " + body, e);
        }
    }
}
