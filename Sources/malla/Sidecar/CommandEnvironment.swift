// SPDX-License-Identifier: Apache-2.0

/// What the command finds in its environment: where it listens, and the way into the mesh.
package struct CommandEnvironment: Sendable, Hashable {
    package var name: String
    package var namespace: String
    package var service: String
    package var address: String
    package var ports: [PublishedPort]

    package init(name: String, namespace: String, service: String, address: String, ports: [PublishedPort]) {
        self.name = name
        self.namespace = namespace
        self.service = service
        self.address = address
        self.ports = ports
    }

    package func merged(into environment: [String: String]) -> [String: String] {
        var merged = environment
        for name in ["HTTP_PROXY", "NO_PROXY", "all_proxy", "ALL_PROXY"] { merged[name] = nil }
        merged["http_proxy"] = "http://\(address):\(SidecarPorts.httpProxy)"
        // The sidecar's own address too: $MALLA_ADMIN is asked without the mesh.
        merged["no_proxy"] = "localhost,127.0.0.1,\(address)"
        merged["MALLA_NAME"] = name
        merged["MALLA_NAMESPACE"] = namespace
        merged["MALLA_SERVICE"] = service
        merged["MALLA_ADDRESS"] = address
        merged["MALLA_ADMIN"] = "http://\(address):\(SidecarPorts.admin)"
        for (index, port) in ports.enumerated() {
            if index == 0 { merged["PORT"] = String(port.applicationPort) }
            merged["MALLA_PORT_\(port.port)"] = String(port.applicationPort)
        }
        return merged
    }
}
