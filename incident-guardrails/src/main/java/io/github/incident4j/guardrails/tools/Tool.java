// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Names;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A tool that an agent may call. Each method gives another one; what is wrong is among the guardrails' faults.
 *
 * <pre>{@code
 * Tool.named("send_mail")
 *         .required("to", Argument.text().maxLength(254))
 *         .required("body", Argument.text().maxLength(20_000))
 *         .labels(Label.SENDS_OUTSIDE)
 *         .atMost(3)
 *         .needsApproval()
 * }</pre>
 *
 * <p>Immutable.
 */
public final class Tool {
    static final int NO_LIMIT = Integer.MAX_VALUE;

    private final String name;
    private final ObjectArgument arguments;
    private final Set<Label> labels;
    private final int most;
    private final boolean approval;

    private Tool(String name, ObjectArgument arguments, Set<Label> labels, int most, boolean approval) {
        this.name = name;
        this.arguments = arguments;
        this.labels = labels;
        this.most = most;
        this.approval = approval;
    }

    /**
     * A tool without arguments, labels or limits yet.
     *
     * @param name its name, 1 to 128 characters without controls, compared letter by letter; it stands in findings
     * @return the tool
     */
    public static Tool named(String name) {
        return new Tool(name, Argument.object(), Set.of(), NO_LIMIT, false);
    }

    /**
     * Declares an argument that must be there and not be null.
     *
     * @param argument its name, 1 to 128 characters without controls; it stands in findings
     * @param type what it is
     * @return the tool with the argument
     */
    public Tool required(String argument, Argument type) {
        return new Tool(name, arguments.required(argument, type), labels, most, approval);
    }

    /**
     * Declares an argument that may be missing or null.
     *
     * @param argument its name, 1 to 128 characters without controls; it stands in findings
     * @param type what it is
     * @return the tool with the argument
     */
    public Tool optional(String argument, Argument type) {
        return new Tool(name, arguments.optional(argument, type), labels, most, approval);
    }

    /**
     * Lets it have arguments that are not declared.
     *
     * @return the tool
     */
    public Tool anyArguments() {
        return new Tool(name, arguments.open(), labels, most, approval);
    }

    /**
     * Says what it does; adds to what was said before.
     *
     * @param more the labels
     * @return the tool with the labels
     */
    public Tool labels(Label... more) {
        Set<Label> all = new HashSet<>(labels);
        if (more != null) {
            all.addAll(Arrays.asList(more));
        }
        return new Tool(name, arguments, all, most, approval);
    }

    /**
     * Limits how often it is called in a turn; {@link ToolRails#budget} counts.
     *
     * @param calls the most calls, at least 1
     * @return the tool with the limit
     */
    public Tool atMost(int calls) {
        return new Tool(name, arguments, labels, calls, approval);
    }

    /**
     * Lets a person approve each call; {@link ToolRails#approval} asks.
     *
     * @return the tool
     */
    public Tool needsApproval() {
        return new Tool(name, arguments, labels, most, true);
    }

    String name() {
        return name;
    }

    ObjectArgument arguments() {
        return arguments;
    }

    Set<Label> labels() {
        return labels;
    }

    int most() {
        return most;
    }

    /** {@return whether a person approves each call} */
    public boolean isApproved() {
        return approval;
    }

    List<String> faults() {
        Faults faults = new Faults("tool '" + name + "'")
                .when(!ObjectArgument.isName(name), "the name is none; give 1 to 128 characters, no controls")
                .when(most < 1, "at most " + most + " calls is no limit; give at least 1, or leave the tool out")
                .all(arguments.faults(Path.ROOT));
        for (Label label : labels) {
            Names.faultOf("label", label == null ? null : label.name()).ifPresent(fault -> faults.when(true, fault));
        }
        return faults.found();
    }
}
