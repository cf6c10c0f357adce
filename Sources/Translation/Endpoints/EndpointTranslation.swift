// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// The endpoints behind one cluster.
struct EndpointTranslation {
    var node: ProxyNode
    var snapshot: MeshSnapshot
    /// Where the proxy is.
    var origin: LocalityName

    func assignment(
        _ cluster: ClusterName, service: Service, port: ServicePort, subset: [String: String], plan: LocalityPlan
    ) -> Wire.LoadAssignment {
        let workloads = snapshot.workloads(of: service).filter {
            LabelMatch.matches(subset, $0.labels) && Self.isReachable($0, service)
        }
        let groups = EndpointGroup.groups(workloads, plan: plan, origin: origin, labels: node.labels)
        return .with {
            $0.clusterName = cluster.description
            $0.endpoints = groups.map { self.group($0, port: port) }
        }
    }

    /// Where addresses are pushed, one that is none would have the proxies refuse all of them; where names are looked up, a socket's
    /// path is none.
    private static func isReachable(_ workload: Workload, _ service: Service) -> Bool {
        if workload.address.isEmpty { return false }
        let isSocket = workload.address.hasPrefix("unix://")
        return service.resolution == .endpoints ? isSocket || AddressSyntax.isIP(workload.address) : !isSocket
    }

    private func group(_ group: EndpointGroup, port: ServicePort) -> Wire.LocalityEndpoints {
        .with {
            let place = LocalityName(group.locality)
            $0.locality.region = place.region
            $0.locality.zone = place.zone
            $0.locality.subZone = place.subZone
            $0.priority = UInt32(clamping: group.priority)
            $0.lbEndpoints = group.workloads.map { endpoint($0, port: port) }
            $0.loadBalancingWeight = WireValues.wrapped(group.weight)
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
