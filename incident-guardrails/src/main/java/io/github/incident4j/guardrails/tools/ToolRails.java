// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.guardrails.internal.Faults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Guardrails on the tool calls that an agent's model asks for: guard the function that executes a {@link ToolCall}, and
 * give these as its input's guardrails, in this order.
 *
 * <pre>{@code
 * List<Tool> tools = List.of(
 *         Tool.named("read_crm").required("customer", text().maxLength(36)).labels(Label.READS_PRIVATE),
 *         Tool.named("browse").required("url", text()).labels(Label.SEES_UNTRUSTED, Label.SENDS_OUTSIDE),
 *         Tool.named("refund").required("amount", number().range(0, 500)).atMost(1).needsApproval());
 * Memory turns = Memory.of(100_000, Duration.ofHours(1));
 *
 * .input(ToolRails.arguments(tools, PiiRails.redact()))
 * .input(ToolRails.allowed(tools))
 * .input(ToolRails.loop(3, turns))
 * .input(ToolRails.budget(20, tools, turns))
 * .input(ToolRails.flows(tools, turns, Flow.LETHAL_TRIFECTA))
 * .input(ToolRails.approval(tools, desk, ApprovalOptions.options()))
 * }</pre>
 *
 * <p>No method here throws because of what it is given: see {@link Guardrail#faults()}. A guardrail with faults blocks
 * everything, and every guardrail but {@link #loop} blocks a tool that is not declared. A finding names declared tools,
 * declared arguments and labels, and holds no value, and no name that the model has made up: {@code /#2} is the second
 * member of an object.
 *
 * <h2>Guardrails that remember</h2>
 *
 * <p>{@link #loop}, {@link #budget} and {@link #flows} remember turns by {@link ToolCall#turn()}, in this process only,
 * and never more than their {@link Memory} allows; a turn that is displaced, or of which nothing was heard for the
 * memory's time, begins anew. So let no outsider choose the keys of turns, and give the memory room for all that run at
 * once. They are safe for use by several threads: the calls of one turn are judged one after the other. What one of
 * them has blocked it does not count; what a later guardrail blocks, an earlier one has counted, and so is a second
 * attempt (a retry, a fallback).
 */
public final class ToolRails {

    private ToolRails() {}

    /**
     * Passes calls of these tools, with arguments as they are declared, and blocks every other.
     *
     * <p>Name and rule are {@code tool-call}; categories are {@code not-allowed} (the tool), {@code not-json},
     * {@code missing-argument}, {@code unknown-argument}, {@code wrong-type}, {@code out-of-range}, {@code not-one-of},
     * {@code too-long} and {@code too-many}: that of the first fault; the message names up to nine others.
     *
     * @param tools the tools; copied
     * @return the guardrail
     */
    public static Guardrail<ToolCall> allowed(Collection<Tool> tools) {
        Toolbox box = new Toolbox(tools);
        return new Faults(AllowedCalls.NAME).all(box.faults()).or(AllowedCalls.NAME, () -> new AllowedCalls(box));
    }

    /**
     * Judges every text among the arguments, in lists and objects too, by guardrails on texts, and every name of a
     * member that is not declared. What they rewrite goes into the arguments; a name that one would rewrite blocks. A
     * block comes before a retry, that before a rewrite, that before a flag; of several of a kind the first is
     * reported, with its own rule and category and with the argument's place before its message, in which spans are
     * those within the argument. Numbers are not judged.
     *
     * <p>The name is {@code tool-arguments}. Give it before {@link #allowed}, so that what it has rewritten is held
     * against the declarations.
     *
     * @param tools the tools; copied
     * @param rails the guardrails on texts, at least one
     * @return the guardrail
     */
    @SafeVarargs
    public static Guardrail<ToolCall> arguments(Collection<Tool> tools, Guardrail<String>... rails) {
        Toolbox box = new Toolbox(tools);
        List<Guardrail<String>> given = new ArrayList<>();
        if (rails != null) {
            for (Guardrail<String> rail : rails) {
                given.add(rail);
            }
        }
        Faults faults = new Faults(ArgumentRail.NAME)
                .all(box.faults())
                .when(given.isEmpty(), "there are no guardrails on texts; give at least one")
                .when(given.stream().anyMatch(Objects::isNull), "a guardrail is null; remove it");
        given.stream().filter(Objects::nonNull).forEach(rail -> faults.all(rail.faults()));
        return faults.or(ArgumentRail.NAME, () -> new ArgumentRail(box, given));
    }

    /**
     * Blocks what goes beyond the number of calls that a turn may make, in all or of one tool ({@link Tool#atMost}).
     *
     * <p>Name and rule are {@code tool-budget}; categories are {@code budget}, {@code tool-budget},
     * {@code missing-turn} and {@code not-allowed}.
     *
     * @param most the most calls of a turn, at least 1
     * @param tools the tools; copied
     * @param turns which turns are remembered, and for how long after their last call
     * @return the guardrail
     */
    public static Guardrail<ToolCall> budget(int most, Collection<Tool> tools, Memory turns) {
        Toolbox box = new Toolbox(tools);
        return remembering(Budget.NAME, turns)
                .all(box.faults())
                .when(most < 1, "a budget of " + most + " is none; give at least 1 call")
                .or(Budget.NAME, () -> new Budget(most, box, turns));
    }

    /**
     * Blocks a call that its turn has made so many times already, one after the other or not: the same tool with the
     * same arguments, in whatever order its members stand. Of a turn the last 64 different calls are remembered, as
     * digests.
     *
     * <p>Name and rule are {@code tool-loop}; categories are {@code loop}, {@code not-json} and {@code missing-turn}.
     *
     * @param most how many times the same call passes, at least 1
     * @param turns which turns are remembered, and for how long after their last call
     * @return the guardrail
     */
    public static Guardrail<ToolCall> loop(int most, Memory turns) {
        return remembering(Loop.NAME, turns)
                .when(most < 1, "a loop of " + most + " calls is none; give at least 1")
                .or(Loop.NAME, () -> new Loop(most, turns));
    }

    /**
     * Blocks a tool that must not follow what the turn has already done. A tool that has all labels of a flow by itself
     * is always blocked.
     *
     * <p>Name and rule are {@code tool-flow}; categories are the flow's name, {@code missing-turn} and
     * {@code not-allowed}.
     *
     * @param tools the tools, with their labels; copied
     * @param turns which turns are remembered, and for how long after their last call
     * @param flows the dangerous orders, at least one, such as {@link Flow#LETHAL_TRIFECTA}
     * @return the guardrail
     */
    public static Guardrail<ToolCall> flows(Collection<Tool> tools, Memory turns, Flow... flows) {
        Toolbox box = new Toolbox(tools);
        List<Flow> given = flows == null ? List.of() : new ArrayList<>(Arrays.asList(flows));
        Faults faults = remembering(Flows.NAME, turns)
                .all(box.faults())
                .when(given.isEmpty(), "there are no flows; give at least one, such as Flow.LETHAL_TRIFECTA")
                .when(given.stream().anyMatch(Objects::isNull), "a flow is null; remove it");
        for (Flow flow : given) {
            if (flow != null) {
                faults.all(flow.faults());
                for (Label label : flow.after()) {
                    faults.when(label != null && !isUsed(box, label), unused(flow, label));
                }
                faults.when(flow.then() != null && !isUsed(box, flow.then()), unused(flow, flow.then()));
            }
        }
        return faults.or(Flows.NAME, () -> new Flows(box, turns, given));
    }

    /** A label that no tool has is a slip of the pen, and the flow would never be found. */
    private static boolean isUsed(Toolbox tools, Label label) {
        return tools.all().stream().anyMatch(tool -> tool.labels().contains(label));
    }

    private static String unused(Flow flow, Label label) {
        return "no tool has the label '" + (label == null ? null : label.name()) + "' of the flow '" + flow.name()
                + "'; label one, or leave the flow out";
    }

    /**
     * Lets a person approve the calls of tools that need it ({@link Tool#needsApproval}); all others pass. The approval
     * is asked on the gate's own threads, and a call's thread waits for it no longer than
     * {@link ApprovalOptions#longestWait()}. What was not approved is blocked, whatever the reason.
     *
     * <p>Name and rule are {@code tool-approval}; categories are {@code approval-denied}, {@code approval-pending},
     * {@code approval-expired} (asked about first longer ago than {@link ApprovalOptions#expiry()}; even when it is
     * approved now), {@code approval-timed-out} (no answer within the wait), {@code approval-failed},
     * {@code approval-no-answer}, {@code approval-overloaded}, {@code approval-interrupted}, {@code approval-closed},
     * {@code not-json}, {@code missing-turn} and {@code not-allowed}. Give it last, after what rewrites: approved is
     * exactly what the person sees.
     *
     * @param tools the tools; copied
     * @param approval asks a person
     * @param options how it is asked
     * @return the gate; close it when it is no longer used
     */
    public static ApprovalGate approval(Collection<Tool> tools, Approval approval, ApprovalOptions options) {
        Toolbox box = new Toolbox(tools);
        Faults faults = new Faults(ApprovalGate.NAME)
                .all(box.faults())
                .whenNull(approval, "the approval", "request -> desk.answer(request)")
                .whenNull(options, "the options", "ApprovalOptions.options()")
                .when(
                        !box.all().isEmpty() && box.all().stream().noneMatch(Tool::isApproved),
                        "no tool needs approval; declare one by needsApproval(), or leave the gate out");
        if (options != null) {
            faults.all(options.faults());
        }
        return new ApprovalGate(box, approval, options, faults.found());
    }

    private static Faults remembering(String name, Memory turns) {
        Faults faults =
                new Faults(name).whenNull(turns, "the memory of turns", "Memory.of(100_000, Duration.ofHours(1))");
        return turns == null ? faults : faults.all(turns.faults());
    }
}
