// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import Logging
import ProxyModel
import ProxyRuntime
import SwiftProtobuf
import Synchronization
import Testing
import XDSClient
import XDSProtocol

@Suite struct ConfigurationAgentTests {
    private typealias Manager = Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager

    static func cluster(_ name: String, service: String? = nil) throws -> XDSResource {
        var cluster = Envoy_Config_Cluster_V3_Cluster()
        cluster.name = name
        cluster.type = .eds
        cluster.edsClusterConfig.serviceName = service ?? ""
        return XDSResource(name: name, payload: try cluster.serializedBytes())
    }

    static func listener(_ name: String, routes: String) throws -> XDSResource {
        var manager = Manager()
        manager.rds.routeConfigName = routes
        var filter = Envoy_Config_Listener_V3_Filter()
        filter.typedConfig = try Google_Protobuf_Any(message: manager)
        var chain = Envoy_Config_Listener_V3_FilterChain()
        chain.filters = [filter]
        var listener = Envoy_Config_Listener_V3_Listener()
        listener.name = name
        listener.filterChains = [chain]
        return XDSResource(name: name, payload: try listener.serializedBytes())
    }

    static func plain(_ name: String, _ version: String = "1") -> XDSResource {
        XDSResource(name: name, version: version, payload: Array("\(name)\(version)".utf8))
    }

    static func bad(_ name: String) -> XDSResource { XDSResource(name: name, version: "2", payload: FakeDataPlane.bad) }

    /// An agent, what it drives, and what it has subscribed to last.
    struct Rig {
        let plane = FakeDataPlane()
        let gate = ReadinessGate(needsCertificate: false, needsConfiguration: true)
        let log = RecordedLog()
        let subscriptions = Subscriptions()
        let lastGood: LastGoodConfiguration?
        let agent: ConfigurationAgent

        final class Subscriptions: Sendable {
            private let state = Mutex<[ResourceType: Set<String>]>([:])
            var names: [ResourceType: Set<String>] { self.state.withLock { $0 } }
            func replace(_ type: ResourceType, _ names: [ConfigurationSource: Set<String>]) {
                let all = names.values.reduce(into: Set()) { $0.formUnion($1) }
                self.state.withLock { $0[type] = all.isEmpty && type == .secret ? nil : all }
            }
        }

        init(statics: ResourceTable = ResourceTable(), directory: String? = nil) async {
            let logger = self.log.logger
            self.lastGood = directory.map { LastGoodConfiguration(directory: $0, logger: logger) }
            self.agent = ConfigurationAgent(
                dataPlane: self.plane, statics: statics, lastGood: self.lastGood, readiness: self.gate, logger: logger)
            await self.agent.connect { [subscriptions] in subscriptions.replace($0, $1) }
        }

        @discardableResult func update(
            _ type: ResourceType, _ upserted: [XDSResource], removed: [String] = []
        ) async -> UpdateVerdict {
            await self.agent.apply(ResourceUpdate(type: type, upserted: upserted, removed: removed))
        }
    }

    @Test func `what clusters and listeners name is subscribed to, what they drop is forgotten`() async throws {
        let rig = await Rig()
        await rig.update(.cluster, [try Self.cluster("a"), try Self.cluster("b", service: "bee")])
        #expect(rig.subscriptions.names[.endpoints] == ["a", "bee"])
        await rig.update(.endpoints, [Self.plain("a"), Self.plain("bee")])
        await rig.update(.listener, [try Self.listener("l", routes: "r"), try Self.listener("m", routes: "s")])
        #expect(rig.subscriptions.names[.routes] == ["r", "s"])
        await rig.update(.routes, [Self.plain("r"), Self.plain("s")])
        await rig.update(.cluster, [], removed: ["b"])
        await rig.update(.listener, [], removed: ["m"])
        #expect(rig.subscriptions.names == [.endpoints: ["a"], .routes: ["r"]])
        let table = await rig.agent.status.table
        #expect(table.names(of: .endpoints) == ["a"] && table.names(of: .routes) == ["r"])
    }

    @Test func `what is made before is not broken: each update is tried on what runs`() async throws {
        let rig = await Rig()
        await rig.update(.cluster, [try Self.cluster("a")])
        await rig.update(.endpoints, [Self.plain("a")])
        await rig.update(.listener, [try Self.listener("l", routes: "r")])
        await rig.update(.routes, [Self.plain("r")])
        // A new cluster and its endpoints come before the route that uses them; at no time is something missing that was there.
        await rig.update(.cluster, [try Self.cluster("b")])
        await rig.update(.endpoints, [Self.plain("b")])
        await rig.update(.routes, [Self.plain("r", "2")])
        await rig.update(.cluster, [], removed: ["a"])
        let names = rig.plane.applied.map { $0.names(of: .cluster) }
        #expect(names == [["a"], ["a"], ["a"], ["a"], ["a", "b"], ["a", "b"], ["a", "b"], ["b"]])
        #expect(rig.plane.running[.routes].map(\.version) == ["2"])
    }

