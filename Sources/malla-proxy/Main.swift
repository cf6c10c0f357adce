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
    var configPath: String?

    @Option(help: "Bootstrap as YAML or JSON, merged over the file.")
    var configYaml: String?

    @Option(help: "serve; or validate: check the bootstrap and exit.")
    var mode: Mode = .serve

    @OptionGroup(title: "Process") var process: ProcessOptions
    @OptionGroup(title: "Log") var log: LogOptions
    @OptionGroup(title: "Taken for Envoy's sake") var compatibility: CompatibilityOptions

    func validate() throws {
        guard self.configPath != nil || self.configYaml != nil else {
            throw ValidationError("Missing expected argument '-c <config-path>' or '--config-yaml <config-yaml>'")
        }
    }

    func run() async throws {
        let level = try self.log.control()
        let log = ProxyLog(path: self.log.logPath)
        LoggingSystem.bootstrap { StructuredLogHandler(label: $0, control: level, log: log) }
        let logger = Logger(label: "malla-proxy")
        if let path = self.log.logPath, !log.write("") { throw Self.end("\(path): cannot be written", 73) }
        let bootstrap = try self.readBootstrap()
        if self.mode == .validate {
            print("configuration '\(self.configPath ?? "")' OK")
            return
        }
        let (signals, sources) = Self.signals()
        do {
            try await ProxyProgram(
                bootstrap: bootstrap, options: self.options, logLevel: level, log: log, logger: logger, signals: signals
            ).run()
        } catch {
            logger.critical("proxy cannot go on", metadata: ["error": "\(error)"])
            throw ExitCode(70)
        }
        for source in sources { source.cancel() }
    }

    private var options: ProxyOptions {
        ProxyOptions(
            concurrency: self.process.concurrency, adminAddressPath: self.process.adminAddressPath,
            drainTime: self.process.drainTimeS.map { .seconds($0) } ?? ProxyOptions().drainTime,
            configPath: self.configPath ?? "", configYAML: self.configYaml ?? "")
    }

    private func readBootstrap() throws -> ProxyBootstrap {
        var sources: [BootstrapSource] = []
        if let path = self.configPath {
            do {
                sources.append(BootstrapSource(name: path, text: try String(contentsOfFile: path, encoding: .utf8)))
            } catch {
                throw Self.end("\(path): cannot be read: \(error.localizedDescription)", 66)
            }
        }
        if let text = self.configYaml { sources.append(BootstrapSource(name: "--config-yaml", text: text)) }
        do {
            var bootstrap = try BootstrapReader.read(sources)
            bootstrap.setDefaults(nodeID: self.process.serviceNode, cluster: self.process.serviceCluster)
            try StaticConfigurationCheck.check(bootstrap, needsFiles: self.mode == .validate)
            return bootstrap
        } catch {
            throw Self.end("\(BootstrapSource.place(of: error, in: sources)): \(error)", 1)
        }
    }

    private static func end(_ message: String, _ code: Int32) -> ExitCode {
        FileHandle.standardError.write(Data("malla-proxy: \(message)\n".utf8))
        return ExitCode(code)
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
