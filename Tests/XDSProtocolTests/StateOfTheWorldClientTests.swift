// SPDX-License-Identifier: Apache-2.0
import Testing
import XDSProtocol

struct StateOfTheWorldClientTests {
    private static func answer(_ version: String, _ contents: KeyValuePairs<String, String>) -> DiscoveryAnswer {
        DiscoveryAnswer(
            nonce: "n\(version)", version: version,
            resources: contents.map { XDSResource(name: $0.key, version: $0.value, payload: []) })
    }

    /// `+a@1 -b`
    private static func text(_ change: ResourceChange) -> String {
        (change.upserted.map { "+\($0.name)@\($0.version)" } + change.removed.map { "-\($0)" }).joined(separator: " ")
    }

    @Test func `of a wildcard type only differences are told, and what is left out is gone`() {
        var client = StateOfTheWorldClientStateMachine(isWildcard: true)
        #expect(client.streamOpened() == StateOfTheWorldRequest())
        #expect(Self.text(client.received(Self.answer("1", ["a": "1", "b": "1"]))) == "+a@1 +b@1")
        #expect(client.accepted() == StateOfTheWorldRequest(version: "1", nonce: "n1"))
        #expect(Self.text(client.received(Self.answer("2", ["a": "1", "c": "1"]))) == "+c@1 -b")
        #expect(client.accepted() == StateOfTheWorldRequest(version: "2", nonce: "n2"))
        #expect(Self.text(client.received(Self.answer("3", [:]))) == "-a -c")
        #expect(client.accepted() == StateOfTheWorldRequest(version: "3", nonce: "n3"))
    }

    @Test func `a rejection names the last good version, and all of what was rejected is new when it comes again`() {
        var client = StateOfTheWorldClientStateMachine(isWildcard: true)
        _ = client.streamOpened()
        _ = client.received(Self.answer("1", ["a": "1", "b": "1", "c": "1"]))
        _ = client.accepted()
        #expect(Self.text(client.received(Self.answer("2", ["a": "2", "b": "1", "d": "1"]))) == "+a@2 +d@1 -c")
        #expect(
            client.rejected(nonce: "n2", message: "no")
                == StateOfTheWorldRequest(version: "1", nonce: "n2", errorMessage: "no"))
        // Back to what it was, as far as the server knows; the client may hold a@2 and d, and c no longer.
        #expect(Self.text(client.received(Self.answer("3", ["a": "1", "b": "1", "c": "1"]))) == "+a@1 +c@1 -d")
        #expect(client.accepted() == StateOfTheWorldRequest(version: "3", nonce: "n3"))
        #expect(Self.text(client.received(Self.answer("4", ["a": "1", "b": "1", "c": "1"]))) == "")
    }

    @Test func `names are asked for whole, with the nonce of the stream; what was not asked for is not told`() {
        var client = StateOfTheWorldClientStateMachine(isWildcard: false)
        #expect(client.namesReplaced(with: ["b"]) == nil)
        #expect(client.streamOpened() == StateOfTheWorldRequest(names: ["b"]))
        #expect(client.namesReplaced(with: ["b", "a"]) == StateOfTheWorldRequest(names: ["a", "b"]))
        #expect(Self.text(client.received(Self.answer("1", ["a": "1", "b": "1", "x": "1"]))) == "+a@1 +b@1")
        #expect(client.accepted() == StateOfTheWorldRequest(version: "1", nonce: "n1", names: ["a", "b"]))
        // One that does not come again is not gone.
        #expect(Self.text(client.received(Self.answer("2", ["a": "2"]))) == "+a@2")
        _ = client.accepted()
        #expect(client.namesReplaced(with: ["a"]) == StateOfTheWorldRequest(version: "2", nonce: "n2", names: ["a"]))
        #expect(client.namesReplaced(with: ["a", "b"]) == StateOfTheWorldRequest(version: "2", nonce: "n2", names: ["a", "b"]))
        // Given up and wanted again: told again.
        #expect(Self.text(client.received(Self.answer("3", ["a": "2", "b": "1"]))) == "+b@1")
        _ = client.accepted()
        #expect(client.namesReplaced(with: []) == StateOfTheWorldRequest(version: "3", nonce: "n3"))
    }

    @Test func `after a reconnect the version is said, the nonce of the old stream is not, and what is the same is not told`() {
        var client = StateOfTheWorldClientStateMachine(isWildcard: true)
        _ = client.streamOpened()
        _ = client.received(Self.answer("1", ["a": "1", "b": "1"]))
        _ = client.accepted()
        client.streamClosed()
        #expect(client.streamOpened() == StateOfTheWorldRequest(version: "1"))
        #expect(Self.text(client.received(Self.answer("2", ["a": "1"]))) == "-b")
    }

    @Test func `nothing wanted, nothing said`() {
        var client = StateOfTheWorldClientStateMachine(isWildcard: false)
        #expect(client.streamOpened() == nil)
        #expect(client.namesReplaced(with: []) == nil)
        #expect(client.namesReplaced(with: ["a"]) == StateOfTheWorldRequest(names: ["a"]))
    }
}
