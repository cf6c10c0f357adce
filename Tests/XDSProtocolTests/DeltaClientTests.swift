// SPDX-License-Identifier: Apache-2.0
import Testing
import XDSProtocol

struct DeltaClientTests {
    static func answer(_ nonce: String, _ contents: KeyValuePairs<String, String>, removed: [String] = []) -> DiscoveryAnswer {
        DiscoveryAnswer(
            nonce: nonce, resources: contents.map { XDSResource(name: $0.key, version: $0.value, payload: []) }, removed: removed)
    }

    @Test func `after a reconnect a wildcard client says which versions it has accepted`() {
        var client = DeltaClientStateMachine(isWildcard: true)
        #expect(client.streamOpened() == DeltaRequest(subscribe: ["*"]))
        _ = client.received(Self.answer("1", ["a": "1", "b": "1"]))
        #expect(client.accepted() == DeltaRequest(nonce: "1"))
        #expect(client.rejected(nonce: "2", message: "no") == DeltaRequest(nonce: "2", errorMessage: "no"))
        _ = client.received(Self.answer("3", ["a": "3"], removed: ["b"]))
        #expect(client.accepted() == DeltaRequest(nonce: "3"))
        client.streamClosed()
        #expect(client.streamOpened() == DeltaRequest(subscribe: ["*"], initialVersions: ["a": "3"]))
    }

    /// The client takes what it can of a response: what it holds of a rejected one it cannot say.
    @Test func `after a rejection the resources of that response are not claimed`() {
        var client = DeltaClientStateMachine(isWildcard: true)
        _ = client.streamOpened()
        _ = client.received(Self.answer("1", ["a": "1", "b": "1"]))
        _ = client.accepted()
        _ = client.received(Self.answer("2", ["a": "2"]))
        _ = client.rejected(nonce: "2", message: "no")
        client.streamClosed()
        #expect(client.streamOpened() == DeltaRequest(subscribe: ["*"], initialVersions: ["b": "1"]))
    }

    @Test func `a client of names subscribes to what it needs and gives up the rest`() {
        var client = DeltaClientStateMachine(isWildcard: false)
        #expect(client.streamOpened() == nil)
        #expect(client.namesReplaced(with: ["a", "b"]) == DeltaRequest(subscribe: ["a", "b"]))
        _ = client.received(Self.answer("1", ["a": "1", "b": "1"]))
        _ = client.accepted()
        #expect(client.namesReplaced(with: ["b", "c"]) == DeltaRequest(subscribe: ["c"], unsubscribe: ["a"]))
        #expect(client.namesReplaced(with: ["b", "c"]) == nil)
        client.streamClosed()
        #expect(client.namesReplaced(with: ["b"]) == nil)
        #expect(client.streamOpened() == DeltaRequest(subscribe: ["b"], initialVersions: ["b": "1"]))
    }
}
