// SPDX-License-Identifier: Apache-2.0
package import ProxyModel

/// The endpoints behind host names.
package enum NamedEndpoints {
    /// Names in the order of the set, each once; addresses are none.
    package static func names(in set: EndpointSet) -> [String] {
        var names: [String] = []
        for endpoint in set.endpoints {
            guard case .host(let host, _) = endpoint.address, IPAddressBytes.parse(host) == nil, !names.contains(host) else {
                continue
            }
            names.append(host)
        }
        return names
    }

    /// Addresses in the place of names; a name without any has no endpoint. An address counts once, where it comes first.
    package static func resolved(
        _ set: EndpointSet, _ resolution: NameResolution, addresses: (String) -> [String]
    ) -> EndpointSet {
        var result = set
        result.endpoints = []
        var seen: Set<ProxySocketAddress> = []
        for endpoint in set.endpoints {
            guard case .host(let host, let port) = endpoint.address, IPAddressBytes.parse(host) == nil else {
                if seen.insert(endpoint.address).inserted { result.endpoints.append(endpoint) }
                continue
            }
            let found = Self.chosen(addresses(host), resolution.family)
            for address in resolution.usesAllAddresses ? found[...] : found.prefix(1) {
                var copy = endpoint
                copy.address = .host(address, port: port)
                if copy.hostname.isEmpty { copy.hostname = host }
                if seen.insert(copy.address).inserted { result.endpoints.append(copy) }
            }
        }
        return result
    }

    private static func chosen(_ addresses: [String], _ family: NameResolution.Family) -> [String] {
        let ipv6 = addresses.filter { $0.contains(":") }
        let ipv4 = addresses.filter { !$0.contains(":") }
        return switch family {
        case .automatic: ipv6.isEmpty ? ipv4 : ipv6
        case .ipv4Only: ipv4
        case .ipv6Only: ipv6
        case .ipv4Preferred: ipv4.isEmpty ? ipv6 : ipv4
        case .all: addresses
        }
    }
}
