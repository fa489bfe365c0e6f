// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.benchmarks;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Verification;
import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reading a trail again: verifying it, asking it, opening it; against SHA-256 over the same bytes. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
@Fork(1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the method that opens
public class TrailReadBenchmark {
    /** How many decisions the trail holds. */
    @Param({"20000"})
    int records;

    /** Whether the decisions have side records, which are opened and compared, too. */
    @Param({"true", "false"})
    boolean sealed;

    private Path directory;
    private Instant middle;
    private List<Path> segments;

    /** Writes the trail. */
    @Setup
    public void write() throws IOException {
        directory = Files.createTempDirectory("incident4j-read");
        try (Journal journal = Decisions.journal(directory)) {
            for (int i = 0; i < records; i++) {
                journal.record(sealed ? Decisions.decision(i) : Decisions.plain(i));
                if (i == records / 2) {
                    middle = Instant.now();
                }
            }
        }
        try (var files = Files.walk(directory.resolve("trail"))) {
            segments = files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    /** Removes it. */
    @TearDown
    public void remove() throws IOException {
        Decisions.remove(directory);
    }

    /** Every checksum, every hash, the root, the signature. */
    @Benchmark
    public Verification verify() {
        Verification verification = AuditTrail.in(directory).verify();
        if (!verification.intact()) {
            throw new IllegalStateException(verification.faults().toString());
        }
        return verification;
    }

    /** SHA-256 over the same bytes, by one thread. */
    @Benchmark
    public byte[] sha256() throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[1 << 17];
        for (Path segment : segments) {
            try (InputStream in = Files.newInputStream(segment)) {
                for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                    digest.update(chunk, 0, n);
                }
            }
        }
        return digest.digest();
    }

    /** A question to all records. */
    @Benchmark
    public long queryAll() {
        return sealed
                ? AuditTrail.in(directory).query().segment("tenant", "tenant-7").count()
                : AuditTrail.in(directory).query().route("v7").count();
    }

    /** A question about ten milliseconds. */
    @Benchmark
    public long queryAnInstant() {
        return AuditTrail.in(directory)
                .query()
                .from(middle)
                .until(middle.plusMillis(10))
                .count();
    }

    /** Opening a runtime on it. */
    @Benchmark
    public int open() {
        try (IncidentRuntime runtime =
                IncidentRuntime.builder().directory(directory).build()) {
            return runtime.incidents().open().size();
        }
    }
}
