// SPDX-License-Identifier: Apache-2.0

/// Why a node cannot be configured.
package struct ProxyNodeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the node: `id`, `metadata.MALLA.inbound[0].listen`, …
    package var path: String
    package var reason: String

    package var description: String { "node.\(path): \(reason)" }
}

extension ProxyNode {
    /// Node id: `sidecar~<address>~<name>.<namespace>~<namespace>.svc.<domain>`.
    package static func decode(id: String, metadata: [String: NodeMetadataValue]) throws(ProxyNodeError) -> ProxyNode {
        let parts = id.split(separator: "~", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "sidecar" else {
            throw ProxyNodeError(path: "id", reason: "not of the form sidecar~ADDRESS~NAME.NAMESPACE~DOMAIN")
        }
        guard let dot = parts[2].lastIndex(of: "."), dot != parts[2].startIndex else {
            throw ProxyNodeError(path: "id", reason: "the third part is not NAME.NAMESPACE")
        }
        let name = String(parts[2][..<dot])
        let namespace = String(parts[2][parts[2].index(after: dot)...])
        guard !namespace.isEmpty, !parts[1].isEmpty else {
            throw ProxyNodeError(path: "id", reason: "address or namespace is empty")
        }
        if let stated = metadata["NAMESPACE"]?.stringValue, stated != namespace {
            throw ProxyNodeError(path: "metadata.NAMESPACE", reason: "\(stated) is not the namespace of the id, \(namespace)")
        }
        let labels = (metadata["LABELS"]?.objectValue ?? [:]).compactMapValues(\.stringValue)
        let own = metadata["MALLA"]?.objectValue ?? [:]
        return ProxyNode(
            id: id, address: String(parts[1]), name: metadata["WORKLOAD_NAME"]?.stringValue ?? name, namespace: namespace,
            serviceAccount: metadata["SERVICE_ACCOUNT"]?.stringValue ?? "default", labels: labels,
            canonicalService: metadata["CANONICAL_SERVICE"]?.stringValue,
            canonicalRevision: metadata["CANONICAL_REVISION"]?.stringValue,
            inbound: try decodeInbound(own["inbound"]), httpProxyPort: try decodeHTTPProxyPort(own["httpProxyPort"]),
            upstreams: try decodeUpstreams(own["upstreams"]))
    }

    private static func decodeHTTPProxyPort(_ value: NodeMetadataValue?) throws(ProxyNodeError) -> Int? {
        guard let value, value != .null else { return nil }
        guard let port = value.portValue else {
            throw ProxyNodeError(path: "metadata.MALLA.httpProxyPort", reason: "not a port number")
        }
        return port
    }

    private static func decodeInbound(_ value: NodeMetadataValue?) throws(ProxyNodeError) -> [InboundPort] {
        var ports: [InboundPort] = []
        for (index, item) in (value?.listValue ?? []).enumerated() {
            let path = "metadata.MALLA.inbound[\(index)]"
            guard let object = item.objectValue, let port = object["port"]?.portValue else {
                throw ProxyNodeError(path: path, reason: "needs a port")
            }
            guard let listen = object["listen"]?.portValue else {
                throw ProxyNodeError(path: path + ".listen", reason: "not a port number")
            }
            guard let application = object["app"]?.stringValue.flatMap(HostAndPort.init) else {
                throw ProxyNodeError(path: path + ".app", reason: "not of the form ADDRESS:PORT")
            }
            ports.append(
                InboundPort(
                    port: port, name: object["name"]?.stringValue ?? "", listenPort: listen,
                    applicationAddress: application.host, applicationPort: application.port))
        }
        return ports
    }

    private static func decodeUpstreams(_ value: NodeMetadataValue?) throws(ProxyNodeError) -> [Upstream] {
        var upstreams: [Upstream] = []
        for (index, item) in (value?.listValue ?? []).enumerated() {
            let path = "metadata.MALLA.upstreams[\(index)]"
            guard let object = item.objectValue, let host = object["host"]?.stringValue, let port = object["port"]?.portValue else {
                throw ProxyNodeError(path: path, reason: "needs a host and a port")
            }
            guard let listen = object["listen"]?.stringValue.flatMap(HostAndPort.init) else {
                throw ProxyNodeError(path: path + ".listen", reason: "not of the form ADDRESS:PORT")
            }
            upstreams.append(Upstream(host: host.lowercased(), port: port, listenAddress: listen.host, listenPort: listen.port))
        }
        return upstreams
    }
}
