// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The command line and the control plane.
@main
struct Malla: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "malla", abstract: "A service mesh: control plane and command line.",
        subcommands: [
            UpCommand.self, ApplyCommand.self, GetCommand.self, DeleteCommand.self, ValidateCommand.self, AnalyzeCommand.self,
            RunCommand.self,
            ProxyStatusCommand.self,
            DemoCommand.self, VersionCommand.self,
        ])
}
