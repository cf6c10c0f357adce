// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import Foundation
import NIOCore

/// The proxy that `http_proxy` names, as every HTTP client library reads it.
struct OutboundProxy: Sendable, Hashable {
    var host: String?
    var port = 80

    init(environment: [String: String]) {
        guard let text = environment["http_proxy"] ?? environment["HTTP_PROXY"], let url = URL(string: text) else { return }
        host = url.host
        port = url.port ?? 80
    }

    var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.proxy = host.map { .server(host: $0, port: port) }
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(30))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        return configuration
    }
}
