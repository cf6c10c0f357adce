// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Logging

/// `malla run … -- COMMAND`: a service with its sidecar.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a command as a workload of the mesh, with its sidecar beside it.",
        discussion: """
            The command finds PORT (where to listen on 127.0.0.1) and http_proxy (its way into the mesh) in its environment.
            Its exit code is passed on, 128 + N when signal N ended it; signals are handed to it.
            """
    )

    @Option(help: "Name of the workload.") var name: String?
    @Option(help: "Service it belongs to; without it, its name.") var service: String?
    @Option(name: .customLong("port"), help: "[NAME=]PORT[:APPPORT], any number of times; APPPORT 0 picks a free one.")
    var ports: [String] = []
    @Option(name: [.customShort("n"), .long], help: "Namespace.") var namespace = "default"
    @Option(help: "Service account, its identity.") var serviceAccount = "default"
    @Option(name: .customLong("label"), help: "KEY=VALUE, any number of times.") var labels: [String] = []
    @Option(name: .customLong("upstream"), help: "SERVICE[.NAMESPACE][:PORT]:LOCALPORT, a local port that leads to a service.")
    var upstreams: [String] = []
    @Option(help: "malla or envoy[=PATH].") var proxy = "malla"
    @Option(help: "Data directory of `malla up`.") var dataDir: String?
    @Option(help: "Seconds that the sidecar may take to become ready.") var readyTimeout = 60.0
    @Argument(parsing: .postTerminator, help: "The command and its arguments.") var command: [String] = []

    func validate() throws { _ = try plan() }

    func run() async throws {
        let plan = try plan()
        let environment = ProcessInfo.processInfo.environment
        var logger = Logger(label: "malla.run", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .warning
        let code: Int32
        do {
            let location = try ControlPlaneLocation.read(dataDirectory: dataDir, environment: environment)
            code = try await RunSession(
                plan: plan, location: location, environment: environment, readinessLimit: .seconds(min(max(readyTimeout, 1), 3600)),
                logger: logger
            ).run()
        } catch let error as RunFailure {
            FileHandle.standardError.write(Data("malla run: \(error)\n".utf8))
            throw ExitCode(69)
        }
        throw ExitCode(code)
    }

    private func plan() throws -> RunPlan {
        var arguments = RunArguments()
        arguments.name = name
        arguments.service = service
        arguments.namespace = namespace
        arguments.serviceAccount = serviceAccount
        arguments.labels = labels
        arguments.ports = ports
        arguments.upstreams = upstreams
        arguments.proxy = proxy
        arguments.command = command
        switch RunPlan.check(arguments) {
        case .success(let plan): return plan
        case .failure(let error): throw ValidationError(error.description)
        }
    }
}
