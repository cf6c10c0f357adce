// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Dispatch
import Foundation
import Logging
import ProxyRuntime

/// The data plane: sidecar or gateway, started from a bootstrap file in Envoy's format.
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "malla-proxy", abstract: "The data plane of the mesh: runs an Envoy bootstrap file.",
        version: "malla-proxy \(MallaVersion.text)")

    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case serve
        case validate
    }

    @Option(name: [.customShort("c"), .customLong("config-path")], help: "Bootstrap file, YAML or JSON.")
    var configPath: String

    @Option(help: "Event loops for traffic.")
    var concurrency: Int = 2

    @Option(name: [.customShort("l"), .customLong("log-level")], help: "trace, debug, info, warning, error, critical or off.")
    var logLevel: String = "info"

    @Option(help: "serve; or validate: check the bootstrap and exit.")
    var mode: Mode = .serve

    @Option(name: .customLong("admin-address-path"), help: "File to write the admin's address to, once it is bound.")
    var adminAddressPath: String?

    func validate() throws {
        guard (1...256).contains(self.concurrency) else { throw ValidationError("--concurrency must be 1 to 256") }
        guard LogLevelControl.level(named: self.logLevel) != nil else {
            throw ValidationError("--log-level `\(self.logLevel)` is not a level")
        }
    }

    func run() async throws {
        let level = LogLevelControl(LogLevelControl.level(named: self.logLevel) ?? .info)
        LoggingSystem.bootstrap { StructuredLogHandler(label: $0, control: level) }
        let logger = Logger(label: "malla-proxy")
        let bootstrap = try self.readBootstrap()
        if self.mode == .validate {
            print("configuration '\(self.configPath)' OK")
            return
        }
        let (signals, sources) = Self.signals()
        do {
            try await ProxyProgram(
                bootstrap: bootstrap, concurrency: self.concurrency, logLevel: level,
                adminAddressPath: self.adminAddressPath, logger: logger, signals: signals
            ).run()
        } catch {
            logger.critical("proxy cannot go on", metadata: ["error": "\(error)"])
            throw ExitCode(70)
        }
        for source in sources { source.cancel() }
    }

    private func readBootstrap() throws -> ProxyBootstrap {
        let text: String
        do {
            text = try String(contentsOfFile: self.configPath, encoding: .utf8)
        } catch {
            Self.complain("\(self.configPath): cannot be read: \(error.localizedDescription)")
            throw ExitCode(66)
        }
        do {
            let bootstrap = try BootstrapReader.read(text)
            try StaticConfigurationCheck.check(bootstrap)
            return bootstrap
        } catch {
            Self.complain("\(self.configPath): \(error)")
            throw ExitCode(1)
        }
    }

    private static func complain(_ message: String) {
        FileHandle.standardError.write(Data("malla-proxy: \(message)\n".utf8))
    }

    /// SIGTERM and SIGINT stop, SIGUSR1 opens the logs anew.
    private static func signals() -> (AsyncStream<ProxySignal>, [any DispatchSourceSignal]) {
        let (stream, continuation) = AsyncStream<ProxySignal>.makeStream()
        let wanted: [(Int32, ProxySignal)] = [(SIGTERM, .stop), (SIGINT, .stop), (SIGUSR1, .reopenLogs)]
        signal(SIGPIPE, SIG_IGN)
        let sources = wanted.map { number, meaning in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield(meaning) }
            source.resume()
            return source
        }
        return (stream, sources)
    }
}
