// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ControlPlane
import Foundation
import Logging
import MeshResources
import SPIFFE
import ServiceLifecycle
import UnixSignals

/// `malla up`: the embedded mesh on this machine.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Run the control plane on this machine: API server, store, certificate authority, xDS.",
        discussion: "Writes DATA-DIR/kubeconfig, for malla, kubectl and istioctl. SIGTERM and Ctrl-C drain; twice means now.")

    @Option(help: "Where state is kept.") var dataDir: String?
    @Option(help: "Port of the resource API; 0 picks a free one, here and below.") var apiPort = 15081
    @Option(help: "Port of xDS and certificates in plaintext, on loopback only.") var xdsPort = 15010
    @Option(help: "Port of xDS and certificates over TLS.") var secureXdsPort = 15012
    @Option(help: "Port of the control plane's own metrics and health.") var metricsPort = 15014
    @Option(help: "Address to listen on.") var listen = "127.0.0.1"
    @Option(help: "Trust domain of the identities.") var trustDomain = "cluster.local"
    @Option(help: "How long the certificates of workloads are valid: 5s to 2160h. They are renewed at half of it.")
    var workloadCertificateLifetime = "24h"
    @Option(help: "Milliseconds without a further change before a change is pushed.") var debounceQuiet = 20
    @Option(help: "Milliseconds after which a change is pushed at the latest.") var debounceMax = 500
    @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel = "notice"
    @Option(name: .shortAndLong, help: "json for the ready line as JSON.") var output: String?

    func validate() throws {
        for (name, port) in [("api", apiPort), ("xds", xdsPort), ("secure-xds", secureXdsPort), ("metrics", metricsPort)]
        where !(0...65535).contains(port) {
            throw ValidationError("--\(name)-port must be between 0 and 65535")
        }
        guard Logger.Level(rawValue: logLevel) != nil else { throw ValidationError("--log-level: no level \(logLevel)") }
        guard debounceQuiet >= 0, debounceMax >= debounceQuiet else {
            throw ValidationError("--debounce-quiet must not be negative, --debounce-max not smaller")
        }
        guard self.certificateLifetime != nil else {
            throw ValidationError(
                "--workload-certificate-lifetime must be a duration from 5s to 2160h (90 days), as in 24h or 30m, not \(workloadCertificateLifetime)"
            )
        }
        do { _ = try TrustDomain(trustDomain) } catch { throw ValidationError("--trust-domain: \(error)") }
        guard output == nil || output == "json" else { throw ValidationError("-o must be json") }
    }

    private var certificateLifetime: Duration? {
        let lifetime = DurationText.parse(workloadCertificateLifetime)
        return lifetime.flatMap { ControlPlaneConfiguration.workloadCertificateLifetimes.contains($0) ? $0 : nil }
    }

    func run() async throws {
        let start = ContinuousClock.now
        let home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
        let path = URL(filePath: dataDir ?? home + "/.malla").standardizedFileURL.path
        var settings = ControlPlaneConfiguration(dataDirectory: path)
        settings.listenHost = listen
        settings.apiPort = apiPort
        settings.xdsPort = xdsPort
        settings.secureXDSPort = secureXdsPort
        settings.monitoringPort = metricsPort
        settings.trustDomain = trustDomain
        if let certificateLifetime { settings.workloadCertificateLifetime = certificateLifetime }
        settings.debounceQuiet = .milliseconds(debounceQuiet)
        settings.debounceMaximum = .milliseconds(debounceMax)
        var logger = Logger(label: "malla", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .notice
        let asJSON = output == "json"
        try await reportingFailures { [settings, logger] in
            do {
                let application = try await ControlPlaneApplication.start(configuration: settings, logger: logger)
                try await Self.serve(application, logger: logger) { addresses in
                    Console.print(asJSON ? Self.json(addresses) : Self.line(addresses, since: start))
                }
            } catch let error as ControlPlaneError {
                throw CommandFailure(.notFine, error.message)
            } catch let error as CommandFailure {
                throw error
            } catch {
                throw CommandFailure(.notFine, "the control plane ended: \(error)")
            }
        }
    }

    /// Draining takes at most 10 s; then it is cancelled, and after this it is over.
    private static let longestStop: Duration = .seconds(12)

    private static func serve(
        _ application: ControlPlaneApplication, logger: Logger, onReady: @escaping @Sendable (ControlPlaneAddresses) -> Void
    ) async throws {
        let service = ControlPlaneService(application: application, onReady: onReady)
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        let group = ServiceGroup(configuration: configuration)
        let (stopped, stopping) = AsyncStream<Never>.makeStream()
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                var isStopping = false
                for await signal in signals {
                    // The second one means now. What was acknowledged is on disk.
                    if isStopping { Foundation.exit(128 + signal.rawValue) }
                    isStopping = true
                    await group.triggerGracefulShutdown()
                    stopping.finish()
                }
            }
            tasks.addTask {
                for await _ in stopped {}
                // What computes without end cannot be cancelled.
                try await Task.sleep(for: Self.longestStop)
                Console.error("malla: it did not stop within \(Self.longestStop); ended")
                Foundation.exit(CommandFailure.Kind.ownFault.rawValue)
            }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private static func line(_ addresses: ControlPlaneAddresses, since start: ContinuousClock.Instant) -> String {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return "malla is ready after \(seconds.formatted(.number.precision(.fractionLength(2)))) s: api https://\(addresses.api), "
            + "xds \(addresses.secureXds), plaintext xds \(addresses.xds), metrics \(addresses.monitoring), kubeconfig \(addresses.kubeconfig)"
    }

    private static func json(_ addresses: ControlPlaneAddresses) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(addresses)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// The control plane as a service of the process.
private struct ControlPlaneService: Service {
    let application: ControlPlaneApplication
    let onReady: @Sendable (ControlPlaneAddresses) -> Void

    func run() async throws { try await application.run(onReady: onReady) }
}
