// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Reads a bootstrap file: Envoy's fields as Envoy has them, strictly, and the `malla` object.
package enum BootstrapReader {
    /// Envoy's fields that a sidecar's bootstrap may carry and that mean nothing to us.
    private static let ignoredFields: Set<String> = ["layered_runtime", "stats_config", "overload_manager"]

    package static func read(_ document: String) throws(BootstrapError) -> ProxyBootstrap {
        let tree = try DocumentTree(document: document)
        guard var members = tree.object else { throw BootstrapError(reason: "the document is not an object") }
        let settings = try WorkloadSettings(tree: members.removeValue(forKey: "malla"))
        for field in Self.ignoredFields { members.removeValue(forKey: field) }
        let message = try Self.message(.object(members))
        return ProxyBootstrap(
            message: message, admin: try Self.admin(message), controlPlane: try Self.controlPlane(message), workload: settings)
    }

    private static func message(_ tree: DocumentTree) throws(BootstrapError) -> Envoy_Config_Bootstrap_V3_Bootstrap {
        ExtensionTypes.register()
        do {
            return try Self.decode(tree)
        } catch {
            let path = FaultLocator { _ = try Self.decode($0) }.path(in: tree)
            throw BootstrapError(path: path, reason: Self.reason(error))
        }
    }

    private static func decode(_ tree: DocumentTree) throws -> Envoy_Config_Bootstrap_V3_Bootstrap {
        var options = JSONDecodingOptions()
        options.messageDepthLimit = 100
        let message = try Envoy_Config_Bootstrap_V3_Bootstrap(jsonString: tree.json, options: options)
        // An `Any` is only read when it is asked for; writing bytes asks for all of them, and for their types.
        _ = try message.serializedBytes() as [UInt8]
        return message
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? JSONDecodingError, case .unknownField(let name) = error { return "unknown field '\(name)'" }
        return "cannot be read: \(error)"
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
