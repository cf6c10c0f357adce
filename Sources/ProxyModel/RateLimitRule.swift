// SPDX-License-Identifier: Apache-2.0

/// What a request is called when its rate is limited: each action adds an entry. Where one of them has nothing to say, the rule says
/// nothing.
package struct RateLimitRule: Sendable, Hashable {
    package enum Action: Sendable, Hashable {
        /// The cluster that this proxy belongs to.
        case sourceCluster
        case destinationCluster
        /// Left out where the request has no such header, if it is optional.
        case header(name: String, key: String, isOptional: Bool)
        case clientAddress
        /// With as many bits as count.
        case clientNetwork(v4: Int, v6: Int)
        case constant(key: String, value: String)
        case headers(key: String, value: String, expects: Bool, [HeaderMatch])
        case query(key: String, value: String, expects: Bool, [QueryParameterMatch])
    }

    /// Read by limits of the same stage.
    package var stage: UInt32
    package var actions: [Action]

    package init(stage: UInt32 = 0, actions: [Action]) {
        self.stage = stage
        self.actions = actions
    }
}

/// What requests are called together, entry by entry.
package struct RateLimitDescriptor: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    package var entries: [Entry]

    package init(_ entries: [Entry]) { self.entries = entries }
}
