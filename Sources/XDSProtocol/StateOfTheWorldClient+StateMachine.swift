// SPDX-License-Identifier: Apache-2.0

/// The client's end of one type over all its state-of-the-world streams. It tells what a response changes, so that whoever
/// applies it need not know which variant brought it: versions are those of the content.
///
/// Of a wildcard type a response holds everything, and what it does not hold is gone. Of the others it holds some of what was
/// asked for, and nothing is ever said to be gone (xDS protocol, "Deleting resources").
package struct StateOfTheWorldClientStateMachine: ~Copyable, Sendable, TypeClient {
    private enum Connection: Sendable {
        case closed
        /// Nothing has been asked for yet.
        case silent
        /// With the nonce of the last response, or none yet.
        case asked(nonce: String)
    }

    private struct Pending: Sendable {
        var answer: DiscoveryAnswer
        var change: ResourceChange
    }

    private let isWildcard: Bool
    private var connection: Connection = .closed
    private var names: Set<String> = []
    /// `version_info` of the last response that was accepted.
    private var version = ""
    /// name → version of the content.
    private var versions: [String: String] = [:]
    /// Of a wildcard type: what the client may hold.
    private var present: Set<String> = []
    private var pending: Pending?

    package init(isWildcard: Bool) { self.isWildcard = isWildcard }

    package mutating func streamOpened() -> StateOfTheWorldRequest? {
        self.pending = nil
        guard self.isWildcard || !self.names.isEmpty else {
            self.connection = .silent
            return nil
        }
        self.connection = .asked(nonce: "")
        return self.request(nonce: "")
    }

    package mutating func streamClosed() {
        self.connection = .closed
        self.pending = nil
    }

    package mutating func namesReplaced(with wanted: Set<String>) -> StateOfTheWorldRequest? {
        guard !self.isWildcard, wanted != self.names else { return nil }
        self.names = wanted
        self.versions = self.versions.filter { wanted.contains($0.key) }
        switch self.connection {
        case .closed:
            return nil
        case .silent:
            self.connection = .asked(nonce: "")
            return self.request(nonce: "")
        case .asked(let nonce):
            return self.request(nonce: nonce)
        }
    }

    package mutating func received(_ answer: DiscoveryAnswer) -> ResourceChange {
        self.connection = .asked(nonce: answer.nonce)
        let wanted = answer.resources.filter { self.isWildcard || self.names.contains($0.name) }
        let gone = self.isWildcard ? self.present.subtracting(wanted.map(\.name)) : []
        let change = ResourceChange(
            upserted: wanted.filter { self.versions[$0.name] != $0.version }, removed: gone.sorted())
        self.pending = Pending(answer: answer, change: change)
        return change
    }

    package mutating func accepted() -> StateOfTheWorldRequest {
        if let pending = self.pending {
            self.version = pending.answer.version
            for name in pending.change.removed { self.versions[name] = nil }
            for resource in pending.change.upserted { self.versions[resource.name] = resource.version }
            if self.isWildcard { self.present = Set(self.versions.keys) }
        }
        self.pending = nil
        return self.request(nonce: self.nonce)
    }

    package mutating func rejected(nonce: String, message: String) -> StateOfTheWorldRequest {
        if let change = self.pending?.change {
            // The client may have taken some of it: all of it is new when it comes again.
            for name in change.removed + change.upserted.map(\.name) { self.versions[name] = nil }
            if self.isWildcard { self.present.formUnion(change.upserted.map(\.name)) }
        }
        self.pending = nil
        self.connection = .asked(nonce: nonce)
        return self.request(nonce: nonce, errorMessage: message)
    }

    private var nonce: String {
        if case .asked(let nonce) = self.connection { nonce } else { "" }
    }

    private func request(nonce: String, errorMessage: String? = nil) -> StateOfTheWorldRequest {
        StateOfTheWorldRequest(
            version: self.version, nonce: nonce, errorMessage: errorMessage, names: self.isWildcard ? [] : self.names.sorted())
    }
}
