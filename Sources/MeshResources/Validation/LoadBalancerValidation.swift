// SPDX-License-Identifier: Apache-2.0

enum LoadBalancerValidation {
    static func check(_ balancer: LoadBalancerSettings, _ tree: ManifestValue, at path: FieldPath, _ findings: inout Findings) {
        if balancer.simple == .leastConnections {
            findings.warning(
                path.field("simple"), "LEAST_CONN is the old name of LEAST_REQUEST and acts the same", code: .deprecated,
                suggestion: "write `LEAST_REQUEST`")
        }
        if balancer.simple != nil, balancer.consistentHash != nil {
            findings.error(path, "either `simple` or `consistentHash`, not both", code: .conflict)
        }
        if let hash = balancer.consistentHash, let hashTree = tree["consistentHash"] {
            checkHash(hash, hashTree, at: path.field("consistentHash"), &findings)
        }
        if let locality = balancer.locality { checkLocality(locality, at: path.field("localityLbSetting"), &findings) }
        if tree["warmup"] != nil || tree["warmupDurationSecs"] != nil {
            if tree["warmup"] != nil, tree["warmupDurationSecs"] != nil {
                findings.error(path.field("warmup"), "either `warmup` or `warmupDurationSecs`, not both", code: .conflict)
            }
            if balancer.warmup?.duration == nil {
                findings.error(path.field("warmup.duration"), "`duration` is missing", code: .required)
            }
            if let share = balancer.warmup?.minimumPercent, !(0...100).contains(share) {
                findings.error(path.field("warmup.minimumPercent"), "\(share) is not a percentage (0 … 100)")
            }
            if let aggression = balancer.warmup?.aggression, aggression < 1 {
                findings.error(path.field("warmup.aggression"), "is at least 1")
            }
        }
    }

    private static func checkHash(
        _ hash: LoadBalancerSettings.ConsistentHash, _ tree: ManifestValue, at path: FieldPath, _ findings: inout Findings
    ) {
        if hash.key == nil {
            findings.error(path, "needs `httpHeaderName`, `httpCookie`, `useSourceIp` or `httpQueryParameterName`", code: .required)
        }
        if ["httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName"].count(where: { tree[$0] != nil }) > 1 {
            findings.error(path, "one key to hash by, not several", code: .conflict)
        }
        if tree["ringHash"] != nil, tree["maglev"] != nil {
            findings.error(path, "either `ringHash` or `maglev`, not both", code: .conflict)
        }
        if case .cookie(let name, _, let ttl)? = hash.key {
            if name.isEmpty { findings.error(path.field("httpCookie.name"), "`name` is missing", code: .required) }
            if tree["httpCookie"]?["ttl"] != nil, ttl.map({ $0 < .zero }) ?? false {
                findings.error(path.field("httpCookie.ttl"), "cannot be negative")
            }
        }
        if case .maglev(let size?) = hash.algorithm {
            if size >= 5_000_011 || !isPrime(size) {
                findings.error(path.field("maglev.tableSize"), "\(size) is not a prime below 5000011")
            }
        }
    }

    private static func isPrime(_ number: Int) -> Bool {
        guard number >= 2 else { return false }
        var divisor = 2
        while divisor * divisor <= number {
            if number % divisor == 0 { return false }
            divisor += 1
        }
        return true
    }

    private static func checkLocality(
        _ locality: LoadBalancerSettings.LocalitySetting, at path: FieldPath, _ findings: inout Findings
    ) {
        let kinds = [!locality.distribute.isEmpty, !locality.failover.isEmpty, !locality.failoverPriority.isEmpty]
        if kinds[0], kinds[1] || kinds[2] {
            findings.error(path, "one of `distribute`, `failover`, `failoverPriority`, not several", code: .conflict)
        }
        var origins: [String] = []
        for (index, entry) in locality.distribute.enumerated() {
            let place = path.field("distribute").index(index)
            let total = entry.to.values.reduce(0) { $0 + min(max($1, 0), 1000) }
            if entry.to.values.contains(where: { $0 <= 0 || $0 > 100 }) { findings.error(place.field("to"), "a weight is 1 … 100") }
            if total != 100 { findings.error(place.field("to"), "the weights add up to \(total), not 100") }
            if origins.contains(where: { overlaps($0, entry.from) }) {
                findings.error(place.field("from"), "`\(entry.from.prefix(60))` overlaps another entry", code: .conflict)
            }
            origins.append(entry.from)
            checkName(entry.from, at: place.field("from"), &findings)
            for name in entry.to.keys.sorted() { checkName(name, at: place.field("to").key(name), &findings) }
            let targets = entry.to.keys.sorted()
            for (position, name) in targets.enumerated() where targets[..<position].contains(where: { overlaps($0, name) }) {
                findings.error(place.field("to").key(name), "`\(name.prefix(60))` overlaps another locality", code: .conflict)
            }
        }
        for (index, entry) in locality.failover.enumerated() {
            let place = path.field("failover").index(index)
            if entry.from == entry.to { findings.error(place, "fails over to where it comes from", code: .conflict) }
            if entry.from.contains("*") || entry.to.contains("*") || entry.from.contains("/") || entry.to.contains("/") {
                findings.error(place, "names regions, without zone and wildcard")
            }
            if entry.from.isEmpty || entry.to.isEmpty { findings.error(place, "`from` and `to` are needed", code: .required) }
        }
    }

    private static func checkName(_ name: String, at path: FieldPath, _ findings: inout Findings) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if name.isEmpty || parts.contains("") || parts.count > 3 {
            findings.error(path, "`\(name.prefix(60))` is not `region/zone/sub-zone`")
        } else if let star = parts.firstIndex(where: { $0.contains("*") }), star != parts.count - 1 || parts[star] != "*" {
            findings.error(path, "`*` stands alone, at the end")
        }
    }

    private static func overlaps(_ left: String, _ right: String) -> Bool {
        let a = left.split(separator: "/"), b = right.split(separator: "/")
        for (x, y) in zip(a, b) {
            if x == "*" || y == "*" { return true }
            if x != y { return false }
        }
        return true
    }
}
