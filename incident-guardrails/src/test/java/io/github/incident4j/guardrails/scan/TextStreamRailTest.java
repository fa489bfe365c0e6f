// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Remark;
import io.github.incident4j.guardrail.StreamGuardrail;
import io.github.incident4j.guardrail.StreamGuardrail.Session;
import io.github.incident4j.guardrail.StreamGuardrail.Step;
import io.github.incident4j.guardrails.pii.PiiRails;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All values are synthetic. */
class TextStreamRailTest {
    private static final TextRail RAIL = PiiRails.redact();
    private static final TextRail BLOCKING =
            TextRail.builder("no-pii").block(PiiRails.rules()).build();

    /**
     * An element with a text, or without.
     *
     * @param channel what the text is a part of
     * @param text the text
     * @param tag what else it carries
     */
    record Chunk(String channel, @Nullable String text, String tag) {
        static Chunk of(String channel, String text) {
            return new Chunk(channel, text, "");
        }

        static Chunk tag(String channel, String tag) {
            return new Chunk(channel, null, tag);
        }

        Chunk with(String other) {
            return new Chunk(channel, other, tag);
        }
    }

    private static StreamGuardrail<Chunk> over(TextRail rail) {
        return rail.forStream(Chunk::channel, Chunk::text, Chunk::with);
    }

    /** What comes out, and what goes on record. */
    private record Result(List<Chunk> out, List<Remark> remarks, List<String> stops) {
        String text(String channel) {
            StringBuilder text = new StringBuilder();
            for (Chunk chunk : out) {
                text.append(chunk.channel.equals(channel) && chunk.text != null ? chunk.text : "");
            }
            return text.toString();
        }
    }

    private static Result run(StreamGuardrail<Chunk> guardrail, Chunk... chunks) {
        Session<Chunk> session = guardrail.open();
        Result result = new Result(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Chunk chunk : chunks) {
            if (result.stops.isEmpty()) {
                add(session.next(chunk), result);
            }
        }
        if (result.stops.isEmpty()) {
            add(session.end(), result);
        }
        return result;
    }

    private static void add(Step<Chunk> step, Result result) {
        result.out.addAll(step.elements());
        result.remarks.addAll(step.remarks());
        step.block().ifPresent(finding -> result.stops.add(finding.category()));
    }

    @Test
    void valueCutOverElements_doesNotLeave() {
        Session<String> session = RAIL.forStream().open();
        List<String> out = new ArrayList<>();
        List<Remark> remarks = new ArrayList<>();
        for (String piece : List.of("Write to j", "o.doe@exa", "mple.com, ", "please. ")) {
            Step<String> step = session.next(piece);
            out.addAll(step.elements());
            remarks.addAll(step.remarks());
        }
        out.addAll(session.end().elements());
        assertThat(String.join("", out)).isEqualTo("Write to [EMAIL], please. ");
        assertThat(out).noneSatisfy(element -> assertThat(element).containsAnyOf("j", "doe", "exa", "mple"));
        assertThat(remarks).hasSize(1);
        assertThat(remarks.get(0).rewritten()).isTrue();
        assertThat(remarks.get(0).finding().rule()).isEqualTo("email");
        assertThat(remarks.get(0).finding().message()).contains("at 9 to 27").doesNotContain("doe");
    }

    @Test
    void channels_areTextsOfTheirOwn() {
        Result result = run(
                over(RAIL),
                Chunk.of("answer", "jo.doe@"),
                Chunk.of("thinking", "it is jo.doe@exa"),
                Chunk.of("answer", "example.com "),
                Chunk.of("thinking", "mple.com"));
        assertThat(result.text("answer")).isEqualTo("[EMAIL] ");
        assertThat(result.text("thinking")).isEqualTo("it is [EMAIL]");
        assertThat(result.remarks).hasSize(2);
    }

    @Test
    void elementWithoutText_waitsForTheTextBeforeItInItsChannelOnly() {
        Session<Chunk> session = over(RAIL).open();
        Chunk start = Chunk.tag("answer", "start");
        assertThat(session.next(start).elements()).as("nothing is before it").containsExactly(start);
        List<Chunk> out =
                new ArrayList<>(session.next(Chunk.of("answer", "one, two")).elements());
        assertThat(session.next(Chunk.tag("answer", "tag")).elements()).isEmpty();
        assertThat(session.next(Chunk.of("answer", "")).elements()).isEmpty();
        Chunk other = Chunk.tag("usage", "12 tokens");
        assertThat(session.next(other).elements()).containsExactly(other);
        out.addAll(session.next(Chunk.of("answer", "three, four")).elements());
        out.addAll(session.next(Chunk.tag("answer", "stop")).elements());
        out.addAll(session.end().elements());
        StringBuilder sequence = new StringBuilder();
        out.forEach(chunk -> sequence.append(chunk.text == null ? "<" + chunk.tag + ">" : chunk.text));
        assertThat(sequence).hasToString("one, two<tag>three, four<stop>");
        assertThat(out).as("empty ones are elements without text").contains(Chunk.of("answer", ""));
    }

