// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Protocol options of an HTTP cluster.
enum HTTPOptionsTranslation {
    static func options(
        isHTTP2: Bool, idleTimeout: Google_Protobuf_Duration? = nil, maxRequestsPerConnection: Int? = nil,
        maxConcurrentStreams: Int? = nil
    ) -> [String: Google_Protobuf_Any] {
        var options = Wire.HTTPProtocolOptions()
        if isHTTP2 {
            options.explicitHTTPConfig.http2ProtocolOptions = .with {
                if let maxConcurrentStreams, maxConcurrentStreams > 0 {
                    $0.maxConcurrentStreams = WireValues.wrapped(maxConcurrentStreams)
                }
            }
        } else {
            options.explicitHTTPConfig.httpProtocolOptions = .init()
        }
        if let idleTimeout { options.commonHTTPProtocolOptions.idleTimeout = idleTimeout }
        if let maxRequestsPerConnection, maxRequestsPerConnection > 0 {
            options.commonHTTPProtocolOptions.maxRequestsPerConnection = WireValues.wrapped(maxRequestsPerConnection)
        }
        return [ExtensionName.httpProtocolOptions: WireBytes.packed(options)]
    }
}
