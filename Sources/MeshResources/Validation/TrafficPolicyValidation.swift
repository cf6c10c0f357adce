// SPDX-License-Identifier: Apache-2.0

enum TrafficPolicyValidation {
    static func check(
        _ policy: TrafficPolicy, _ tree: ManifestValue, at path: FieldPath, _ findings: inout Findings, isPortLevel: Bool = false
    ) {
        let meant = (tree.members ?? []).filter { $0.key != "port" && !$0.value.isNull }
        if meant.isEmpty { findings.error(path, "is empty; give it a setting or leave it out", code: .required) }
        if let balancer = policy.loadBalancer {
            LoadBalancerValidation.check(
                balancer, tree["loadBalancer"] ?? .null, hasOutlierDetection: policy.outlierDetection != nil,
                at: path.field("loadBalancer"),
                &findings)
        }
        if let pool = tree["connectionPool"] { checkPool(policy.connectionPool, pool, at: path.field("connectionPool"), &findings) }
        if let outlier = policy.outlierDetection {
            checkOutlier(outlier, tree["outlierDetection"] ?? .null, at: path.field("outlierDetection"), &findings)
        }
        if let tls = policy.tls { ClientTLSValidation.check(tls, at: path.field("tls"), &findings) }
        if policy.hasTunnel, policy.proxyProtocolVersion != nil {
            findings.error(path.field("tunnel"), "either `tunnel` or `proxyProtocol`, not both", code: .conflict)
        }
        if let tunnel = tree["tunnel"] { checkTunnel(tunnel, at: path.field("tunnel"), &findings) }
        if let budget = policy.retryBudget?.percent, !(0...100).contains(budget) {
            findings.error(path.field("retryBudget.percent"), "\(budget) is not a percentage (0 … 100)")
        }
        var ports: Set<Int> = []
        for (index, entry) in policy.portLevelSettings.enumerated() {
            let place = path.field("portLevelSettings").index(index)
            let subtree = tree["portLevelSettings"]?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? .null
            if let port = entry.port, (1...65535).contains(port) {
                if !ports.insert(port).inserted {
                    findings.error(place.field("port"), "port \(port) is set twice", code: .conflict)
                }
            } else {
                findings.error(place.field("port.number"), "`port.number` is missing", code: .required)
            }
            check(entry.policy, subtree, at: place, &findings, isPortLevel: true)
        }
    }

    private static func checkPool(
        _ pool: ConnectionPoolSettings?, _ tree: ManifestValue, at path: FieldPath, _ findings: inout Findings
    ) {
        if pool?.http == nil, pool?.tcp == nil { findings.error(path, "needs `tcp` or `http`", code: .required) }
        for section in ["tcp", "http"] {
            guard let members = tree[section]?.members else { continue }
            if members.isEmpty {
                findings.error(path.field(section), "is empty; give it a setting or leave it out", code: .required)
            }
            for member in members {
                if let number = member.value.integer, number < 0 {
                    findings.error(path.field(section).field(member.key), "cannot be negative")
                }
                let place = path.field(section).field(member.key)
                for (field, text) in ([("", member.value.string)] + (member.value.members ?? []).map { ($0.key, $0.value.string) })
                {
                    guard let duration = text.flatMap(DurationText.parse) else { continue }
                    let isSwitch = section == "tcp" && member.key == "idleTimeout"
                    let deeper = field.isEmpty ? place : place.field(field)
                    if isSwitch {
                        DurationValidation.checkOrZero(duration, at: deeper, &findings)
                    } else {
                        DurationValidation.check(duration, at: deeper, &findings)
                    }
                }
            }
        }
        if pool?.http?.h2UpgradePolicy == .always, pool?.http?.useClientProtocol == true {
            findings.error(
                path.field("http.useClientProtocol"), "either `useClientProtocol` or `h2UpgradePolicy: UPGRADE`, not both",
                code: .conflict)
        }
        if let keepAlive = pool?.http?.http2KeepAlive {
            for (field, value) in [("interval", keepAlive.interval), ("timeout", keepAlive.timeout)] where value == nil {
                findings.error(path.field("http.http2KeepAlive").field(field), "`\(field)` is missing", code: .required)
            }
        }
        if let requests = pool?.http?.maxRequestsPerConnection, (1...9).contains(requests) {
            findings.warning(
                path.field("http.maxRequestsPerConnection"),
                "\(requests) requests a connection means a new TLS handshake every \(requests) requests; leave it out or take 1000 and more"
            )
        }
    }

    private static func checkOutlier(
        _ outlier: OutlierDetectionSettings, _ tree: ManifestValue, at path: FieldPath, _ findings: inout Findings
    ) {
        if tree["consecutiveErrors"] != nil {
            findings.warning(
                path.field("consecutiveErrors"), "is deprecated and has no effect", code: .deprecated,
                suggestion: "write `consecutive5xxErrors` (or `consecutiveGatewayErrors` for 502, 503 and 504 alone)")
        }
        for (field, value) in [("interval", outlier.interval), ("baseEjectionTime", outlier.baseEjectionTime)] {
            DurationValidation.check(value, at: path.field(field), &findings)
        }
        for (field, value) in [("maxEjectionPercent", outlier.maxEjectionPercent), ("minHealthPercent", outlier.minHealthPercent)] {
            if let value, !(0...100).contains(value) { findings.error(path.field(field), "\(value) is not a percentage (0 … 100)") }
        }
        if outlier.consecutiveLocalOriginFailures ?? 0 > 0, outlier.splitExternalLocalOriginErrors != true {
            findings.error(
                path.field("consecutiveLocalOriginFailures"), "needs `splitExternalLocalOriginErrors: true`", code: .conflict)
        }
        if let gateway = outlier.consecutiveGatewayErrors, gateway > 0, gateway >= (outlier.consecutive5xxErrors ?? 5),
            outlier.consecutive5xxErrors != 0
        {
            findings.warning(
                path.field("consecutiveGatewayErrors"),
                "is not below `consecutive5xxErrors` (\(outlier.consecutive5xxErrors ?? 5)), so it has no effect")
        }
    }

    private static func checkTunnel(_ tunnel: ManifestValue, at path: FieldPath, _ findings: inout Findings) {
        if let name = tunnel.string("protocol"), !["CONNECT", "POST", ""].contains(name) {
            findings.error(path.field("protocol"), "is `CONNECT` or `POST`")
        }
        let host = tunnel.string("targetHost") ?? ""
        if host.isEmpty || host.contains("*") || !(NameSyntax.isHostname(host) || AddressSyntax.isIP(host)) {
            findings.error(path.field("targetHost"), "must be a host name without wildcard, or an IP address")
        }
        if !(1...65535).contains(tunnel.int("targetPort") ?? 0) {
            findings.error(path.field("targetPort"), "must be a port (1 … 65535)")
        }
    }
}
