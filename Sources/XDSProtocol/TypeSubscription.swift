// SPDX-License-Identifier: Apache-2.0

/// What a request meant, once subscription and nonce have been looked at.
package enum RequestAction: Sendable, Hashable {
    /// Nothing was answered; names were asked for or given up.
    case subscriptionChanged
    case acknowledged
    case rejected(message: String)
    /// A late answer to a response that has been overtaken.
    case stale
}

/// New and changed resources go first, for every type; what is gone goes when nothing refers to it any more.
package enum PushPhase: Sendable, Hashable {
    case additions, removals
}

/// The server's view of one type on one stream: the common face of the delta and the state-of-the-world machine.
package protocol TypeSubscription: ~Copyable, Sendable {
    associatedtype Request: Sendable
    associatedtype Push: Sendable

    init(type: ResourceType)

    var isSubscribed: Bool { get }
    var isInFlight: Bool { get }
    var status: SubscriptionStatus { get }

    func isSubscribed(to name: String) -> Bool

    mutating func requestReceived(_ request: Request) -> RequestAction

    /// The next response, or nil if there is nothing to say or an answer is still awaited. What it returns counts as sent.
    mutating func makePush(
        from target: ResourceSet, generation: String, phase: PushPhase, nonce: @autoclosure () -> Nonce
    ) -> Push?

    /// Whether `target` has something for the client that this phase would send.
    func hasPush(from target: ResourceSet, phase: PushPhase) -> Bool

    /// The named resources are to be sent again although they have not changed.
    mutating func resend(_ names: some Sequence<String>)

    /// What `push` brings or changes.
    static func addedNames(in push: Push) -> [String]
}
