// SPDX-License-Identifier: Apache-2.0

package import ProxyModel

/// What is known of a connection when its filter chain is chosen.
package struct ConnectionFacts: Sendable, Hashable {
    /// 4 or 16 bytes; nil for a Unix socket.
    package var destinationAddress: [UInt8]?
    package var destinationPort: Int
    /// Of the client, whoever speaks for it.
    package var sourceAddress: [UInt8]?
    package var sourcePort: Int
    /// Of the connection's other end.
    package var directSourceAddress: [UInt8]?
    /// Comes from this machine.
    package var isLocal: Bool
    package var isTLS: Bool
    /// Lower case; nil without SNI.
    package var serverName: String?
    /// What the client offered by ALPN.
    package var applicationProtocols: [String]

    package init(
        destinationAddress: [UInt8]? = nil, destinationPort: Int = 0, sourceAddress: [UInt8]? = nil, sourcePort: Int = 0,
        directSourceAddress: [UInt8]? = nil, isLocal: Bool = false, isTLS: Bool = false,
        serverName: String? = nil, applicationProtocols: [String] = []
    ) {
        self.destinationAddress = destinationAddress
        self.destinationPort = destinationPort
        self.sourceAddress = sourceAddress
        self.sourcePort = sourcePort
        self.directSourceAddress = directSourceAddress ?? sourceAddress
        self.isLocal = isLocal
        self.isTLS = isTLS
        self.serverName = serverName
        self.applicationProtocols = applicationProtocols
    }
}

/// Chooses the filter chain of a connection in Envoy's order: destination port, destination address, server name, transport,
/// application protocol, direct source address, source type, source address, source port. At each step the most specific that fits wins, and there is no way back:
/// a chain that fits better at an earlier step and fails at a later one leaves the connection without a chain.
package struct FilterChainMatcher: Sendable {
    private let chains: [FilterChain]
    private let hasDefault: Bool

    package init(_ listener: Listener) {
        chains = listener.filterChains
        hasDefault = listener.defaultFilterChain != nil
    }

    package enum Choice: Sendable, Hashable {
        case chain(Int)
        case defaultChain
        /// The connection is closed.
        case none
    }

    package func choose(_ facts: ConnectionFacts) -> Choice {
        var candidates = Array(chains.indices)
        narrow(&candidates) { match in match.destinationPort.map { $0 == facts.destinationPort ? 1 : nil } ?? 0 }
        narrow(&candidates) { match in Self.rangeRank(match.destinationRanges, facts.destinationAddress) }
        narrow(&candidates) { match in Self.nameRank(match.serverNames, facts.serverName) }
        narrow(&candidates) { match in match.transport.map { ($0 == .tls) == facts.isTLS ? 1 : nil } ?? 0 }
        narrow(&candidates) { match in
            if match.applicationProtocols.isEmpty { return 0 }
            // What the client names first counts most.
            let offered = facts.applicationProtocols
            return offered.firstIndex { match.applicationProtocols.contains($0) }.map { offered.count - $0 }
        }
        narrow(&candidates) { match in Self.rangeRank(match.directSourceRanges, facts.directSourceAddress) }
        narrow(&candidates) { match in match.sourceType.map { ($0 == .local) == facts.isLocal ? 1 : nil } ?? 0 }
        narrow(&candidates) { match in Self.rangeRank(match.sourceRanges, facts.sourceAddress) }
        narrow(&candidates) { match in match.sourcePorts.isEmpty ? 0 : match.sourcePorts.contains(facts.sourcePort) ? 1 : nil }
        if let chain = candidates.first { return .chain(chain) }
        return hasDefault ? .defaultChain : .none
    }

    /// Keeps the candidates of the highest rank; nil: does not fit at all.
    private func narrow(_ candidates: inout [Int], rank: (FilterChainMatch) -> Int?) {
        var best = -1
        var kept: [Int] = []
        for index in candidates {
            guard let rank = rank(chains[index].match), rank >= best else { continue }
            if rank > best {
                best = rank
                kept.removeAll(keepingCapacity: true)
            }
            kept.append(index)
        }
        candidates = kept
    }

    /// The longest prefix that has the address; 0 where none is asked for.
    private static func rangeRank(_ ranges: [AddressRange], _ address: [UInt8]?) -> Int? {
        if ranges.isEmpty { return 0 }
        guard let address else { return nil }
        return ranges.filter { $0.contains(address) }.map { $0.prefixLength + 1 }.max()
    }

    /// An exact name before the longest wildcard before none.
    private static func nameRank(_ names: [String], _ name: String?) -> Int? {
        if names.isEmpty { return 0 }
        guard let name else { return nil }
        var best: Int?
        for candidate in names {
            if candidate == name { return Int.max }
            if candidate.hasPrefix("*."), name.hasSuffix(candidate.dropFirst()), name.utf8.count > candidate.utf8.count - 1 {
                best = max(best ?? 0, candidate.utf8.count)
            }
        }
        return best
    }
}
