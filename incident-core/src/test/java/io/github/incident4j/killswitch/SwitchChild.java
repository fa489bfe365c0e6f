// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Kills in the directory of another process, while that one kills as well; see TwoProcessesTest. */
final class SwitchChild {
    private SwitchChild() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        KillSwitches switches = KillSwitches.in(Path.of(args[0]));
        int kills = Integer.parseInt(args[1]);
        out.println("ready");
        if (System.in.read() < 0) {
            return;
        }
        int durable = 0;
        for (int i = 0; i < kills; i++) {
            SwitchResult result =
                    switches.kill(Scope.model("child-" + i), Cause.by("tool").because("another process"));
            durable += result.durable() ? 1 : 0;
        }
        out.println(durable);
    }
}
