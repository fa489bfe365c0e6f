// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import static io.github.incident4j.guardrails.structure.Verdicts.blocked;
import static io.github.incident4j.guardrails.structure.Verdicts.passes;
import static io.github.incident4j.guardrails.structure.Verdicts.rewritten;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.model.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructureRailsTest {
    private static final Guardrail<String> XML = StructureRails.xml();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a/>",
                "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<a x='1'><!-- c --><b>&lt;&#x41;é💣</b><![CDATA[<]]></a>",
                "<n:a xmlns:n=\"urn:x\"/>\n"
            })
    void xml_passes(String text) {
        passes(XML, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "<a>|not-xml",
                "<a></b>|not-xml",
                "<a/><b/>|not-xml",
                "plain|not-xml",
                "''|not-xml",
                "<a x=1/>|not-xml",
                "<a x='1' x='2'/>|not-xml",
                "<n:a/>|not-xml",
                "<a>&#0;</a>|not-xml",
                "<!DOCTYPE a><a/>|document-type",
                "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>|document-type",
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>|document-type",
                "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;&x;\">]><a>&z;</a>|document-type"
            })
    void whatIsNotXml_isBlocked(String text, String category) {
        assertThat(blocked(XML, text).category()).isEqualTo(category);
    }

    @Test
    void unknownEntities_areBlocked() {
        assertThat(blocked(XML, "<a>&secret;</a>").message()).doesNotContain("secret");
    }

    @Test
    void entityBombs_areRefusedAtOnce() {
        StringBuilder bomb = new StringBuilder("<!DOCTYPE a [<!ENTITY x0 \"lol\">");
        for (int i = 1; i < 30; i++) {
            bomb.append("<!ENTITY x")
                    .append(i)
                    .append(" \"")
                    .append(("&x" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        bomb.append("]><a>&x29;</a>");
        assertThat(blocked(XML, bomb.toString()).category()).isEqualTo("document-type");
    }

    @Test
    void xml_hasLimits_andPlaces() {
        assertThat(blocked(XML, "<a>".repeat(65)).message())
                .isEqualTo("the XML is nested deeper than 64 levels at line 1, column 196");
        assertThat(blocked(StructureRails.xml(3, 1), "<a/>").category()).isEqualTo("too-long");
        assertThat(blocked(XML, "<a>\n<b SECRET></a>").message())
                .startsWith("the text is not well-formed XML at line 2, column ")
                .doesNotContain("SECRET");
        assertThat(StructureRails.xml(0, 0).faults()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name,age\r\nAda,36\r\n",
                "name,age\nAda,36",
                "name,age\n\"A \"\"d\"\"\na, b\",\n",
                "\"name\",age\nx,-1.5\n"
            })
    void csv_passes(String text) {
        passes(StructureRails.csv(CsvOptions.options().header("name", "age").withoutFormulas()), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "name,age;Ada|columns|record 2 has 1 fields and not 2; it begins at line 2, column 1",
                "name,age;Ada,36,x|columns|record 2 has 3 fields and not 2; it begins at line 2, column 1",
                "name,years;Ada,36|header|column 2 is not named \"age\"; its name begins at line 1, column 6",
                "name|columns|record 1 has 1 fields and not 2; it begins at line 1, column 1",
                "name,age;A\"da,36|quotes|a quote stands in a field without quotes at line 2, column 2",
                "name,age;\"Ada\"x,36|quotes|text follows a closing quote at line 2, column 6",
                "name,age;\"Ada,36|quotes|the quoted field that begins here has no end at line 2, column 1",
                "name,age;=1+1,36|formula|a field begins as a formula does at line 2, column 1",
                "name,age;@x,36|formula|a field begins as a formula does at line 2, column 1",
                "name,age;\"-cmd\",36|formula|a field begins as a formula does at line 2, column 1",
                "name,age|rows|there are 0 records and not 1 to 2; they end at line 1, column 9",
                "name,age;a,1;a,1;a,1|rows|there are 3 records and not 1 to 2; they end at line 4, column 4"
            })
    void whatIsNotTheCsv_isBlocked(String text, String category, String message) {
        Guardrail<String> rail = StructureRails.csv(
                CsvOptions.options().header("name", "age").withoutFormulas().rows(1, 2));
        assertThat(blocked(rail, text.replace(';', '\n'))).isEqualTo(new Finding("csv", category, message));
    }

    @Test
    void csv_otherOptions() {
        passes(StructureRails.csv(CsvOptions.options().separator(';')), "a;b,c\n1;2");
        assertThat(blocked(StructureRails.csv(CsvOptions.options()), "").category())
                .isEqualTo("empty");
        assertThat(blocked(StructureRails.csv(CsvOptions.options()), "a,b\n\n").category())
                .isEqualTo("columns");
        assertThat(blocked(StructureRails.csv(CsvOptions.options().maxLength(2)), "a,b")
                        .category())
                .isEqualTo("too-long");
        assertThat(StructureRails.csv(CsvOptions.options()
                                .separator('"')
                                .rows(3, 2)
                                .maxLength(0)
                                .header("a", "a"))
                        .faults())
                .hasSize(4);
    }

    @Test
    void oneOf_isExact() {
        Guardrail<String> rail = StructureRails.oneOf("approve", "decline");
        passes(rail, "approve");
        assertThat(blocked(rail, "Approve"))
                .isEqualTo(new Finding("one-of", "not-allowed", "the answer is none of the 2 that are allowed"));
        assertThat(blocked(rail, "approve ").category()).isEqualTo("not-allowed");
        assertThat(StructureRails.oneOf().faults()).hasSize(1);
        assertThat(StructureRails.oneOf("a", "a").faults()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"approve.", " Approve\n", "**APPROVE**", "\"approve\"", "`approve`", "“Approve.”"})
    void forgiving_rewritesToTheGivenForm(String answer) {
        Guardrail<String> rail = StructureRails.oneOfForgiving("approve", "Decline!");
        assertThat(rewritten(rail, answer).value()).isEqualTo("approve");
        assertThat(rewritten(rail, "decline").value()).isEqualTo("Decline!");
        passes(rail, "Decline!");
        assertThat(blocked(rail, "approve it").category()).isEqualTo("not-allowed");
        assertThat(StructureRails.oneOfForgiving("a", "A.").faults()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "AA-9999, AB-1234, true",
                "AA-9999, AB-12345, false",
                "AA-9999, aB-1234, false",
                "AA-9999, AB-123, false",
                "aX, z9, true",
                "aX, zZ, true",
                "aX, 9z, false",
                "\\A9, A1, true",
                "\\A9, B1, false",
                "9, ٣, false"
            })
    void layout_isHeld(String layout, String answer, boolean fits) {
        if (fits) {
            passes(StructureRails.layout("none", layout), answer);
        } else {
            assertThat(blocked(StructureRails.layout("none", layout), answer).message())
                    .isEqualTo("the answer has none of the layouts \"none\", \"" + layout + "\"");
        }
    }

    @Test
    void layout_hasFaults() {
        assertThat(StructureRails.layout().faults()).hasSize(1);
        assertThat(StructureRails.layout("", "9\\", "9".repeat(257)).faults()).hasSize(3);
    }

    @Test
    @SuppressWarnings("NullAway") // a caller without null checks
    void missing_isBlocked() {
        assertThat(blocked(XML, null).category()).isEqualTo("missing-text");
        assertThat(blocked(StructureRails.csv(CsvOptions.options()), null).category())
                .isEqualTo("missing-text");
        assertThat(blocked(StructureRails.oneOf("a"), null).category()).isEqualTo("missing-text");
        assertThat(blocked(StructureRails.layout("9"), null).category()).isEqualTo("missing-text");
        assertThat(StructureRails.oneOf((String[]) null).faults()).hasSize(1);
        assertThat(StructureRails.layout((String[]) null).faults()).hasSize(1);
        assertThat(StructureRails.csv(null).faults()).hasSize(1);
    }
}
