// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import io.github.incident4j.examples.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Past customers and what became of their credits.
 *
 * @param source where they come from, for people
 * @param customers one for each credit
 */
record CreditData(String source, List<Customer> customers) {
    private static final String OUTCOME_COLUMN = "credit";
    private static final String REPAID = "1";
    private static final String DEFAULTED = "2";
    private static final int MIN_CUSTOMERS = 400;
    private static final int MAX_CUSTOMERS = 100_000;

    /**
     * A past customer.
     *
     * @param application what was known beforehand
     * @param defaulted whether the credit was not repaid
     */
    record Customer(Application application, boolean defaulted) {}

    /** The customers in two parts that have none in common. */
    record Halves(List<Customer> first, List<Customer> second) {}

    CreditData {
        customers = List.copyOf(customers);
    }

    /** Reads comma-separated lines under a header of the 20 columns and the outcome: 1 repaid, 2 defaulted. */
    static CreditData read(Path file) throws UsageException {
        List<Customer> customers = new ArrayList<>();
        int lineNumber = 1;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            checkHeader(file, reader.readLine());
            String line;
            while ((line = reader.readLine()) != null) {
                lineNumber++;
                if (!line.isBlank()) {
                    customers.add(customer(file, lineNumber, line));
                }
                if (customers.size() > MAX_CUSTOMERS) {
                    throw fault(file, lineNumber, "more than " + MAX_CUSTOMERS + " customers; take a sample");
                }
            }
        } catch (NoSuchFileException e) {
            throw new UsageException("--data " + file + " is not there; name the file, or leave --data away");
        } catch (CharacterCodingException e) {
            throw fault(file, lineNumber + 1, "the file is not UTF-8 text");
        } catch (IOException e) {
            throw new UsageException("--data " + file + " cannot be read: " + e);
        }
        requireEnough(file, customers);
        return new CreditData("real data, " + file, customers);
    }

    private static void checkHeader(Path file, @Nullable String line) throws UsageException {
        List<String> expected = new ArrayList<>(Variable.columns());
        expected.add(OUTCOME_COLUMN);
        List<String> found = line == null ? List.of() : cells(line.startsWith("\uFEFF") ? line.substring(1) : line);
        if (!found.equals(expected)) {
            throw fault(
                    file,
                    1,
                    "the header is not that of the German credit data; expected " + String.join(",", expected));
        }
    }

    private static Customer customer(Path file, int lineNumber, String line) throws UsageException {
        List<String> cells = cells(line);
        Variable[] variables = Variable.values();
        if (cells.size() != variables.length + 1) {
            throw fault(file, lineNumber, cells.size() + " values; expected " + (variables.length + 1));
        }
        Map<Variable, String> values = new EnumMap<>(Variable.class);
        for (int i = 0; i < variables.length; i++) {
            Variable variable = variables[i];
            String value = cells.get(i);
            Optional<String> fault = variable.faultOf(value);
            if (fault.isPresent()) {
                throw fault(file, lineNumber, fault.get());
            }
            values.put(variable, value);
        }
        String outcome = cells.get(variables.length);
        if (!outcome.equals(REPAID) && !outcome.equals(DEFAULTED)) {
            throw fault(
                    file, lineNumber, OUTCOME_COLUMN + " is '" + outcome + "'; expected 1 (repaid) or 2 (defaulted)");
        }
        return new Customer(new Application(values), outcome.equals(DEFAULTED));
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.split(",", -1)) {
            cells.add(cell.strip());
        }
        return cells;
    }

    private static void requireEnough(Path file, List<Customer> customers) throws UsageException {
        long defaulted = customers.stream().filter(Customer::defaulted).count();
        if (customers.size() < MIN_CUSTOMERS || defaulted == 0 || defaulted == customers.size()) {
            throw new UsageException("--data " + file + " has " + customers.size() + " customers of whom " + defaulted
                    + " defaulted; the story needs " + MIN_CUSTOMERS + " customers, some of each kind");
        }
    }

    private static UsageException fault(Path file, int lineNumber, String what) {
        return new UsageException("--data " + file + ", line " + lineNumber + ": " + what);
    }

    /** Two halves, drawn by the seed. */
    Halves halves(long seed) {
        List<Customer> shuffled = new ArrayList<>(customers);
        Collections.shuffle(shuffled, new Random(seed));
        int middle = shuffled.size() / 2;
        return new Halves(
                List.copyOf(shuffled.subList(0, middle)), List.copyOf(shuffled.subList(middle, shuffled.size())));
    }

    double defaultRate() {
        return (double) customers.stream().filter(Customer::defaulted).count() / customers.size();
    }
}
