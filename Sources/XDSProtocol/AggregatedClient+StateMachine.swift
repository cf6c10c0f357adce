// SPDX-License-Identifier: Apache-2.0

/// The client's end of a discovery stream: what is wanted and had of each type, over all its streams. A stream of one type is an
/// aggregated one on which nothing else is wanted.
package struct AggregatedClientStateMachine<Client: TypeClient & ~Copyable>: ~Copyable, Sendable {
    private var clusters: Client
    private var endpoints: Client
    private var listeners: Client
    private var routes: Client
    private var secrets: Client

    package init(wildcardTypes: Set<ResourceType>) {
        self.clusters = Client(isWildcard: wildcardTypes.contains(.cluster))
        self.endpoints = Client(isWildcard: wildcardTypes.contains(.endpoints))
        self.listeners = Client(isWildcard: wildcardTypes.contains(.listener))
        self.routes = Client(isWildcard: wildcardTypes.contains(.routes))
        self.secrets = Client(isWildcard: wildcardTypes.contains(.secret))
    }

    /// The first requests of a new stream, in order.
    package mutating func streamOpened() -> [(ResourceType, Client.Request)] {
        var requests: [(ResourceType, Client.Request)] = []
        for type in ResourceType.allCases {
            if let request = self.with(type, { $0.streamOpened() }) { requests.append((type, request)) }
        }
        return requests
    }

    package mutating func streamClosed() {
        for type in ResourceType.allCases { self.with(type) { $0.streamClosed() } }
    }

    package mutating func namesReplaced(of type: ResourceType, with names: Set<String>) -> Client.Request? {
        self.with(type) { $0.namesReplaced(with: names) }
    }

    package mutating func received(_ type: ResourceType, _ answer: DiscoveryAnswer) -> ResourceChange {
        self.with(type) { $0.received(answer) }
    }

    package mutating func accepted(_ type: ResourceType) -> Client.Request { self.with(type) { $0.accepted() } }

    package mutating func rejected(_ type: ResourceType, nonce: String, message: String) -> Client.Request {
        self.with(type) { $0.rejected(nonce: nonce, message: message) }
    }

    private mutating func with<Result>(_ type: ResourceType, _ body: (inout Client) -> Result) -> Result {
        switch type {
        case .cluster: body(&self.clusters)
        case .endpoints: body(&self.endpoints)
        case .listener: body(&self.listeners)
        case .routes: body(&self.routes)
        case .secret: body(&self.secrets)
        }
    }
}
