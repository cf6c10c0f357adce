// SPDX-License-Identifier: Apache-2.0
package import XDSProtocol

/// Where the server has resources from: the control plane's newest snapshot, translated for one proxy.
package protocol ResourceSource: Sendable {
    /// Everything that the proxy may see, of every type. Deterministic, so that equal resources have equal versions.
    func resources(for proxy: ConnectedProxy) async throws -> ProxyResources

    /// Before the first `resources(for:)` of a stream. Throwing refuses the proxy.
    func proxyConnected(_ proxy: ConnectedProxy) async throws
    func proxyDisconnected(_ proxy: ConnectedProxy) async
    /// Something was sent, accepted or rejected.
    func proxyStatusChanged(_ status: ProxyStatus) async
}

extension ResourceSource {
    package func proxyConnected(_ proxy: ConnectedProxy) async throws {}
    package func proxyDisconnected(_ proxy: ConnectedProxy) async {}
    package func proxyStatusChanged(_ status: ProxyStatus) async {}
}
