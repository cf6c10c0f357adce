// SPDX-License-Identifier: Apache-2.0

enum VirtualServiceValidation {
    static func check(_ service: VirtualService, _ resource: UnvalidatedResource, _ findings: inout Findings) {
        let spec = FieldPath("spec")
        let isDelegate = service.hosts.isEmpty
        let gateways = service.gateways ?? []
        let appliesToMesh = service.gateways == nil || gateways.isEmpty || gateways.contains("mesh")
        if isDelegate {
            // Without hosts it is a delegate: other VirtualServices take its routes in.
            findings.warning(
                spec.field("hosts"),
                "without `hosts` this has no effect by itself: it is a delegate, for other VirtualServices to include",
                suggestion: "add `hosts`")
            if service.gateways != nil, !gateways.isEmpty {
                findings.error(
                    spec.field("gateways"), "a VirtualService without hosts is a delegate, which has no gateways", code: .conflict)
            }
            if !service.tls.isEmpty { findings.error(spec.field("tls"), "a delegate has no TLS routes", code: .conflict) }
            if !service.tcp.isEmpty { findings.error(spec.field("tcp"), "a delegate has no TCP routes", code: .conflict) }
        }
        checkHosts(service, appliesToMesh: appliesToMesh, &findings)
        for (index, gateway) in gateways.enumerated() { checkGateway(gateway, at: spec.field("gateways").index(index), &findings) }
        if service.http.isEmpty, service.tls.isEmpty, service.tcp.isEmpty {
            findings.error(spec, "needs at least one of `http`, `tls`, `tcp`", code: .required)
        }
        let routes = HTTPRouteValidation(isDelegate: isDelegate, gatewaySemantics: !appliesToMesh)
        for (index, route) in service.http.enumerated() {
            let tree = resource.spec["http"]?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? .null
            routes.check(route, tree, at: spec.field("http").index(index), &findings)
        }
        UnreachableMatches.check(service.http, &findings)
        var hosts = HostNames()
        if !service.tls.isEmpty {
            for (index, host) in service.hosts.enumerated() { hosts.insert(host, at: index) }
        }
        for (index, route) in service.tls.enumerated() {
            let path = spec.field("tls").index(index)
            if route.match.isEmpty {
                findings.error(path.field("match"), "a TLS route needs a match with `sniHosts`", code: .required)
            }
            for (position, match) in route.match.enumerated() {
                checkL4(match, at: path.field("match").index(position), &findings)
                checkSNI(match.sniHosts, hosts: hosts, at: path.field("match").index(position).field("sniHosts"), &findings)
            }
            DestinationValidation.check(route.route, at: path.field("route"), &findings)
        }
        for (index, route) in service.tcp.enumerated() {
            let path = spec.field("tcp").index(index)
            for (position, match) in route.match.enumerated() { checkL4(match, at: path.field("match").index(position), &findings) }
            DestinationValidation.check(route.route, at: path.field("route"), &findings)
        }
        MetadataValidation.check(exportTo: service.exportTo, at: spec.field("exportTo"), &findings)
    }

    private static func checkHosts(_ service: VirtualService, appliesToMesh: Bool, _ findings: inout Findings) {
        var seen = HostNames()
        for (index, host) in service.hosts.enumerated() {
            let path = FieldPath("spec.hosts").index(index)
            if AddressSyntax.isIPOrCIDR(host) { continue }
            if host == "*" {
                if appliesToMesh { findings.error(path, "`*` is not allowed for sidecars; name a host or `*.domain`") }
            } else if !NameSyntax.isWildcardHostname(host) {
                findings.error(path, "`\(host.prefix(100))` is not a host name")
            }
            if let other = seen.overlap(with: host) {
                findings.error(
                    path, "`\(host.prefix(100))` and `spec.hosts[\(other)]` stand for the same hosts", code: .conflict)
            }
            seen.insert(host, at: index)
        }
    }

    static func checkGateway(_ gateway: String, at path: FieldPath, _ findings: inout Findings) {
        if gateway == "mesh" { return }
        let parts = gateway.split(separator: "/", omittingEmptySubsequences: false)
        let labels = gateway.split(separator: ".")
        if parts.count == 1, labels.count > 1 {
            findings.warning(
                path, "`\(gateway.prefix(100))` is the old form of a gateway's name", code: .deprecated,
                suggestion: "write `\(labels[1].prefix(100))/\(labels[0].prefix(100))`")
        }
        let valid =
            parts.count == 1
            ? NameSyntax.isWildcardHostname(gateway)
            : parts.count == 2 && (NameSyntax.isDNSLabel(parts[0]) || parts[0] == ".")
                && NameSyntax.isDNSSubdomain(String(parts[1]))
        if !valid { findings.error(path, "`\(gateway.prefix(100))` is not `mesh`, `name` or `namespace/name`") }
    }

    private static func checkL4(_ match: L4Match, at path: FieldPath, _ findings: inout Findings) {
        for (index, subnet) in match.destinationSubnets.enumerated() where !AddressSyntax.isIPOrCIDR(subnet) {
            findings.error(path.field("destinationSubnets").index(index), "`\(subnet.prefix(100))` is not a CIDR block")
        }
        if let port = match.port, port != 0, !(1...65535).contains(port) {
            findings.error(path.field("port"), "\(port) is not a port (1 … 65535)")
        }
        MetadataValidation.check(labels: match.sourceLabels, at: path.field("sourceLabels"), &findings)
        for (index, gateway) in match.gateways.enumerated() {
            checkGateway(gateway, at: path.field("gateways").index(index), &findings)
        }
    }

    private static func checkSNI(_ names: [String], hosts: HostNames, at path: FieldPath, _ findings: inout Findings) {
        if names.isEmpty { findings.error(path, "`sniHosts` is missing", code: .required) }
        for (index, name) in names.enumerated() {
            if !NameSyntax.isWildcardHostname(name) {
                findings.error(path.index(index), "`\(name.prefix(100))` is not a host name")
            } else if hosts.cover(of: name) == nil {
                findings.error(path.index(index), "`\(name)` is not among the hosts of the VirtualService")
            }
        }
    }
}