    @Test
    void elementWithoutTextWithinAValue_comesBehindItsMask() {
        Result result = run(
                over(RAIL),
                Chunk.of("answer", "to jo.doe@exa"),
                Chunk.tag("answer", "tag"),
                Chunk.of("answer", "mple.com now "));
        assertThat(result.out)
                .containsExactly(
                        Chunk.of("answer", "to "),
                        Chunk.of("answer", "[EMAIL]"),
                        Chunk.tag("answer", "tag"),
                        Chunk.of("answer", " now "));
    }

    @Test
    void elementOfWhichTheTextStays_isPassedOnItself() {
        Session<Chunk> session = over(RAIL).open();
        Chunk whole = new Chunk("answer", "word", "tag");
        assertThat(session.next(whole).elements()).isEmpty();
        assertThat(session.end().elements()).singleElement().isSameAs(whole);
    }

    @Test
    void block_endsBehindWhatStandsBeforeIt() {
        Result result = run(
                over(BLOCKING),
                Chunk.of("other", "held"),
                Chunk.of("answer", "Write to jo."),
                Chunk.of("answer", "doe@example.com now"),
                Chunk.of("answer", " and then"));
        assertThat(result.text("answer")).isEqualTo("Write to ");
        assertThat(result.text("other")).isEmpty();
        assertThat(result.stops).containsExactly("pii");
        TextRail retrying = TextRail.builder("again").retry(PiiRails.rules()).build();
        assertThat(run(over(retrying), Chunk.of("answer", "jo.doe@example.com")).stops)
                .containsExactly("pii");
        TextRail flagging = TextRail.builder("flags").flag(PiiRails.rules()).build();
        Result flagged = run(over(flagging), Chunk.of("answer", "jo.doe@example.com"));
        assertThat(flagged.text("answer")).isEqualTo("jo.doe@example.com");
        assertThat(flagged.remarks)
                .singleElement()
                .satisfies(remark -> assertThat(remark.rewritten()).isFalse());
    }

    @Test
    void nothingFollowsABlock() {
        Session<String> session = BLOCKING.forStream().open();
        assertThat(session.next("Write to jo.doe@example.com now").block()).isPresent();
        assertThat(session.next("jo.doe@example.com, please").elements()).isEmpty();
        assertThat(session.end()).isEqualTo(Step.hold());
    }

    @Test
    void tooManyChannels_areBlocked() {
        Chunk[] chunks = new Chunk[17];
        Arrays.setAll(chunks, i -> Chunk.of("tool-" + i, "a, "));
        assertThat(run(over(RAIL), Arrays.copyOf(chunks, 16)).out).hasSize(16);
        Result result = run(over(RAIL), chunks);
        assertThat(result.stops).containsExactly("too-many-channels");
    }

    @Test
    void tooManyElementsThatWait_areBlocked() {
        Chunk[] chunks = new Chunk[1_026];
        Arrays.fill(chunks, Chunk.tag("answer", "ping"));
        chunks[0] = Chunk.of("answer", "word");
        assertThat(run(over(RAIL), Arrays.copyOf(chunks, 1_025)).out).hasSize(1_025);
        Result result = run(over(RAIL), chunks);
        assertThat(result.out).isEmpty();
        assertThat(result.stops).containsExactly("too-many-elements");
    }

    @Test
    void misconfiguredRail_hasItsFaultsAndBlocks() {
        StreamGuardrail<Chunk> guardrail = over(TextRail.builder("empty").build());
        assertThat(guardrail.name()).isEqualTo("empty");
        assertThat(guardrail.faults()).singleElement().asString().contains("there are no rules");
        assertThat(RAIL.forStream(Chunk::text, missing()).faults())
                .singleElement()
                .asString()
                .contains("a function of forStream(…) is null");
        assertThat(run(guardrail, Chunk.tag("answer", "tag")).stops).containsExactly("misconfigured");
    }

    @SuppressWarnings("NullAway") // that a host leaves it out is what is tested
    private static BiFunction<Chunk, String, Chunk> missing() {
        return null;
    }
}
