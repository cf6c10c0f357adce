// SPDX-License-Identifier: Apache-2.0

/// The client's end of one type over all its delta streams: what it wants and which versions it has accepted, so that after a
/// reconnect only what changed meanwhile is sent.
package struct DeltaClientStateMachine: ~Copyable, Sendable {
    private enum Connection: Sendable { case closed, open }

    private var connection: Connection = .closed
    private var isWildcard: Bool
    private var names: Set<String> = []
    private var accepted: [String: String] = [:]

    /// - Parameter isWildcard: The client wants every resource of the type.
    package init(isWildcard: Bool) { self.isWildcard = isWildcard }

    /// The first request of a new stream, unless nothing is wanted.
    package mutating func streamOpened() -> DeltaRequest? {
        self.connection = .open
        guard self.isWildcard || !self.names.isEmpty else { return nil }
        return self.firstRequest()
    }

    package mutating func streamClosed() { self.connection = .closed }

    /// Replaces the names that are wanted; returns what to say about it on an open stream.
    package mutating func namesReplaced(with wanted: Set<String>) -> DeltaRequest? {
        let added = wanted.subtracting(self.names)
        let removed = self.names.subtracting(wanted)
        let wantedNothing = self.names.isEmpty && !self.isWildcard
        self.names = wanted
        if !self.isWildcard {
            for name in removed { self.accepted[name] = nil }
        }
        guard case .open = self.connection, !added.isEmpty || !removed.isEmpty else { return nil }
        return wantedNothing
            ? self.firstRequest() : DeltaRequest(subscribe: added.sorted(), unsubscribe: removed.sorted())
    }

    /// The client has taken the response over: the ACK.
    package mutating func accepted(nonce: String, upserted: [(name: String, version: String)], removed: [String])
        -> DeltaRequest
    {
        for resource in upserted where self.isWildcard || self.names.contains(resource.name) {
            self.accepted[resource.name] = resource.version
        }
        for name in removed { self.accepted[name] = nil }
        return DeltaRequest(nonce: nonce)
    }

    /// The client keeps what it had: the NACK.
    package mutating func rejected(nonce: String, message: String) -> DeltaRequest {
        DeltaRequest(nonce: nonce, errorMessage: message)
    }

    private func firstRequest() -> DeltaRequest {
        DeltaRequest(
            subscribe: (self.isWildcard ? [Interest.everything] : []) + self.names.sorted(),
            initialVersions: self.accepted)
    }
}
