// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * Sends bodies to an HTTP server, each within a time that covers name server, connection, and a server that answers by
 * drops. By {@link HttpURLConnection}: an {@code HttpClient} has threads that hold the class loader until the client is
 * collected, and on Java 17 it cannot be closed; the JDK's own threads behind a connection hold nothing of ours.
 */
public final class HttpSender {
    /** The least time that an exchange may be given. */
    public static final Duration MIN_TIMEOUT = Duration.ofMillis(1);

    /** The most time that an exchange may be given. */
    public static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);

    private static final int BAD_REQUEST = 400;
    private static final int ANSWER_BYTES = 300;

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
    private final String shown;
    private final Duration timeout;

    /**
     * What a server said.
     *
     * @param status the status, below zero where it was no HTTP
     * @param retryAfter its header of that name
     * @param text the beginning of what it said of an error; of no success
     */
    public record Answer(int status, @Nullable String retryAfter, String text) {}

    /**
     * Creates a sender; nothing is sent yet.
     *
     * @param method POST or PUT
     * @param uri where to
     * @param shown the URI as messages may name it, without what is secret of it
     * @param timeout how long an exchange may take
     */
    public HttpSender(String method, URI uri, String shown, Duration timeout) {
        this.method = method;
        this.uri = uri;
        this.shown = shown;
        this.timeout = timeout;
    }

    /**
     * Says what is wrong with a URI.
     *
     * @param uri the URI, or null
     * @param example one that would do
     * @param faults takes a sentence for each fault
     */
    public static void checkUri(@Nullable URI uri, String example, List<String> faults) {
        if (uri == null) {
            faults.add("the URI is null; use one such as " + example);
        } else if (uri.getScheme() == null
                || !uri.getScheme().toLowerCase(Locale.ROOT).matches("https?")
                || uri.getHost() == null) {
            faults.add("the URI " + host(uri) + " has no server that speaks HTTP; use one such as " + example);
        } else if (uri.getRawUserInfo() != null) {
            faults.add(
                    "the URI " + host(uri) + " must not hold user and password; send a header Authorization instead");
        }
    }

    /**
     * Says what is wrong with headers.
     *
     * @param headers the headers, or null
     * @param faults takes a sentence for each fault
     */
    public static void checkHeaders(@Nullable Map<String, String> headers, List<String> faults) {
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

    /**
     * Says what is wrong with a time limit.
     *
     * @param timeout the limit, or null
     * @param faults takes a sentence if it cannot be used
     */
    public static void checkTimeout(@Nullable Duration timeout, List<String> faults) {
        if (timeout == null || timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            faults.add("a timeout of " + timeout + " is not possible; use " + MIN_TIMEOUT + " to " + MAX_TIMEOUT);
        }
    }

    /**
     * The server that a URI names, without what may be secret: user, path, query and fragment.
     *
     * @param uri the URI
     * @return scheme, host and port
     */
    public static String host(URI uri) {
        if (uri.getHost() == null) {
            return uri.getScheme() + ":…";
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port;
    }

    /**
     * Whether a URI's server is this machine, by an address in numbers or the name {@code localhost}; no name server is
     * asked.
     *
     * @param uri the URI
     * @return whether it is
     */
    public static boolean isLoopback(URI uri) {
        String host = String.valueOf(uri.getHost());
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try { // a literal address asks nobody
            return host.matches("\\[.*\\]|[0-9.]+")
                    && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * Sends a body and waits for the answer; on a thread of its own, since neither a name server nor a server that
     * answers by drops knows of our time limit. Follows no redirection, which would take secrets to a server that
     * nobody has named.
     *
     * @param contentType what the body is
     * @param headers what is sent with it
     * @param body the body
     * @return what the server said
     * @throws IOException if it said nothing in time
     */
    public Answer send(String contentType, Map<String, String> headers, byte[] body) throws IOException {
        HttpURLConnection connection = connection(contentType, headers);
        FutureTask<Answer> exchange = new FutureTask<>(() -> exchange(connection, body));
        Thread thread = new Thread(exchange, "incident4j-http");
        thread.setDaemon(true);
        thread.start();
        return answerOf(exchange, connection);
    }

    private HttpURLConnection connection(String contentType, Map<String, String> headers) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", contentType);
        headers.forEach(connection::setRequestProperty);
        return connection;
    }

    private static Answer exchange(HttpURLConnection connection, byte[] body) throws IOException {
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        String text = "";
        if (status >= 0) {
            // Asked for the wrong one of the two, the JDK throws, with the URI's query in its message.
            InputStream answer = status < BAD_REQUEST ? connection.getInputStream() : connection.getErrorStream();
            if (answer != null) {
                try (answer) { // closing reads what is left of a short answer: the connection serves the next one
                    text = status < BAD_REQUEST
                            ? ""
                            : new String(answer.readNBytes(ANSWER_BYTES), StandardCharsets.UTF_8);
                }
            }
        }
        return new Answer(status, connection.getHeaderField("Retry-After"), text);
    }

    private Answer answerOf(FutureTask<Answer> exchange, HttpURLConnection connection) throws IOException {
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

    /** {@return what is done, for messages} */
    public String what() {
        return method + " " + shown;
    }
}
