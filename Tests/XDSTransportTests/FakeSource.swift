// SPDX-License-Identifier: Apache-2.0
import Synchronization
import XDSProtocol
import XDSServer

/// Gives every proxy the same resources, and reports what the server says.
final class FakeSource: ResourceSource {
    private let state: Mutex<ProxyResources>
    private let continuation: AsyncStream<ProxyStatus>.Continuation
    private let disconnection: AsyncStream<ConnectedProxy>.Continuation
    let statuses: AsyncStream<ProxyStatus>
    let disconnected: AsyncStream<ConnectedProxy>

    init(_ resources: ProxyResources) {
        self.state = Mutex(resources)
        (self.statuses, self.continuation) = AsyncStream.makeStream()
        (self.disconnected, self.disconnection) = AsyncStream.makeStream()
    }

    func replace(with resources: ProxyResources) { self.state.withLock { $0 = resources } }

    func resources(for proxy: ConnectedProxy) async -> ProxyResources { self.state.withLock { $0 } }
    func proxyDisconnected(_ proxy: ConnectedProxy) async { self.disconnection.yield(proxy) }
    func proxyStatusChanged(_ status: ProxyStatus) async { self.continuation.yield(status) }

    /// Waits for a status that satisfies `condition`.
    func status(where condition: (ProxyStatus) -> Bool) async throws -> ProxyStatus {
        for await status in self.statuses where condition(status) { return status }
        throw TestFailure.ended
    }
}
