// SPDX-License-Identifier: Apache-2.0
package import NIOCore
package import Observability
package import ProxyModel
package import SPIFFE

/// What the runtime drives: the proxy proper, or a fake.
package protocol DataPlane: Sendable {
    /// Decodes and puts into effect: whole, or not at all. The error becomes the message of a NACK.
    func apply(_ table: ResourceTable) async throws
    /// From now on new handshakes use this; connections stay.
    func install(_ credential: WorkloadCredential) async throws
    /// Puts a cluster's TLS under a connection that the runtime opens itself, on its loop.
    func secure(_ channel: any Channel, as tls: ClientTLSContext) throws
    /// Files that TLS contexts were made from.
    var certificateFiles: Set<String> { get }
    /// Reads these files again. What cannot be used stays as it was, and is said.
    func reloadCertificates(_ files: Set<String>) -> [String]
    /// What TLS contexts present and believe, apart from the workload's own.
    var certificates: [TLSInventoryEntry] { get }
    func metrics() async -> MetricSnapshot
    func listeners() async -> [ListenerStatus]
    func clusters() async -> [ClusterStatus]
    /// Takes no new connections; those that are there go on.
    func stopListening() async
    /// Stops accepting and ends when what runs has ended, or after `grace`.
    func drain(grace: Duration) async

    /// Clients are asked to go; after `time` no listener takes connections any more. What runs goes on.
    func drainListeners(over time: Duration) async
}
