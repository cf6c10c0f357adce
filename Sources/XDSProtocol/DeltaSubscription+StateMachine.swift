// SPDX-License-Identifier: Apache-2.0

/// The server's end of one type on a delta stream: which names the client wants, which versions it has been offered, and
/// the one response whose answer is awaited.
///
/// A version that the client rejected counts as offered, so it is not sent again and again; another version of the
/// same resource is. Subscription changes count in every request; ACK and NACK only with the awaited nonce.
package struct DeltaSubscriptionStateMachine: ~Copyable, Sendable, TypeSubscription {
    private struct Subscription: Sendable {
        var interest = Interest()
        /// name → version last offered.
        var offered: [String: String] = [:]
        /// Names to answer even if nothing changed: asked for now, or to be sent again.
        var owed: Set<String> = []
        /// Names in the response whose answer is awaited.
        var inFlight: Set<String> = []
        /// Names whose newest version the client rejected. An ACK of other names says nothing about them.
        var rejected: Set<String> = []
        /// The first request is answered in any case: clients wait for it before they go on.
        var owesResponse = true
    }

    private enum State: Sendable {
        case unsubscribed
        case idle(Subscription)
        case awaiting(Subscription, Nonce)
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
        case .idle(let subscription), .awaiting(let subscription, _): subscription
        }
    }

    package func isSubscribed(to name: String) -> Bool { self.subscription?.interest.includes(name) ?? false }

    package mutating func requestReceived(_ request: DeltaRequest) -> RequestAction {
        switch self.state {
        case .unsubscribed:
            var subscription = Subscription()
            subscription.offered = request.initialVersions
            if request.subscribe.isEmpty, self.type.isWildcardType { subscription.interest.addEverything() }
            subscription.owed = Set(subscription.interest.add(request.subscribe)).filter { subscription.offered[$0] == nil }
            subscription.interest.remove(request.unsubscribe)
            let interest = subscription.interest
            subscription.offered = subscription.offered.filter { interest.includes($0.key) }
            self.state = .idle(subscription)
            return .subscriptionChanged
        case .idle(var subscription):
            Self.change(&subscription, by: request)
            self.state = .idle(subscription)
            return request.nonce.isEmpty ? .subscriptionChanged : .stale
        case .awaiting(var subscription, let nonce):
            Self.change(&subscription, by: request)
            guard request.nonce == nonce.text else {
                self.state = .awaiting(subscription, nonce)
                return request.nonce.isEmpty ? .subscriptionChanged : .stale
            }
            if let message = request.errorMessage {
                subscription.rejected.formUnion(subscription.inFlight)
                self.state = .idle(subscription)
                self.status.rejected(message)
                return .rejected(message: message)
            }
            subscription.rejected.subtract(subscription.inFlight)
            self.state = .idle(subscription)
            if subscription.rejected.isEmpty { self.status.acknowledged() } else { self.status.acknowledgedInPart() }
            return .acknowledged
        }
    }

    private static func change(_ subscription: inout Subscription, by request: DeltaRequest) {
        subscription.interest.remove(request.unsubscribe)
        for name in request.unsubscribe where !subscription.interest.includes(name) {
            subscription.offered[name] = nil
            subscription.owed.remove(name)
            subscription.rejected.remove(name)
        }
        if !request.unsubscribe.isEmpty, !subscription.interest.isWildcard {
            let interest = subscription.interest
            subscription.offered = subscription.offered.filter { interest.includes($0.key) }
        }
        // Asking again for a name is a wish to have it sent again (xDS protocol, "Subscribing to resources").
        subscription.owed.formUnion(subscription.interest.add(request.subscribe))
    }

    package func hasPush(from target: ResourceSet, phase: PushPhase) -> Bool {
        guard let subscription = self.subscription else { return false }
        switch phase {
        case .additions:
            return subscription.owesResponse || !subscription.owed.isEmpty || Self.owesRejected(subscription, target)
                || target.names.contains { name in
                    subscription.interest.includes(name) && subscription.offered[name] != target[name]?.version
                }
        case .removals:
            return subscription.offered.keys.contains { target[$0] == nil }
        }
    }

    /// What was rejected together may be taken together: when one has changed or is gone, the others come along.
    private static func owesRejected(_ subscription: Subscription, _ target: ResourceSet) -> Bool {
        subscription.rejected.contains { target[$0] != nil }
            && subscription.rejected.contains { subscription.offered[$0] != target[$0]?.version }
    }

    package mutating func makePush(
        from target: ResourceSet, generation: String, phase: PushPhase, nonce: @autoclosure () -> Nonce
    ) -> DeltaPush? {
        guard case .idle(var subscription) = self.state, self.hasPush(from: target, phase: phase) else { return nil }
        var push = DeltaPush(nonce: nonce(), generation: generation, upserted: [], removed: [])
        switch phase {
        case .additions:
            if Self.owesRejected(subscription, target) {
                subscription.rejected = subscription.rejected.filter { target[$0] != nil }
                subscription.owed.formUnion(subscription.rejected)
            }
            for resource in target.resources where subscription.interest.includes(resource.name) {
                guard subscription.offered[resource.name] != resource.version || subscription.owed.contains(resource.name)
                else { continue }
                push.upserted.append(resource)
                subscription.offered[resource.name] = resource.version
            }
            // "There is no such resource" is an answer too; without it the client waits for its timeout.
            push.removed = subscription.owed.filter { target[$0] == nil }.sorted()
            for name in push.removed { subscription.offered[name] = nil }
            subscription.owed = []
            subscription.owesResponse = false
        case .removals:
            push.removed = subscription.offered.keys.filter { target[$0] == nil }.sorted()
            for name in push.removed { subscription.offered[name] = nil }
        }
        subscription.inFlight = Set(push.upserted.map(\.name) + push.removed)
        self.status.sent(push.nonce, generation: generation)
        self.state = .awaiting(subscription, push.nonce)
        return push
    }

    package mutating func resend(_ names: some Sequence<String>) {
        switch self.state {
        case .unsubscribed:
            return
        case .idle(var subscription):
            subscription.owed.formUnion(names.filter { subscription.interest.includes($0) })
            self.state = .idle(subscription)
        case .awaiting(var subscription, let nonce):
            subscription.owed.formUnion(names.filter { subscription.interest.includes($0) })
            self.state = .awaiting(subscription, nonce)
        }
    }

    package static func addedNames(in push: DeltaPush) -> [String] { push.upserted.map(\.name) }
}
