// SPDX-License-Identifier: Apache-2.0

/// One running instance of a service (`networking.istio.io` WorkloadEntry, and the endpoints of a ServiceEntry).
package struct WorkloadEntry: Sendable, Hashable {
    /// IP address, DNS name, or `unix:///path`.
    package var address: String
    /// Service port name → port on the workload.
    package var ports: [String: Int]
    package var labels: [String: String]
    package var network: String?
    /// `region/zone/sub-zone`.
    package var locality: String?
    package var weight: Int?
    package var serviceAccount: String?

    package init(spec: ManifestValue) {
        address = spec.string("address") ?? ""
        let pairs = (spec["ports"]?.members ?? []).compactMap { member in
            member.value.integer.flatMap { Int(exactly: $0) }.map { (member.key, $0) }
        }
        ports = Dictionary(pairs, uniquingKeysWith: { $1 })
        labels = spec.stringMap("labels") ?? [:]
        network = spec.string("network")
        locality = spec.string("locality")
        weight = spec.int("weight")
        serviceAccount = spec.string("serviceAccount")
    }
}
