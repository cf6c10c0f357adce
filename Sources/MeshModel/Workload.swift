// SPDX-License-Identifier: Apache-2.0

/// One running instance: a WorkloadEntry, or one endpoint of a ServiceEntry.
package struct Workload: Sendable, Hashable {
    package enum Source: Sendable, Hashable {
        case workloadEntry
        /// Written into the ServiceEntry of this host; belongs to no other service.
        case inline(hostname: String)
    }

    package var name: String
    package var namespace: String
    package var source: Source
    /// IP address, DNS name or `unix://` path.
    package var address: String
    /// Service port name → port on this workload.
    package var ports: [String: Int]
    package var labels: [String: String]
    /// Nil: no identity in the mesh.
    package var serviceAccount: String?
    /// `region/zone/sub-zone`, any of them empty.
    package var locality: String
    /// 0 and absent mean 1.
    package var weight: Int
    /// Has a sidecar that takes mutual TLS.
    package var hasSidecar: Bool

    package init(
        name: String, namespace: String, source: Source = .workloadEntry, address: String, ports: [String: Int] = [:],
        labels: [String: String] = [:], serviceAccount: String? = nil, locality: String = "", weight: Int = 1,
        hasSidecar: Bool = false
    ) {
        self.name = name
        self.namespace = namespace
        self.source = source
        self.address = address
        self.ports = ports
        self.labels = labels
        self.serviceAccount = serviceAccount
        self.locality = locality
        self.weight = weight
        self.hasSidecar = hasSidecar
    }

    /// The port on which this workload serves `port` of a service.
    package func port(for port: ServicePort) -> Int {
        if let own = ports[port.name] { return own }
        switch port.target {
        case .number(let number): return number
        case .name(let name): return ports[name] ?? port.number
        case nil: return port.number
        }
    }

    package func spiffeID(trustDomain: String) -> String? {
        serviceAccount.map { "spiffe://\(trustDomain)/ns/\(namespace)/sa/\($0)" }
    }

    package var canonicalService: String {
        labels["service.istio.io/canonical-name"] ?? labels["app.kubernetes.io/name"] ?? labels["app"] ?? name
    }

    package var canonicalRevision: String {
        labels["service.istio.io/canonical-revision"] ?? labels["app.kubernetes.io/version"] ?? labels["version"] ?? "latest"
    }
}
