// SPDX-License-Identifier: Apache-2.0

extension SidecarBootstrap {
    /// What the proxy says of itself to the control plane; `MeshModel.ProxyNode` reads it there.
    var node: JSONTree {
        var labels = plan.labels
        labels["app"] = labels["app"] ?? plan.service
        let inbound = plan.ports.enumerated().map { index, port -> JSONTree in
            [
                "port": .number(port.port), "name": .string(port.name), "listen": .number(SidecarPorts.inbound(index)),
                "app": .string("127.0.0.1:\(port.applicationPort)"),
            ]
        }
        let upstreams = upstreams.map { upstream -> JSONTree in
            ["host": .string(upstream.host), "port": .number(upstream.port), "listen": .string("127.0.0.1:\(upstream.localPort)")]
        }
        return [
            "id": .string("sidecar~\(address)~\(plan.name).\(plan.namespace)~\(plan.namespace).svc.cluster.local"),
            "cluster": .string("\(plan.service).\(plan.namespace)"),
            "metadata": [
                "NAME": .string(plan.name), "NAMESPACE": .string(plan.namespace), "WORKLOAD_NAME": .string(plan.name),
                "SERVICE_ACCOUNT": .string(plan.serviceAccount), "LABELS": .object(labels.mapValues(JSONTree.string)),
                "CLUSTER_ID": "Kubernetes", "MESH_ID": "cluster.local",
                "CANONICAL_SERVICE": .string(labels["service.istio.io/canonical-name"] ?? plan.service),
                "CANONICAL_REVISION": .string(labels["service.istio.io/canonical-revision"] ?? labels["version"] ?? "latest"),
                "MALLA": [
                    "inbound": .list(inbound), "httpProxyPort": .number(SidecarPorts.httpProxy), "upstreams": .list(upstreams),
                ],
            ],
        ]
    }
}
