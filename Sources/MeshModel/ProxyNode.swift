// SPDX-License-Identifier: Apache-2.0

/// The proxy that configuration is made for, from what its first xDS request says about itself.
package struct ProxyNode: Sendable, Hashable {
    /// A port of the application behind the sidecar.
    package struct InboundPort: Sendable, Hashable {
        /// Port of the service.
        package var port: Int
        package var name: String
        /// Port on which the sidecar takes it in.
        package var listenPort: Int
        package var applicationAddress: String
        package var applicationPort: Int

        package init(port: Int, name: String, listenPort: Int, applicationAddress: String, applicationPort: Int) {
            self.port = port
            self.name = name
            self.listenPort = listenPort
            self.applicationAddress = applicationAddress
            self.applicationPort = applicationPort
        }
    }

    /// A local port that leads to one service.
    package struct Upstream: Sendable, Hashable {
        package var host: String
        package var port: Int
        package var listenAddress: String
        package var listenPort: Int

        package init(host: String, port: Int, listenAddress: String, listenPort: Int) {
            self.host = host
            self.port = port
            self.listenAddress = listenAddress
            self.listenPort = listenPort
        }
    }

    package var id: String
    package var address: String
    package var name: String
    package var namespace: String
    package var serviceAccount: String
    package var labels: [String: String]
    package var canonicalService: String
    package var canonicalRevision: String
    package var inbound: [InboundPort]
    package var httpProxyPort: Int?
    package var upstreams: [Upstream]

    package init(
        id: String, address: String, name: String, namespace: String, serviceAccount: String = "default",
        labels: [String: String] = [:], canonicalService: String? = nil, canonicalRevision: String? = nil,
        inbound: [InboundPort] = [], httpProxyPort: Int? = nil, upstreams: [Upstream] = []
    ) {
        self.id = id
        self.address = address
        self.name = name
        self.namespace = namespace
        self.serviceAccount = serviceAccount
        self.labels = labels
        self.canonicalService = canonicalService ?? labels["app"] ?? name
        self.canonicalRevision = canonicalRevision ?? labels["version"] ?? "latest"
        self.inbound = inbound
        self.httpProxyPort = httpProxyPort
        self.upstreams = upstreams
    }
}
