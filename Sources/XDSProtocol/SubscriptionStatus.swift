// SPDX-License-Identifier: Apache-2.0

/// How far a proxy has followed one type.
package struct SubscriptionStatus: Sendable, Hashable {
    package struct Rejection: Sendable, Hashable {
        package var generation: String
        package var nonce: Nonce
        package var message: String
    }

    package enum State: String, Sendable {
        case notSent = "NOT SENT"
        case synced = "SYNCED"
        case stale = "STALE"
        case rejected = "ERROR"
    }

    package var sentGeneration: String?
    package var sentNonce: Nonce?
    package var acknowledgedGeneration: String?
    package var acknowledgedNonce: Nonce?
    /// Something that was sent is not taken; cleared by the ACK after which nothing is.
    package var rejection: Rejection?

    package init() {}

    package var state: State {
        if self.rejection != nil { return .rejected }
        guard self.sentNonce != nil else { return .notSent }
        return self.sentNonce == self.acknowledgedNonce ? .synced : .stale
    }

    mutating func sent(_ nonce: Nonce, generation: String) {
        self.sentNonce = nonce
        self.sentGeneration = generation
    }

    mutating func acknowledged() {
        self.acknowledgedNonce = self.sentNonce
        self.acknowledgedGeneration = self.sentGeneration
        self.rejection = nil
    }

    /// The last response was taken, but something of an earlier one still is not.
    mutating func acknowledgedInPart() { self.acknowledgedNonce = self.sentNonce }

    mutating func rejected(_ message: String) {
        guard let nonce = self.sentNonce else { return }
        self.rejection = Rejection(generation: self.sentGeneration ?? "", nonce: nonce, message: message)
    }
}
