// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.notify.Notification;
import io.github.incident4j.notify.Wording;
import java.net.URI;

/**
 * A Microsoft Teams workflow that begins with "When a Teams webhook request is received": a message that holds an
 * Adaptive Card (adaptivecards.io, schema 1.4).
 */
public final class Teams implements Format {
    private static final int TITLE = 500;
    private static final int TEXT = 6_000; // in UTF-8 at most 18 KB of the 28 KB that a message may have

    private final URI webhook;

    /**
     * Creates the format.
     *
     * @param webhook the URL of the workflow, a secret
     */
    public Teams(URI webhook) {
        this.webhook = webhook;
    }

    @Override
    public String name() {
        return "Microsoft Teams";
    }

    @Override
    public Post of(Notification notification, Wording.Message message) {
        ObjectNode json = Bodies.object().put("type", "message");
        ObjectNode card = json.putArray("attachments")
                .addObject()
                .put("contentType", "application/vnd.microsoft.card.adaptive")
                .putObject("content");
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                .put("type", "AdaptiveCard")
                .put("version", "1.4");
        ArrayNode body = card.putArray("body");
        body.addObject()
                .put("type", "RichTextBlock")
                .putArray("inlines")
                .addObject()
                .put("type", "TextRun")
                .put("text", Bodies.cut(message.title(), TITLE))
                .put("weight", "Bolder");
        // Runs of rich text are taken as they are; a TextBlock would read them as Markdown.
        body.addObject()
                .put("type", "RichTextBlock")
                .putArray("inlines")
                .addObject()
                .put("type", "TextRun")
                .put("text", Bodies.cut(message.text(), TEXT));
        if (notification instanceof Notification.OfIncident told) {
            told.link()
                    .ifPresent(link -> card.putArray("actions")
                            .addObject()
                            .put("type", "Action.OpenUrl")
                            .put("title", told.incident().id())
                            .put("url", link.toString()));
        }
        return new Post(webhook, Bodies.JSON, Bodies.bytes(json));
    }
}
