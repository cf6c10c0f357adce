// SPDX-License-Identifier: Apache-2.0

/// Destinations and their weights, the same for HTTP, TLS and TCP routes.
enum DestinationValidation {
    static func check(_ destination: Destination, at path: FieldPath, _ findings: inout Findings) {
        let host = path.field("host")
        if destination.host.isEmpty {
            findings.error(host, "`host` is missing", code: .required)
        } else if destination.host == "*" {
            findings.error(host, "`*` is not a destination; name a service")
        } else if !NameSyntax.isWildcardHostname(destination.host) {
            findings.error(host, "`\(destination.host.prefix(100))` is not a host name")
        }
        if let subset = destination.subset, !subset.isEmpty, !NameSyntax.isDNSLabel(subset) {
            findings.error(path.field("subset"), "`\(subset.prefix(100))` is not a subset's name")
        }
        if let port = destination.port, !(1...65535).contains(port) {
            findings.error(path.field("port.number"), "\(port) is not a port (1 … 65535)")
        }
    }

    static func check(_ destinations: [WeightedDestination], at path: FieldPath, _ findings: inout Findings) {
        if destinations.isEmpty { findings.error(path, "needs at least one destination", code: .required) }
        for (index, entry) in destinations.enumerated() {
            check(entry.destination, at: path.index(index).field("destination"), &findings)
        }
        checkWeights(destinations.map(\.weight), at: path, &findings)
    }

    static func checkWeights(_ weights: [Int], at path: FieldPath, _ findings: inout Findings) {
        for (index, weight) in weights.enumerated() where weight < 0 {
            findings.error(path.index(index).field("weight"), "a weight cannot be negative")
        }
        if weights.count > 1, weights.allSatisfy({ $0 == 0 }) {
            findings.error(path, "the weights of several destinations add up to 0; give them weights")
        }
        var total = 0
        for weight in weights { total = min(total + max(weight, 0), Int(UInt32.max) + 1) }
        if total > Int(UInt32.max) { findings.error(path, "the weights add up to more than \(UInt32.max)") }
    }
}
