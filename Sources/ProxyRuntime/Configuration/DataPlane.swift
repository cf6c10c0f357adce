// SPDX-License-Identifier: Apache-2.0
package import Observability
package import SPIFFE

/// What the runtime drives: the proxy proper, or a fake.
package protocol DataPlane: Sendable {
    /// Decodes and puts into effect: whole, or not at all. The error becomes the message of a NACK.
    func apply(_ table: ResourceTable) async throws
    /// From now on new handshakes use this; connections stay.
    func install(_ credential: WorkloadCredential) async throws
    func metrics() async -> MetricSnapshot
    func listeners() async -> [ListenerStatus]
    func clusters() async -> [ClusterStatus]
    /// Takes no new connections; those that are there go on.
    func stopListening() async
    /// Stops accepting and ends when what runs has ended, or after `grace`.
    func drain(grace: Duration) async
}
