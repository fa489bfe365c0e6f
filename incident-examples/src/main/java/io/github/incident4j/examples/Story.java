// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples;

import java.io.PrintStream;

/** A program that tells an incident from its cause to its containment. */
public interface Story {

    /** {@return the name by which it is started} */
    String name();

    /** {@return what it tells, in one line} */
    String summary();

    /**
     * Runs the story.
     *
     * @param options what the user asked for
     * @param out takes the text for the user
     * @return whether the story went as told
     * @throws UsageException if something that the user gave cannot be used
     */
    boolean run(Options options, PrintStream out) throws UsageException;
}
