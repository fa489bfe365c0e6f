// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of stores that the JDK's own keytool has made. */
class AuditSignersTest {
    private static final String PASSWORD = "correct horse";
    private static final String NAME = "audit.example.com/credit/1";

    @TempDir
    static Path shared;

    private static Path store = Path.of("");

    @TempDir
    Path directory;

    @BeforeAll
    static void makeAStore() throws Exception {
        store = shared.resolve("audit.p12");
        keytool("-genkeypair", "-keyalg", "Ed25519", "-alias", "audit", "-dname", "CN=audit");
        keytool("-genkeypair", "-keyalg", "Ed25519", "-alias", "second", "-dname", "CN=second");
        keytool("-genkeypair", "-keyalg", "Ed448", "-alias", "longer", "-dname", "CN=longer");
        keytool("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-alias", "curve", "-dname", "CN=curve");
        KeyStore open = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            open.load(in, PASSWORD.toCharArray());
        }
        PrivateKey key = (PrivateKey) open.getKey("audit", PASSWORD.toCharArray());
        Certificate other = open.getCertificate("second");
        open.setKeyEntry("mixed", key, PASSWORD.toCharArray(), new Certificate[] {other});
        open.setCertificateEntry("certificate", other);
        try (OutputStream out = Files.newOutputStream(store)) {
            open.store(out, PASSWORD.toCharArray());
        }
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static AuditSigner signer(String alias) {
        return AuditSigners.pkcs12(store, PASSWORD.toCharArray(), alias, NAME);
    }

    @Test
    void keyOfAKeyStore_signsATrail() {
        char[] password = PASSWORD.toCharArray();
        AuditSigner signer = AuditSigners.pkcs12(store, password, "audit", NAME);
        Arrays.fill(password, 'x'); // it is not needed any more
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(directory)
                .auditSigner(signer)
                .build()) {
            assertThat(runtime.incidents().open()).isEmpty();
        }
        AuditTrail trail = AuditTrail.in(directory);
        assertThat(trail.checkpoint()).startsWith(NAME + "\n").contains("\u2014 " + NAME + " ");
        assertThat(trail.verifierKeys()).singleElement().asString().startsWith(NAME + "+");
        Verification verification = trail.verify(trail.verifierKeys(), List.of());
        assertThat(verification.faults()).isEmpty();
        assertThat(verification.attested()).isPositive().isEqualTo(verification.records());
        assertThat(directory.resolve("audit.key")).doesNotExist();
        assertThat(signer("second").publicKey()).hasSize(32).isNotEqualTo(signer.publicKey());
    }

    @Test
    void whatCannotBeUsed_isNamedWithoutThePassword() throws Exception {
        assertFault(() -> signer("nobody"), "'nobody'", "is missing", "audit");
        assertFault(() -> signer("certificate"), "'certificate'", "is no private key");
        assertFault(() -> signer("curve"), "'curve'", "is no Ed25519 key but EC", "-keyalg Ed25519");
        assertFault(() -> signer("longer"), "'longer'", "is no Ed25519 key");
        assertFault(() -> signer("mixed"), "'mixed'", "certificate of another key");
        String wrong = "wrong " + PASSWORD;
        assertFault(
                () -> AuditSigners.pkcs12(store, wrong.toCharArray(), "audit", NAME),
                store.toString(),
                "check the password");
        assertFault(
                () -> AuditSigners.pkcs12(store, new char[0], "audit", NAME), store.toString(), "check the password");
        Path text = Files.writeString(directory.resolve("text.p12"), "no key store");
        assertFault(
                () -> AuditSigners.pkcs12(text, PASSWORD.toCharArray(), "audit", NAME),
                text.toString(),
                "is no PKCS#12 key store");
        byte[] whole = Files.readAllBytes(store);
        Path half = Files.write(directory.resolve("half.p12"), Arrays.copyOf(whole, whole.length / 2));
        assertFault(
                () -> AuditSigners.pkcs12(half, PASSWORD.toCharArray(), "audit", NAME),
                half.toString(),
                "is no PKCS#12 key store");
        Path nowhere = directory.resolve("nowhere.p12");
        assertFault(
                () -> AuditSigners.pkcs12(nowhere, PASSWORD.toCharArray(), "audit", NAME),
                nowhere.toString(),
                "cannot be read: NoSuchFileException");
        assertThatThrownBy(() -> AuditSigners.pkcs12(store, PASSWORD.toCharArray(), "audit", "a name"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'a name' is no name of a key; use one without spaces");
    }

    private static void assertFault(Runnable use, String... expected) {
        assertThatThrownBy(use::run)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll(expected)
                .satisfies(thrown -> {
                    StringWriter trace = new StringWriter();
                    thrown.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain(PASSWORD);
                });
    }
}
