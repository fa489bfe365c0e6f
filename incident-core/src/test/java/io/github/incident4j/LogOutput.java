// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test has logged, which goes to the standard error; a field with {@code @RegisterExtension}. */
public final class LogOutput implements BeforeEachCallback, AfterEachCallback {
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    @Override
    public void beforeEach(ExtensionContext context) {
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        System.setErr(before);
    }

    /** {@return what was logged so far} */
    public String text() {
        return logged.toString(StandardCharsets.UTF_8);
    }
}
