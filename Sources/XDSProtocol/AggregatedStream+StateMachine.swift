// SPDX-License-Identifier: Apache-2.0

/// The server's end of one aggregated stream: five subscriptions and the order among them.
///
/// Make before break: listeners and routes wait until clusters and endpoints have been accepted and the client has asked for
/// the endpoints of clusters that are new to it; removals wait until everything else has been accepted, and clusters are not
/// taken away while the client holds on to an older listener or route table because it rejected the newer. A client that
/// does not do its part holds nothing up for longer than the warming time.
package struct AggregatedStreamStateMachine<Subscription: TypeSubscription & ~Copyable>: ~Copyable, Sendable {
    package typealias Action = StreamAction<Subscription.Push>

    private var clusters = Subscription(type: .cluster)
    private var endpoints = Subscription(type: .endpoints)
    private var listeners = Subscription(type: .listener)
    private var routes = Subscription(type: .routes)
    private var secrets = Subscription(type: .secret)

    private var target: ProxyResources?
    private var nonces = NonceSequence()
    private var warming = Warming()

    package init() {}

    // MARK: Events

    package mutating func requestReceived(_ type: ResourceType, _ request: Subscription.Request) -> [Action] {
        var actions: [Action] = []
        switch self.with(type, { $0.requestReceived(request) }) {
        case .acknowledged, .rejected:
            actions.append(.statusChanged(type, self.status(of: type)))
        case .subscriptionChanged, .stale:
            break
        }
        guard self.target != nil else { return actions + [.fetchResources] }
        self.advance(&actions)
        return actions
    }

    /// The newest resources replace whatever has not been sent yet.
    package mutating func resourcesReplaced(with resources: ProxyResources) -> [Action] {
        self.target = resources
        var actions: [Action] = []
        self.advance(&actions)
        return actions
    }

    package mutating func warmingTimedOut(round: UInt64) -> [Action] {
        guard self.warming.timedOut(round: round) else { return [] }
        var actions: [Action] = []
        self.advance(&actions)
        return actions
    }

    package func status(of type: ResourceType) -> SubscriptionStatus {
        switch type {
        case .cluster: self.clusters.status
        case .endpoints: self.endpoints.status
        case .listener: self.listeners.status
        case .routes: self.routes.status
        case .secret: self.secrets.status
        }
    }

    // MARK: Order

    private mutating func advance(_ actions: inout [Action]) {
        guard let target = self.target else { return }
        self.push(.secret, target, .additions, &actions)
        self.push(.cluster, target, .additions, &actions)
        self.push(.endpoints, target, .additions, &actions)

        let waits = self.clusters.isInFlight || self.endpoints.isInFlight || self.isWarming
        if waits, self.wantsListenersOrRoutes(target) {
            if let round = self.warming.begin() { actions.append(.startWarmingTimer(round: round)) }
            guard self.warming.isOver else { return }
        } else if !waits {
            self.warming.end()
        }
        self.push(.listener, target, .additions, &actions)
        self.push(.routes, target, .additions, &actions)
        self.pushRemovals(target, &actions)
    }

    private mutating func pushRemovals(_ target: ProxyResources, _ actions: inout [Action]) {
        for type in [ResourceType.listener, .routes, .cluster, .endpoints, .secret] {
            guard !self.isAnyInFlight else { return }
            if type == .cluster, self.listeners.status.rejection != nil || self.routes.status.rejection != nil { return }
            self.push(type, target, .removals, &actions)
        }
    }

    private var isAnyInFlight: Bool {
        self.clusters.isInFlight || self.endpoints.isInFlight || self.listeners.isInFlight || self.routes.isInFlight
    }

    /// Clusters were sent whose endpoints exist, but the client has not asked for these yet.
    private var isWarming: Bool {
        guard let target = self.target else { return false }
        return self.warming.newClusters.contains { name in
            target[.endpoints][name] != nil && !self.endpoints.isSubscribed(to: name)
        }
    }

    private func wantsListenersOrRoutes(_ target: ProxyResources) -> Bool {
        self.listeners.hasPush(from: target[.listener], phase: .additions)
            || self.routes.hasPush(from: target[.routes], phase: .additions)
            || self.listeners.hasPush(from: target[.listener], phase: .removals)
            || self.routes.hasPush(from: target[.routes], phase: .removals)
    }

    private mutating func push(
        _ type: ResourceType, _ target: ProxyResources, _ phase: PushPhase, _ actions: inout [Action]
    ) {
        var nonces = self.nonces
        let set = target[type]
        let generation = target.generation
        let push = self.with(type) { subscription in
            subscription.makePush(from: set, generation: generation, phase: phase, nonce: nonces.next())
        }
        self.nonces = nonces
        guard let push else { return }
        actions.append(.send(type, push))
        actions.append(.statusChanged(type, self.status(of: type)))
        if type == .cluster, phase == .additions {
            let names = Subscription.addedNames(in: push)
            self.warming.clustersSent(names)
            // A cluster that changed is warmed anew by the client and waits for its endpoints.
            self.endpoints.resend(names)
        }
    }

    private mutating func with<Result>(_ type: ResourceType, _ body: (inout Subscription) -> Result) -> Result {
        switch type {
        case .cluster: body(&self.clusters)
        case .endpoints: body(&self.endpoints)
        case .listener: body(&self.listeners)
        case .routes: body(&self.routes)
        case .secret: body(&self.secrets)
        }
    }
}
