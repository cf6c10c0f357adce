// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// What happens to every request's headers before filters see them: hop-by-hop fields go, what only proxies may say is believed,
/// removed or added.
enum RequestPreparation {
    static func prepare(
        _ head: inout RequestHead, client: ForwardedClient?, connection: DownstreamConnection, manager: CompiledManager
    ) {
        HopByHop.strip(&head.headers)
        if manager.looksAtNames, manager.settings.underscores == .dropped {
            for name in Self.underscored(head.headers) { head.headers.remove(name) }
        }
        EdgeHeaders.sanitize(&head.headers)
        if manager.settings.useRemoteAddress {
            EdgeHeaders.apply(
                to: &head.headers, peer: connection.remoteHost, client: client?.host ?? connection.remoteHost,
                isTLS: connection.isTLS, believesProtocol: manager.settings.trustedHops > 0,
                appends: manager.settings.appendsForwardedFor)
        }
        if let via = manager.settings.via { Self.append(via, to: &head.headers) }
        if !head.headers.contains(.forwardedProto) {
            head.headers.add(.forwardedProto, connection.isTLS ? "https" as StaticString : "http")
        }
        // As Envoy: at the edge nobody outside names requests.
        if manager.settings.generatesRequestID, manager.settings.useRemoteAddress, !manager.settings.preservesExternalRequestID {
            head.headers.remove(.requestID)
        }
        if manager.settings.generatesRequestID, !head.headers.contains(.requestID) {
            let (high, low) = (connection.worker.random.next(), connection.worker.random.next())
            head.headers.add(.requestID, count: RequestIdentifier.length) { RequestIdentifier.write(high, low, into: $0) }
        }
        Self.clientCertificate(&head.headers, connection: connection, manager: manager)
    }

    /// Why a request can go no further, if so. The path is normalised.
    static func refusal(
        _ head: inout RequestHead, _ manager: CompiledManager, connection: DownstreamConnection
    ) -> RequestFailure? {
        if manager.looksAtNames, manager.settings.underscores == .refused, !Self.underscored(head.headers).isEmpty {
            return .underscoreInName
        }
        // Every HTTP/1.1 upstream insists on one, and could fill it in as it likes.
        if !head.headers.contains(.host) {
            guard let host = manager.settings.defaultHost, head.version.isHTTP10 else { return .missingHost }
            head.setAuthority(host)
        }
        guard manager.looksAtTargets, !head.method.isConnect else { return nil }
        if manager.settings.hostPort != .kept { Self.removePort(&head, manager.settings.hostPort, connection) }
        return Self.normalize(&head, manager.settings)
    }

    /// In Envoy's order: escaped slashes, then RFC 3986, then slashes that follow each other.
    private static func normalize(_ head: inout RequestHead, _ settings: HTTPConnectionManager) -> RequestFailure? {
        var redirects = false
        if settings.escapedSlashes != .kept, let path = PathNormalization.unescapingSlashes(head) {
            if settings.escapedSlashes == .refused { return .invalidPath }
            redirects = settings.escapedSlashes == .redirected
            head.setPathAndQuery(path)
        }
        if settings.normalizesPath {
            switch PathNormalization.normalize(head, mergesSlashes: settings.mergesSlashes) {
            case .unchanged: break
            case .changed(let path): head.setPathAndQuery(path)
            case .refused: return .invalidPath
            }
        } else if settings.mergesSlashes, let path = PathNormalization.mergingSlashes(head) {
            head.setPathAndQuery(path)
        }
        guard redirects else { return nil }
        // Clients of gRPC do not follow. And what begins with two slashes, or with one and what browsers take for another, names a host:
        // whoever made the link would say where the client goes (Envoy sends it there).
        let path = head.pathAndQuery.string
        guard !GRPCContentType.isGRPC(head.headers), !path.hasPrefix("//"), !path.hasPrefix("/\\") else { return .invalidPath }
        return .escapedSlashes(path: path)
    }

