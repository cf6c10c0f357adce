// SPDX-License-Identifier: Apache-2.0

/// A response, as a client's machines need it.
package struct DiscoveryAnswer: Sendable, Hashable {
    package var nonce: String
    /// `version_info`, or the delta variant's `system_version_info`.
    package var version: String
    package var resources: [XDSResource]
    /// Of the delta variant.
    package var removed: [String]

    package init(nonce: String, version: String = "", resources: [XDSResource] = [], removed: [String] = []) {
        self.nonce = nonce
        self.version = version
        self.resources = resources
        self.removed = removed
    }
}

/// What a response changes: what is new or different, and what is gone.
package struct ResourceChange: Sendable, Hashable {
    package var upserted: [XDSResource]
    package var removed: [String]

    package init(upserted: [XDSResource] = [], removed: [String] = []) {
        self.upserted = upserted
        self.removed = removed
    }
}

/// The client's view of one type over all its streams: the common face of the delta and the state-of-the-world machine.
///
/// A response is received, then accepted or rejected, before the next one is received.
package protocol TypeClient: ~Copyable, Sendable {
    associatedtype Request: Sendable

    /// - Parameter isWildcard: The client wants every resource of the type.
    init(isWildcard: Bool)

    /// The first request of a new stream, unless nothing is wanted.
    mutating func streamOpened() -> Request?
    mutating func streamClosed()

    /// Replaces the names that are wanted; returns what to say about it on an open stream.
    mutating func namesReplaced(with wanted: Set<String>) -> Request?

    mutating func received(_ answer: DiscoveryAnswer) -> ResourceChange

    /// The client has taken what was received last: the ACK.
    mutating func accepted() -> Request

    /// The client keeps what it had: the NACK. Also of a response that made no sense and was never received.
    mutating func rejected(nonce: String, message: String) -> Request
}
