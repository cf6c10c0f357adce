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
        guard header.isEmpty || (!name.isEmpty && name.utf8.allSatisfy(HeaderMutationDecoder.isNameByte)) else {
            throw context.field("override_auto_sni_header").error("is no name of a header")
        }
        guard options.autoSni || options.autoSanValidation else { return nil }
        return PeerNaming(
            asksForHost: options.autoSni, checksHost: options.autoSanValidation, header: header.isEmpty ? nil : header)
    }
}
