// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The command line and the control plane.
@main
struct Malla: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "malla", abstract: "A service mesh: control plane and command line.",
        subcommands: [
            RunCommand.self, DemoCommand.self,
        ])
}
