// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import java.io.IOException;
import java.util.function.Consumer;

/** The rows of a history, in their order, as often as they are asked for. */
interface Rows {
    /**
     * Reads the rows.
     *
     * @param most how many at most
     * @param sink takes them
     */
    void read(long most, Consumer<Row> sink) throws IOException;
}
