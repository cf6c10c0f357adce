// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// What happens to every request's headers before filters see them: hop-by-hop fields go, what only proxies may say is believed,
/// removed or added.
enum RequestPreparation {
    static func prepare(_ head: inout RequestHead, connection: DownstreamConnection, manager: CompiledManager) {
        HopByHop.strip(&head.headers)
        if manager.settings.useRemoteAddress {
            EdgeHeaders.apply(to: &head.headers, peer: connection.remoteHost, isTLS: connection.isTLS)
        }
        if let via = manager.settings.via { Self.append(via, to: &head.headers) }
        if !head.headers.contains(.forwardedProto) {
            head.headers.add(.forwardedProto, connection.isTLS ? "https" as StaticString : "http")
        }
        if manager.settings.generatesRequestID, !head.headers.contains(.requestID) {
            let (high, low) = (connection.worker.random.next(), connection.worker.random.next())
            head.headers.add(.requestID, count: RequestIdentifier.length) { RequestIdentifier.write(high, low, into: $0) }
        }
        Self.clientCertificate(&head.headers, connection: connection, manager: manager)
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
        let high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var position = 0
        var nibble = 0
        while nibble < 32, position < bytes.count {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                bytes[position] = UInt8(ascii: "-")
                position += 1
            }
            let word = nibble < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - (nibble & 15) * 4) & 15)
            bytes[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            position += 1
            nibble += 1
        }
    }
}
