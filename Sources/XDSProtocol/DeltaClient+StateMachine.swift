// SPDX-License-Identifier: Apache-2.0

/// The client's end of one type over all its delta streams: what it wants and which versions it has accepted, so that after a
/// reconnect only what changed meanwhile is sent.
package struct DeltaClientStateMachine: ~Copyable, Sendable, TypeClient {
    private enum Connection: Sendable { case closed, open }

    private let isWildcard: Bool
    private var connection: Connection = .closed
    private var names: Set<String> = []
    private var versions: [String: String] = [:]
    private var pending: DiscoveryAnswer?

    package init(isWildcard: Bool) { self.isWildcard = isWildcard }

    package mutating func streamOpened() -> DeltaRequest? {
        self.connection = .open
        self.pending = nil
        guard self.isWildcard || !self.names.isEmpty else { return nil }
        return self.firstRequest()
    }

    package mutating func streamClosed() {
        self.connection = .closed
        self.pending = nil
    }

    package mutating func namesReplaced(with wanted: Set<String>) -> DeltaRequest? {
        let added = wanted.subtracting(self.names)
        let removed = self.names.subtracting(wanted)
        let wantedNothing = self.names.isEmpty && !self.isWildcard
        self.names = wanted
        if !self.isWildcard {
            for name in removed { self.versions[name] = nil }
        }
        guard case .open = self.connection, !added.isEmpty || !removed.isEmpty else { return nil }
        return wantedNothing
            ? self.firstRequest() : DeltaRequest(subscribe: added.sorted(), unsubscribe: removed.sorted())
    }

    package mutating func received(_ answer: DiscoveryAnswer) -> ResourceChange {
        self.pending = answer
        return ResourceChange(upserted: answer.resources, removed: answer.removed)
    }

    package mutating func accepted() -> DeltaRequest {
        guard let answer = self.pending else { return DeltaRequest() }
        self.pending = nil
        for resource in answer.resources where self.isWildcard || self.names.contains(resource.name) {
            self.versions[resource.name] = resource.version
        }
        for name in answer.removed { self.versions[name] = nil }
        return DeltaRequest(nonce: answer.nonce)
    }

    package mutating func rejected(nonce: String, message: String) -> DeltaRequest {
        if let answer = self.pending {
            // The client may have taken some of it: after a reconnect it says that it has none of it, and gets all of it.
            for name in answer.resources.map(\.name) + answer.removed { self.versions[name] = nil }
        }
        self.pending = nil
        return DeltaRequest(nonce: nonce, errorMessage: message)
    }

    private func firstRequest() -> DeltaRequest {
        DeltaRequest(
            subscribe: (self.isWildcard ? [Interest.everything] : []) + self.names.sorted(),
            initialVersions: self.versions)
    }
}
