// SPDX-License-Identifier: Apache-2.0

extension KnownHeader {
    /// RFC 9110 6.5.1: nothing that frames, routes or authenticates may come behind the body.
    var isForbiddenInTrailers: Bool {
        switch self {
        case .contentLength, .transferEncoding, .host, .connection, .te, .trailer, .upgrade, .keepAlive, .proxyConnection, .expect,
            .authorization, .cookie, .proxyAuthorization, .forwardedClientCert, .forwardedFor, .forwardedProto, .peerMetadata,
            .peerMetadataID:
            true
        default: false
        }
    }
}

extension HeaderBlock {
    /// Takes out of trailers what may not stand there: for protocols whose codec has no place for it.
    package mutating func removeForbiddenInTrailers() {
        self.removeFields { field, _ in field.known.isForbiddenInTrailers }
    }
}
