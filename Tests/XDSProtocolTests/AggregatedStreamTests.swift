// SPDX-License-Identifier: Apache-2.0
import Testing
import XDSProtocol

struct AggregatedStreamTests {
    private typealias Stream = AggregatedStreamStateMachine<DeltaSubscriptionStateMachine>

    private static func resources(
        clusters: KeyValuePairs<String, String>, listeners: KeyValuePairs<String, String> = ["in": "1"],
        routes: KeyValuePairs<String, String> = ["r": "1"]
    ) -> ProxyResources {
        func set(_ contents: KeyValuePairs<String, String>) -> ResourceSet {
            ResourceSet(contents.map { XDSResource(name: $0.key, version: $0.value, payload: []) })
        }
        return ProxyResources(
            generation: "g",
            byType: [
                ResourceType.cluster: set(clusters), .endpoints: set(clusters), .listener: set(listeners),
                .routes: set(routes),
            ])
    }

    /// `CDS#1 +a -b`: what is sent, with its nonce.
    private static func sent(_ actions: [StreamAction<DeltaPush>]) -> [String] {
        actions.compactMap { action in
            switch action {
            case .send(let type, let push):
                (["\(type.shortName)#\(push.nonce)"] + push.upserted.map { "+\($0.name)" } + push.removed.map { "-\($0)" })
                    .joined(separator: " ")
            case .fetchResources: "fetch"
            case .startWarmingTimer(let round): "timer \(round)"
            case .statusChanged: nil
            }
        }
    }

    private func ack(_ stream: inout Stream, _ type: ResourceType, _ nonce: String, subscribe: [String] = []) -> [String] {
        Self.sent(stream.requestReceived(type, DeltaRequest(nonce: nonce, subscribe: subscribe)))
    }

    /// A stream on which everything of cluster `a` has been accepted.
    private func settled(_ resources: ProxyResources) -> Stream {
        var stream = Stream()
        _ = stream.requestReceived(.cluster, DeltaRequest())
        _ = stream.resourcesReplaced(with: resources)
        _ = stream.requestReceived(.cluster, DeltaRequest(nonce: "1"))
        _ = stream.requestReceived(.endpoints, DeltaRequest(subscribe: ["a"]))
        _ = stream.requestReceived(.endpoints, DeltaRequest(nonce: "2"))
        _ = stream.requestReceived(.listener, DeltaRequest())
        _ = stream.requestReceived(.listener, DeltaRequest(nonce: "3"))
        _ = stream.requestReceived(.routes, DeltaRequest(subscribe: ["r"]))
        _ = stream.requestReceived(.routes, DeltaRequest(nonce: "4"))
        return stream
    }

    @Test func `a client that asks for everything at once gets clusters and endpoints before listeners`() {
        var stream = Stream()
        #expect(Self.sent(stream.requestReceived(.cluster, DeltaRequest())) == ["fetch"])
        #expect(Self.sent(stream.requestReceived(.listener, DeltaRequest())) == ["fetch"])
        let first = Self.sent(stream.resourcesReplaced(with: Self.resources(clusters: ["a": "1"])))
        #expect(first == ["CDS#1 +a", "timer 1"])
        #expect(self.ack(&stream, .cluster, "1") == [])
        #expect(Self.sent(stream.requestReceived(.endpoints, DeltaRequest(subscribe: ["a"]))) == ["EDS#2 +a"])
        #expect(self.ack(&stream, .endpoints, "2") == ["LDS#3 +in"])
    }

    @Test func `a swap of clusters makes before it breaks`() {
        var stream = self.settled(Self.resources(clusters: ["a": "1"]))
        let target = Self.resources(clusters: ["b": "1"], routes: ["r": "2"])
        #expect(Self.sent(stream.resourcesReplaced(with: target)) == ["CDS#5 +b", "timer 1"])
        #expect(self.ack(&stream, .cluster, "5") == [])
        let endpoints = stream.requestReceived(.endpoints, DeltaRequest(subscribe: ["b"]))
        #expect(Self.sent(endpoints) == ["EDS#6 +b"])
        #expect(self.ack(&stream, .endpoints, "6") == ["RDS#7 +r"])
        #expect(self.ack(&stream, .routes, "7") == ["CDS#8 -a"])
        // The client gives the endpoints up with the cluster, so they need not be removed.
        _ = stream.requestReceived(.endpoints, DeltaRequest(unsubscribe: ["a"]))
        #expect(self.ack(&stream, .cluster, "8") == [])
    }

    @Test func `clusters stay while the client holds on to routes that use them`() {
        var stream = self.settled(Self.resources(clusters: ["a": "1"]))
        let target = Self.resources(clusters: [:], routes: ["r": "2"])
        #expect(Self.sent(stream.resourcesReplaced(with: target)) == ["RDS#5 +r"])
        let rejected = stream.requestReceived(.routes, DeltaRequest(nonce: "5", errorMessage: "no"))
        #expect(Self.sent(rejected) == [])
        #expect(Self.sent(stream.resourcesReplaced(with: Self.resources(clusters: [:], routes: ["r": "3"]))) == ["RDS#6 +r"])
        #expect(self.ack(&stream, .routes, "6") == ["CDS#7 -a"])
    }

    @Test func `a client that never asks for endpoints waits no longer than the warming time`() {
        var stream = self.settled(Self.resources(clusters: ["a": "1"]))
        let target = Self.resources(clusters: ["a": "1", "b": "1"], routes: ["r": "2"])
        #expect(Self.sent(stream.resourcesReplaced(with: target)) == ["CDS#5 +b", "timer 1"])
        #expect(self.ack(&stream, .cluster, "5") == [])
        #expect(Self.sent(stream.warmingTimedOut(round: 0)) == [])
        #expect(Self.sent(stream.warmingTimedOut(round: 1)) == ["RDS#6 +r"])
    }

    @Test func `the endpoints of a changed cluster are sent again`() {
        var stream = self.settled(Self.resources(clusters: ["a": "1"]))
        let changed = ProxyResources(
            generation: "g",
            byType: [
                ResourceType.cluster: ResourceSet([XDSResource(name: "a", version: "2", payload: [])]),
                .endpoints: ResourceSet([XDSResource(name: "a", version: "1", payload: [])]),
                .listener: ResourceSet([XDSResource(name: "in", version: "1", payload: [])]),
                .routes: ResourceSet([XDSResource(name: "r", version: "1", payload: [])]),
            ])
        #expect(Self.sent(stream.resourcesReplaced(with: changed)) == ["CDS#5 +a", "EDS#6 +a"])
    }
}
