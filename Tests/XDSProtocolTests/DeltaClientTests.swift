// SPDX-License-Identifier: Apache-2.0
import Testing
import XDSProtocol

struct DeltaClientTests {
    @Test func `a wildcard client says after a reconnect what it has`() {
        var client = DeltaClientStateMachine(isWildcard: true)
        #expect(client.streamOpened() == DeltaRequest(subscribe: ["*"]))
        #expect(
            client.accepted(nonce: "1", upserted: [("a", "1"), ("b", "1")], removed: []) == DeltaRequest(nonce: "1"))
        #expect(
            client.rejected(nonce: "2", message: "no") == DeltaRequest(nonce: "2", errorMessage: "no"))
        #expect(client.accepted(nonce: "3", upserted: [("a", "3")], removed: ["b"]) == DeltaRequest(nonce: "3"))
        client.streamClosed()
        #expect(client.streamOpened() == DeltaRequest(subscribe: ["*"], initialVersions: ["a": "3"]))
    }

    @Test func `a client of names subscribes to what it needs and gives up the rest`() {
        var client = DeltaClientStateMachine(isWildcard: false)
        #expect(client.streamOpened() == nil)
        #expect(client.namesReplaced(with: ["a", "b"]) == DeltaRequest(subscribe: ["a", "b"]))
        _ = client.accepted(nonce: "1", upserted: [("a", "1"), ("b", "1")], removed: [])
        #expect(client.namesReplaced(with: ["b", "c"]) == DeltaRequest(subscribe: ["c"], unsubscribe: ["a"]))
        #expect(client.namesReplaced(with: ["b", "c"]) == nil)
        client.streamClosed()
        #expect(client.namesReplaced(with: ["b"]) == nil)
        #expect(client.streamOpened() == DeltaRequest(subscribe: ["b"], initialVersions: ["b": "1"]))
    }
}
