// SPDX-License-Identifier: Apache-2.0
package import HTTP1
package import ProxyModel

/// What may name a request whose rate is limited.
package struct RateLimitFacts {
    package let head: RequestHead
    package let isSecure: Bool
    /// The cluster that this proxy belongs to.
    package let source: String
    /// nil where the route forwards to none.
    package let destination: String?
    package let client: String

    package init(head: RequestHead, isSecure: Bool, source: String, destination: String?, client: String) {
        self.head = head
        self.isSecure = isSecure
        self.source = source
        self.destination = destination
        self.client = client
    }
}

/// Rules of one place, in their order, ready to be asked.
package struct CompiledRateLimitRules: Sendable {
    private enum Action: Sendable {
        case plain(RateLimitRule.Action)
        case match(RateLimitDescriptor.Entry, expects: Bool, MatchProgram)
    }

    private let rules: [(stage: UInt32, actions: [Action])]

    package init(_ rules: [RateLimitRule]) throws(RegexError) {
        var compiled: [(stage: UInt32, actions: [Action])] = []
        for rule in rules {
            var actions: [Action] = []
            for action in rule.actions { actions.append(try Self.compiled(action)) }
            compiled.append((rule.stage, actions))
        }
        self.rules = compiled
    }

    package var isEmpty: Bool { self.rules.isEmpty }

    /// The rules of this stage that have something to say about all of their actions.
    package func descriptors(_ facts: RateLimitFacts, stage: UInt32) -> [RateLimitDescriptor] {
        var found: [RateLimitDescriptor] = []
        for rule in self.rules where rule.stage == stage {
            var descriptor = RateLimitDescriptor([])
            let isWhole = rule.actions.allSatisfy { Self.add($0, facts, &descriptor) }
            if isWhole, !descriptor.entries.isEmpty { found.append(descriptor) }
        }
        return found
    }

    private static func compiled(_ action: RateLimitRule.Action) throws(RegexError) -> Action {
        switch action {
        case .headers(let key, let value, let expects, let headers):
            .match(.init(key: key, value: value), expects: expects, try MatchProgram(headers: headers))
        case .query(let key, let value, let expects, let parameters):
            .match(
                .init(key: key, value: value), expects: expects,
                try MatchProgram(firstOf: [.all(parameters.map { .condition(.queryParameter($0)) })]))
        default: .plain(action)
        }
    }

    /// False where the whole rule says nothing.
    private static func add(_ action: Action, _ facts: RateLimitFacts, _ descriptor: inout RateLimitDescriptor) -> Bool {
        let entry: RateLimitDescriptor.Entry
        switch action {
        case .match(let named, let expects, let program):
            guard program.matches(facts.head, isSecure: facts.isSecure) == expects else { return false }
            entry = named
        case .plain(.sourceCluster): entry = .init(key: "source_cluster", value: facts.source)
        case .plain(.destinationCluster):
            guard let destination = facts.destination else { return false }
            entry = .init(key: "destination_cluster", value: destination)
        case .plain(.clientAddress):
            guard !facts.client.isEmpty else { return false }
            entry = .init(key: "remote_address", value: facts.client)
        case .plain(.clientNetwork(let v4, let v6)):
            guard let network = Self.network(facts.client, v4: v4, v6: v6) else { return false }
            entry = .init(key: "masked_remote_address", value: network)
        case .plain(.constant(let key, let value)): entry = .init(key: key, value: value)
        case .plain(.header(let name, let key, let isOptional)):
            guard let value = Self.value(name, facts) else { return isOptional }
            entry = .init(key: key, value: value)
        case .plain(.headers), .plain(.query): return false
        }
        descriptor.entries.append(entry)
        return true
    }

    private static func value(_ name: String, _ facts: RateLimitFacts) -> String? {
        switch name {
        case ":method": facts.head.method.name
        case ":path": facts.head.pathAndQuery.string
        case ":authority": facts.head.authority.string
        case ":scheme": facts.isSecure ? "https" : "http"
        default: facts.head.headers.combined(HeaderName(name))?.string
        }
    }

    /// `10.1.0.0/16`
    private static func network(_ address: String, v4: Int, v6: Int) -> String? {
        let length = address.contains(":") ? v6 : v4
        guard let range = AddressRange(address: address, prefixLength: length) else { return nil }
        return "\(IPAddressBytes.text(range.bytes))/\(length)"
    }
}

/// What a route and its virtual host say.
package struct RouteRateLimits: Sendable {
    private let route: CompiledRateLimitRules
    private let host: CompiledRateLimitRules
    private let includesHost: Bool

    /// nil where neither says anything.
    init?(_ action: ForwardAction, host: CompiledRateLimitRules) throws(RegexError) {
        guard !action.rateLimits.isEmpty || !host.isEmpty else { return nil }
        self.route = try CompiledRateLimitRules(action.rateLimits)
        self.host = host
        self.includesHost = action.includesHostRateLimits
    }

    package func descriptors(_ facts: RateLimitFacts, for limit: LocalRateLimit) -> [RateLimitDescriptor] {
        let own = self.route.descriptors(facts, stage: limit.stage)
        switch limit.hostRules {
        case _ where self.includesHost, .added: return own + self.host.descriptors(facts, stage: limit.stage)
        case .replaced: return self.route.isEmpty ? self.host.descriptors(facts, stage: limit.stage) : own
        case .ignored: return own
        }
    }
}
