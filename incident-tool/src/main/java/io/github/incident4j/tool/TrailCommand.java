// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import picocli.CommandLine.Command;

/** What can be done with an audit trail. */
@Command(
        name = "trail",
        description = "Reads, verifies and proves an audit trail.",
        mixinStandardHelpOptions = true,
        subcommands = {
            VerifyCommand.class,
            QueryCommand.class,
            StatsCommand.class,
            ProveCommand.class,
            CheckProofCommand.class,
            TailCommand.class,
            ExportCommand.class,
            EraseCommand.class
        })
final class TrailCommand {}
