// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.NoSuchElementException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The entry point. Exit codes: 0 all is well, 1 the answer is bad, 2 wrong usage, 3 a file cannot be read or the output
 * not be written.
 */
@Command(
        name = "incident4j",
        description =
                "Looks at what Incident4j has written, changes its switches, and measures its guardrails and detectors.",
        subcommands = {
            TrailCommand.class,
            IncidentsCommand.class,
            SwitchesCommand.class,
            ScanCommand.class,
            BacktestCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "incident4j 0.1.0-SNAPSHOT",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is well",
            "1:the answer is bad",
            "2:wrong usage",
            "3:a file cannot be read, or the output cannot be written"
        })
public final class Main {
    static final int BAD = 1;
    static final int FAILED = 3;

    private Main() {}

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param args what was typed
     */
    public static void main(String[] args) {
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((thrown, command, parsed) -> failed(thrown, command));
        int code = line.execute(args);
        if (code != FAILED && out.checkError()) { // a part must not be taken for the whole
            err.println(OutputException.MESSAGE);
            return FAILED;
        }
        return code;
    }

    /**
     * Prints one line of many.
     *
     * @throws OutputException if nobody takes it
     */
    static void print(PrintWriter out, String line) {
        out.println(line);
        if (out.checkError()) {
            throw new OutputException();
        }
    }

    /** The output is gone: what is left to say would be said to nobody. */
    private static final class OutputException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private static final String MESSAGE = "the output cannot be written: its reader is gone, or its disk is full";

        OutputException() {
            super(MESSAGE);
        }
    }

    /** An exception of the file system has the file's name for a message. */
    private static String wrongWith(IOException thrown) {
        if (thrown instanceof FileAlreadyExistsException) {
            return "there is a file " + thrown.getMessage()
                    + " already, and nothing is overwritten: name another one, or" + " remove it";
        }
        boolean says = thrown.getMessage() != null
                && !(thrown instanceof FileSystemException)
                && !(thrown instanceof CharacterCodingException);
        return "cannot read or write: " + (says ? thrown.getMessage() : nameAndMessage(thrown));
    }

    private static String nameAndMessage(Exception thrown) {
        String name = thrown.getClass().getSimpleName();
        return thrown.getMessage() == null ? name : name + " " + thrown.getMessage();
    }

    private static int failed(Exception thrown, CommandLine command) {
        if (thrown instanceof UncheckedIOException unchecked) {
            command.getErr().println(wrongWith(Objects.requireNonNull(unchecked.getCause(), "it is never without")));
        } else if (thrown instanceof IOException cause) {
            command.getErr().println(wrongWith(cause));
        } else if (thrown instanceof NoSuchElementException || thrown instanceof IllegalArgumentException) {
            command.getErr().println(thrown.getMessage());
            return BAD;
        } else if (thrown instanceof IllegalStateException state && state.getMessage() != null) {
            command.getErr().println(state.getMessage());
        } else if (thrown instanceof OutputException) {
            command.getErr().println(thrown.getMessage());
        } else {
            command.getErr().println("unexpected: " + thrown);
        }
        return FAILED;
    }
}
