// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import static io.github.incident4j.guardrails.plugs.PlugRailTest.judged;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.incident4j.guardrail.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A classifier behind a real server on the loopback interface. One line a text, one score a line. */
@Timeout(60)
class PlugHttpTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/hangs")) {
                release.await();
            }
            String answer = switch (path) {
                case "/garbage" -> "<html>Bad gateway</html>";
                case "/too-much" -> body + "\n0";
                case "/beyond" -> "7";
                default -> body;
            };
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(path.equals("/fails") ? 503 : 200, bytes.length);
            if (path.equals("/breaks-off")) {
                return;
            }
            if (path.equals("/late")) {
                exchange.getResponseBody().write(bytes, 0, 1);
                exchange.getResponseBody().flush();
                release.await();
                exchange.getResponseBody().write(bytes, 1, bytes.length - 1);
                return;
            }
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Classifier at(String path) {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        return texts -> {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(uri)
                            .POST(HttpRequest.BodyPublishers.ofString(String.join("\n", texts)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode() + " for " + texts);
            }
            return response.body()
                    .lines()
                    .map(line -> Map.of("hate", Double.parseDouble(line)))
                    .toList();
        };
    }

    private PlugRail rail(String path, PlugOptions options) {
        return Plugs.classifier("moderation", at(path)).block("hate", 0.5).rail(options);
    }

    @Test
    void serverThatAnswers_isBelieved() {
        try (PlugRail rail = rail("/", PlugOptions.options().timeLimit(Duration.ofSeconds(30)))) {
            assertThat(rail.check("0.1")).isSameAs(Verdict.pass());
            assertThat(judged(rail.check("0.9"))).isEqualTo("block hate");
        }
    }

    @Test
    void serverThatHangsOrIsLate_costsTheTimeLimitOnly() {
        for (String path : List.of("/hangs", "/late")) {
            PlugOptions options =
                    PlugOptions.options().timeLimit(Duration.ofMillis(200)).threads(1, 1);
            try (PlugRail closed = rail(path, options);
                    PlugRail open = rail(path, options.failOpen())) {
                long start = System.nanoTime();
                assertThat(judged(closed.check("0.1"))).isEqualTo("block timed-out");
                assertThat(judged(open.check("0.1"))).isEqualTo("flag timed-out");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
                // The interrupt has freed the only thread, or the next would not even begin.
                assertThat(judged(closed.check("0.1"))).isEqualTo("block timed-out");
                assertThat(closed.metrics().timeouts()).isEqualTo(2);
            }
        }
    }

    @Test
    void serverThatFails_isNoJudgement() {
        PlugOptions options =
                PlugOptions.options().timeLimit(Duration.ofSeconds(30)).cache(10_000, Duration.ofHours(1));
        Map<String, String> expected = Map.of(
                "/fails", "failed",
                "/garbage", "failed",
                "/breaks-off", "failed",
                "/too-much", "no-answer",
                "/beyond", "no-answer");
        expected.forEach((path, category) -> {
            try (PlugRail closed = rail(path, options);
                    PlugRail open = rail(path, options.failOpen())) {
                assertThat(judged(closed.check("0.1"))).as(path).isEqualTo("block " + category);
                assertThat(judged(open.check("0.1"))).as(path).isEqualTo("flag " + category);
            }
        });
    }

    @Test
    void serverThatIsNotThere_isNoJudgement() {
        server.stop(0);
        try (PlugRail rail = rail("/", PlugOptions.options().timeLimit(Duration.ofSeconds(30)))) {
            assertThat(judged(rail.check("0.1"))).isEqualTo("block failed");
        }
    }

    @Test
    void manyCallers_areOneRequestAndEachHasItsVerdict() throws Exception {
        int callers = 32;
        PlugOptions options =
                PlugOptions.options().timeLimit(Duration.ofSeconds(40)).batch(callers, Duration.ofSeconds(30));
        try (PlugRail rail = rail("/", options)) {
            List<Callable<String>> checks = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                String text = i % 3 == 0 ? "0.9" : "0.1";
                checks.add(() -> judged(rail.check(text)));
                expected.add(i % 3 == 0 ? "block hate" : "pass");
            }
            List<String> judged = new ArrayList<>();
            for (Future<String> future : threads.invokeAll(checks)) {
                judged.add(future.get());
            }
            assertThat(judged).isEqualTo(expected);
            assertThat(requests).hasValue(1);
            assertThat(rail.metrics().batches()).isEqualTo(1);
        }
    }
}
