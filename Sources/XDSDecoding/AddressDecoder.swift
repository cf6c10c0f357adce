// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel

/// Addresses: TCP sockets and Unix sockets.
enum AddressDecoder {
    static func decode(_ address: Envoy_Config_Core_V3_Address, _ context: FieldContext) throws(DecodingError) -> ProxySocketAddress
    {
        switch address.address {
        case .socketAddress(let socket):
            let place = context.field("socket_address")
            try place.refuse(socket.`protocol` != .tcp, "protocol")
            try place.refuse(!socket.resolverName.isEmpty, "resolver_name")
            guard case .portValue(let port)? = socket.portSpecifier else { throw place.error("has no port number") }
            return .host(try place.nonEmpty(socket.address, "address"), port: try place.port(port, "port_value"))
        case .pipe(let pipe):
            let path = try context.nonEmpty(pipe.path, "pipe.path")
            let place = context.field("pipe.path")
            if path.hasPrefix("@") { throw place.error("abstract sockets are not supported by this proxy") }
            // What fits into `sockaddr_un` with its end.
            guard path.utf8.count < 108, !path.utf8.contains(0) else { throw place.error("is no path of a socket") }
            return .unixPath(path)
        case .envoyInternalAddress:
            throw context.field("envoy_internal_address").error("is not supported by this proxy")
        case nil:
            throw context.error("is missing")
        }
    }
}
