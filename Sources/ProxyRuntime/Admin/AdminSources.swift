// SPDX-License-Identifier: Apache-2.0
package import Foundation
import Logging

/// What the admin endpoints read from and act on.
package struct AdminSources: Sendable {
    package var bootstrap: ProxyBootstrap
    package var dataPlane: any DataPlane
    package var configuration: ConfigurationAgent
    package var certificates: CertificateStore
    package var certificateCounts: @Sendable () -> CertificateAgent.Counts
    package var droppedLogLines: @Sendable () -> UInt64
    package var readiness: ReadinessGate
    package var logLevel: LogLevelControl
    package var options: ProxyOptions
    package var startedAt: Date
    package var reopenLogs: @Sendable () -> Void
    package var now: @Sendable () -> Date
    /// Starts a drain without leaving; gracefully: what runs may end first.
    package var drain: @Sendable (_ gracefully: Bool) -> Void
    package var quit: @Sendable () -> Void

    package init(
        bootstrap: ProxyBootstrap, dataPlane: any DataPlane, configuration: ConfigurationAgent, certificates: CertificateStore,
        certificateCounts: @escaping @Sendable () -> CertificateAgent.Counts = { CertificateAgent.Counts() },
        droppedLogLines: @escaping @Sendable () -> UInt64 = { 0 }, readiness: ReadinessGate, logLevel: LogLevelControl,
        options: ProxyOptions = ProxyOptions(), startedAt: Date, reopenLogs: @escaping @Sendable () -> Void = {},
        now: @escaping @Sendable () -> Date = { Date() }, drain: @escaping @Sendable (_ gracefully: Bool) -> Void,
        quit: @escaping @Sendable () -> Void
    ) {
        self.bootstrap = bootstrap
        self.dataPlane = dataPlane
        self.configuration = configuration
        self.certificates = certificates
        self.certificateCounts = certificateCounts
        self.droppedLogLines = droppedLogLines
        self.readiness = readiness
        self.logLevel = logLevel
        self.options = options
        self.startedAt = startedAt
        self.reopenLogs = reopenLogs
        self.now = now
        self.drain = drain
        self.quit = quit
    }
}
