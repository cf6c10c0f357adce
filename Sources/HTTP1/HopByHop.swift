// SPDX-License-Identifier: Apache-2.0

/// What concerns only one connection and is not passed on (RFC 9110 7.6.1), and what it says about keeping the connection.
package enum HopByHop {
    /// Whether the sender of this head will keep its connection open afterwards (RFC 9112 9.3).
    package static func isPersistent(_ headers: HeaderBlock, version: HTTPVersion) -> Bool {
        if headers.hasToken("close", in: .proxyConnection) { return false }
        guard headers.contains(.connection) else { return !version.isHTTP10 }
        if headers.hasToken("close", in: .connection) { return false }
        return !version.isHTTP10 || headers.hasToken("keep-alive", in: .connection)
    }

    /// The protocol that an upgrade asks for or grants; nil if `connection` does not name `upgrade`.
    package static func upgrade(_ headers: HeaderBlock) -> TextSlice? {
        guard headers.mayHold(.upgrade), headers.contains(.upgrade), headers.hasToken("upgrade", in: .connection) else {
            return nil
        }
        return headers.first(.upgrade)
    }

    /// The protocol for which bytes without framing may follow the head; nil for an ordinary request. An offer to go on in HTTP/2
    /// (RFC 7540 3.2, dropped by RFC 9113) is not taken.
    package static func tunnelProtocol(_ headers: HeaderBlock) -> TextSlice? {
        guard let name = Self.upgrade(headers), !name.equalsIgnoringCase("h2c") else { return nil }
        return name
    }

    /// Removes them, also those that `connection` lists. Fields that frame, route or identify stay: listing them in `connection` is
    /// an attack, not a wish.
    package static func strip(_ headers: inout HeaderBlock) {
        guard headers.present & Self.hopByHop != 0 else { return }
        var listed: [TextSlice] = []
        headers.forEachToken(in: .connection) { listed.append($0) }
        let keepsTrailers = headers.hasToken("trailers", in: .te)
        for known in Self.hopByHopHeaders { headers.remove(known) }
        for name in listed {
            let name = HeaderName(name.string)
            if name.isValid, !Self.isProtected(name.known) { headers.remove(name) }
        }
        if keepsTrailers { headers.add(HeaderName(.te), "trailers") }
    }

    private static let hopByHopHeaders: [KnownHeader] = [
        .connection, .keepAlive, .proxyConnection, .te, .transferEncoding, .upgrade, .http2Settings, .proxyAuthorization,
    ]
    private static var hopByHop: UInt64 {
        KnownHeader.connection.bit | KnownHeader.keepAlive.bit | KnownHeader.proxyConnection.bit | KnownHeader.te.bit
            | KnownHeader.transferEncoding.bit | KnownHeader.upgrade.bit | KnownHeader.http2Settings.bit
            | KnownHeader.proxyAuthorization.bit
    }

    private static func isProtected(_ known: KnownHeader) -> Bool {
        switch known {
        case .host, .contentLength, .expect, .authorization, .cookie, .forwardedClientCert, .forwardedFor, .forwardedProto,
            .requestID:
            true
        default: false
        }
    }
}
