// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import com.sun.net.httpserver.HttpServer;
import io.github.incident4j.audit.CheckpointAnchor;
import io.github.incident4j.audit.CheckpointAnchors;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.FallbackRule;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.call.GuardedStream;
import io.github.incident4j.call.RouteOptions;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Scope;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Runs a host and this library in a class loader of their own, and says what became of it; see {@link ClassLoaderTest}.
 */
final class ClassLoaderChild {
    private ClassLoaderChild() {}

    public static void main(String[] args) throws Exception {
        AtomicInteger anchored = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                anchored.incrementAndGet();
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
        System.setProperty("anchor", "http://127.0.0.1:" + server.getAddress().getPort());
        WeakReference<ClassLoader> loader = run(args[0], args[1]);
        Host.check(anchored.get() > 0);
        long end =
                System.nanoTime() + Duration.ofSeconds(Long.parseLong(args[2])).toNanos();
        while (!loader.refersTo(null) && System.nanoTime() < end) {
            System.gc();
            Thread.sleep(50);
        }
        System.out.println(
                loader.refersTo(null)
                        ? "collected"
                        : "held; threads: " + Thread.getAllStackTraces().keySet());
        server.stop(0);
    }

    /** In a method of its own: no frame of {@link #main} ever has the loader. */
    private static WeakReference<ClassLoader> run(String host, String directory) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(path).toUri().toURL());
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader); // as servlet containers do
            ((Runnable) loader.loadClass(host).getConstructor(Path.class).newInstance(Path.of(directory))).run();
            return new WeakReference<>(loader);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Uses whatever has threads, timers or caches. */
    public static class Host implements Runnable {
        private static final Cause CAUSE = Cause.by("host").because("a test of class loaders");
        private static final Duration SHORT = Duration.ofMillis(20);
        private static final Duration LIMIT = Duration.ofSeconds(30);

        /** In a static field: a thread that held this class would hold the anchor, and what that needs to end. */
        private static final CheckpointAnchor ANCHOR =
                CheckpointAnchors.http(URI.create(System.getProperty("anchor", "http://127.0.0.1")));

        private final Path directory;

        public Host(Path directory) {
            this.directory = directory;
        }

        @Override
        public void run() {
            for (int opened = 0; opened < 2; opened++) {
                AtomicInteger told = new AtomicInteger();
                try (IncidentRuntime runtime = IncidentRuntime.builder()
                        .directory(directory)
                        .listener(event -> told.incrementAndGet())
                        .checkpointAnchor(ANCHOR)
                        .checkpointAnchor(CheckpointAnchors.file(directory.resolve("checkpoints")))
                        .build()) {
                    limits(runtime);
                    later(runtime);
                    hanging(runtime);
                    breaker(runtime);
                    cache(runtime);
                    stream(runtime);
                    kill(runtime);
                    check(runtime.awaitQuiet(LIMIT));
                    check(told.get() > 0);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private static void kill(IncidentRuntime runtime) {
            Scope route = Scope.model("killed").route("v2");
            GuardedModel<String, String> model = runtime.<String, String>guard("killed")
                    .route("v2", input -> "new")
                    .fallback("v1", input -> "old")
                    .segment("tenant", input -> input)
                    .detect(Detectors.<String>rate("old-answers", "old"::equals)
                            .baseline(0.1, 10_000)
                            .falseAlarmAtMostOncePer(1_000))
                    .build();
            check(model.call("a").equals("new"));
            check(runtime.switches().kill(route, CAUSE).durable());
            for (int i = 0; i < 300; i++) {
                check(model.call("a").equals("old"));
            }
            check(runtime.awaitQuiet(LIMIT));
            check(!runtime.incidents().open().isEmpty());
            check(!runtime.incidents().open().get(0).toString().isEmpty());
            check(runtime.switches().restore(route, CAUSE).inForce());
            try (var records = runtime.trail().records()) {
                check(records.count() > 300);
            }
        }

        private static void limits(IncidentRuntime runtime) throws InterruptedException {
            ExecutorService executor = Executors.newCachedThreadPool();
            try {
                GuardedModel<String, String> model = runtime.<String, String>guard("limited")
                        .route(
                                "v2",
                                Host::hang,
                                RouteOptions.<String>options()
                                        .executor(executor)
                                        .timeLimit(SHORT))
                        .fallback(
                                "v1",
                                Host::hang,
                                RouteOptions.<String>options().interruptible().timeLimit(SHORT))
                        .constantFallback("v0", "none")
                        .rule(FallbackRule.when(Failure.TimedOut.class).toNext())
                        .build();
                check(model.call("a").equals("none"));
            } finally {
                executor.shutdownNow();
                check(executor.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS));
            }
        }

        private static String hang(String input) throws InterruptedException {
            Thread.sleep(LIMIT.toMillis());
            return input;
        }

        private static void later(IncidentRuntime runtime) throws Exception {
            GuardedModel<String, String> model = runtime.<String, String>guard("later")
                    .asyncRoute(
                            "v2",
                            input -> new CompletableFuture<>(),
                            RouteOptions.<String>options().timeLimit(SHORT))
                    .fallback("v1", input -> "old")
                    .rule(FallbackRule.when(Failure.TimedOut.class).toNext())
                    .build();
            check(model.decideAsync("a").get(LIMIT.toSeconds(), TimeUnit.SECONDS) instanceof Decision.Answered);
        }

        /** Still runs when the runtime is closed, and is given up some time after. */
        private static void hanging(IncidentRuntime runtime) {
            GuardedModel<String, String> model = runtime.<String, String>guard("hanging")
                    .asyncRoute(
                            "v2",
                            input -> new CompletableFuture<>(),
                            RouteOptions.<String>options().timeLimit(Duration.ofSeconds(3)))
                    .build();
            check(!model.decideAsync("a").isDone());
        }

        private static void breaker(IncidentRuntime runtime) throws InterruptedException {
            AtomicBoolean fails = new AtomicBoolean(true);
            GuardedModel<String, String> model = runtime.<String, String>guard("broken")
                    .route("v2", input -> {
                        if (fails.get()) {
                            throw new IllegalStateException("open the breaker");
                        }
                        return "fine";
                    })
                    .fallback("v1", input -> "old")
                    .breaker(CircuitBreakerConfig.custom()
                            .slidingWindowSize(1)
                            .minimumNumberOfCalls(1)
                            .permittedNumberOfCallsInHalfOpenState(1)
                            .waitDurationInOpenState(SHORT)
                            .enableAutomaticTransitionFromOpenToHalfOpen()
                            .build())
                    .build();
            check(model.call("a").equals("old"));
            fails.set(false);
            eventually(() -> model.call("a").equals("fine"));
        }

        private static void cache(IncidentRuntime runtime) {
            GuardedModel<String, String> model = runtime.<String, String>guard("cached")
                    .route("v2", input -> "new")
                    .cachedFallback("cache", input -> input, Duration.ofMinutes(1), 10)
                    .segment("tenant", input -> input)
                    .maxConcurrentPer("tenant", 5)
                    .build();
            for (int i = 0; i < 100; i++) {
                check(model.call("input " + i).equals("new"));
            }
        }

        private static void stream(IncidentRuntime runtime) throws InterruptedException {
            GuardedStream<String, String> chat = runtime.<String, String>guardStream("chat")
                    .callbackRoute("v2", (input, sink) -> {
                        sink.next(input);
                        sink.complete();
                    })
                    .timeToFirst(LIMIT)
                    .build();
            AtomicInteger words = new AtomicInteger();
            chat.forEach("a", CallContext.empty(), word -> words.incrementAndGet());
            check(words.get() == 1);
        }

        private static void eventually(BooleanSupplier condition) throws InterruptedException {
            long end = System.nanoTime() + LIMIT.toNanos();
            while (!condition.getAsBoolean()) {
                check(System.nanoTime() < end);
                Thread.sleep(1);
            }
        }

        static void check(boolean asExpected) {
            if (!asExpected) {
                throw new IllegalStateException("not as expected");
            }
        }
    }

    /** Does the same, and leaves something of its own on a thread that it does not own. */
    public static final class LeakingHost extends Host {
        private static final ThreadLocal<Object> LEFT = new ThreadLocal<>();

        public LeakingHost(Path directory) {
            super(directory);
        }

        @Override
        public void run() {
            super.run();
            LEFT.set(this);
        }
    }
}
