// SPDX-License-Identifier: Apache-2.0

/// The client's end of an aggregated delta stream: what is wanted and had of each type, over all its streams.
package struct AggregatedClientStateMachine: ~Copyable, Sendable {
    private var clusters: DeltaClientStateMachine
    private var endpoints: DeltaClientStateMachine
    private var listeners: DeltaClientStateMachine
    private var routes: DeltaClientStateMachine
    private var secrets: DeltaClientStateMachine

    package init(wildcardTypes: Set<ResourceType>) {
        self.clusters = DeltaClientStateMachine(isWildcard: wildcardTypes.contains(.cluster))
        self.endpoints = DeltaClientStateMachine(isWildcard: wildcardTypes.contains(.endpoints))
        self.listeners = DeltaClientStateMachine(isWildcard: wildcardTypes.contains(.listener))
        self.routes = DeltaClientStateMachine(isWildcard: wildcardTypes.contains(.routes))
        self.secrets = DeltaClientStateMachine(isWildcard: wildcardTypes.contains(.secret))
    }

    /// The first requests of a new stream, in order.
    package mutating func streamOpened() -> [(ResourceType, DeltaRequest)] {
        var requests: [(ResourceType, DeltaRequest)] = []
        for type in ResourceType.allCases {
            if let request = self.with(type, { $0.streamOpened() }) { requests.append((type, request)) }
        }
        return requests
    }

    package mutating func streamClosed() {
        for type in ResourceType.allCases { self.with(type) { $0.streamClosed() } }
    }

    package mutating func namesReplaced(of type: ResourceType, with names: Set<String>) -> DeltaRequest? {
        self.with(type) { $0.namesReplaced(with: names) }
    }

    package mutating func accepted(
        _ type: ResourceType, nonce: String, upserted: [(name: String, version: String)], removed: [String]
    ) -> DeltaRequest {
        self.with(type) { $0.accepted(nonce: nonce, upserted: upserted, removed: removed) }
    }

    package mutating func rejected(_ type: ResourceType, nonce: String, message: String) -> DeltaRequest {
        self.with(type) { $0.rejected(nonce: nonce, message: message) }
    }

    private mutating func with<Result>(
        _ type: ResourceType, _ body: (inout DeltaClientStateMachine) -> Result
    ) -> Result {
        switch type {
        case .cluster: body(&self.clusters)
        case .endpoints: body(&self.endpoints)
        case .listener: body(&self.listeners)
        case .routes: body(&self.routes)
        case .secret: body(&self.secrets)
        }
    }
}
