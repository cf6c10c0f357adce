// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// From a destination as a rule writes it to the cluster it means.
struct DestinationTranslation {
    var node: ProxyNode
    var snapshot: MeshSnapshot
    /// Short names resolve here.
    var ruleNamespace: String
    /// Port that the request was sent to.
    var requestPort: Int

    /// A host or a subset that does not exist still names a cluster: the proxy answers 503 `NC` there, as in Istio.
    func cluster(_ destination: Destination) -> ClusterName {
        let host = hostname(destination)
        let service = snapshot.service(host, visibleIn: node.namespace)
        var port = destination.port ?? requestPort
        if destination.port == nil, let service, service.ports.count == 1, let only = service.ports.first { port = only.number }
        return .outbound(service?.hostname ?? host, port: port, subset: destination.subset ?? "")
    }

    func hostname(_ destination: Destination) -> String {
        Hostname.resolve(destination.host, namespace: ruleNamespace, domain: snapshot.configuration.domain)
    }
}
