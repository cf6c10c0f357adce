// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import SwiftProtobuf

/// The endpoints behind one cluster.
struct EndpointTranslation {
    var snapshot: MeshSnapshot

    func assignment(_ cluster: ClusterName, service: Service, port: ServicePort, subset: [String: String]) -> Wire.LoadAssignment {
        let workloads = snapshot.workloads(of: service).filter { LabelMatch.matches(subset, $0.labels) }
        let localities = Dictionary(grouping: workloads, by: \.locality)
        return .with {
            $0.clusterName = cluster.description
            $0.endpoints = localities.keys.sorted().map { locality in
                self.group(localities[locality] ?? [], locality: locality, port: port)
            }
        }
    }

    private func group(_ workloads: [Workload], locality: String, port: ServicePort) -> Wire.LocalityEndpoints {
        .with {
            let parts = locality.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            $0.locality.region = parts.first ?? ""
            $0.locality.zone = parts.count > 1 ? parts[1] : ""
            $0.locality.subZone = parts.count > 2 ? parts[2] : ""
            $0.lbEndpoints = workloads.map { endpoint($0, port: port) }
            $0.loadBalancingWeight = WireValues.wrapped(
                workloads.reduce(0) { $0.addingReportingOverflow(max($1.weight, 1)).partialValue })
        }
    }

    private func endpoint(_ workload: Workload, port: ServicePort) -> Wire.LbEndpoint {
        var metadata: [String: [String: Google_Protobuf_Value]] = [
            MetadataKey.istio: ["workload": .init(stringValue: Self.identification(workload, snapshot.configuration))]
        ]
        if takesMutualTLS(workload, port: port) {
            metadata[MetadataKey.transportSocketMatch] = ["tlsMode": .init(stringValue: "istio")]
        }
        return .with {
            $0.endpoint.address = WireValues.address(workload.address, workload.port(for: port))
            $0.healthStatus = .healthy
            $0.loadBalancingWeight = WireValues.wrapped(max(workload.weight, 1))
            $0.metadata = WireValues.metadata(metadata)
        }
    }

    /// It has a sidecar, and no PeerAuthentication switches mutual TLS off there.
    private func takesMutualTLS(_ workload: Workload, port: ServicePort) -> Bool {
        guard workload.hasSidecar else { return false }
        let mode = snapshot.mutualTLSMode(namespace: workload.namespace, labels: workload.labels, port: port.number)
        return mode != .disable
    }

    /// `name;namespace;canonical service;canonical revision;cluster`, which telemetry of the client reads.
    static func identification(_ workload: Workload, _ configuration: MeshConfiguration) -> String {
        [workload.name, workload.namespace, workload.canonicalService, workload.canonicalRevision, configuration.clusterID]
            .joined(separator: ";")
    }
}
