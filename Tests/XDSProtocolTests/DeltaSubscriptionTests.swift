// SPDX-License-Identifier: Apache-2.0
import Testing
import XDSProtocol

struct DeltaSubscriptionTests {
    private static func set(_ contents: KeyValuePairs<String, String>) -> ResourceSet {
        ResourceSet(contents.map { XDSResource(name: $0.key, version: $0.value, payload: []) })
    }

    private func push(
        _ machine: inout DeltaSubscriptionStateMachine, _ set: ResourceSet, _ phase: PushPhase = .additions, nonce: String
    ) -> [String]? {
        machine.makePush(from: set, generation: "g", phase: phase, nonce: Nonce(nonce)).map { push in
            push.upserted.map { "+\($0.name)@\($0.version)" } + push.removed.map { "-\($0)" }
        }
    }

    @Test func `a wildcard client gets everything once, then changes, one push at a time`() {
        var machine = DeltaSubscriptionStateMachine(type: .cluster)
        #expect(self.push(&machine, Self.set(["a": "1"]), nonce: "0") == nil)
        #expect(machine.requestReceived(DeltaRequest()) == .subscriptionChanged)
        #expect(self.push(&machine, Self.set(["a": "1", "b": "1"]), nonce: "1") == ["+a@1", "+b@1"])
        // In flight: nothing more, however much changes.
        #expect(machine.isInFlight == true)
        #expect(self.push(&machine, Self.set(["a": "2", "b": "1"]), nonce: "2") == nil)
        #expect(machine.requestReceived(DeltaRequest(nonce: "1")) == .acknowledged)
        #expect(self.push(&machine, Self.set(["a": "3", "b": "1"]), nonce: "2") == ["+a@3"])
        #expect(machine.requestReceived(DeltaRequest(nonce: "2")) == .acknowledged)
        #expect(self.push(&machine, Self.set(["a": "3", "b": "1"]), nonce: "3") == nil)
        #expect(machine.status.state == .synced)
    }

    @Test func `what is gone is removed in the removals phase only`() {
        var machine = DeltaSubscriptionStateMachine(type: .cluster)
        _ = machine.requestReceived(DeltaRequest())
        _ = self.push(&machine, Self.set(["a": "1", "b": "1"]), nonce: "1")
        _ = machine.requestReceived(DeltaRequest(nonce: "1"))
        let target = Self.set(["b": "1", "c": "1"])
        #expect(self.push(&machine, target, nonce: "2") == ["+c@1"])
        _ = machine.requestReceived(DeltaRequest(nonce: "2"))
        #expect(self.push(&machine, target, nonce: "3") == nil)
        #expect(self.push(&machine, target, .removals, nonce: "3") == ["-a"])
        _ = machine.requestReceived(DeltaRequest(nonce: "3"))
        #expect(self.push(&machine, target, .removals, nonce: "4") == nil)
    }

    @Test func `an ACK of something else does not hide a rejection, and what was rejected together comes again together`() {
        var machine = DeltaSubscriptionStateMachine(type: .cluster)
        _ = machine.requestReceived(DeltaRequest())
        _ = self.push(&machine, Self.set(["a": "1", "b": "1", "old": "1"]), nonce: "1")
        _ = machine.requestReceived(DeltaRequest(nonce: "1"))
        let target = Self.set(["a": "2", "b": "2"])
        #expect(self.push(&machine, target, nonce: "2") == ["+a@2", "+b@2"])
        _ = machine.requestReceived(DeltaRequest(nonce: "2", errorMessage: "no"))
        #expect(self.push(&machine, target, .removals, nonce: "3") == ["-old"])
        _ = machine.requestReceived(DeltaRequest(nonce: "3"))
        #expect(machine.status.state == .rejected)
        #expect(machine.status.rejection?.message == "no")
        #expect(self.push(&machine, Self.set(["a": "3", "b": "2"]), nonce: "4") == ["+a@3", "+b@2"])
        _ = machine.requestReceived(DeltaRequest(nonce: "4"))
        #expect(machine.status.state == .synced)
    }

