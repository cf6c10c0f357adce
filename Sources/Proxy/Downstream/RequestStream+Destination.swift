// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import ProxyCore
import ProxyModel

extension RequestStream {
    /// Where the request wanted to go, by a header if the cluster asks one, else by its connection; nil where nobody says.
    func originalEndpoint(of cluster: ClusterState) -> EndpointState? {
        guard case .originalDestination(let policy) = cluster.cluster.endpointSource else { return nil }
        var wanted: IPEndpoint?
        if let name = policy.headerName, let text = self.head.headers.first(HeaderName(name))?.string {
            wanted = IPEndpoint(text)
        }
        if wanted == nil { wanted = self.connection.ends.originalDestination }
        return wanted.flatMap { cluster.endpoint(at: $0) }
    }
}
