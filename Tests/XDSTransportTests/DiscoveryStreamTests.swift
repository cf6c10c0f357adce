// SPDX-License-Identifier: Apache-2.0
import SPIFFE
import Testing
import XDSClient
import XDSProtocol
import XDSServer

/// What a client has to do in either variant of the protocol: what its handler is told is the same.
@Suite(.timeLimit(.minutes(1))) struct DiscoveryStreamTests {
    static let variants: [DiscoveryClientConfiguration.Variant] = [.delta, .stateOfTheWorld]

    /// A message of any of the types: all have their name in field 1. The content stands in a field that none has.
    private static func payload(_ name: String, _ content: String) -> [UInt8] {
        [0x0a, UInt8(name.utf8.count)] + name.utf8 + [0xc2, 0x3e, UInt8(content.utf8.count)] + content.utf8
    }

    static func resources(
        _ generation: String, clusters: [String: String], listeners: [String: String] = ["in": "1"],
        routes: [String: String] = ["routes-in": "1"]
    ) -> ProxyResources {
        func set(_ contents: [String: String]) -> ResourceSet {
            ResourceSet(contents.map { XDSResource(name: $0.key, payload: Self.payload($0.key, $0.value)) })
        }
        return ProxyResources(
            generation: generation,
            byType: [
                ResourceType.cluster: set(clusters), .endpoints: set(clusters), .listener: set(listeners),
                .routes: set(routes),
            ])
    }

    @Test(arguments: variants)
    func `a client gets everything in order, then only what changed, and says no where it must`(
        _ variant: DiscoveryClientConfiguration.Variant
    ) async throws {
        try await TestMesh.run(Self.resources("1", clusters: ["a": "1", "b": "1"])) { mesh in
            let client = mesh.client(try await mesh.credential(), variant: variant)
            let handler = RecordingHandler()
            handler.follow(client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await client.run(handler) }
                let first = try await handler.take(4).map(\.summary)
                #expect(first == ["CDS +a +b", "EDS +a +b", "LDS +in", "RDS +routes-in"])

                mesh.source.replace(with: Self.resources("2", clusters: ["a": "1", "b": "1"], routes: ["routes-in": "2"]))
                mesh.server.push()
                #expect(try await handler.take(1).map(\.summary) == ["RDS +routes-in"])

                mesh.source.replace(
                    with: Self.resources("3", clusters: ["b": "1", "c": "1"], routes: ["routes-in": "3"]))
                mesh.server.push()
                let swap = try await handler.take(4).map(\.summary)
                #expect(swap == ["CDS +c", "EDS +c", "RDS +routes-in", "CDS -a"])

                handler.reject(.routes, "route 1 has no action")
                mesh.source.replace(
                    with: Self.resources("4", clusters: ["b": "1", "c": "1"], routes: ["routes-in": "4"]))
                mesh.server.push()
                #expect(try await handler.take(1).map(\.summary) == ["RDS +routes-in"])
                let rejected = try await mesh.source.status { $0[.routes].state == .rejected }
                #expect(rejected[.routes].rejection?.message == "route 1 has no action")
                #expect(rejected[.routes].acknowledgedGeneration == "3")
                #expect(rejected[.cluster].state == .synced)
                #expect(mesh.server.metrics.values.rejects == [.routes: 1])

                handler.reject(.routes, nil)
                mesh.source.replace(
                    with: Self.resources("5", clusters: ["b": "1", "c": "1"], routes: ["routes-in": "5"]))
                mesh.server.push()
                #expect(try await handler.take(1).map(\.summary) == ["RDS +routes-in"])
                _ = try await mesh.source.status { $0[.routes].state == .synced && $0[.routes].sentGeneration == "5" }
                group.cancelAll()
            }
        }
    }

    @Test(arguments: variants)
    func `after a reconnect only what changed meanwhile is told`(
        _ variant: DiscoveryClientConfiguration.Variant
    ) async throws {
        try await TestMesh.run(Self.resources("1", clusters: ["a": "1", "b": "1"])) { mesh in
            let client = mesh.client(try await mesh.credential(), variant: variant)
            let handler = RecordingHandler()
            handler.follow(client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await client.run(handler) }
                _ = try await handler.take(4)
                _ = try await mesh.source.status { $0[.routes].state == .synced }

                mesh.source.replace(with: Self.resources("2", clusters: ["a": "2", "b": "1"]))
                client.reconnect()
                var closed = handler.closed.makeAsyncIterator()
                _ = await closed.next()
                // Empty responses tell the client that nothing changed.
                let after = try await handler.take(4).map(\.summary)
                #expect(after == ["CDS +a", "EDS +a", "LDS", "RDS"], "\(variant)")
                #expect(mesh.server.proxyStatuses.count == 1)
                group.cancelAll()
            }
            var gone = mesh.source.disconnected.makeAsyncIterator()
            _ = await gone.next()
            #expect(await gone.next()?.identity.principal == "cluster.local/ns/default/sa/web")
        }
    }
}
