// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A guardrail out of rules of several families, each with an action of its own, in one pass over the text.
 *
 * <pre>{@code
 * TextRail rail = TextRail.builder("chat-output")
 *         .block(SecretRails.rules())
 *         .redact(PiiRails.rules())
 *         .allow("support@example.com")
 *         .build();
 * }</pre>
 *
 * <p>As a {@link Guardrail} it judges whole texts; {@link #stream()} guards one that comes in pieces, with the same
 * result. The first value that blocks, or has the model asked once more, ends the text; else the values to be redacted
 * are. Where such values overlap every character of each of them is replaced. A value that stays in the text does not
 * hide one that is redacted.
 *
 * <p>What is encoded is decoded, three layers deep: escapes (percent signs, character references of HTML, backslashes,
 * quoted-printable), Base64, Base32, hexadecimal, binary and decimal codes, Morse code, ROT13, and text in tag
 * characters and variation selectors. A value that is found in there stands for the piece of at most 8,000 characters
 * that was decoded; in escapes and ROT13, for itself.
 *
 * <p>Characters that do not show make no difference to what is found, as long as there are no more than 65,536 of them
 * in a row, and 256 for each character that shows. More are put on record by every rail as {@code invisible-run}.
 *
 * <p>A rule reads a bounded part of the text, at most 8,192 characters. Where a long value that is redacted goes on
 * behind that, all that follows it without a gap is replaced too, of a private key its lines through the last one.
 *
 * <p>A finding names rules and spans, in UTF-16 units, and in code points where these differ, and never holds a value.
 * There is one for each category and each action, so that whoever watches a category sees all: the one of the gravest
 * action, and of these the most severe, is the verdict's finding, and its sentence names the places of all; the others
 * are its remarks. Each has the rule and the severity of the gravest of its values. A stream has the same categories
 * and actions on record, each value by itself. A text that is missing (null) is blocked. What is wrong with the
 * configuration is among the {@link #faults()}; a rail with faults blocks everything. Immutable, for any number of
 * threads.
 */
public final class TextRail implements Guardrail<String> {
    private static final int BATCH = 64; // characters, some fifteen tokens
    private static final int LARGEST_BATCH = 8_192;

    private final String name;
    private final List<Group> groups;
    private final int[] groupOf; // by recogniser
    private final TextScanner scanner;
    private final List<String> faults;
    private final Builder from; // what it was built from, which nobody else has

    private TextRail(Builder from, List<Group> groups, int[] groupOf, TextScanner scanner, List<String> faults) {
        this.from = from;
        this.name = from.name;
        this.groups = groups;
        this.groupOf = groupOf;
        this.scanner = scanner;
        this.faults = faults;
    }

    /**
     * Begins a rail.
     *
     * @param name its name, under which verdicts are recorded
     * @return a builder without rules
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * A text rail among guardrails whose rules can be exchanged, to guard streams by them.
     *
     * <pre>{@code
     * .output(swappable.overStream(rules -> TextRail.of(rules).forStream()))
     * }</pre>
     *
     * @param rules a text rail
     * @return that rail; of another guardrail one with a fault
     */
    public static TextRail of(Guardrail<String> rules) {
        if (rules instanceof TextRail rail) {
            return rail;
        }
        Builder wrong = builder(rules.name());
        wrong.faults.add(
                rules.name() + ": it is no text rail, and judges whole texts only; give rules as a TextRail, as"
                        + " it is and not renamed or wrapped");
        return wrong.build();
    }

    /**
     * Begins a rail with all that this one has, such as a preset of which some should act otherwise. Rules that are
     * given to it take the place of those of the same names here.
     *
     * <pre>{@code
     * Rails.chatOutput().toBuilder().block(SecretRails.rules()).allow("support@example.com").build()
     * }</pre>
     *
     * @return a builder of a rail of the same name
     */
    public Builder toBuilder() {
        return new Builder(from);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> faults() {
        return faults;
    }

    @Override
    public Verdict<String> check(@Nullable String text) {
        if (text == null) {
            return Verdict.block(new Finding(name, "missing-text", "there is no text to look at"));
        }
        if (!faults.isEmpty()) {
            return Verdict.block(misconfigured());
        }
        List<Span> spans = Scan.whole(scanner, text);
        if (spans.isEmpty()) {
            return Verdict.pass();
        }
        Screen screen = new Screen(this, null);
        screen.append(text);
        String safe = screen.settle(spans, text.length()).text();
        Summary summary = screen.summary();
        Action action = summary.action();
        if (action == null) {
            return Verdict.pass(); // evidence, but not enough
        }
        return switch (action) {
            case FLAG -> Verdict.flag(summary.finding(), summary.remarks());
            case REDACT -> Verdict.rewrite(safe, summary.finding(), summary.remarks());
            case RETRY -> Verdict.retry(summary.finding(), summary.remarks());
            case BLOCK -> Verdict.block(summary.finding(), summary.remarks());
        };
    }

    /**
     * Judges a whole text.
     *
     * @param text any text; lone surrogates are fine
     * @return what may be passed on, and all that was found up to where the text stops
     */
    public Screening screen(String text) {
        return screen(text, null);
    }

    /**
     * Replaces the values of all rules that redact by numbered placeholders, so that the values can be put into what a
     * model answers. The masks of the rules are not used.
     *
     * @param text any text
     * @return the text with placeholders, and the way back
     */
    public Redaction redaction(String text) {
        return Redaction.of(this, text);
    }

    /** Judges a whole text, with one mask for all. */
    Screening screen(String text, @Nullable Mask mask) {
        if (!faults.isEmpty()) {
            return new Screening("", List.of(), Optional.of(misconfigured()));
        }
        List<Span> spans = Scan.whole(scanner, text);
        if (spans.isEmpty()) {
            return new Screening(text, List.of(), Optional.empty());
        }
        Screen screen = new Screen(this, mask);
        screen.append(text);
        return screen.settle(spans, text.length());
    }

    /** {@return a guard for one text that comes in pieces, which looks at it whenever 64 characters have come} */
    public TextStreamGuard stream() {
        return stream(BATCH);
    }

    /**
     * A guard for one text that comes in pieces.
     *
     * @param batch how many characters come before they are looked at, from 1, which is every piece at once, to 8,192;
     *     more take less time, and are held back that much longer
     * @return the guard; with another batch it stops the text and says so
     */
    public TextStreamGuard stream(int batch) {
        List<String> wrong = new ArrayList<>(faults);
        if (batch < 1 || batch > LARGEST_BATCH) {
            wrong.add(name + ": a text in pieces is looked at whenever " + batch
                    + " characters have come; choose from 1" + " to " + LARGEST_BATCH);
        }
        return new TextStreamGuard(this, batch, List.copyOf(wrong));
    }

    /**
     * This rail over a guarded stream of text; see {@link #forStream(Function, Function, BiFunction)}.
     *
     * @return a guardrail for {@code StreamGuardBuilder.output(…)}
     */
    public StreamGuardrail<String> forStream() {
        return forStream(element -> element, (element, safe) -> safe);
    }

    /**
     * This rail over a guarded stream of elements that carry one text; see {@link #forStream(Function, Function,
     * BiFunction)}.
     *
     * @param text the text of an element; null or empty if it has none
     * @param withText the same element with another text
     * @param <T> the elements
     * @return a guardrail for {@code StreamGuardBuilder.output(…)}
     */
    public <T> StreamGuardrail<T> forStream(
            Function<? super T, @Nullable String> text, BiFunction<? super T, String, ? extends T> withText) {
        return forStream(element -> "", text, withText);
    }

    /**
     * This rail over a guarded stream of elements that carry several texts by turns, such as an answer, its reasons and
     * the arguments of each tool call. Each channel is one text, guarded by itself; together its elements carry what
     * {@link #screen(String)} makes of the whole of it, however it was cut.
     *
     * <p>What an element's text lets out of its channel, which may have been held back before, leaves in that element,
     * by {@code withText}; an element of which nothing may leave yet is left out. Each element is looked at when it
     * comes, as nobody tells when the model pauses. An element of which the text does not change is passed on as it is.
     * At the end the rest of each channel leaves in its last element with text. An element without text waits for the
     * text that came before it in its channel, and leaves as it is; to have it pass at once give it a channel of its
     * own.
     *
     * <p>A value that blocks ends the stream behind what stands before it; so does one for which the model should be
     * asked once more. What other channels hold back does not leave then. The stream is blocked also if more than 16
     * channels have text, or more than 1,024 elements without text wait. The functions are called by the stream's
     * threads, one at a time for each stream; they are quick and do not throw.
     *
     * @param channel the channel of an element, told apart by {@code equals}
     * @param text the text of an element; null or empty if it has none
     * @param withText the same element with another text
     * @param <T> the elements
     * @return a guardrail for {@code StreamGuardBuilder.output(…)}
     */
    public <T> StreamGuardrail<T> forStream(
            Function<? super T, ?> channel,
            Function<? super T, @Nullable String> text,
            BiFunction<? super T, String, ? extends T> withText) {
        return new TextStreamRail<>(this, channel, text, withText);
    }

    /**
     * How much of a guarded stream is held back at most. A {@link TextStreamGuard} holds back its batch besides.
     *
     * @return the number of characters that show, counted as decoded: an escape such as {@code %41} is one, also where
     *     it was escaped itself; of those that do not show there may be 65,536 more, and 256 for each of them
     */
    public int holdBack() {
        return scanner.holdBack();
    }

    TextScanner scanner() {
        return scanner;
    }

    List<Group> groups() {
        return groups;
    }

    int groupOf(int recogniser) {
        return groupOf[recogniser];
    }

    Finding misconfigured() {
        return misconfigured(faults);
    }

    Finding misconfigured(List<String> wrong) {
        return new Finding(name, "misconfigured", String.join("; ", wrong));
    }

    /** Collects the rules of a rail. Not for use by several threads. */
    public static final class Builder {
        private final String name;
        private final List<Group> groups = new ArrayList<>();
        private final List<Rules> rules = new ArrayList<>();
        private final Set<String> values = new HashSet<>();
        private final List<Predicate<String>> conditions = new ArrayList<>();
        private final Set<String> words = new HashSet<>();
        private final List<String> faults = new ArrayList<>();
        private boolean decodes = true;
        private int inherited; // how many of the rules are those of a rail that this one began with

        private Builder(String name) {
            this.name = name;
        }

        private Builder(Builder other) {
            this(other.name);
            groups.addAll(other.groups);
            rules.addAll(other.rules);
            values.addAll(other.values);
            conditions.addAll(other.conditions);
            words.addAll(other.words);
            faults.addAll(other.faults);
            decodes = other.decodes;
            inherited = rules.size();
        }

        /**
         * Blocks a text with values of these rules.
         *
         * @param of the rules
         * @return this
         */
        public Builder block(Rules of) {
            return add(of, Group.of(Action.BLOCK, Mask.LABEL));
        }

        /**
         * Asks the model once more when its answer holds values of these rules.
         *
         * @param of the rules
         * @return this
         */
        public Builder retry(Rules of) {
            return add(of, Group.of(Action.RETRY, Mask.LABEL));
        }

        /**
         * Puts labels in the place of values of these rules.
         *
         * @param of the rules
         * @return this
         */
        public Builder redact(Rules of) {
            return redact(of, Mask.LABEL);
        }

        /**
         * Puts masks in the place of values of these rules. Always characters of the original are replaced, with
         * everything between them that does not show.
         *
         * @param of the rules
         * @param mask what stands in their place
         * @return this
         */
        public Builder redact(Rules of, Mask mask) {
            return add(of, Group.of(Action.REDACT, mask));
        }

        /**
         * Puts values of these rules on record and leaves them where they are.
         *
         * @param of the rules
         * @return this
         */
        public Builder flag(Rules of) {
            return add(of, Group.of(Action.FLAG, Mask.LABEL));
        }

        /**
         * Does about values of these rules what an action says.
         *
         * @param action what is done
         * @param of the rules
         * @return this
         */
        public Builder on(Action action, Rules of) {
            return add(of, Group.of(action, Mask.LABEL));
        }

        /**
         * Weighs what these rules find together: each adds to the evidence with its confidence, once, and the doubt
         * that is left is the product of theirs. Enough evidence is put on record, as of severity P3; more blocks, with
         * the rules' own severity. What lies in a value in plain text that is redacted, such as a key, is no evidence.
         *
         * @param of the rules
         * @param flagAt from which evidence on the matches are put on record, above 0 and at most 1
         * @param blockAt from which evidence on the text is blocked, at least {@code flagAt}; above 1 for never
         * @return this
         */
        public Builder weigh(Rules of, double flagAt, double blockAt) {
            if (!(flagAt > 0 && flagAt <= 1 && blockAt >= flagAt)) {
                faults.add(name + ": evidence flags at " + flagAt + " and blocks at " + blockAt
                        + "; flag above 0 and at most at 1, and block no earlier");
            }
            return add(of, Group.evidence(flagAt, blockAt));
        }

        private Builder add(Rules of, Group group) {
            List<String> names = of.names();
            rules.subList(0, inherited).replaceAll(each -> each.but(names));
            rules.add(of);
            groups.add(group);
            faults.addAll(of.faults());
            return this;
        }

        /**
         * Values that are no trouble, such as the address of one's own support. A value is allowed when the whole of it
         * equals one of them, once both are in normal form; case counts.
         *
         * @param allowed the values
         * @return this
         */
        public Builder allow(String... allowed) {
            Arrays.stream(allowed).map(View::normalForm).forEach(values::add);
            return this;
        }

        /**
         * A condition for values that are no trouble, such as those of a test range.
         *
         * @param condition whether a value, in normal form, is allowed; quick, and for several threads
         * @return this
         */
        public Builder allowIf(Predicate<String> condition) {
            conditions.add(condition);
            return this;
        }

        /**
         * Words near which every value is allowed, such as {@code example}: a word counts when it begins at most 60
         * characters before a value or 30 after it. Whoever writes the text can write such a word: not for texts of
         * strangers.
         *
         * @param allowing the words, each one run of at most 32 letters; case makes no difference
         * @return this
         */
        public Builder allowNear(String... allowing) {
            for (String word : allowing) {
                if (word.isEmpty()
                        || word.length() > ContextWords.LONGEST
                        || !word.chars().allMatch(Character::isLetter)) {
                    faults.add(name + ": the word \"" + word + "\" near which values are allowed must be one run of at"
                            + " most " + ContextWords.LONGEST + " letters");
                }
                words.add(word.toLowerCase(Locale.ROOT));
            }
            return this;
        }

        /**
         * Leaves encoded text undecoded, which takes less time.
         *
         * @return this
         */
        public Builder withoutDecoding() {
            decodes = false;
            return this;
        }

        /** {@return the rail; what is wrong is among its faults} */
        public TextRail build() {
            List<String> wrong = new ArrayList<>(faults);
            if (rules.isEmpty() && wrong.isEmpty()) {
                wrong.add(name + ": there are no rules; give some to block, redact, retry, flag or weigh");
            }
            List<Recogniser> recognisers = new ArrayList<>();
            List<Integer> places = new ArrayList<>();
            List<Double> least = new ArrayList<>();
            List<Severity> severities = new ArrayList<>();
            for (int i = 0; i < rules.size(); i++) {
                for (Recogniser recogniser : rules.get(i).recognisers()) {
                    recognisers.add(recogniser);
                    places.add(i);
                    least.add(rules.get(i).leastConfidence());
                    severities.add(rules.get(i).severityOf(recogniser));
                }
            }
            recognisers.add(new Excess());
            places.add(groups.size());
            least.add(0.0);
            severities.add(Severity.P3);
            List<Group> all = new ArrayList<>(groups);
            all.add(Group.of(Action.FLAG, Mask.LABEL));
            Allowed allowed = new Allowed(Set.copyOf(values), List.copyOf(conditions), Set.copyOf(words));
            TextScanner scanner = wrong.isEmpty()
                    ? new TextScanner(
                            recognisers,
                            least.stream().mapToDouble(Double::doubleValue).toArray(),
                            severities,
                            allowed,
                            decodes)
                    : new TextScanner(List.of(), 1);
            return new TextRail(
                    new Builder(this),
                    List.copyOf(all),
                    places.stream().mapToInt(Integer::intValue).toArray(),
                    scanner,
                    List.copyOf(wrong));
        }
    }
}
