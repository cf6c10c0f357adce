// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshResources
import SwiftProtobuf

/// Protocol options of an HTTP cluster.
enum HTTPOptionsTranslation {
    enum UpstreamProtocol { case http1, http2, likeClient }

    /// As Istio: a server that is not called otherwise has the name of the request's host, also in its certificate, where nothing is
    /// said of that.
    private static func name(_ tls: ClientTLSSettings, _ options: inout Wire.HTTPProtocolOptions) {
        guard tls.mode == .simple || tls.mode == .mutual, tls.sni == nil else { return }
        options.upstreamHTTPProtocolOptions.autoSni = true
        options.upstreamHTTPProtocolOptions.autoSanValidation = tls.subjectAltNames.isEmpty && tls.insecureSkipVerify != true
    }

    static func options(
        _ upstream: UpstreamProtocol, idleTimeout: Google_Protobuf_Duration? = nil,
        maxConnectionDuration: Google_Protobuf_Duration? = nil, maxRequestsPerConnection: Int? = nil,
        maxConcurrentStreams: Int? = nil, keepAlive: ConnectionPoolSettings.HTTP.KeepAlive? = nil,
        tls: ClientTLSSettings? = nil
    ) -> [String: Google_Protobuf_Any] {
        var options = Wire.HTTPProtocolOptions()
        let http2 = Envoy_Config_Core_V3_Http2ProtocolOptions.with {
            if let maxConcurrentStreams, maxConcurrentStreams > 0 {
                $0.maxConcurrentStreams = WireValues.wrapped(maxConcurrentStreams)
            }
            // Validation has seen to it that both are there.
            if let interval = keepAlive?.interval, let timeout = keepAlive?.timeout {
                $0.connectionKeepalive.interval = WireValues.duration(interval)
                $0.connectionKeepalive.timeout = WireValues.duration(timeout)
            }
        }
        switch upstream {
        case .http1: options.explicitHTTPConfig.httpProtocolOptions = .init()
        case .http2: options.explicitHTTPConfig.http2ProtocolOptions = http2
        case .likeClient:
            options.useDownstreamProtocolConfig.httpProtocolOptions = .init()
            options.useDownstreamProtocolConfig.http2ProtocolOptions = http2
        }
        if let maxConnectionDuration { options.commonHTTPProtocolOptions.maxConnectionDuration = maxConnectionDuration }
        if let idleTimeout { options.commonHTTPProtocolOptions.idleTimeout = idleTimeout }
        if let maxRequestsPerConnection, maxRequestsPerConnection > 0 {
            options.commonHTTPProtocolOptions.maxRequestsPerConnection = WireValues.wrapped(maxRequestsPerConnection)
        }
        if let tls { Self.name(tls, &options) }
        return [ExtensionName.httpProtocolOptions: WireBytes.packed(options)]
    }
}
