// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands in for a paging service: takes pages by HTTP on a free port of the loopback interface and keeps them. */
final class LoopbackReceiver implements AutoCloseable {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final String PATH = "/page";
    private static final int MAX_BODY = 65_536;
    private static final int NO_CONTENT = 204;
    private static final int TOO_LARGE = 413;
    private static final int NO_BODY = -1;

    private final HttpServer server;
    private final List<String> pages = new CopyOnWriteArrayList<>();

    private LoopbackReceiver(HttpServer server) {
        this.server = server;
    }

    static LoopbackReceiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0), 0);
        LoopbackReceiver receiver = new LoopbackReceiver(server);
        server.createContext(PATH, receiver::receive);
        server.start();
        return receiver;
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
            if (body.length <= MAX_BODY) {
                pages.add(new String(body, StandardCharsets.UTF_8));
            }
            exchange.sendResponseHeaders(body.length <= MAX_BODY ? NO_CONTENT : TOO_LARGE, NO_BODY);
        }
    }

    /** Where pages are posted to. */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
    }

    /** The bodies so far, in the order in which they came in. */
    List<String> pages() {
        return List.copyOf(pages);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
