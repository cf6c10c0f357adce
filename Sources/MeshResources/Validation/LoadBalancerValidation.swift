// SPDX-License-Identifier: Apache-2.0

enum LoadBalancerValidation {
    static func check(
        _ balancer: LoadBalancerSettings, _ tree: ManifestValue, hasOutlierDetection: Bool, at path: FieldPath,
        _ findings: inout Findings
    ) {
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
        if let locality = balancer.locality {
            LocalityValidation.check(
                locality, hasOutlierDetection: hasOutlierDetection, at: path.field("localityLbSetting"), &findings)
        }
        if let zones = tree["zoneAwareLbSetting"] {
            let place = path.field("zoneAwareLbSetting")
            if balancer.locality != nil {
                findings.error(place, "either `localityLbSetting` or `zoneAwareLbSetting`, not both", code: .conflict)
            }
            LocalityValidation.check(zoneAware: zones, hasOutlierDetection: hasOutlierDetection, at: place, &findings)
        }
        if tree["warmup"] != nil || tree["warmupDurationSecs"] != nil {
            if tree["warmup"] != nil, tree["warmupDurationSecs"] != nil {
                findings.error(path.field("warmup"), "either `warmup` or `warmupDurationSecs`, not both", code: .conflict)
            }
            DurationValidation.check(balancer.warmup?.duration, at: path.field("warmup.duration"), &findings)
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
}
