// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.incident4j.examples.UsageException;
import io.github.incident4j.examples.credit.CreditData.Customer;
import io.github.incident4j.examples.credit.CreditData.Halves;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreditDataTest {
    private static final String HEADER = String.join(",", Variable.columns()) + ",credit";
    private static final String GOOD = "A11,6,A34,A43,1169,A65,A75,4,A93,A101,4,A121,67,A143,A152,2,A173,1,A192,A201,1";
    private static final String BAD = "A12,48,A32,A43,5951,A61,A73,2,A92,A101,2,A121,22,A143,A152,1,A173,1,A191,A201,2";

    @TempDir
    Path directory;

    @Test
    void soundFile_read_givesItsCustomers() throws IOException, UsageException {
        List<String> lines = lines();
        lines.set(0, "\uFEFF" + HEADER);
        lines.add("");

        CreditData data = CreditData.read(file(String.join("\r\n", lines)));

        assertThat(data.customers()).hasSize(400);
        assertThat(data.defaultRate()).isEqualTo(0.5);
        assertThat(data.customers().get(1).application().age()).isEqualTo(22);
        assertThat(data.customers().get(1).application().ageBand()).isEqualTo("18-25");
        assertThat(data.customers().get(1).defaulted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A11,6,| A19,6,| status is 'A19'; expected one of A11, A12, A13, A14",
                "A11,6,| A11,six,| month is 'six'; expected a whole number",
                "A121,67,| A121,17,| age is 17; expected 18 to 120",
                "A201,1| A201,3| credit is '3'; expected 1 (repaid) or 2 (defaulted)",
                "A11,6,| A11,| 20 values; expected 21",
            })
    void malformedLine_read_isNamedByItsNumber(String part, String instead, String message) throws IOException {
        List<String> lines = lines();
        lines.set(6, GOOD.replace(part, instead));

        assertThatThrownBy(() -> CreditData.read(file(String.join("\n", lines))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("line 7: " + message);
    }

    @Test
    void otherHeader_read_isRefused() {
        assertThatThrownBy(() -> CreditData.read(file("a,b,c\n1,2,3\n")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("line 1: the header");
        assertThatThrownBy(() -> CreditData.read(file("")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("line 1: the header");
    }

    @Test
    void tooFewCustomers_read_isRefused() {
        assertThatThrownBy(() -> CreditData.read(file(HEADER + "\n" + GOOD + "\n")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("1 customers of whom 0 defaulted");
    }

    @Test
    void noText_read_isRefused() {
        assertThatThrownBy(() -> {
                    Path file = directory.resolve("binary.csv");
                    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
                    CreditData.read(file);
                })
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> CreditData.read(directory))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void realFile_read_hasThousandCustomers() throws UsageException {
        Path real = Path.of(System.getProperty("incident4j.shared", "../../shared"), "data", "german.csv");
        assumeTrue(Files.exists(real), () -> "no real data: " + real + " is not there");

        CreditData data = CreditData.read(real);

        assertThat(data.customers()).hasSize(1_000);
        assertThat(data.defaultRate()).isEqualTo(0.3);
    }

    @Test
    void halves_ofOneSeed_areTheSameAndShareNobody() {
        CreditData data = SyntheticCredit.sample(3);

        Halves halves = data.halves(5);

        assertThat(data.halves(5)).isEqualTo(halves);
        assertThat(data.halves(6)).isNotEqualTo(halves);
        Set<Customer> both = Collections.newSetFromMap(new IdentityHashMap<>());
        both.addAll(halves.first());
        both.addAll(halves.second());
        assertThat(both).hasSize(1_000);
        assertThat(new HashSet<>(halves.first())).hasSize(500);
    }

    private static List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        for (int i = 0; i < 200; i++) {
            lines.add(GOOD);
            lines.add(BAD);
        }
        return lines;
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("data.csv"), content, StandardCharsets.UTF_8);
    }
}
