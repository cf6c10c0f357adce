// SPDX-License-Identifier: Apache-2.0
import APIServer
import ArgumentParser
import MeshResources

/// `malla version`
struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version of this program and of the control plane.")

    @OptionGroup var connection: ConnectionOptions
    @Flag(help: "Only this program's version.") var client = false
    @Option(name: .shortAndLong, help: "json, or nothing for people.") var output: String?

    func run() async throws {
        try await reportingFailures {
            var server: String?
            var reason = ""
            if !client {
                do {
                    server = try await APIClient.with(connection.read()) { try await $0.get("/version").tree.string("gitVersion") }
                } catch let failure as CommandFailure {
                    reason = failure.message
                }
            }
            switch output {
            case nil:
                Console.print("client version: \(ProgramVersion.current)")
                if !client { Console.print("control plane version: \(server ?? "unknown: \(reason)")") }
            case "json":
                var tree: ManifestValue = ["clientVersion": .init(.string(ProgramVersion.current))]
                if let server { tree["controlPlaneVersion"] = .init(.string(server)) }
                Console.print(JSONTreeWriter.pretty(tree))
            default: throw CommandFailure(.usage, "-o must be json")
            }
        }
    }
}
