// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI

/// Reads a bootstrap file: Envoy's fields as Envoy has them, strictly, and the `malla` object.
package enum BootstrapReader {
    /// Envoy's fields that a sidecar's bootstrap may carry and that mean nothing to us.
    private static let ignoredFields: Set<String> = ["layered_runtime", "stats_config", "overload_manager"]

    package static func read(_ document: String) throws(BootstrapError) -> ProxyBootstrap {
        try Self.read([BootstrapSource(name: "", text: document)])
    }

    /// Several documents are merged, in their order.
    package static func read(_ sources: [BootstrapSource]) throws(BootstrapError) -> ProxyBootstrap {
        var tree = DocumentTree.object([:])
        for source in sources {
            let document = try DocumentTree(document: source.text)
            guard document.object != nil else { throw BootstrapError(reason: "the document is not an object") }
            tree = tree.merging(document)
        }
        guard var members = tree.object else { throw BootstrapError(reason: "the document is not an object") }
        let settings = try WorkloadSettings(tree: members.removeValue(forKey: "malla"))
        for field in Self.ignoredFields { members.removeValue(forKey: field) }
        let message = try MessageDocument.read(.object(members), as: Envoy_Config_Bootstrap_V3_Bootstrap.self)
        return ProxyBootstrap(
            message: message, admin: try Self.admin(message), aggregated: try Self.aggregated(message),
            sources: try Self.sources(message), workload: settings)
    }

    private static func admin(_ message: Envoy_Config_Bootstrap_V3_Bootstrap) throws(BootstrapError) -> SocketEndpoint? {
        guard message.hasAdmin else { return nil }
        return try Self.endpoint(message.admin.address, path: "admin.address")
    }

    static func endpoint(
        _ address: Envoy_Config_Core_V3_Address, path: String
    ) throws(BootstrapError) -> SocketEndpoint {
        guard case .socketAddress(let socket)? = address.address else {
            throw BootstrapError(path: path, reason: "needs a socket_address")
        }
        guard socket.portValue <= 65535 else {
            throw BootstrapError(path: "\(path).socket_address.port_value", reason: "\(socket.portValue) is not a port")
        }
        guard !socket.address.isEmpty else {
            throw BootstrapError(path: "\(path).socket_address.address", reason: "is empty")
        }
        return SocketEndpoint(host: socket.address, port: Int(socket.portValue))
    }
}
