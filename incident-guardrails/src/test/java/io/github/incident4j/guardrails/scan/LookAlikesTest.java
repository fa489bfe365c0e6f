// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.SpoofChecker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the table of look-alikes against ICU; its failure shows the table that ICU's version gives. */
class LookAlikesTest {
    private static final Path TABLE =
            Path.of("src/main/resources/io/github/incident4j/guardrails/scan/look-alikes.txt");

    private final SpoofChecker checker = new SpoofChecker.Builder().build();

    @Test
    void table_isWhatIcuSays() throws Exception {
        Map<Character, StringBuilder> table = new TreeMap<>();
        for (char c = 0x80; c < 0xFFFE; c++) {
            char plain = isOfTable(c) ? plain(c) : 0;
            if (plain != 0) {
                table.computeIfAbsent(plain, key -> new StringBuilder()).append(c);
            }
        }
        assertThat(Files.readString(TABLE))
                .isEqualTo(table.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue() + "\n")
                        .collect(Collectors.joining()));
    }

    @Test
    void everyCharacterOfTheTable_isFolded() {
        LookAlikes table = LookAlikes.load();
        assertThat("раѕѕwоrd").isNotEqualTo("password");
        StringBuilder plain = new StringBuilder();
        "раѕѕwоrd".chars().forEach(c -> plain.append(table.plain((char) c)));
        assertThat(plain).hasToString("password");
    }

    /** Not the scripts of East Asia, whose words are looked for as they are. */
    private static boolean isOfTable(char c) {
        int type = Character.getType(c);
        boolean large = (c >= 0x2E80 && c < 0xA000) || (c >= 0xAC00 && c < 0xE000);
        return !large
                && (Character.isLetterOrDigit(c) || type == Character.OTHER_SYMBOL || type == Character.MATH_SYMBOL)
                && Normalizer.isNormalized(String.valueOf(c), Normalizer.Form.NFKC);
    }

    /** The letter or digit without accents, else what the skeleton of UTS #39 is, that of the capital too. */
    private char plain(char c) {
        char own = plain(String.valueOf(c));
        return own == 0 ? plain(String.valueOf(Character.toUpperCase(c))) : own;
    }

    private char plain(String text) {
        String base = Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
        String skeleton = base.length() == 1 && base.charAt(0) < 0x80
                ? base
                : checker.getSkeleton(text).replaceAll("\\p{M}", "");
        return skeleton.length() == 1 && skeleton.charAt(0) < 0x80 && Character.isLetterOrDigit(skeleton.charAt(0))
                ? Character.toLowerCase(skeleton.charAt(0))
                : 0;
    }
}
