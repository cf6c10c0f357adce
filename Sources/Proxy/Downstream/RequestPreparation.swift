// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyModel

/// What happens to every request's headers before filters see them: hop-by-hop fields go, what only proxies may say is believed,
/// removed or added.
enum RequestPreparation {
    static func prepare(_ head: inout RequestHead, connection: DownstreamConnection, manager: HTTPConnectionManager) {
        HopByHop.strip(&head.headers)
        if !head.headers.contains(.forwardedProto) { head.headers.add("x-forwarded-proto", connection.isTLS ? "https" : "http") }
        if manager.generatesRequestID, !head.headers.contains(.requestID) {
            head.headers.add("x-request-id", RequestIdentifier.make())
        }
        if manager.useRemoteAddress {
            let address = connection.remoteAddress.split(separator: ":").dropLast().joined(separator: ":")
            let before = head.headers.combined("x-forwarded-for").map { $0.string + "," } ?? ""
            head.headers.set(.forwardedFor, before + address)
        }
        Self.clientCertificate(&head.headers, connection: connection, manager: manager)
    }

    private static func clientCertificate(
        _ headers: inout HeaderBlock, connection: DownstreamConnection, manager: HTTPConnectionManager
    ) {
        let element = connection.clientCertificateElement(manager.clientCertificateDetails)
        switch manager.forwardedClientCertificate {
        case .sanitize: headers.remove(.forwardedClientCert)
        case .alwaysForwardOnly: break
        case .forwardOnly: if !connection.isMutualTLS { headers.remove(.forwardedClientCert) }
        case .appendForward:
            guard connection.isMutualTLS, let element else { return headers.remove(.forwardedClientCert) }
            let before = headers.combined("x-forwarded-client-cert").map { $0.string + "," } ?? ""
            headers.set(.forwardedClientCert, before + element)
        case .sanitizeSet:
            headers.remove(.forwardedClientCert)
            if connection.isMutualTLS, let element { headers.set(.forwardedClientCert, element) }
        }
    }
}

/// Random version-4 UUIDs for `x-request-id`.
enum RequestIdentifier {
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        var high = generator.next()
        var low = generator.next()
        high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 36) { bytes in
            var position = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    bytes[position] = 0x2D
                    position += 1
                }
                let word = nibble < 16 ? high : low
                let shift = UInt64(60 - (nibble & 15) * 4)
                bytes[position] = digits.utf8Start[Int(word >> shift & 15)]
                position += 1
            }
            return 36
        }
    }
}
