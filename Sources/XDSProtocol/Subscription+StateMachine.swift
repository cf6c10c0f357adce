// SPDX-License-Identifier: Apache-2.0

/// The server's end of one type on a state-of-the-world stream.
///
/// A response of a wildcard type holds everything; so what is gone is carried along in the additions phase and left out
/// in the removals phase. A response of the other types holds only what is new or changed. Requests with a nonce that is
/// not the newest are ignored as a whole.
package struct SubscriptionStateMachine: ~Copyable, Sendable, TypeSubscription {
    private struct Subscription: Sendable {
        var interest = Interest()
        /// What the client was last sent, whole, because it may have to be sent along once more.
        var offered: [String: XDSResource] = [:]
        var owed: Set<String> = []
        var owesResponse = true
        var nonce: Nonce?
        /// New or changed in the response whose answer is awaited.
        var inFlight: Set<String> = []
        /// Names that the client rejected, each perhaps only for its neighbours. An ACK of other names says nothing about them.
        var rejected: Set<String> = []
    }

    private enum State: Sendable {
        case unsubscribed
        case idle(Subscription)
        case awaiting(Subscription)
    }

    private var state: State = .unsubscribed
    private let type: ResourceType
    package private(set) var status = SubscriptionStatus()

    package init(type: ResourceType) { self.type = type }

    package var isSubscribed: Bool { self.subscription != nil }

    package var isInFlight: Bool {
        if case .awaiting = self.state { true } else { false }
    }

    private var subscription: Subscription? {
        switch self.state {
        case .unsubscribed: nil
        case .idle(let subscription), .awaiting(let subscription): subscription
        }
    }

    package func isSubscribed(to name: String) -> Bool { self.subscription?.interest.includes(name) ?? false }

    package mutating func requestReceived(_ request: StateOfTheWorldRequest) -> RequestAction {
        switch self.state {
        case .unsubscribed:
            // A nonce here belongs to an earlier stream; the request is this stream's first.
            var subscription = Subscription()
            self.change(&subscription, to: request.names, isFirst: true)
            self.state = .idle(subscription)
            return .subscriptionChanged
        case .idle(var subscription):
            guard request.nonce == (subscription.nonce?.text ?? "") || request.nonce.isEmpty else { return .stale }
            self.change(&subscription, to: request.names, isFirst: false)
            self.state = .idle(subscription)
            return .subscriptionChanged
        case .awaiting(var subscription):
            guard request.nonce == subscription.nonce?.text else { return .stale }
            self.change(&subscription, to: request.names, isFirst: false)
            if let message = request.errorMessage {
                subscription.rejected.formUnion(subscription.inFlight)
                self.state = .idle(subscription)
                self.status.rejected(message)
                return .rejected(message: message)
            }
            // Everything is in every response of a wildcard type: its ACK takes everything.
            if self.type.isWildcardType { subscription.rejected = [] }
            subscription.rejected.subtract(subscription.inFlight)
            self.state = .idle(subscription)
            if subscription.rejected.isEmpty { self.status.acknowledged() } else { self.status.acknowledgedInPart() }
            return .acknowledged
        }
    }

    private func change(_ subscription: inout Subscription, to names: [String], isFirst: Bool) {
        let before = subscription.interest
        // Legacy wildcard: empty from the first request on stays "everything" until names are given.
        let isWildcard =
            names.contains(Interest.everything)
            || (names.isEmpty && self.type.isWildcardType && (isFirst || before.isWildcard))
        subscription.interest.replace(with: names, isWildcard: isWildcard)
        let added = subscription.interest.names.subtracting(before.names)
        subscription.owed.formUnion(added)
        let interest = subscription.interest
        subscription.owed = subscription.owed.filter { interest.includes($0) }
        subscription.offered = subscription.offered.filter { interest.includes($0.key) }
        subscription.rejected = subscription.rejected.filter { interest.includes($0) }
        if isWildcard, !before.isWildcard { subscription.owesResponse = true }
    }

    package func hasPush(from target: ResourceSet, phase: PushPhase) -> Bool {
        guard let subscription = self.subscription else { return false }
        switch phase {
        case .additions:
            return (subscription.owesResponse && subscription.interest != Interest())
                || subscription.owed.contains { target[$0] != nil || self.type.isWildcardType }
                || Self.owesRejected(subscription, target)
                || target.names.contains { name in
                    subscription.interest.includes(name) && subscription.offered[name]?.version != target[name]?.version
                }
        case .removals:
            return self.type.isWildcardType && subscription.offered.keys.contains { target[$0] == nil }
        }
    }

    /// What was rejected together may be taken together: when one has changed or is gone, the others come along.
    private static func owesRejected(_ subscription: Subscription, _ target: ResourceSet) -> Bool {
        subscription.rejected.contains { target[$0] != nil }
            && subscription.rejected.contains { subscription.offered[$0]?.version != target[$0]?.version }
    }

    package mutating func makePush(
        from target: ResourceSet, generation: String, phase: PushPhase, nonce: @autoclosure () -> Nonce
    ) -> StateOfTheWorldPush? {
        guard case .idle(var subscription) = self.state, self.hasPush(from: target, phase: phase) else { return nil }
        if Self.owesRejected(subscription, target) {
            subscription.rejected = subscription.rejected.filter { target[$0] != nil }
            subscription.owed.formUnion(subscription.rejected)
        }
        let wanted = target.resources.filter { subscription.interest.includes($0.name) }
        let changed = wanted.filter {
            subscription.offered[$0.name]?.version != $0.version || subscription.owed.contains($0.name)
        }
        let sent: [XDSResource]
        if self.type.isWildcardType {
            let kept = phase == .additions ? subscription.offered.values.filter { target[$0.name] == nil } : []
            sent = (wanted + kept).sorted { $0.name < $1.name }
            subscription.offered = Dictionary(sent.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        } else {
            sent = changed
            for resource in sent { subscription.offered[resource.name] = resource }
        }
        // Names without a resource stay owed to no one: this protocol has no word for "there is none".
        subscription.owed = []
        subscription.owesResponse = false
        let push = StateOfTheWorldPush(
            nonce: nonce(), version: ResourceVersion.of(ResourceSet(subscription.offered.values)), resources: sent,
            changed: changed.map(\.name))
        subscription.nonce = push.nonce
        subscription.inFlight = Set(push.changed)
        self.status.sent(push.nonce, generation: generation)
        self.state = .awaiting(subscription)
        return push
    }

    package mutating func resend(_ names: some Sequence<String>) {
        switch self.state {
        case .unsubscribed:
            return
        case .idle(var subscription):
            subscription.owed.formUnion(names.filter { subscription.interest.includes($0) })
            self.state = .idle(subscription)
        case .awaiting(var subscription):
            subscription.owed.formUnion(names.filter { subscription.interest.includes($0) })
            self.state = .awaiting(subscription)
        }
    }

    package static func addedNames(in push: StateOfTheWorldPush) -> [String] { push.changed }
}
