// SPDX-License-Identifier: Apache-2.0

/// How one of several endpoints is chosen.
package struct LoadBalancerSettings: Sendable, Hashable {
    /// `LEAST_CONN` is the old name of `LEAST_REQUEST`.
    package enum Simple: String, Sendable, Hashable, CaseIterable {
        case unspecified = "UNSPECIFIED"
        case leastConnections = "LEAST_CONN"
        case random = "RANDOM"
        case passthrough = "PASSTHROUGH"
        case roundRobin = "ROUND_ROBIN"
        case leastRequest = "LEAST_REQUEST"
    }

    package struct ConsistentHash: Sendable, Hashable {
        package enum Key: Sendable, Hashable {
            case header(String)
            case cookie(name: String, path: String?, ttl: Duration?)
            case sourceIP
            case queryParameter(String)
        }

        package enum Algorithm: Sendable, Hashable {
            /// 1,024 unless set.
            case ringHash(minimumRingSize: Int?)
            /// 65,537 unless set; prime.
            case maglev(tableSize: Int?)
        }

        package var key: Key?
        package var algorithm: Algorithm
    }

    package struct LocalityDistribution: Sendable, Hashable {
        package var from: String
        package var to: [String: Int]
    }

    package struct LocalityFailover: Sendable, Hashable {
        package var from: String
        package var to: String
    }

    package struct LocalitySetting: Sendable, Hashable {
        package var enabled: Bool?
        package var distribute: [LocalityDistribution]
        package var failover: [LocalityFailover]
        package var failoverPriority: [String]
    }

    package struct Warmup: Sendable, Hashable {
        package var duration: Duration?
        /// 10 unless set.
        package var minimumPercent: Double?
        /// 1 unless set.
        package var aggression: Double?
    }

    package var simple: Simple?
    package var consistentHash: ConsistentHash?
    package var locality: LocalitySetting?
    package var warmup: Warmup?

    package init(_ tree: ManifestValue) {
        simple = tree.string("simple").flatMap(Simple.init)
        consistentHash = tree["consistentHash"].map(ConsistentHash.init)
        locality = tree["localityLbSetting"].map(LocalitySetting.init)
        if let warmup = tree["warmup"] {
            self.warmup = Warmup(
                duration: warmup.duration("duration"), minimumPercent: warmup.number("minimumPercent"),
                aggression: warmup.number("aggression"))
        } else {
            warmup = tree.duration("warmupDurationSecs").map { Warmup(duration: $0) }
        }
    }
}

extension LoadBalancerSettings.ConsistentHash {
    init(_ tree: ManifestValue) {
        if let name = tree.string("httpHeaderName") {
            key = .header(name)
        } else if let cookie = tree["httpCookie"] {
            key = .cookie(name: cookie.string("name") ?? "", path: cookie.string("path"), ttl: cookie.duration("ttl"))
        } else if tree.bool("useSourceIp") == true {
            key = .sourceIP
        } else if let name = tree.string("httpQueryParameterName") {
            key = .queryParameter(name)
        } else {
            key = nil
        }
        if let maglev = tree["maglev"] {
            algorithm = .maglev(tableSize: maglev.int("tableSize"))
        } else {
            algorithm = .ringHash(minimumRingSize: tree["ringHash"]?.int("minimumRingSize") ?? tree.int("minimumRingSize"))
        }
    }
}

extension LoadBalancerSettings.LocalitySetting {
    init(_ tree: ManifestValue) {
        enabled = tree.bool("enabled")
        distribute = tree.list("distribute") { entry in
            let weights = (entry["to"]?.members ?? []).compactMap { member in
                member.value.integer.flatMap { Int(exactly: $0) }.map { (member.key, $0) }
            }
            return .init(from: entry.string("from") ?? "", to: Dictionary(weights, uniquingKeysWith: { $1 }))
        }
        failover = tree.list("failover") { .init(from: $0.string("from") ?? "", to: $0.string("to") ?? "") }
        failoverPriority = tree.strings("failoverPriority") ?? []
    }
}
