// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Remark;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Guardrails on texts, on every text among the arguments. */
record ArgumentRail(Toolbox tools, List<Guardrail<String>> rails) implements Guardrail<ToolCall> {
    static final String NAME = "tool-arguments";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Cost cost() {
        return rails.stream().anyMatch(rail -> rail.cost() == Cost.EXPENSIVE) ? Cost.EXPENSIVE : Cost.MODERATE;
    }

    @Override
    public Verdict<ToolCall> check(ToolCall call) {
        Tool tool = tools.tool(call.name());
        if (tool == null) {
            return Toolbox.notAllowed(NAME);
        }
        Verdict<ToolCall> unreadable = Toolbox.unreadable(NAME, call);
        if (unreadable != null) {
            return unreadable;
        }
        Walk walk = new Walk();
        Map<String, @Nullable Object> judged = walk.members(call.arguments(), tool.arguments(), Path.ROOT);
        if (walk.block != null) {
            return Verdict.block(walk.block, walk.beside(walk.block));
        } else if (walk.retry != null) {
            return Verdict.retry(walk.retry, walk.beside(walk.retry));
        } else if (walk.rewrite != null) {
            return Verdict.rewrite(call.withArguments(judged), walk.rewrite, walk.beside(walk.rewrite));
        }
        return walk.flag == null ? Verdict.pass() : Verdict.flag(walk.flag, walk.beside(walk.flag));
    }

    /** One way through the arguments of a call; ends with the first block. Holds the first finding of each kind. */
    private final class Walk {
        private @Nullable Finding block;
        private @Nullable Finding retry;
        private @Nullable Finding rewrite;
        private @Nullable Finding flag;
        private final Map<Kind, Remark> noted = new LinkedHashMap<>();

        /** Of what there is one remark. */
        private record Kind(boolean rewritten, String category) {}

        private void note(Finding finding, boolean rewritten) {
            noted.putIfAbsent(new Kind(rewritten, finding.category()), new Remark(finding, rewritten));
        }

        /** What goes on record beside the finding that has decided. */
        List<Remark> beside(Finding decided) {
            return noted.values().stream()
                    .filter(remark -> !remark.finding().equals(decided))
                    .toList();
        }

        Map<String, @Nullable Object> members(
                Map<String, ? extends @Nullable Object> given, @Nullable Argument declared, Path path) {
            Map<String, @Nullable Object> judged = new LinkedHashMap<>();
            int place = 0;
            for (Map.Entry<String, ? extends @Nullable Object> entry : given.entrySet()) {
                String name = entry.getKey();
                place++;
                Argument argument = declared == null ? null : declared.member(name);
                Path at = argument == null ? path.undeclared(place) : path.declared(name);
                if (argument == null) {
                    name(name, at);
                }
                judged.put(name, value(entry.getValue(), argument, at));
            }
            return judged;
        }

        @SuppressWarnings("unchecked") // a call holds no map but by names
        private @Nullable Object value(@Nullable Object value, @Nullable Argument declared, Path path) {
            if (block != null) {
                return value;
            } else if (value instanceof String text) {
                return text(text, path, "argument ");
            } else if (value instanceof Map<?, ?> members) {
                return members((Map<String, @Nullable Object>) members, declared, path);
            } else if (value instanceof List<?> items) {
                Argument item = declared == null ? null : declared.item();
                List<@Nullable Object> judged = new ArrayList<>();
                for (int i = 0; i < items.size(); i++) {
                    judged.add(value(items.get(i), item, path.item(i)));
                }
                return judged;
            }
            return value;
        }

        /** A name that nobody has declared is the model's own and may carry what a value may; it is not rewritten. */
        private void name(String name, Path path) {
            Finding before = rewrite;
            if (block == null && !text(name, path, "the name of argument ").equals(name)) {
                block = rewrite;
                rewrite = before;
            }
        }

        private String text(String given, Path path, String what) {
            String text = given;
            for (Guardrail<String> rail : rails) {
                Verdict<String> verdict = rail.check(text);
                verdict.remarks().forEach(remark -> note(at(remark.finding(), path, what), remark.rewritten()));
                if (verdict instanceof Verdict.Block<String> found) {
                    block = at(found.finding(), path, what);
                    return text;
                } else if (verdict instanceof Verdict.Retry<String> found) {
                    retry = retry == null ? at(found.finding(), path, what) : retry;
                } else if (verdict instanceof Verdict.Rewrite<String> found) {
                    Finding here = at(found.finding(), path, what);
                    note(here, true);
                    rewrite = rewrite == null ? here : rewrite;
                    text = found.value();
                } else if (verdict instanceof Verdict.Flag<String> found) {
                    Finding here = at(found.finding(), path, what);
                    note(here, false);
                    flag = flag == null ? here : flag;
                }
            }
            return text;
        }

        private static Finding at(Finding finding, Path path, String what) {
            return new Finding(
                    finding.rule(), finding.category(), what + path + ": " + finding.message(), finding.severity());
        }
    }
}
