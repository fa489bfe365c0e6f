// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the table of rules, SECRETS.md, against the rules. */
class SecretTableTest {

    /** What the tables are to be. */
    static List<String> tables() {
        List<String> lines = new ArrayList<>();
        Secrets.groups().forEach((group, rules) -> {
            lines.add("");
            lines.add("## " + group);
            lines.add("");
            lines.add("| rule | format |");
            lines.add("| --- | --- |");
            rules.forEach(rule -> lines.add("| `" + rule.rule() + "` | " + cell(rule) + " |"));
        });
        return lines;
    }

    private static String cell(SecretRule rule) {
        String format = rule.format();
        int behind = format.indexOf(" behind ");
        String code = behind < 0 ? format : format.substring(0, behind);
        String words = behind < 0 ? "" : format.substring(behind);
        String checked = rule instanceof TokenRule token && token.isChecked() ? ", checksum" : "";
        return "`" + code.replace("|", "\\|") + "`" + words + checked;
    }

    @Test
    void tables_areThoseOfTheRules() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("SECRETS.md"));
        int first = lines.indexOf("## " + Secrets.groups().keySet().iterator().next());
        assertThat(lines.subList(first - 1, lines.size())).containsExactlyElementsOf(tables());
    }

    @Test
    void readme_saysHowManyRulesThereAre() throws IOException {
        assertThat(Files.readString(Path.of("README.md")))
                .contains(Secrets.all().size() + " rules");
    }
}
