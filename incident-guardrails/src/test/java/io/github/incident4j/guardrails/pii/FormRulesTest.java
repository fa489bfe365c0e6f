// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextScanner;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules for forms take of whole sentences, by default. */
class FormRulesTest {
    private static final TextScanner SCANNER = new TextScanner(Pii.rules(), 0.5);

    private static List<String> found(String text) {
        return SCANNER.scan(text).stream()
                .map(match -> match.rule() + " " + text.substring(match.start(), match.end()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(call (555) 234-5678)                            | phone (555) 234-5678",
                "(call 555-234-5678)                              | phone 555-234-5678",
                "Ring 555-234-5678 2 times                        | phone 555-234-5678",
                "Write to 030/901820-0, no                        | phone 030/901820-0",
                "She lives at Ziegelgasse 26, Wien                | street-address Ziegelgasse 26",
                "Wir wohnen Am Markt 5, kommt                     | street-address Am Markt 5",
                "Calle Mayor, 12 en Madrid                        | street-address Calle Mayor, 12",
                "ul. Długa 7 stoi                                 | street-address ul. Długa 7",
                "Адрес: улица Ленина 10                           | street-address улица Ленина 10",
                "at 12 Main Street. The 2024 plan                 | street-address 12 Main Street",
                "at 12 Main Street and 3000 people                | street-address 12 Main Street",
                "42 River Rd, Suite 5, Austin, TX 78701 is it     | street-address 42 River Rd, Suite 5, Austin, TX 78701",
                "12 rue de la Paix, 75002 Paris                   | street-address 12 rue de la Paix, 75002 Paris",
                "né le 3 février 1980 à Lyon                      | birth-date 3 février 1980",
                "生年月日 1986年12月27日                           | birth-date 1986年12月27日",
                "born 1986-12-27T00:00:00Z                        | birth-date 1986-12-27",
                "40°26′46″N 79°58′56″W                            | coordinates 40°26′46″N 79°58′56″W",
                "at 40.7128° N, 74.0060° W now                    | coordinates 40.7128° N, 74.0060° W",
                "to 48.8584, 2.2945 please                        | coordinates 48.8584, 2.2945",
                "my card 501800000009 is                          | credit-card 501800000009",
                "in Via delle Quattro Fontane 13, prego           | street-address Via delle Quattro Fontane 13",
                "her mail goes to APO AP 96278, now                | us-military-address APO AP 96278",
                "MAC:00:1A:2B:3C:4D:5E of wlan0:00:1A:2B:3C:4D:5F | mac 00:1A:2B:3C:4D:5E; mac 00:1A:2B:3C:4D:5F",
                "my homepage is https://example.com/~jo.          | url https://example.com/~jo",
            })
    void formsInSentences(String text, String expected) {
        assertThat(String.join("; ", found(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "JSON Web Tokens: RFC 7519, RFC 7515, RFC 7516.",
                "in Microsoft 365, Windows 11 and Office 2021",
                "on 12 March 2024, March 12, 2024, or later",
                "with X, Y, Z in the place of 0, 1, 2",
                "git clone git@github.com:owner/name.git",
                "The meeting is on 2024-05-12 at 10:30 in room 204.",
                "In 2023 revenue was 1,234,567.89 dollars, up 12.5 percent.",
                "Order 4711-0815 has the tracking number 1Z999AA10123456784.",
                "ISBN 978-3-16-148410-0 is a book of 350 pages.",
                "He scored 21 points in 35 minutes on the road to 2000 points.",
                "It costs 1.000.000 euros or 12 000 000 yen.",
                "123e4567-e89b-12d3-a456-426614174000",
                "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "From 1998 to 2004 he wrote 12 books. See https://example.com/12/34.",
                "Pi is 3.14159, e is 2.71828, and call(3) returns 42.",
                "The address book has 40839, and 75 more names.",
                "atan2(12.3456, 45.6789) and [0.1234, 0.5678]",
                "x = 12.3456, 45.6789 * 3",
                "the rows 12.3456, 45.6789, 78.9012 of the table",
                "order 501800000009 of 123456789012347",
                "fingerprint 00:00:00:00:00:00, broadcast FF:FF:FF:FF:FF:FF",
                "1F600 ; [.1CAD.0020.0002]",
                "00:01:1A:2B:3C:4D:5E",
                "SWIFT TRANSFER of documents"
            })
    void ordinarySentences_holdNothing(String text) {
        assertThat(found(text)).isEmpty();
    }

    @Test
    void quotedAddress_isOneValue_overItsLines() {
        assertThat(found("> 42 River Rd,\n> Austin, TX 78701\n> thanks"))
                .containsExactly("street-address 42 River Rd,\n> Austin, TX 78701");
    }

    @Test
    void zoneOfATravelDocument_isOneValue_overItsLines() {
        String zone =
                "I<UTOD231458907<<<<<<<<<<<<<<<\r\n7408122F1204159UTO<<<<<<<<<<<6\r\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";
        assertThat(found("MRZ:\n" + zone + "\n")).containsExactly("mrz " + zone);
    }

    @Test
    void checkedPhones_areThoseThatAreGivenOut() {
        TextScanner german =
                new TextScanner(PiiRails.rulesWithCheckedPhones("DE").recognisers(), 0.5);
        assertThat(rules(german, "030 901820 or +1 201 555 0123 or 0044 20 7946 0958"))
                .containsExactly("phone", "phone", "phone");
        TextScanner american =
                new TextScanner(PiiRails.rulesWithCheckedPhones("US").recognisers(), 0.5);
        assertThat(rules(american, "call 21 212 133 2727 or 12 345 678")).isEmpty();
        assertThat(rules(new TextScanner(PiiRails.rulesWithCheckedPhones().recognisers(), 0.5), "call 030 901820"))
                .isEmpty();
    }

    private static List<String> rules(TextScanner scanner, String text) {
        return scanner.scan(text).stream().map(Match::rule).toList();
    }

    @Test
    void checkedPhones_ofAnUnknownRegion_areAFault() {
        Rules options = PiiRails.rulesWithCheckedPhones("DE", "Germany");
        assertThat(TextRail.builder("pii").block(options).build().faults())
                .hasSize(1)
                .first()
                .asString()
                .contains("\"Germany\"");
        assertThat(TextRail.builder("pii").block(options).build().check("")).isInstanceOf(Verdict.Block.class);
        assertThat(TextRail.builder("pii")
                        .block(PiiRails.rulesWithCheckedPhones("DE"))
                        .build()
                        .faults())
                .isEmpty();
    }

    @Test
    void keccak_isAsItsTeamPublishedIt() {
        assertThat(hash("")).isEqualTo("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
        assertThat(hash("abc")).isEqualTo("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(Keccak.hash256(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
