// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.runtime.IncidentRuntime;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.simple.SimpleServiceProvider;
import org.slf4j.spi.MDCAdapter;

/** Says what a model call on an executor sees of the caller's MDC; see {@link TimeLimitTest}. */
final class MdcChild {
    private MdcChild() {}

    /** A logging library that keeps an MDC. */
    public static final class Provider extends SimpleServiceProvider {
        private final MDCAdapter adapter = new BasicMDCAdapter();

        @Override
        public MDCAdapter getMDCAdapter() {
            return adapter;
        }
    }

    @SuppressWarnings("SystemOut") // it is how the child talks to the test
    public static void main(String[] args) {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(Path.of(args[0], "mdc")).build()) {
            GuardedModel<String, String> model = runtime.<String, String>guard("model")
                    .route(
                            "v1",
                            input -> String.valueOf(MDC.get("user")),
                            RouteOptions.<String>options().executor(executor))
                    .build();
            MDC.put("user", "alice");
            System.out.println(model.call("a"));
            MDC.clear();
            System.out.println(model.call("a"));
        }
        executor.shutdown();
    }
}
