// SPDX-License-Identifier: Apache-2.0
import ProxyModel

extension CertificateVault {
    /// Refuses a configuration whose handshakes cannot succeed, before it is run. Made here, contexts are ready for the first one.
    func check(_ snapshot: ProxySnapshot) throws(ProxyApplyError) {
        for (name, listener) in snapshot.listeners {
            let chains = listener.filterChains + (listener.defaultFilterChain.map { [$0] } ?? [])
            for tls in chains.compactMap(\.tls) { try self.check(.server(tls), of: "listener \(name)") }
        }
        for (name, cluster) in snapshot.clusters {
            for tls in [cluster.tls] + cluster.transportMatches.map(\.tls) {
                if let tls { try self.check(.client(tls.common), of: "cluster \(name)") }
            }
        }
    }

    private func check(_ purpose: Purpose, of subject: String) throws(ProxyApplyError) {
        do throws(TLSContextError) {
            try self.check(purpose)
        } catch {
            throw ProxyApplyError(subject: subject, reason: "TLS: \(error)")
        }
    }
}
