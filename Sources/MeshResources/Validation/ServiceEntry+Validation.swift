// SPDX-License-Identifier: Apache-2.0

enum ServiceEntryValidation {
    static func check(_ entry: ServiceEntry, _ resource: UnvalidatedResource, _ findings: inout Findings) {
        let spec = FieldPath("spec")
        if entry.hosts.isEmpty { findings.error(spec.field("hosts"), "a ServiceEntry needs at least one host", code: .required) }
        for (index, host) in entry.hosts.enumerated() {
            let path = spec.field("hosts").index(index)
            if host == "*" {
                findings.error(path, "`*` alone would take all traffic; name a host or `*.domain`")
            } else if AddressSyntax.isIP(host) {
                findings.error(path, "`\(host)` is an IP address; addresses go under `spec.addresses`")
            } else if !NameSyntax.isWildcardHostname(host) {
                findings.error(path, "`\(host.prefix(100))` is not a host name")
            } else if host.hasPrefix("*"), !host.hasPrefix("*."), entry.resolution != .dynamicDNS {
                findings.warning(path, "`\(host.prefix(100))`: a wildcard that is not a whole label is not matched everywhere")
            }
        }
        for (index, address) in entry.addresses.enumerated() where !AddressSyntax.isIPOrCIDR(address) {
            findings.error(
                spec.field("addresses").index(index), "`\(address.prefix(100))` is neither an IP address nor a CIDR block")
        }
        if entry.resolution != .none, entry.resolution != .fixed, entry.addresses.contains(where: { $0.contains("/") }) {
            findings.error(spec.field("addresses"), "CIDR blocks need resolution NONE or STATIC", code: .conflict)
        }
        if entry.workloadSelector?.isEmpty == true {
            findings.warning(spec.field("workloadSelector"), "a selector without labels selects every workload of the namespace")
        }
        checkPorts(entry, &findings)
        checkSharedPorts(entry, &findings)
        checkEndpoints(entry, resource, &findings)
        MetadataValidation.check(exportTo: entry.exportTo, at: spec.field("exportTo"), &findings)
    }

    private static func checkPorts(_ entry: ServiceEntry, _ findings: inout Findings) {
        let ports = FieldPath("spec.ports")
        var names: Set<String> = []
        var numbers: Set<Int> = []
        for (index, port) in entry.ports.enumerated() {
            let path = ports.index(index)
            if !(1...65535).contains(port.number) {
                findings.error(path.field("number"), "\(port.number) is not a port (1 … 65535)")
            }
            if !numbers.insert(port.number).inserted {
                findings.error(path.field("number"), "port \(port.number) is given twice", code: .conflict)
            }
            if port.name.isEmpty { findings.error(path.field("name"), "`name` is missing", code: .required) }
            if !port.name.isEmpty, !NameSyntax.isDNSLabel(port.name.lowercased()) {
                findings.error(path.field("name"), "`\(port.name.prefix(100))` is not a port name")
            }
            if !names.insert(port.name).inserted {
                findings.error(path.field("name"), "two ports are named `\(port.name)`", code: .conflict)
            }
            if let name = port.protocol, !PortProtocolName.isKnown(name) {
                findings.error(
                    path.field("protocol"),
                    "`\(name.prefix(60))` is not a protocol: \(PortProtocolName.known.joined(separator: ", "))")
            }
            if let target = port.targetPort, target != 0, !(1...65535).contains(target) {
                findings.error(path.field("targetPort"), "\(target) is not a port (1 … 65535)")
            }
            if entry.resolution == .none, let target = port.targetPort, target != 0, target != port.number {
                findings.warning(path.field("targetPort"), "has no effect with resolution NONE")
            }
        }
    }

    /// A plain TCP connection does not say which of several hosts it means.
    private static func checkSharedPorts(_ entry: ServiceEntry, _ findings: inout Findings) {
        let spec = FieldPath("spec")
        let isTCP = { (port: ServiceEntry.Port) in PortProtocolName.isTCP(port.protocol) }
        if entry.hosts.count > 1, entry.resolution != .none {
            for (index, port) in entry.ports.enumerated() where !PortProtocolName.namesItsHost(port.protocol) {
                findings.error(
                    spec.field("ports").index(index), "several hosts cannot share a port that is neither HTTP nor TLS",
                    code: .conflict)
            }
            if !entry.addresses.isEmpty, entry.resolution == .dns || entry.resolution == .dnsRoundRobin,
                entry.ports.contains(where: isTCP)
            {
                findings.warning(
                    spec.field("addresses"),
                    "several hosts share these addresses; a TCP or TLS port cannot tell them apart by address")
            }
        }
        if entry.addresses.isEmpty {
            for (index, port) in entry.ports.enumerated() where (port.protocol ?? "").isEmpty || port.protocol == "TCP" {
                if entry.resolution == .none || entry.hosts.contains(where: { $0.hasPrefix("*") }) {
                    findings.warning(
                        spec.field("ports").index(index), "without `addresses` a TCP port takes all traffic to port \(port.number)")
                }
            }
        }
    }

