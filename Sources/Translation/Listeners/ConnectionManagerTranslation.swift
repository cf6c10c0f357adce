// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// The HTTP connection manager in its two roles.
enum ConnectionManagerTranslation {
    /// Where requests are taken in from peers; `filters` stand before the router.
    static func inbound(
        statPrefix: String, routes: Wire.RouteTable, filters: [Wire.HTTPFilter], accessLogs: [Wire.AccessLog]
    ) -> Wire.NetworkFilter {
        var manager = base(statPrefix: statPrefix, filters: filters, accessLogs: accessLogs)
        manager.routeConfig = routes
        manager.serverName = "istio-envoy"
        manager.forwardClientCertDetails = .appendForward
        manager.setCurrentClientCertDetails = .with {
            $0.subject = WireValues.wrapped(true)
            $0.dns = true
            $0.uri = true
        }
        return filter(manager)
    }

    /// Where requests of the application leave.
    static func outbound(statPrefix: String, routeTable: String, accessLogs: [Wire.AccessLog]) -> Wire.NetworkFilter {
        let fault = Wire.HTTPFilter.with {
            $0.name = ExtensionName.httpFault
            $0.typedConfig = WireBytes.packed(Wire.HTTPFault())
        }
        let cors = Wire.HTTPFilter.with {
            $0.name = ExtensionName.cors
            $0.typedConfig = WireBytes.packed(Envoy_Extensions_Filters_Http_Cors_V3_Cors())
        }
        var manager = base(statPrefix: statPrefix, filters: [fault, cors], accessLogs: accessLogs)
        manager.rds.routeConfigName = routeTable
        manager.rds.configSource = WireValues.ads
        manager.serverHeaderTransformation = .passThrough
        manager.httpProtocolOptions.allowAbsoluteURL = WireValues.wrapped(true)
        return filter(manager)
    }

    private static func base(
        statPrefix: String, filters: [Wire.HTTPFilter], accessLogs: [Wire.AccessLog]
    ) -> Wire.ConnectionManager {
        let router = Wire.HTTPFilter.with {
            $0.name = ExtensionName.router
            $0.typedConfig = WireBytes.packed(Envoy_Extensions_Filters_Http_Router_V3_Router())
        }
        return .with {
            $0.codecType = .auto
            $0.statPrefix = statPrefix
            $0.httpFilters = filters + [router]
            $0.accessLog = accessLogs
            $0.streamIdleTimeout = WireValues.zeroDuration
            $0.normalizePath = WireValues.wrapped(true)
            $0.pathWithEscapedSlashesAction = .keepUnchanged
            $0.useRemoteAddress = WireValues.wrapped(false)
            $0.upgradeConfigs = [.with { $0.upgradeType = "websocket" }]
            $0.http2ProtocolOptions = .with { $0.allowConnect = true }
        }
    }

    private static func filter(_ manager: Wire.ConnectionManager) -> Wire.NetworkFilter {
        .with {
            $0.name = ExtensionName.httpConnectionManager
            $0.typedConfig = WireBytes.packed(manager)
        }
    }
}
