// SPDX-License-Identifier: Apache-2.0

/// What `malla run` was asked to do, checked.
package struct RunPlan: Sendable, Hashable {
    package var name: String
    package var namespace: String
    package var service: String
    package var serviceAccount: String
    /// As given; `app` is added when it is not among them.
    package var labels: [String: String]
    package var ports: [PublishedPort]
    package var upstreams: [UpstreamOption]
    package var proxy: ProxyChoice
    package var command: [String]

    package init(
        name: String, namespace: String, service: String, serviceAccount: String, labels: [String: String], ports: [PublishedPort],
        upstreams: [UpstreamOption], proxy: ProxyChoice, command: [String]
    ) {
        self.name = name
        self.namespace = namespace
        self.service = service
        self.serviceAccount = serviceAccount
        self.labels = labels
        self.ports = ports
        self.upstreams = upstreams
        self.proxy = proxy
        self.command = command
    }
}
