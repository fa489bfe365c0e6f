// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Finding;
import org.jspecify.annotations.Nullable;

/** Passes CSV as RFC 4180 lays it down; a line may also end with a line feed alone. */
final class CsvRail implements Guardrail<String> {
    static final String NAME = "csv";

    private final CsvOptions options;

    private CsvRail(CsvOptions options) {
        this.options = options;
    }

    static Guardrail<String> of(@Nullable CsvOptions options) {
        Faults faults = new Faults(NAME);
        faults.whenNull(options, "the options", "CsvOptions.options()");
        CsvOptions given = options == null ? CsvOptions.options() : options;
        given.check(faults);
        return faults.or(NAME, () -> new CsvRail(given));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict<String> check(@Nullable String text) {
        if (text == null) {
            return Verdict.block(new Finding(NAME, "missing-text", "there is no text that could be CSV"));
        }
        if (text.length() > options.maxLength()) {
            return Verdict.block(
                    new Finding(NAME, "too-long", "the text is longer than " + options.maxLength() + " UTF-16 units"));
        }
        Fault fault = new Reader(text).fault();
        return fault == null ? Verdict.pass() : Verdict.block(fault.in(text, NAME));
    }

    /** Reads one text once. */
    private final class Reader {
        private final String text;
        private int at;

        private Reader(String text) {
            this.text = text;
        }

        @Nullable
        Fault fault() {
            int columns = options.header().isEmpty() ? -1 : options.header().size();
            int records = 0;
            if (text.isEmpty()) {
                return new Fault("empty", "there is no record", 0);
            }
            while (at < text.length()) {
                int start = at;
                int fields = 0;
                boolean more = true;
                while (more) {
                    Fault fault = field(records, fields);
                    if (fault != null) {
                        return fault;
                    }
                    fields++;
                    more = at < text.length() && text.charAt(at) == options.separator();
                    at += more ? 1 : 0;
                }
                if (columns >= 0 && fields != columns) {
                    return new Fault(
                            "columns",
                            "record " + (records + 1) + " has " + fields + " fields and not " + columns + "; it begins",
                            start);
                }
                columns = fields;
                records++;
                endLine();
            }
            int rows = options.header().isEmpty() ? records : records - 1;
            return rows < options.minRows() || rows > options.maxRows()
                    ? new Fault(
                            "rows",
                            "there are " + rows + " records and not " + options.minRows() + " to " + options.maxRows()
                                    + "; they end",
                            text.length())
                    : null;
        }

        private void endLine() {
            if (at < text.length() && text.charAt(at) == '\r') {
                at++;
            }
            if (at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
        }

        private @Nullable Fault field(int record, int field) {
            int start = at;
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            StringBuilder value = new StringBuilder();
            Fault fault = quoted ? quoted(value) : plain(value);
            if (fault != null) {
                return fault;
            }
            if (record == 0
                    && field < options.header().size()
                    && !options.header().get(field).contentEquals(value)) {
                return new Fault(
                        "header",
                        "column " + (field + 1) + " is not named \""
                                + options.header().get(field) + "\"; its name begins",
                        start);
            }
            return options.formulas() || !isFormula(value)
                    ? null
                    : new Fault("formula", "a field begins as a formula does", start);
        }

        private @Nullable Fault quoted(StringBuilder value) {
            int start = at;
            at++;
            while (at < text.length()) {
                char c = text.charAt(at);
                at++;
                if (c != '"') {
                    value.append(c);
                } else if (at < text.length() && text.charAt(at) == '"') {
                    value.append('"');
                    at++;
                } else {
                    return isEndOfField() ? null : new Fault("quotes", "text follows a closing quote", at);
                }
            }
            return new Fault("quotes", "the quoted field that begins here has no end", start);
        }

        private @Nullable Fault plain(StringBuilder value) {
            while (!isEndOfField()) {
                if (text.charAt(at) == '"') {
                    return new Fault("quotes", "a quote stands in a field without quotes", at);
                }
                value.append(text.charAt(at));
                at++;
            }
            return null;
        }

        private boolean isEndOfField() {
            if (at >= text.length()) {
                return true;
            }
            char c = text.charAt(at);
            return c == options.separator()
                    || c == '\n'
                    || (c == '\r' && (at + 1 == text.length() || text.charAt(at + 1) == '\n'));
        }

        private static boolean isFormula(CharSequence value) {
            if (value.length() == 0 || "=+-@\t\r".indexOf(value.charAt(0)) < 0) {
                return false;
            }
            boolean digits = false;
            for (int i = 1; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c >= '0' && c <= '9') {
                    digits = true;
                } else if (".,' %".indexOf(c) < 0) {
                    return true;
                }
            }
            char sign = value.charAt(0);
            return value.length() > 1 && !(digits && (sign == '-' || sign == '+'));
        }
    }
}
