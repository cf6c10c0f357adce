// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Observability
import ProxyModel
import ProxyRuntime
import SPIFFE
import Synchronization
import XDSProtocol

/// Takes every table but those that hold a resource whose payload is `bad`, or two whose payloads are `lonely`.
final class FakeDataPlane: DataPlane {
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    static let bad = Array("bad".utf8)
    static let lonely = Array("lonely".utf8)

    private let state = Mutex<[ResourceTable]>([])
    private let wasStopped = Mutex(false)
    let clusterStatuses: [ClusterStatus]
    let listenerStatuses: [ListenerStatus]

    init(clusters: [ClusterStatus] = [], listeners: [ListenerStatus] = []) {
        self.clusterStatuses = clusters
        self.listenerStatuses = listeners
    }

    var applied: [ResourceTable] { self.state.withLock { $0 } }
    var running: ResourceTable { self.applied.last ?? ResourceTable() }
    var isStopped: Bool { self.wasStopped.withLock { $0 } }

    func apply(_ table: ResourceTable) async throws {
        for resource in ResourceType.allCases.flatMap({ table[$0] }) where resource.payload == Self.bad {
            throw Refusal(description: "\(resource.name) is bad")
        }
        let lonely = ResourceType.allCases.flatMap { table[$0] }.filter { $0.payload == Self.lonely }
        if lonely.count > 1, let last = lonely.last { throw Refusal(description: "\(last.name) is not alone") }
        self.state.withLock { $0.append(table) }
    }

    func secure(_ channel: any Channel, as tls: ClientTLSContext) throws {}
    var certificateFiles: Set<String> { [] }
    func reloadCertificates(_ files: Set<String>) -> [String] { [] }

    func install(_ credential: WorkloadCredential) async throws {}
    var certificates: [TLSInventoryEntry] { [] }
    /// What clusters have counted.
    func metrics() async -> MetricSnapshot {
        let fields = [StatField("upstream_rq_total"), StatField("membership_healthy", .gauge)]
        var snapshot = MetricSnapshot()
        snapshot.stats = [StatBlock(.cluster("a"), fields, [0, 0]), StatBlock(.cluster("b"), fields, [10, 1])].merged()
            .sorted { $0.name.text < $1.name.text }
        return snapshot
    }
    func listeners() async -> [ListenerStatus] { self.listenerStatuses }
    func clusters() async -> [ClusterStatus] { self.clusterStatuses }
    func stopListening() async { self.wasStopped.withLock { $0 = true } }
    func drain(grace: Duration) async { self.wasStopped.withLock { $0 = true } }
    func drainListeners(over time: Duration) async { self.wasStopped.withLock { $0 = true } }
}
