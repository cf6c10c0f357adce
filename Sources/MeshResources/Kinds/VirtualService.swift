// SPDX-License-Identifier: Apache-2.0

/// How requests to hosts are routed (`networking.istio.io` VirtualService).
package struct VirtualService: Sendable, Hashable {
    package var hosts: [String]
    /// Nil means `mesh`: all sidecars.
    package var gateways: [String]?
    package var http: [VirtualServiceHTTPRoute]
    package var tls: [VirtualServiceTLSRoute]
    package var tcp: [VirtualServiceTCPRoute]
    package var exportTo: [String]?

    package init(spec: ManifestValue) {
        hosts = spec.strings("hosts") ?? []
        gateways = spec.strings("gateways")
        http = spec.list("http", VirtualServiceHTTPRoute.init)
        tls = spec.list("tls", VirtualServiceTLSRoute.init)
        tcp = spec.list("tcp", VirtualServiceTCPRoute.init)
        exportTo = spec.strings("exportTo")
    }
}
