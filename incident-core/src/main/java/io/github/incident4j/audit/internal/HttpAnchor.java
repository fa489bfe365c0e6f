// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.CheckpointAnchor;
import io.github.incident4j.model.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends checkpoints to a server. By {@link HttpURLConnection}: an {@code HttpClient} has threads that hold the class
 * loader until the client is collected, and on Java 17 it cannot be closed; the JDK's own threads behind a connection
 * hold nothing of ours.
 */
public final class HttpAnchor implements CheckpointAnchor {
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);
    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int BAD_REQUEST = 400;

    /** The connection sets these itself; most of them it would drop without a word. */
    private static final Set<String> OWN_HEADERS = Set.of(
            "access-control-request-headers",
            "access-control-request-method",
            "connection",
            "content-length",
            "content-transfer-encoding",
            "content-type",
            "expect",
            "host",
            "keep-alive",
            "origin",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via");

    private final String method;
    private final URI uri;
    private final Map<String, String> headers;
    private final Duration timeout;

    private HttpAnchor(String method, URI uri, Map<String, String> headers, Duration timeout) {
        this.method = method;
        this.uri = uri;
        this.headers = Map.copyOf(headers);
        this.timeout = timeout;
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
        checkUri(uri, faults);
        checkHeaders(headers, faults);
        if (timeout == null || timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            faults.add("a timeout of " + timeout + " is not possible; use " + MIN_TIMEOUT + " to " + MAX_TIMEOUT);
        }
        if (method == null || uri == null || headers == null || timeout == null || !faults.isEmpty()) {
            throw new ConfigurationException("checkpoint anchor", faults);
        }
        return new HttpAnchor(method, uri, headers, timeout);
    }

    private static void checkUri(@Nullable URI uri, List<String> faults) {
        if (uri == null) {
            faults.add("the URI is null; use one such as https://audit.example.com/checkpoints");
        } else if (uri.getScheme() == null
                || !uri.getScheme().toLowerCase(Locale.ROOT).matches("https?")
                || uri.getHost() == null) {
            faults.add("the URI " + withoutSecrets(uri)
                    + " has no server that speaks HTTP; use one such as https://audit.example.com/checkpoints");
        } else if (uri.getRawUserInfo() != null) {
            faults.add("the URI " + withoutSecrets(uri)
                    + " must not hold user and password; send a header Authorization instead");
        }
    }

    private static void checkHeaders(@Nullable Map<String, String> headers, List<String> faults) {
        if (headers == null) {
            faults.add("the headers are null; use an empty map for none");
            return;
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String name = header.getKey();
            String value = header.getValue();
            if (name == null || !name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                faults.add("'" + name + "' is no name of a header; use letters, digits and hyphens");
            } else if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                faults.add("the header '" + name + "' is set by the connection itself; leave it out");
            } else if (value == null || value.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c > 0x7e)) {
                faults.add("the value of the header '" + name
                        + "' is null or holds control characters or others than ASCII; take them out (a file's last"
                        + " newline, perhaps)");
            }
        }
    }

    /** The URI without what may be secret: user, query and fragment. */
    private static String withoutSecrets(URI uri) {
        if (uri.getHost() == null) {
            return uri.getScheme() + ":…";
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }

    /** On a thread of its own, since neither a name server nor a server that answers by drops knows of our timeout. */
    @Override
    public void publish(String checkpoint) throws IOException {
        HttpURLConnection connection = connection();
        FutureTask<Integer> exchange =
                new FutureTask<>(() -> exchange(connection, checkpoint.getBytes(StandardCharsets.UTF_8)));
        Thread thread = new Thread(exchange, "incident4j-anchor");
        thread.setDaemon(true);
        thread.start();
        int status = statusOf(exchange, connection);
        if (status < OK || status >= MULTIPLE_CHOICES) {
            throw new IOException(what() + " was answered by "
                    + (status < 0 ? "something that is no HTTP" : "status " + status)
                    + "; the server has to answer 2xx when it has kept the checkpoint");
        }
    }

    private HttpURLConnection connection() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        connection.setInstanceFollowRedirects(false); // it would take the headers to a server that nobody has named
        connection.setUseCaches(false);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "text/plain; charset=utf-8");
        headers.forEach(connection::setRequestProperty);
        return connection;
    }

    private static int exchange(HttpURLConnection connection, byte[] body) throws IOException {
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        if (status >= 0) {
            // Asked for the wrong one of the two, the JDK throws, with the URI's query in its message.
            InputStream answer = status < BAD_REQUEST ? connection.getInputStream() : connection.getErrorStream();
            if (answer != null) {
                answer.close(); // reads what is left of a short answer, so that the connection serves the next one
            }
        }
        return status;
    }

    private int statusOf(FutureTask<Integer> exchange, HttpURLConnection connection) throws IOException {
        try {
            return exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            connection.disconnect();
            throw tooLate(e);
        } catch (InterruptedException e) {
            connection.disconnect();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException(what() + " was interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof SocketTimeoutException) {
                throw tooLate(cause);
            }
            throw new IOException(
                    what() + " failed: " + cause.getClass().getSimpleName() + " " + cause.getMessage()
                            + ". Check that the server runs and can be reached from here",
                    cause);
        }
    }

    private SocketTimeoutException tooLate(Throwable cause) {
        SocketTimeoutException late = new SocketTimeoutException(what() + " was not answered within " + timeout
                + "; check the server, or allow more time if it is only slow");
        late.initCause(cause);
        return late;
    }

    private String what() {
        return method + " " + withoutSecrets(uri);
    }
}
