// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.CheckpointAnchor;
import io.github.incident4j.model.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends checkpoints to a server. */
public final class HttpAnchor implements CheckpointAnchor {
    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;

    private final HttpSender sender;
    private final Map<String, String> headers;

    private HttpAnchor(HttpSender sender, Map<String, String> headers) {
        this.sender = sender;
        this.headers = Map.copyOf(headers);
    }

    /**
     * Creates an anchor; nothing is sent yet.
     *
     * @param method POST or PUT
     * @param uri where checkpoints go
     * @param headers what is sent with them
     * @param timeout how long sending one may take
     * @return the anchor
     * @throws ConfigurationException if any of these cannot be used
     */
    public static HttpAnchor of(
            @Nullable String method,
            @Nullable URI uri,
            @Nullable Map<String, String> headers,
            @Nullable Duration timeout) {
        List<String> faults = new ArrayList<>();
        if (!"POST".equals(method) && !"PUT".equals(method)) {
            faults.add("the method '" + method + "' is not possible; use POST or PUT");
        }
        HttpSender.checkUri(uri, "https://audit.example.com/checkpoints", faults);
        HttpSender.checkHeaders(headers, faults);
        HttpSender.checkTimeout(timeout, faults);
        if (method == null || uri == null || headers == null || timeout == null || !faults.isEmpty()) {
            throw new ConfigurationException("checkpoint anchor", faults);
        }
        String shown = HttpSender.host(uri) + uri.getRawPath(); // user, query and fragment may be secret
        return new HttpAnchor(new HttpSender(method, uri, shown, timeout), headers);
    }

    @Override
    public void publish(String checkpoint) throws IOException {
        int status = sender.send("text/plain; charset=utf-8", headers, checkpoint.getBytes(StandardCharsets.UTF_8))
                .status();
        if (status < OK || status >= MULTIPLE_CHOICES) {
            throw new IOException(sender.what() + " was answered by "
                    + (status < 0 ? "something that is no HTTP" : "status " + status)
                    + "; the server has to answer 2xx when it has kept the checkpoint");
        }
    }
}
