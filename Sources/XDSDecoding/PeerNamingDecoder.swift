// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel

/// UpstreamHttpProtocolOptions → PeerNaming.
enum PeerNamingDecoder {
    /// Nil where nothing is asked for.
    static func decode(
        _ options: Envoy_Config_Core_V3_UpstreamHttpProtocolOptions, _ context: FieldContext
    ) throws(DecodingError) -> PeerNaming? {
        let header = options.overrideAutoSniHeader.lowercased()
        let name = header.hasPrefix(":") ? header.dropFirst() : header[...]
        guard header.isEmpty || (!name.isEmpty && name.utf8.allSatisfy(Self.isTokenByte)) else {
            throw context.field("override_auto_sni_header").error("is no name of a header")
        }
        guard options.autoSni || options.autoSanValidation else { return nil }
        return PeerNaming(
            asksForHost: options.autoSni, checksHost: options.autoSanValidation, header: header.isEmpty ? nil : header)
    }

    /// RFC 9110, 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
