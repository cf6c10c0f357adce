// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

/// Why a proxy asks clients to leave their connections.
enum DrainCause: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case proxyStops, listenersDrain, chainChanges, listenerGoes

    var testDescription: String { self.rawValue }

    /// Longer than any test takes.
    private static let time = 30

    /// Returns when every connection of the proxy has heard of it. The task ends when the proxy has done its part.
    func begin(_ harness: ProxyHarness, _ snapshot: ProxySnapshot) async throws -> Task<Void, any Error> {
        // A connection of its own, by whose GOAWAY one sees that it has begun.
        let witness = try await RawHTTP2(port: harness.port)
        try await witness.send(RawHTTP2.frame(6, payload: [UInt8](repeating: 7, count: 8)))
        _ = await witness.connection.receive(within: .seconds(10)) { RawHTTP2.frames($0.bytes).contains { $0.type == 6 } }
        // Goes on beside the test, which ends it or waits for it.
        let task = Task { try await self.run(harness.proxy, snapshot) }
        let heard = await witness.connection.receive(within: .seconds(10)) { !RawHTTP2.goAways($0).isEmpty }
        try #require(RawHTTP2.goAways(heard).first == 0x7FFF_FFFF)
        await witness.connection.close()
        return task
    }

    func run(_ proxy: ProxyServer, _ snapshot: ProxySnapshot) async throws {
        switch self {
        case .proxyStops: await proxy.drain(timeout: .seconds(Int64(Self.time)))
        case .listenersDrain: await proxy.drainListeners(over: .seconds(Self.time))
        case .chainChanges: try await proxy.apply(snapshot.with(manager: { $0.codec = .http1 }))
        case .listenerGoes: try await proxy.apply(ProxySnapshot(listeners: [:], clusters: snapshot.clusters))
        }
    }

    /// Whether the port still takes connections while connections drain.
    var keepsListening: Bool { self == .listenersDrain || self == .chainChanges }
}
