// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.incident4j.model.ConfigurationException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpAnchorTest {
    private static final String NOTE = "audit.example.com/1\n7\nAAAA\n\n\u2014 audit.example.com/1 c2lnbmF0dXJl\n";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String SECRET = "c0ffee";

    private final ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    HttpAnchorTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    /** As anchors are used: encrypted, to a server that the JVM trusts, and to no other. */
    @Test
    void noteToAServerThatTheJvmTrusts_arrivesEncrypted(@TempDir Path keys) throws Exception {
        Path store = keys.resolve("server.p12");
        SSLContext context = contextOf(serverKey(store));
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(context));
        secure.setExecutor(threads);
        secure.createContext("/", exchange -> {
            try (exchange) {
                received.add(line(exchange));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        secure.start();
        SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
        try {
            CheckpointAnchor anchor = CheckpointAnchors.http(
                    URI.create("https://127.0.0.1:" + secure.getAddress().getPort() + "/kept"));
            assertThatThrownBy(() -> anchor.publish(NOTE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("SSLHandshakeException");
            assertThat(received).as("it is not trusted").isEmpty();
            HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
            anchor.publish(NOTE);
            assertThat(received).singleElement().asString().contains(NOTE);
        } finally {
            HttpsURLConnection.setDefaultSSLSocketFactory(before);
            secure.stop(0);
        }
    }

    /** A key of the server's own, made by the JDK's tool. */
    private static KeyStore serverKey(Path store) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        SECRET,
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        return KeyStore.getInstance(store.toFile(), SECRET.toCharArray());
    }

    private static SSLContext contextOf(KeyStore keys) throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, SECRET.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private URI serve(HttpHandler handler) {
        server.createContext("/", exchange -> {
            try (exchange) {
                received.add(line(exchange));
                handler.handle(exchange);
            }
        });
        return uri(server.getAddress().getPort());
    }

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port + "/kept?token=" + SECRET);
    }

    private static String line(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        return String.join(
                "|",
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                String.valueOf(headers.getFirst("Content-Type")),
                String.valueOf(headers.getFirst("Authorization")),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static CheckpointAnchor anchor(URI uri, Duration timeout) {
        return CheckpointAnchors.http("POST", uri, Map.of("Authorization", "Bearer " + SECRET), timeout);
    }

    private static void assertFails(ThrowingCallable publish, Class<? extends IOException> type, String... expected) {
        assertThatThrownBy(publish)
                .isInstanceOf(type)
                .hasMessageContainingAll(expected)
                .satisfies(thrown -> {
                    StringWriter trace = new StringWriter();
                    thrown.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain(SECRET);
                });
    }

    @Test
    void note_arrivesAsItIs() throws Exception {
        URI uri = serve(exchange -> exchange.sendResponseHeaders(201, -1));
        CheckpointAnchors.http(uri).publish(NOTE);
        CheckpointAnchors.http("PUT", uri, Map.of("Authorization", "Bearer " + SECRET), LONG)
                .publish(NOTE);
        assertThat(received)
                .containsExactly(
                        "POST|/kept?token=c0ffee|text/plain; charset=utf-8|null|" + NOTE,
                        "PUT|/kept?token=c0ffee|text/plain; charset=utf-8|Bearer c0ffee|" + NOTE);
    }

    @Test
    void answersWithABody_leaveTheNextOneAlone() throws Exception {
        byte[] body = "thank you\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        URI uri = serve(exchange -> {
            exchange.sendResponseHeaders(received.size() % 2 == 0 ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        });
        CheckpointAnchor anchor = anchor(uri, LONG);
        for (int i = 0; i < 5; i++) {
            assertFails(() -> anchor.publish(NOTE), IOException.class, "status 503");
            anchor.publish(NOTE);
        }
        assertThat(received).hasSize(10);
    }

    @Test
    void everyOtherStatus_isAFailureThatNamesStatusAndUri() {
        int[] status = {0};
        URI uri = serve(exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status[0], -1);
        });
        for (int each : List.of(302, 307, 400, 401, 404, 407, 500, 503)) {
            status[0] = each;
            assertFails(
                    () -> anchor(uri, LONG).publish(NOTE),
                    IOException.class,
                    "POST http://127.0.0.1:" + uri.getPort() + "/kept",
                    "status " + each);
        }
        assertThat(received)
                .as("nothing is sent twice, no redirection followed")
                .hasSize(8);
    }

    @Test
    void serverThatIsAway_isNamed() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertFails(
                () -> anchor(uri(port), LONG).publish(NOTE),
                IOException.class,
                "POST http://127.0.0.1:" + port + "/kept failed",
                "Check that the server runs");
    }

    @Test
    void serverThatIsSilent_isLeftAfterTheTimeout() throws Exception {
        URI uri = serve(exchange -> await(LONG));
        long before = System.nanoTime();
        assertFails(
                () -> anchor(uri, SHORT).publish(NOTE),
                SocketTimeoutException.class,
                "POST http://127.0.0.1:" + uri.getPort() + "/kept was not answered within PT0.3S");
        assertThat(System.nanoTime() - before).isBetween(SHORT.toNanos(), LONG.toNanos() / 2);
        assertNoThreadStays();
    }

    /** Each byte comes in time; the answer does not. */
    @Test
    void serverThatAnswersByDrops_isLeftAfterTheTimeout() throws Exception {
        assertFails(
                () -> anchor(raw("HTTP/1.1 200 OK\r\nX: " + "y".repeat(10_000)), SHORT)
                        .publish(NOTE),
                SocketTimeoutException.class,
                "was not answered within PT0.3S");
        assertNoThreadStays();
    }

    @Test
    void serverThatSpeaksSomethingElse_isAFailure() throws Exception {
        assertFails(
                () -> anchor(raw("220 mail.example.com\r\n\r\n"), LONG).publish(NOTE), IOException.class, "no HTTP");
    }

    /** A server that answers one connection by drops. */
    private URI raw(String answer) throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        threads.execute(() -> {
            try (socket;
                    Socket connection = socket.accept();
                    OutputStream out = connection.getOutputStream()) {
                for (byte each : answer.getBytes(StandardCharsets.US_ASCII)) {
                    out.write(each);
                    await(SHORT.dividedBy(30));
                }
            } catch (IOException e) {
                received.add(String.valueOf(e.getMessage())); // the anchor has gone
            }
        });
        return uri(socket.getLocalPort());
    }

    /** Waits until the test is over, or for that long. */
    private void await(Duration atMost) {
        try {
            if (over.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                received.add("the test is over");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertNoThreadStays() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("incident4j-http")) {
                thread.join(LONG.toMillis());
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void interruptedThread_isNotHeldUp() {
        URI uri = serve(exchange -> await(LONG));
        try {
            Thread.currentThread().interrupt();
            assertFails(() -> anchor(uri, LONG).publish(NOTE), java.io.InterruptedIOException.class, "was interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void faultsOfSettings_nameValueAndRemedyButNoSecret() {
        URI fine = uri(80);
        for (URI uri : List.of(
                URI.create("ftp://audit.example.com/"),
                URI.create("checkpoints"),
                URI.create("https:///checkpoints"))) {
            assertFault(() -> CheckpointAnchors.http(uri), "no server that speaks HTTP", "https://");
        }
        assertFault(
                () -> CheckpointAnchors.http(URI.create("https://me:" + SECRET + "@audit.example.com/?" + SECRET)),
                "https://audit.example.com must not hold user and password",
                "Authorization");
        assertFault(
                () -> CheckpointAnchors.http(
                        "GET",
                        fine,
                        Map.of("Host", SECRET, "X Y", SECRET, "Authorization", SECRET + "\n"),
                        Duration.ZERO),
                "5 faults",
                "the method 'GET' is not possible; use POST or PUT",
                "'Host' is set by the connection itself",
                "'X Y' is no name of a header",
                "the value of the header 'Authorization'",
                "a timeout of PT0S is not possible; use PT0.001S to PT1M");
        assertFault(
                () -> CheckpointAnchors.http("PUT", fine, Map.of(), Duration.ofSeconds(Long.MAX_VALUE)),
                "use PT0.001S to PT1M");
    }

    private static void assertFault(ThrowingCallable build, String... expected) {
        assertThatThrownBy(build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(expected)
                .hasMessageNotContaining(SECRET);
    }
}
