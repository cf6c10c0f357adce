// SPDX-License-Identifier: Apache-2.0
import Testing
import XDSProtocol

struct StateOfTheWorldSubscriptionTests {
    private static func set(_ contents: KeyValuePairs<String, String>) -> ResourceSet {
        ResourceSet(contents.map { XDSResource(name: $0.key, version: $0.value, payload: []) })
    }

    private func push(
        _ machine: inout SubscriptionStateMachine, _ set: ResourceSet, _ phase: PushPhase = .additions, nonce: String
    ) -> [String]? {
        machine.makePush(from: set, generation: "g", phase: phase, nonce: Nonce(nonce))?.resources.map {
            "\($0.name)@\($0.version)"
        }
    }

    @Test func `clusters come whole, and what is gone stays until the removals phase`() {
        var machine = SubscriptionStateMachine(type: .cluster)
        #expect(machine.requestReceived(StateOfTheWorldRequest()) == .subscriptionChanged)
        #expect(self.push(&machine, Self.set(["a": "1", "b": "1"]), nonce: "1") == ["a@1", "b@1"])
        #expect(machine.requestReceived(StateOfTheWorldRequest(nonce: "1")) == .acknowledged)
        let target = Self.set(["b": "2"])
        #expect(self.push(&machine, target, nonce: "2") == ["a@1", "b@2"])
        #expect(self.push(&machine, target, .removals, nonce: "3") == nil)
        #expect(machine.requestReceived(StateOfTheWorldRequest(nonce: "2")) == .acknowledged)
        #expect(self.push(&machine, target, .removals, nonce: "3") == ["b@2"])
        #expect(machine.requestReceived(StateOfTheWorldRequest(nonce: "3")) == .acknowledged)
        #expect(self.push(&machine, target, nonce: "4") == nil)
        #expect(self.push(&machine, target, .removals, nonce: "4") == nil)
    }

    @Test func `endpoints come one by one, as names are added`() {
        var machine = SubscriptionStateMachine(type: .endpoints)
        let all = Self.set(["a": "1", "b": "1"])
        _ = machine.requestReceived(StateOfTheWorldRequest(names: ["a"]))
        #expect(self.push(&machine, all, nonce: "1") == ["a@1"])
        #expect(machine.requestReceived(StateOfTheWorldRequest(nonce: "1", names: ["a", "b"])) == .acknowledged)
        #expect(self.push(&machine, all, nonce: "2") == ["b@1"])
        #expect(machine.requestReceived(StateOfTheWorldRequest(nonce: "2", names: ["a", "b"])) == .acknowledged)
        #expect(self.push(&machine, all, nonce: "3") == nil)
        #expect(self.push(&machine, Self.set(["a": "2", "b": "1"]), nonce: "3") == ["a@2"])
        // A request that answers an older response is ignored as a whole.
        #expect(machine.requestReceived(StateOfTheWorldRequest(nonce: "2", names: [])) == .stale)
        #expect(machine.isSubscribed(to: "a") == true)
        let rejected = machine.requestReceived(
            StateOfTheWorldRequest(nonce: "3", errorMessage: "no", names: ["a", "b"]))
        #expect(rejected == .rejected(message: "no"))
        #expect(self.push(&machine, Self.set(["a": "2", "b": "1"]), nonce: "4") == nil)
    }

    /// Of a rejected response the good half stayed away until it changed too.
    @Test(arguments: [["a": "3", "b": "2"], ["b": "2"]])
    func `what was rejected for its neighbour comes again when that has changed or is gone`(_ next: [String: String]) {
        var machine = SubscriptionStateMachine(type: .routes)
        _ = machine.requestReceived(StateOfTheWorldRequest(names: ["a", "b", "c"]))
        #expect(self.push(&machine, Self.set(["a": "1", "b": "1", "c": "1"]), nonce: "1") == ["a@1", "b@1", "c@1"])
        _ = machine.requestReceived(StateOfTheWorldRequest(nonce: "1", names: ["a", "b", "c"]))
        let target = Self.set(["a": "2", "b": "2", "c": "1"])
        #expect(self.push(&machine, target, nonce: "2") == ["a@2", "b@2"])
        _ = machine.requestReceived(StateOfTheWorldRequest(nonce: "2", errorMessage: "a is bad", names: ["a", "b", "c"]))
        #expect(self.push(&machine, target, nonce: "3") == nil)
        // An ACK of something else says nothing about them.
        #expect(self.push(&machine, Self.set(["a": "2", "b": "2", "c": "2"]), nonce: "3") == ["c@2"])
        _ = machine.requestReceived(StateOfTheWorldRequest(nonce: "3", names: ["a", "b", "c"]))
        #expect(machine.status.state == .rejected)

        let after = ResourceSet((next.merging(["c": "2"]) { $1 }).map { XDSResource(name: $0, version: $1, payload: []) })
        #expect(self.push(&machine, after, nonce: "4") == next.sorted { $0.key < $1.key }.map { "\($0.key)@\($0.value)" })
        _ = machine.requestReceived(StateOfTheWorldRequest(nonce: "4", names: ["a", "b", "c"]))
        #expect(machine.status.state == .synced)
        #expect(self.push(&machine, after, nonce: "5") == nil)
    }

    @Test func `versions are those of the content`() {
        let first = ResourceSet([XDSResource(name: "a", payload: [1]), XDSResource(name: "b", payload: [2])])
        let same = ResourceSet([XDSResource(name: "b", payload: [2]), XDSResource(name: "a", payload: [1])])
        let other = ResourceSet([XDSResource(name: "a", payload: [2]), XDSResource(name: "b", payload: [1])])
        #expect(ResourceVersion.of(first) == ResourceVersion.of(same))
        #expect(ResourceVersion.of(first) != ResourceVersion.of(other))
        #expect(XDSResource(name: "a", payload: [1]).version.count == 32)
    }
}
