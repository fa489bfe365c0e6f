// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Verification;
import io.github.incident4j.examples.credit.Ledger.Stretch;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoryResultTest {
    /** The library slept: the group was denied from the change to the end, and the trail broke. */
    private static final StoryResult NOTHING_NOTICED = new StoryResult(
            0,
            0,
            Optional.empty(),
            new Stretch(1_000, 500, 0, 0),
            new Stretch(1_000, 10, 480, 480),
            new Stretch(1_000, 10, 480, 480),
            new Stretch(0, 0, 0, 0),
            new Stretch(0, 0, 0, 0),
            new Stretch(9_000, 5_000, 0, 0),
            new Stretch(0, 0, 0, 0),
            0,
            0,
            List.of(),
            19_999,
            new Verification(
                    12,
                    0,
                    List.of("record 12 was changed"),
                    Verification.Trust.SELF_ATTESTED,
                    12,
                    new Verification.Sides(0, 0, 0)));

    @Test
    void nothingNoticed_departures_nameAllThatIsMissing() {
        assertThat(NOTHING_NOTICED.departures())
                .containsExactly(
                        "the change was not noticed",
                        "the approvals of the group were not restored",
                        "no page was received",
                        "the trail holds 19999 decisions instead of 20000",
                        "the trail does not verify: record 12 was changed");
        assertThat(NOTHING_NOTICED.wronglyDenied()).isEqualTo(480);
    }

    @Test
    void nothingNoticed_report_saysSo() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new StoryReport(new PrintStream(out, true, StandardCharsets.UTF_8)).result(NOTHING_NOTICED, Path.of("dir"));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("THE STORY DID NOT GO AS TOLD:", "the change was not noticed")
                .doesNotContain("The story went as told");
    }
}
