// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import org.jspecify.annotations.Nullable;

/**
 * Where an argument stands, as a JSON pointer (RFC 6901), but for names that nobody has declared: these are the model's
 * words and may be a value by themselves, so their place among their neighbours stands for them, as in {@code /#2}.
 */
record Path(@Nullable Path parent, String segment) {
    static final Path ROOT = new Path(null, "");

    Path declared(String name) {
        return new Path(this, name.replace("~", "~0").replace("/", "~1"));
    }

    Path undeclared(int place) {
        return new Path(this, "#" + place);
    }

    Path item(int index) {
        return new Path(this, Integer.toString(index));
    }

    @Override
    public String toString() {
        return parent == null ? "" : parent + "/" + segment;
    }
}
