// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.guardrails.structure.Extraction.Span;
import io.github.incident4j.model.Finding;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Passes JSON; takes it out of other text and repairs it when told so. */
final class JsonRail implements Guardrail<String> {
    static final String NAME = "json";

    private final JsonOptions options;
    private final StrictJson json;
    private final @Nullable JsonSchema schema;

    /** A text that is JSON in the end, and what was done to it; or a fault. */
    private record Found(
            String value, String done, @Nullable Fault fault) {
        Found after(String before) {
            return new Found(value, before + "; " + done, fault);
        }
    }

    private JsonRail(JsonOptions options, @Nullable JsonSchema schema) {
        this.options = options;
        this.schema = schema;
        json = new StrictJson(options.maxLength(), options.maxDepth());
    }

    static Guardrail<String> of(@Nullable JsonOptions options) {
        Faults faults = new Faults(NAME);
        faults.whenNull(options, "the options", "JsonOptions.strict()");
        JsonOptions given = options == null ? JsonOptions.strict() : options;
        given.check(faults);
        JsonSchema.Compiled compiled =
                given.schema() == null ? JsonSchema.Compiled.NONE : JsonSchema.compiled(given.schema());
        faults.all(compiled.faults());
        return faults.or(NAME, () -> new JsonRail(given, compiled.schema()));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Cost cost() {
        return schema == null ? Cost.MODERATE : Cost.EXPENSIVE;
    }

    @Override
    public Verdict<String> check(@Nullable String text) {
        if (text == null) {
            return Verdict.block(new Finding(NAME, "missing-text", "there is no text that could be JSON"));
        }
        if (text.length() > options.maxLength()) {
            return Verdict.block(
                    new Finding(NAME, "too-long", "the text is longer than " + options.maxLength() + " UTF-16 units"));
        }
        Fault fault = json.fault(text);
        Found found = fault == null ? new Found(text, "", null) : mended(text, fault);
        if (found.fault() != null) {
            return Verdict.block(found.fault().in(text, NAME));
        }
        Finding unmet = schema == null ? null : schema.unmet(json.tree(found.value()));
        if (unmet != null) {
            return Verdict.block(unmet);
        }
        return fault == null
                ? Verdict.pass()
                : Verdict.rewrite(found.value(), new Finding(NAME, "rewritten", found.done()));
    }

    private Found mended(String text, Fault fault) {
        if (options.extracting()) {
            return extracted(text, fault);
        }
        return options.repairing() ? repaired(text, new Span(0, text.length())) : new Found(text, "", fault);
    }

    private Found extracted(String text, Fault fault) {
        List<Span> spans = Extraction.fenced(text, options.maxDepth());
        boolean fenced = !spans.isEmpty();
        if (!fenced) {
            spans = Extraction.inline(text, options.maxDepth());
        }
        if (spans.size() > 1) {
            return failed(
                    text,
                    "ambiguous",
                    "the text holds several values of JSON, the second",
                    spans.get(1).start());
        }
        String from = "the JSON was taken out of " + (fenced ? "a fenced block" : "other text");
        if (spans.size() == 1) {
            Span span = spans.get(0);
            String value = span.of(text).strip();
            Fault inside = json.fault(value);
            if (inside == null) {
                return new Found(value, from, null);
            }
            if (!options.repairing()) {
                int lead = span.of(text).indexOf(value);
                return new Found(text, "", inside.shifted(span.start() + lead));
            }
            Found repaired = repaired(text, span);
            return value.equals(text.strip()) ? repaired : repaired.after(from);
        }
        return options.repairing() ? repaired(text, new Span(0, text.length())) : new Found(text, "", fault);
    }

    /** Repairs a part of a text. */
    private Found repaired(String text, Span span) {
        String part = span.of(text);
        JsonReader reader = new JsonReader(part, 0, options.maxDepth(), true);
        if (!reader.value()) {
            Fault fault = reader.fault();
            return new Found(
                    text,
                    "",
                    fault == null ? new Fault("not-json", "the text is not JSON", 0) : fault.shifted(span.start()));
        }
        if (reader.end() < part.length()) {
            return failed(text, "trailing-text", "text follows the JSON value", span.start() + reader.end());
        }
        String value = reader.written().strip();
        Fault left = json.fault(value);
        if (left != null) {
            // The place is one of the repaired text, which nobody sees; the beginning is one of the original.
            return failed(text, left.category(), left.why() + " in the JSON that begins", span.start());
        }
        return new Found(value, "repaired: " + words(reader.repairs()), null);
    }

    private static Found failed(String text, String category, String why, int at) {
        return new Found(text, "", new Fault(category, why, at));
    }

    private static String words(Map<Repair, Integer> repairs) {
        return repairs.isEmpty()
                ? "nothing inside"
                : repairs.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                        .collect(Collectors.joining(", "));
    }
}
