// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Words and phrases as a rule of a text rail. It is asked where the first letters of a term stand. */
final class TermRule implements Recogniser {
    static final int MOST_TERMS = 10_000;

    private static final int REACH = 1_024;
    private static final int LONGEST_LITERAL = 64;
    private static final String LONG_S = "ss"; // ß in other words
    private static final int FEWEST_LETTERS = 4; // of a term in a folded text, in which é is e, and l is i
    private static final int NOTHING = -1; // no unit: a term that ends comes before those that go on
    private static final String LEADING = "sai"; // what $, @ and ! stand for before a word
    private static final int LINE_ONLY = 4; // in how much disguise what is between lines is at least

    private final DeniedTerms.Kind kind;
    private final boolean folded;
    /** The terms as the view of a scan shows them, in one case, sorted. */
    private final String[] forms;

    private final List<String> literals;
    private final String triggers;
    private final boolean words;

    private TermRule(DeniedTerms.Kind kind, Collection<String> terms, boolean folded) {
        this.kind = kind;
        this.folded = folded;
        forms = new TreeSet<>(terms).toArray(String[]::new);
        TreeSet<String> first = new TreeSet<>();
        boolean[] units = new boolean[Character.MAX_VALUE + 1];
        for (String form : forms) {
            String literal = literal(form);
            if (literal.length() > 1) {
                first.add(literal);
            } else {
                units[form.charAt(0)] = true;
            }
            if (folded && literal.length() > 2 && LEADING.indexOf(form.charAt(0)) >= 0) {
                first.add(literal.substring(1)); // behind a sign for the first letter
            }
        }
        literals = List.copyOf(first);
        triggers = all(units);
        words = List.of(forms).stream().allMatch(form -> isWord(form.charAt(0)));
    }

    /** Terms as they are written, or also as somebody writes them who hides them, in a folded text. */
    static Rules of(DeniedTerms.Kind kind, @Nullable Collection<String> terms, boolean folded) {
        List<String> faults = new ArrayList<>(DeniedTerms.faultsOf(kind, terms, MOST_TERMS, new ArrayList<>()));
        List<String> forms = new ArrayList<>();
        for (String term : faults.isEmpty() && terms != null ? terms : List.<String>of()) {
            String form = folded ? View.folded(term) : form(term);
            if (form.isEmpty() || form.indexOf('\uFFFD') >= 0) {
                faults.add(kind.one + " " + (forms.size() + 1) + " holds characters beyond the basic plane, or none"
                        + " but marks, which a scan does not tell apart; give it to the guardrail for whole texts");
            } else if (folded && isShort(form)) {
                faults.add(kind.one + " " + (forms.size() + 1) + " has fewer than " + FEWEST_LETTERS
                        + " letters, which others are taken for; give it to deniedTermRules");
            }
            forms.add(form);
        }
        List<TermRule> rules = faults.isEmpty() ? List.of(new TermRule(kind, forms, folded)) : List.of();
        return Rules.of(kind.many(), rules).withFaults(faults);
    }

    private static boolean isShort(String form) {
        return form.chars().filter(c -> isWord((char) c)).count() < FEWEST_LETTERS
                && form.chars().noneMatch(Characters::isUnspaced);
    }

    /** A term as the view shows it, in one case, with single spaces. */
    private static String form(String term) {
        String seen = View.of(term).toString();
        StringBuilder form = new StringBuilder(seen.length());
        for (int i = 0; i < seen.length(); i++) {
            char c = fold(seen.charAt(i));
            if (c == 'ß') {
                form.append(LONG_S);
            } else if (c != ' ' || (form.length() > 0 && form.charAt(form.length() - 1) != ' ')) {
                form.append(c);
            }
        }
        return form.toString().strip();
    }

    private static char fold(char c) {
        int folded = NormalForm.fold(c);
        return folded > Character.MAX_VALUE ? c : (char) folded;
    }

    /** What a term begins with whatever the text writes for its letters. */
    private String literal(String form) {
        int end = 0;
        while (end < Math.min(form.length(), LONGEST_LITERAL) && isItself(form, end)) {
            end++;
        }
        return form.substring(0, end);
    }

    private boolean isItself(String form, int at) {
        char c = form.charAt(at);
        return folded ? Ascii.isWord(c) : c > ' ' && c < 0x7F && c != '\'' && !form.startsWith(LONG_S, at);
    }

    /** Every unit that is folded to one of these. */
    private String all(boolean[] units) {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < Character.MAX_VALUE; c++) {
            char same = read(c);
            if (units[same == 'ß' && !folded ? 's' : same]) {
                all.append(c);
            }
        }
        return all.toString();
    }

    /** A unit of the view in the case of the terms. */
    private char read(char c) {
        return folded ? c : fold(c);
    }

    private char read(View view, int at) {
        char c = view.charAt(at);
        return folded && c == '.' && view.disguise(at) >= LINE_ONLY ? ' ' : read(c);
    }

    @Override
    public String rule() {
        return kind.rule;
    }

    @Override
    public String category() {
        return kind.rule;
    }

    @Override
    public boolean readsFolded() {
        return folded;
    }

    @Override
    public String triggers() {
        return triggers;
    }

    @Override
    public List<String> literals() {
        return literals;
    }

    @Override
    public boolean atWordStart() {
        return words;
    }

    @Override
    public int reach() {
        return REACH;
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        boolean inWord = isWord(view.charAt(at - 1));
        int sign = folded && !inWord && isWord(view.charAt(at)) ? view.disguise(at) : 0;
        Hit behindSign = sign > 0 && sign <= LEADING.length() ? find(view, at, LEADING.charAt(sign - 1), false) : null;
        return behindSign == null ? find(view, at, NOTHING, inWord) : behindSign;
    }

    /**
     * Follows the text, behind a first letter if one is given, as long as a term goes on as it does; the longest that
     * ends is the one.
     */
    private @Nullable Hit find(View view, int at, int before, boolean inWord) {
        int low = before == NOTHING ? 0 : first(0, forms.length, 0, before);
        int high = before == NOTHING ? forms.length : first(low, forms.length, 0, before + 1);
        int depth = before == NOTHING ? 0 : 1;
        int end = NOTHING;
        int i = at;
        while (low < high) {
            if (forms[low].length() == depth) {
                if (!isWord(forms[low].charAt(depth - 1)) || !goesOn(view, i)) {
                    end = i;
                }
                low++;
                continue;
            }
            if (view.isEnd(i)) {
                break;
            }
            char c = read(view, i);
            if (depth == 0 && inWord && isWord(c)) {
                return null;
            }
            for (char unit : c == 'ß' && !folded ? LONG_S.toCharArray() : new char[] {c}) {
                low = first(low, high, depth, unit);
                high = first(low, high, depth, unit + 1);
                depth++;
            }
            i++;
            while (c == ' ' && low < high && read(view, i) == ' ' && !view.isEnd(i)) {
                i++;
            }
        }
        return end == NOTHING ? null : new Hit(at, end, 1, 1);
    }

    /** Whether a word goes on; a sign behind it may be a letter of it or not, as in {@code b0mb$}. */
    private boolean goesOn(View view, int at) {
        return isWord(view.charAt(at)) && !(folded && view.disguise(at) > 0);
    }

    /** Of terms with the same beginning the first that goes on with a unit, or a larger one. */
    private int first(int from, int to, int depth, int unit) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            String form = forms[middle];
            if ((depth < form.length() ? form.charAt(depth) : NOTHING) < unit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) && !Characters.isUnspaced(c);
    }
}
