// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SpotlightProperties {

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.chars().all().array(char[].class).ofMaxSize(60).map(String::new),
                Arbitraries.of("a", " ", "\uE000", "\uE001", "<<", ">>")
                        .list()
                        .ofMaxSize(20)
                        .map(l -> String.join("", l)));
    }

    @Property
    void datamark_isUndone(@ForAll("texts") String text, @ForAll long seed) {
        Spotlight.Marked marked = Spotlight.datamark(text, new Random(seed));
        assertThat(marked.text()).doesNotContain(" ");
        assertThat(marked.instruction()).contains(marked.mark());
        assertThat(text).doesNotContain(marked.mark());
        assertThat(Spotlight.unmark(marked)).isEqualTo(text);
    }

    @Property
    void encode_isUndone(@ForAll("texts") String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8); // without lone surrogates
        assertThat(Spotlight.decode(Spotlight.encode(text))).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }

    @Property
    void delimiters_doNotOccurInTheText(@ForAll("texts") String text, @ForAll long seed) {
        Spotlight.Marked marked = Spotlight.delimit(text, new Random(seed));
        assertThat(text).doesNotContain(marked.mark());
        assertThat(marked.text())
                .contains(text)
                .startsWith("<<" + marked.mark() + ">>")
                .endsWith("<</" + marked.mark() + ">>");
        assertThat(marked.instruction()).contains(marked.mark());
    }

    @Example
    void aDelimiterThatIsInTheText_isNotTaken() {
        String first = Spotlight.delimit("", new Random(1)).mark();
        assertThat(Spotlight.delimit(first, new Random(1)).mark()).isNotEqualTo(first);
    }

    @Example
    void aTextWithAllPrivateCharactersOfTheBasicPlane_isMarkedAllTheSame() {
        String all =
                IntStream.range(0xE000, 0xF900).mapToObj(Character::toString).collect(Collectors.joining(" "));
        Spotlight.Marked marked = Spotlight.datamark(all, new Random(1));
        assertThat(marked.text()).doesNotContain(" ");
        assertThat(Spotlight.unmark(marked)).isEqualTo(all);
    }
}
