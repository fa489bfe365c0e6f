// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.notify.Notification;
import io.github.incident4j.notify.Wording;
import java.net.URI;

/** Slack's incoming webhooks (docs.slack.dev, "Sending messages using incoming webhooks", Block Kit). */
public final class Slack implements Format {
    private static final int HEADER = 150;
    private static final int SECTION = 3_000;

    private final URI webhook;

    /**
     * Creates the format.
     *
     * @param webhook the URL of the webhook, a secret
     */
    public Slack(URI webhook) {
        this.webhook = webhook;
    }

    @Override
    public String name() {
        return "Slack";
    }

    @Override
    public Post of(Notification notification, Wording.Message message) {
        ObjectNode json = Bodies.object().put("text", Bodies.cut(escape(message.title()), SECTION));
        ArrayNode blocks = json.putArray("blocks");
        blocks.addObject()
                .put("type", "header")
                .putObject("text")
                .put("type", "plain_text")
                .put("text", Bodies.cut(message.title(), HEADER));
        // Plain text, too: in mrkdwn what comes from outside could link, mention or format.
        blocks.addObject()
                .put("type", "section")
                .putObject("text")
                .put("type", "plain_text")
                .put("text", Bodies.cut(message.text(), SECTION))
                .put("emoji", false);
        return new Post(webhook, Bodies.JSON, Bodies.bytes(json));
    }

    /** The three characters that are markup in the fallback text. */
    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
