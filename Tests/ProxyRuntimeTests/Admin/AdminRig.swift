// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import ProxyRuntime
import SPIFFE
import Synchronization
import XDSClient
import XDSProtocol

/// The admin endpoints of a proxy that is not there.
struct AdminRig {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    /// What admin has asked for.
    final class Requests: Sendable {
        private let state = Mutex<[String]>([])
        var all: [String] { self.state.withLock { $0 } }
        func add(_ request: String) { self.state.withLock { $0.append(request) } }
    }

    let plane: FakeDataPlane
    let gate = ReadinessGate(needsCertificate: false, needsConfiguration: false)
    let level = LogLevelControl(.info)
    let requests = Requests()
    let certificates = CertificateStore()
    let agent: ConfigurationAgent
    let routes: AdminRoutes
    let sources: AdminSources

    init(bootstrap text: String = "node: {id: n, cluster: c}", plane: FakeDataPlane = FakeDataPlane()) throws {
        let bootstrap = try BootstrapReader.read(text)
        self.plane = plane
        self.agent = ConfigurationAgent(
            dataPlane: plane, statics: try ResourceTable(statics: bootstrap), lastGood: nil, readiness: self.gate,
            now: { Self.start }, logger: RecordedLog().logger)
        self.sources = AdminSources(
            bootstrap: bootstrap, dataPlane: plane, configuration: self.agent, certificates: self.certificates,
            certificateCounts: { CertificateAgent.Counts(renewals: 2, failures: 1) }, droppedLogLines: { 7 },
            readiness: self.gate, logLevel: self.level, startedAt: Self.start,
            reopenLogs: { [requests] in requests.add("reopen") }, now: { Self.start + 25 },
            drain: { [requests] in requests.add("drain \($0)") }, quit: { [requests] in requests.add("quit") })
        self.routes = self.sources.adminRoutes
    }

    func get(_ target: String) async -> AdminResponse {
        await self.routes.answer(AdminRequest(method: "GET", target: target))
    }

    func post(_ target: String) async -> AdminResponse {
        await self.routes.answer(AdminRequest(method: "POST", target: target))
    }

    func json(_ target: String) async throws -> [String: Any] {
        let body = Data(await self.get(target).body.utf8)
        return try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
    }
}
