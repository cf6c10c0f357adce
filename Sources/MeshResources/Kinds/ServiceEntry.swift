// SPDX-License-Identifier: Apache-2.0

/// A service that no Service describes: outside the mesh, or on machines (`networking.istio.io` ServiceEntry).
package struct ServiceEntry: Sendable, Hashable {
    package enum Location: String, Sendable, Hashable, CaseIterable {
        case external = "MESH_EXTERNAL"
        case inside = "MESH_INTERNAL"
    }

    package enum Resolution: String, Sendable, Hashable, CaseIterable {
        case none = "NONE"
        case fixed = "STATIC"
        case dns = "DNS"
        case dnsRoundRobin = "DNS_ROUND_ROBIN"
        case dynamicDNS = "DYNAMIC_DNS"
    }

    package struct Port: Sendable, Hashable {
        package var number: Int
        package var name: String
        package var `protocol`: String?
        package var targetPort: Int?
    }

    package var hosts: [String]
    package var addresses: [String]
    package var ports: [Port]
    package var location: Location
    package var resolution: Resolution
    package var endpoints: [WorkloadEntry]
    package var workloadSelector: [String: String]?
    package var exportTo: [String]?
    package var subjectAltNames: [String]

    package init(spec: ManifestValue) {
        hosts = spec.strings("hosts") ?? []
        addresses = spec.strings("addresses") ?? []
        ports = spec.list("ports") {
            Port(
                number: $0.int("number") ?? 0, name: $0.string("name") ?? "", protocol: $0.string("protocol"),
                targetPort: $0.int("targetPort"))
        }
        location = spec.string("location").flatMap(Location.init) ?? .external
        resolution = spec.string("resolution").flatMap(Resolution.init) ?? .none
        endpoints = spec.list("endpoints", WorkloadEntry.init(spec:))
        workloadSelector = spec["workloadSelector"].map { $0.stringMap("labels") ?? [:] }
        exportTo = spec.strings("exportTo")
        subjectAltNames = spec.strings("subjectAltNames") ?? []
    }
}
