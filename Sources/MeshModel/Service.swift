// SPDX-License-Identifier: Apache-2.0

/// A name that clients call: a Kubernetes Service, or one host of a ServiceEntry.
package struct Service: Sendable, Hashable {
    package enum Source: Sendable, Hashable { case service, serviceEntry }

    /// How the addresses behind the name are found.
    package enum Resolution: Sendable, Hashable {
        /// Endpoints are known to the control plane and pushed.
        case endpoints
        /// The proxy resolves names.
        case dns
        /// The address that the client connected to is taken.
        case none
    }

    /// Fully qualified, lower case; may begin with `*.` for a ServiceEntry.
    package var hostname: String
    /// Name of the resource that declares it.
    package var name: String
    package var namespace: String
    package var source: Source
    package var ports: [ServicePort]
    /// Nil: selects nothing. Never empty.
    package var selector: [String: String]?
    package var resolution: Resolution
    /// Outside the mesh: no mutual TLS by itself, no canonical service.
    package var isExternal: Bool
    /// Virtual addresses under which clients may call it.
    package var addresses: [String]
    package var visibility: Visibility
    /// Names that its certificates may carry besides its workloads' identities.
    package var subjectAltNames: [String]

    package init(
        hostname: String, name: String, namespace: String, source: Source, ports: [ServicePort],
        selector: [String: String]? = nil, resolution: Resolution = .endpoints, isExternal: Bool = false,
        addresses: [String] = [], visibility: Visibility = .everywhere, subjectAltNames: [String] = []
    ) {
        self.hostname = hostname
        self.name = name
        self.namespace = namespace
        self.source = source
        self.ports = ports
        self.selector = selector
        self.resolution = resolution
        self.isExternal = isExternal
        self.addresses = addresses
        self.visibility = visibility
        self.subjectAltNames = subjectAltNames
    }

    package func port(_ number: Int) -> ServicePort? { ports.first { $0.number == number } }

    package func selects(_ labels: [String: String]) -> Bool {
        guard let selector else { return false }
        return LabelMatch.matches(selector, labels)
    }
}