    private static func removePort(
        _ head: inout RequestHead, _ mode: HTTPConnectionManager.HostPort, _ connection: DownstreamConnection
    ) {
        let host = head.authority.string
        guard let colon = host.lastIndex(of: ":"), !host[colon...].contains("]"),
            let port = UInt16(host[host.index(after: colon)...])
        else { return }
        if mode == .removedIfOwn {
            let own = connection.localAddress
            guard let mark = own.lastIndex(of: ":"), UInt16(own[own.index(after: mark)...]) == port else { return }
        }
        head.setAuthority(String(host[..<colon]))
    }

    private static func underscored(_ headers: HeaderBlock) -> [TextSlice] {
        var names: [TextSlice] = []
        headers.forEach { name, _ in if name.withBytes({ $0.contains(UInt8(ascii: "_")) }) { names.append(name) } }
        return names
    }

    /// Each proxy on the way adds its name, in both directions.
    static func append(_ via: String, to headers: inout HeaderBlock) {
        let before = headers.combined(HeaderName(.via)).map { $0.string + ", " } ?? ""
        headers.set(.via, before + via)
    }

    private static func clientCertificate(
        _ headers: inout HeaderBlock, connection: DownstreamConnection, manager: CompiledManager
    ) {
        guard connection.isTLS || manager.settings.forwardedClientCertificate != .sanitize else {
            return headers.remove(.forwardedClientCert)
        }
        let element = connection.clientCertificateElement(manager.settings.clientCertificateDetails)
        switch manager.settings.forwardedClientCertificate {
        case .sanitize: headers.remove(.forwardedClientCert)
        case .alwaysForwardOnly: break
        case .forwardOnly: if !connection.isMutualTLS { headers.remove(.forwardedClientCert) }
        case .appendForward:
            guard connection.isMutualTLS, let element else { return headers.remove(.forwardedClientCert) }
            let before = headers.combined(HeaderName(.forwardedClientCert)).map { $0.string + "," } ?? ""
            headers.set(.forwardedClientCert, before + element)
        case .sanitizeSet:
            headers.remove(.forwardedClientCert)
            if connection.isMutualTLS, let element { headers.set(.forwardedClientCert, element) }
        }
    }
}

/// Version-4 UUIDs for `x-request-id`, of two random words. They tell requests apart and keep no secret.
enum RequestIdentifier {
    static let length = 36

    static func write(_ high: UInt64, _ low: UInt64, into bytes: UnsafeMutableRawBufferPointer) {
        guard bytes.count >= Self.length else { return }
        let high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        // 8-4-4-4-12
        let (second, third) = (Self.digits(high), Self.digits(low >> 32))
        bytes.storeBytes(of: Self.digits(high >> 32), toByteOffset: 0, as: UInt64.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: second), toByteOffset: 9, as: UInt32.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: second >> 32), toByteOffset: 14, as: UInt32.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: third), toByteOffset: 19, as: UInt32.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: third >> 32), toByteOffset: 24, as: UInt32.self)
        bytes.storeBytes(of: Self.digits(low), toByteOffset: 28, as: UInt64.self)
        bytes[8] = UInt8(ascii: "-")
        bytes[13] = UInt8(ascii: "-")
        bytes[18] = UInt8(ascii: "-")
        bytes[23] = UInt8(ascii: "-")
    }

    /// The low 32 bits as eight hexadecimal digits, the first one in the lowest byte: a nibble for each byte, then letters for
    /// those above nine.
    private static func digits(_ word: UInt64) -> UInt64 {
        var value = UInt64(UInt32(truncatingIfNeeded: word).byteSwapped)
        value = (value | value << 16) & 0x0000_FFFF_0000_FFFF
        value = (value | value << 8) & 0x00FF_00FF_00FF_00FF
        value = (value >> 4 & 0x000F_000F_000F_000F) | (value & 0x000F_000F_000F_000F) << 8
        let letters = (value &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return (value &+ 0x3030_3030_3030_3030 &+ letters &* 0x27).littleEndian
    }
}