    /// Like Envoy: a route table goes when no listener names it any more.
    @Test func `a route table that a listener still names is kept when it is removed`() async throws {
        let rig = await Rig()
        await rig.update(.cluster, [try Self.cluster("a")])
        await rig.update(.endpoints, [Self.plain("a")])
        await rig.update(.listener, [try Self.listener("l", routes: "r")])
        await rig.update(.routes, [Self.plain("r")])
        #expect(await rig.update(.routes, [], removed: ["r"]) == .accepted)
        #expect(await rig.update(.endpoints, [], removed: ["a"]) == .accepted)
        #expect(rig.plane.running.names(of: .routes) == ["r"] && rig.plane.running.names(of: .endpoints) == ["a"])
    }

    @Test func `a bad resource costs only itself: its last good version stays and the NACK says why`() async throws {
        let rig = await Rig()
        await rig.update(.cluster, [Self.plain("a"), Self.plain("b")])
        let verdict = await rig.update(
            .cluster, [Self.plain("a", "2"), Self.bad("b"), Self.bad("c"), Self.plain("d")], removed: [])
        #expect(verdict == .rejected("b: b is bad; c: c is bad"))
        #expect(rig.plane.running[.cluster].map { $0.name + $0.version } == ["a2", "b1", "d1"])
        var status = await rig.agent.status
        #expect(status.table == rig.plane.running)
        #expect(status.rejections[.cluster]?.mapValues(\.message) == ["b": "b is bad", "c": "c is bad"])
        #expect(status.rejected == 1 && status.accepted == 1)
        #expect(rig.log.lines.contains { $0.hasPrefix("warning") && $0.contains("resource.name=b") })
        // A good update of others does not hide that; a better version and a removal do.
        await rig.update(.cluster, [Self.plain("a", "3")])
        #expect(await rig.agent.status.rejections[.cluster]?.count == 2)
        await rig.update(.cluster, [Self.plain("b", "3")], removed: ["c"])
        status = await rig.agent.status
        #expect(status.rejections.isEmpty && rig.plane.running[.cluster].map(\.version) == ["3", "3", "1"])
    }

    @Test func `a lone bad resource is tried once, and what the update removes goes`() async throws {
        let rig = await Rig()
        await rig.update(.cluster, [Self.plain("a"), Self.plain("b")])
        let before = rig.plane.applied.count
        #expect(await rig.update(.cluster, [Self.bad("b")], removed: ["a"]) == .rejected("b: b is bad"))
        #expect(rig.plane.applied.count == before + 1)
        #expect(rig.plane.running[.cluster].map(\.name) == ["b"])
    }

    /// It was refused for its neighbour, and stayed so until the control plane changed it.
    @Test func `what was refused beside something else is taken when that has gone`() async throws {
        let rig = await Rig()
        func lonely(_ name: String) -> XDSResource { XDSResource(name: name, version: "1", payload: FakeDataPlane.lonely) }
        await rig.update(.listener, [lonely("a")])
        #expect(await rig.update(.listener, [lonely("b"), Self.bad("c")]) != .accepted)
        #expect(rig.plane.running.names(of: .listener) == ["a"])
        await rig.update(.listener, [], removed: ["a"])
        #expect(rig.plane.running.names(of: .listener) == ["b"])
        let status = await rig.agent.status
        #expect(status.rejections[.listener]?.keys.sorted() == ["c"] && status.table == rig.plane.running)
        #expect(rig.log.lines.contains { $0.contains("is taken now") && $0.contains("resource.name=b") })
    }