    /// When the guilty one went, the others waited until they changed.
    @Test func `what was rejected for its neighbour comes again when that is gone`() {
        var machine = DeltaSubscriptionStateMachine(type: .listener)
        _ = machine.requestReceived(DeltaRequest())
        #expect(self.push(&machine, Self.set(["a": "1", "b": "1"]), nonce: "1") == ["+a@1", "+b@1"])
        _ = machine.requestReceived(DeltaRequest(nonce: "1", errorMessage: "a and b want the same port"))
        let target = Self.set(["b": "1"])
        #expect(self.push(&machine, target, nonce: "2") == ["+b@1"])
        _ = machine.requestReceived(DeltaRequest(nonce: "2", errorMessage: "still a"))
        // Not again and again.
        #expect(self.push(&machine, target, nonce: "3") == nil)
        #expect(self.push(&machine, target, .removals, nonce: "3") == ["-a"])
        _ = machine.requestReceived(DeltaRequest(nonce: "3"))
        #expect(machine.status.state == .rejected)
    }

    @Test func `a rejected version is not sent again, another one is`() {
        var machine = DeltaSubscriptionStateMachine(type: .cluster)
        _ = machine.requestReceived(DeltaRequest())
        _ = self.push(&machine, Self.set(["a": "1"]), nonce: "1")
        _ = machine.requestReceived(DeltaRequest(nonce: "1"))
        _ = self.push(&machine, Self.set(["a": "2"]), nonce: "2")
        #expect(machine.requestReceived(DeltaRequest(nonce: "2", errorMessage: "no")) == .rejected(message: "no"))
        #expect(machine.status.state == .rejected)
        #expect(self.push(&machine, Self.set(["a": "2"]), nonce: "3") == nil)
        // Back to the version before counts as a change: the client was told otherwise since.
        #expect(self.push(&machine, Self.set(["a": "1"]), nonce: "3") == ["+a@1"])
        _ = machine.requestReceived(DeltaRequest(nonce: "3"))
        #expect(machine.status.state == .synced)
    }

    @Test func `a late nonce acknowledges nothing, but its names count`() {
        var machine = DeltaSubscriptionStateMachine(type: .endpoints)
        let all = Self.set(["a": "1", "b": "1"])
        _ = machine.requestReceived(DeltaRequest(subscribe: ["a"]))
        #expect(self.push(&machine, all, nonce: "1") == ["+a@1"])
        #expect(machine.requestReceived(DeltaRequest(nonce: "old", subscribe: ["b"])) == .stale)
        #expect(machine.isInFlight == true)
        #expect(machine.requestReceived(DeltaRequest(nonce: "1")) == .acknowledged)
        #expect(self.push(&machine, all, nonce: "2") == ["+b@1"])
    }

    @Test func `names without a resource are answered, and sent when they come to be`() {
        var machine = DeltaSubscriptionStateMachine(type: .routes)
        _ = machine.requestReceived(DeltaRequest(subscribe: ["a", "x"]))
        #expect(self.push(&machine, Self.set(["a": "1", "b": "1"]), nonce: "1") == ["+a@1", "-x"])
        _ = machine.requestReceived(DeltaRequest(nonce: "1"))
        #expect(self.push(&machine, Self.set(["a": "1", "x": "1"]), nonce: "2") == ["+x@1"])
        _ = machine.requestReceived(DeltaRequest(nonce: "2", unsubscribe: ["x"]))
        #expect(self.push(&machine, Self.set(["a": "1", "x": "2"]), nonce: "3") == nil)
        // Asked for again: sent again, although nothing changed.
        _ = machine.requestReceived(DeltaRequest(subscribe: ["a"]))
        #expect(self.push(&machine, Self.set(["a": "1"]), nonce: "3") == ["+a@1"])
    }

    @Test func `after a reconnect only what changed meanwhile is sent`() {
        var machine = DeltaSubscriptionStateMachine(type: .cluster)
        _ = machine.requestReceived(
            DeltaRequest(subscribe: ["*"], initialVersions: ["a": "1", "b": "1", "gone": "1"]))
        let target = Self.set(["a": "1", "b": "2"])
        #expect(self.push(&machine, target, nonce: "1") == ["+b@2"])
        _ = machine.requestReceived(DeltaRequest(nonce: "1"))
        #expect(self.push(&machine, target, .removals, nonce: "2") == ["-gone"])
    }

    @Test func `a first request is answered even if there is nothing`() {
        var machine = DeltaSubscriptionStateMachine(type: .listener)
        _ = machine.requestReceived(DeltaRequest())
        #expect(self.push(&machine, Self.set([:]), nonce: "1") == [])
        // An empty first request for a type without a wildcard asks for nothing.
        var routes = DeltaSubscriptionStateMachine(type: .routes)
        _ = routes.requestReceived(DeltaRequest())
        #expect(self.push(&routes, Self.set(["a": "1"]), nonce: "1") == [])
    }
}