    private static func checkDynamic(_ entry: ServiceEntry, _ resource: UnvalidatedResource, _ findings: inout Findings) {
        let spec = FieldPath("spec")
        if !entry.endpoints.isEmpty {
            findings.error(spec.field("endpoints"), "no endpoints with resolution DYNAMIC_DNS", code: .conflict)
        }
        if !entry.addresses.isEmpty {
            findings.error(spec.field("addresses"), "no addresses with resolution DYNAMIC_DNS", code: .conflict)
        }
        for (index, host) in entry.hosts.enumerated() where !host.hasPrefix("*") {
            findings.error(
                spec.field("hosts").index(index), "resolution DYNAMIC_DNS needs a wildcard host, such as `*.\(host.prefix(100))`")
        }
        for (index, port) in entry.ports.enumerated()
        where !["HTTP", "HTTP2", "GRPC", "TLS"].contains((port.protocol ?? "").uppercased()) {
            findings.error(
                spec.field("ports").index(index).field("protocol"), "resolution DYNAMIC_DNS serves HTTP, HTTP2, GRPC and TLS only")
        }
        let waypoint = resource.metadata.labels["istio.io/use-waypoint"] ?? "none"
        if entry.location == .inside, !waypoint.isEmpty, waypoint.lowercased() != "none" {
            findings.error(
                spec.field("location"), "MESH_INTERNAL with resolution DYNAMIC_DNS is not served by waypoints", code: .conflict)
        }
    }

    private static func checkEndpoints(_ entry: ServiceEntry, _ resource: UnvalidatedResource, _ findings: inout Findings) {
        let spec = FieldPath("spec")
        if entry.workloadSelector != nil, !entry.endpoints.isEmpty {
            findings.error(spec.field("workloadSelector"), "either `workloadSelector` or `endpoints`, not both", code: .conflict)
        }
        let portNames = Set(entry.ports.map(\.name))
        switch entry.resolution {
        case .none:
            if !entry.endpoints.isEmpty {
                findings.error(spec.field("endpoints"), "no endpoints with resolution NONE", code: .conflict)
            }
        case .fixed:
            if entry.endpoints.isEmpty, entry.workloadSelector == nil {
                findings.error(
                    spec.field("endpoints"), "resolution STATIC needs `endpoints` or `workloadSelector`", code: .required)
            }
        case .dns, .dnsRoundRobin:
            if entry.endpoints.isEmpty {
                for (index, host) in entry.hosts.enumerated() where host.hasPrefix("*") {
                    findings.error(spec.field("hosts").index(index), "`\(host)` cannot be resolved by DNS; give `endpoints`")
                }
            }
            if entry.resolution == .dnsRoundRobin, entry.endpoints.count > 1 {
                findings.error(spec.field("endpoints"), "resolution DNS_ROUND_ROBIN takes one endpoint", code: .conflict)
            }
        case .dynamicDNS:
            checkDynamic(entry, resource, &findings)
        }
        for (index, endpoint) in entry.endpoints.enumerated() {
            let path = spec.field("endpoints").index(index)
            WorkloadEntryValidation.check(endpoint, at: path, &findings)
            let isUnix = endpoint.address.hasPrefix("unix://")
            if isUnix, entry.ports.count != 1 {
                findings.error(path.field("address"), "a Unix socket serves exactly one port", code: .conflict)
            }
            if entry.resolution == .fixed, !isUnix, !endpoint.address.isEmpty, !AddressSyntax.isIP(endpoint.address) {
                findings.error(
                    path.field("address"), "resolution STATIC needs an IP address, not `\(endpoint.address.prefix(100))`")
            }
            if entry.resolution == .dns || entry.resolution == .dnsRoundRobin, isUnix {
                findings.error(path.field("address"), "a Unix socket cannot be resolved by DNS", code: .conflict)
            }
            for name in endpoint.ports.keys.sorted() where !portNames.contains(name) {
                findings.error(path.field("ports").key(name), "no port of the entry is named `\(name.prefix(100))`")
            }
        }
    }
}

/// Protocols that a port may declare, as Istio knows them.
enum PortProtocolName {
    static let known = [
        "HTTP", "HTTPS", "HTTP2", "GRPC", "GRPC-WEB", "HTTP_PROXY", "HBONE", "DOUBLE-HBONE", "TCP", "UDP", "TLS", "MONGO", "REDIS",
        "MYSQL",
    ]

    /// The bytes that the proxy does not look into further than TLS; an absent protocol counts.
    static func isTCP(_ name: String?) -> Bool {
        ["TCP", "HTTPS", "TLS", "MONGO", "REDIS", "MYSQL"].contains((name ?? "").uppercased())
    }

    /// A request or a TLS greeting that says which host is meant.
    static func namesItsHost(_ name: String?) -> Bool {
        ["HTTP", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-WEB", "HTTPS", "TLS"].contains((name ?? "").uppercased())
    }

    static func isKnown(_ name: String) -> Bool { known.contains(name.uppercased()) }
}