    @Test func `updates of several streams take turns`() async throws {
        let rig = await Rig()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<50 {
                group.addTask { await rig.update(index.isMultiple(of: 2) ? .cluster : .listener, [Self.plain("r\(index)")]) }
            }
        }
        #expect(rig.plane.running.names(of: .cluster).count == 25 && rig.plane.running.names(of: .listener).count == 25)
        #expect(await rig.agent.status.table == rig.plane.running)
    }

    @Test func `ready when clusters, listeners and their routes are there`() async throws {
        let rig = await Rig()
        await rig.update(.cluster, [])
        #expect(rig.gate.state == .initializing)
        await rig.update(.listener, [try Self.listener("l", routes: "r")])
        #expect(rig.gate.state == .initializing)
        await rig.update(.routes, [Self.plain("r")])
        #expect(rig.gate.state == .live)
    }

    @Test func `ready when endpoints and secrets are there, too`() async throws {
        let rig = await Rig()
        await rig.update(.cluster, [try Self.cluster("a", service: "bee"), try Self.cluster("gone")])
        await rig.update(.listener, [try Self.secured("l", secret: "own")])
        await rig.update(.endpoints, [Self.plain("bee")])
        #expect(rig.gate.state == .initializing)
        // Said not to exist.
        await rig.update(.endpoints, [], removed: ["gone"])
        #expect(rig.gate.state == .initializing)
        await rig.update(.secret, [Self.plain("own")])
        #expect(rig.gate.state == .live)
    }

    @Test(arguments: [false, true]) func `what does not come is waited for as long as it was asked for`(_ isPatient: Bool)
        async throws
    {
        let rig = await Rig()
        await rig.update(.cluster, [])
        await rig.update(.listener, [try Self.secured("l", secret: "own", isPatient: isPatient)])
        #expect(rig.gate.state == .initializing)
        await rig.agent.stopWaiting()
        #expect(rig.gate.state == (isPatient ? .initializing : .live))
        await rig.update(.secret, [Self.plain("own")])
        #expect(rig.gate.state == .live)
    }

    static func secured(_ name: String, secret: String, isPatient: Bool = false) throws -> XDSResource {
        var source = Envoy_Extensions_TransportSockets_Tls_V3_SdsSecretConfig()
        source.name = secret
        source.sdsConfig.ads = .init()
        if isPatient { source.sdsConfig.initialFetchTimeout = .init() }
        var tls = Envoy_Extensions_TransportSockets_Tls_V3_DownstreamTlsContext()
        tls.commonTlsContext.tlsCertificateSdsSecretConfigs = [source]
        var chain = Envoy_Config_Listener_V3_FilterChain()
        chain.transportSocket.typedConfig = try Google_Protobuf_Any(message: tls)
        var listener = Envoy_Config_Listener_V3_Listener()
        listener.name = name
        listener.filterChains = [chain]
        return XDSResource(name: name, payload: try listener.serializedBytes())
    }

    /// A route table that was refused kept the proxy from ever being ready.
    @Test func `a refused route table does not keep the others waiting`() async throws {
        let rig = await Rig()
        await rig.update(.cluster, [])
        await rig.update(.listener, [try Self.listener("l", routes: "r")])
        #expect(await rig.update(.routes, [Self.bad("r")]) == .rejected("r: r is bad"))
        #expect(rig.gate.state == .live)
    }

    /// Clusters and listeners of the bootstrap were not looked at for what they name.
    @Test func `the bootstrap's own clusters are served by the control plane too`() async throws {
        var statics = ResourceTable()
        statics.apply(.cluster, upserted: [try Self.cluster("own")], removed: [])
        let rig = await Rig(statics: statics)
        #expect(rig.subscriptions.names[.endpoints] == ["own"])
        try await rig.agent.start()
        await rig.update(.cluster, [try Self.cluster("a")])
        #expect(rig.subscriptions.names[.endpoints] == ["own", "a"])
        await rig.update(.cluster, [], removed: ["a", "own"])
        #expect(rig.plane.running.names(of: .cluster) == ["own"])
    }

    @Test func `a restart without a control plane goes on, and its first word replaces what was restored`() async throws {
        try await withTestDirectory { directory in
            let first = await Rig(directory: directory)
            await first.update(.cluster, [try Self.cluster("a"), try Self.cluster("b")])
            await first.update(.endpoints, [Self.plain("a")])
            await first.update(.listener, [try Self.listener("l", routes: "r")])
            await first.update(.routes, [Self.plain("r")])
            first.lastGood?.flush()

            let second = await Rig(directory: directory)
            await second.agent.restore()
            #expect(second.plane.running == first.plane.running)
            #expect(second.gate.state == .live)
            #expect(second.subscriptions.names == [.endpoints: ["a", "b"], .routes: ["r"]])
            // The control plane is back: of `b` it does not even know.
            await second.update(.cluster, [try Self.cluster("a")])
            #expect(second.plane.running.names(of: .cluster) == ["a"])
            #expect(second.plane.running.names(of: .listener) == ["l"])
        }
    }

    @Test func `what the control plane has said is not replaced by the disk`() async throws {
        try await withTestDirectory { directory in
            let first = await Rig(directory: directory)
            await first.update(.cluster, [Self.plain("old")])
            first.lastGood?.flush()
            let second = await Rig(directory: directory)
            await second.update(.cluster, [Self.plain("new")])
            await second.agent.restore()
            #expect(second.plane.running.names(of: .cluster) == ["new"])
        }
    }

    @Test func `a damaged file is said and costs nothing else`() async throws {
        try await withTestDirectory { directory in
            try Data("not a configuration".utf8).write(to: URL(fileURLWithPath: directory + "/last-good.pb"))
            let rig = await Rig(directory: directory)
            await rig.agent.restore()
            #expect(rig.plane.applied.isEmpty && rig.gate.state == .initializing)
            #expect(rig.log.lines.contains { $0.contains("of no use") && $0.contains("last-good.pb: is damaged") })
        }
    }
}
