// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The objects by which the API server knows a workload, as JSON, and their paths.
package struct WorkloadObjects: Sendable, Hashable {
    package static let managedBy = "malla.dev/managed-by"
    package static let manager = "malla-run"

    package struct Metadata: Sendable, Hashable, Codable {
        package var name: String
        package var namespace: String?
        package var labels: [String: String]?
        package var resourceVersion: String?
    }

    package struct Entry: Sendable, Hashable, Codable {
        package struct Spec: Sendable, Hashable, Codable {
            package var address: String
            package var ports: [String: Int]?
            package var labels: [String: String]?
            package var serviceAccount: String?
        }

        package var apiVersion = "networking.istio.io/v1"
        package var kind = "WorkloadEntry"
        package var metadata: Metadata
        package var spec: Spec
    }

    package struct Service: Sendable, Hashable, Codable {
        package struct Port: Sendable, Hashable, Codable {
            package var name: String?
            package var port: Int
        }

        package struct Spec: Sendable, Hashable, Codable {
            package var selector: [String: String]?
            package var ports: [Port]?
        }

        package var apiVersion = "v1"
        package var kind = "Service"
        package var metadata: Metadata
        package var spec: Spec
    }

    /// A kind of which only the name matters here.
    package struct Named: Sendable, Hashable, Codable {
        package var apiVersion = "v1"
        package var kind: String
        package var metadata: Metadata
    }

    package var plan: RunPlan

    package init(plan: RunPlan) { self.plan = plan }

    package var namespacePath: String { "/api/v1/namespaces/\(plan.namespace)" }
    package var entriesPath: String { "/apis/networking.istio.io/v1/namespaces/\(plan.namespace)/workloadentries" }
    package var entryPath: String { "\(entriesPath)/\(plan.name)" }
    package var tokenPath: String { "\(namespacePath)/serviceaccounts/\(plan.serviceAccount)/token" }

    package static func servicePath(_ name: String, _ namespace: String) -> String {
        "/api/v1/namespaces/\(namespace)/services/\(name)"
    }

    package var namespace: Named { Named(kind: "Namespace", metadata: Metadata(name: plan.namespace)) }

    package var serviceAccount: Named {
        Named(kind: "ServiceAccount", metadata: Metadata(name: plan.serviceAccount, namespace: plan.namespace))
    }

    package var service: Service {
        Service(
            metadata: Metadata(name: plan.service, namespace: plan.namespace),
            spec: Service.Spec(
                selector: ["app": plan.service], ports: plan.ports.map { Service.Port(name: $0.name, port: $0.port) }))
    }

    package func entry(address: String, resourceVersion: String? = nil) -> Entry {
        var labels = plan.labels
        labels["app"] = labels["app"] ?? plan.service
        let ports = Dictionary(
            plan.ports.enumerated().map { ($1.name, SidecarPorts.inbound($0)) }, uniquingKeysWith: { first, _ in first })
        return Entry(
            metadata: Metadata(
                name: plan.name, namespace: plan.namespace, labels: [Self.managedBy: Self.manager], resourceVersion: resourceVersion
            ),
            spec: Entry.Spec(
                address: address, ports: ports.isEmpty ? nil : ports, labels: labels, serviceAccount: plan.serviceAccount))
    }
}
