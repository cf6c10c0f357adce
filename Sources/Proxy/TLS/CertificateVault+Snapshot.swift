// SPDX-License-Identifier: Apache-2.0
import Logging
import Observability
import ProxyModel

extension CertificateVault {
    /// Refuses settings that can never be right before they run. A file that cannot be read is only told of: it is one cluster's
    /// trouble, and must not keep all the rest from changing. Contexts that are made here are ready for the first handshake.
    func prepare(_ snapshot: ProxySnapshot, logger: Logger) throws(ProxyApplyError) -> Preparation {
        var preparation = self.preparation(snapshot)
        for (purpose, subject) in Self.purposes(snapshot) { try self.check(purpose, of: subject, &preparation, logger) }
        return preparation
    }

    /// Of a vault that nobody uses. What secrets lack may still come.
    func check(_ snapshot: ProxySnapshot, needsFiles: Bool) throws(ProxyApplyError) {
        var preparation = self.preparation(snapshot)
        self.commit(preparation)
        for (purpose, subject) in Self.purposes(snapshot) {
            guard let obstacle = self.obstacle(purpose, &preparation) else { continue }
            switch obstacle.kind {
            case .missingSecret: break
            case .file where !needsFiles: break
            case .file, .invalid: throw ProxyApplyError(subject: subject, reason: "TLS: \(obstacle)")
            }
        }
    }

    private static func purposes(_ snapshot: ProxySnapshot) -> [(Purpose, subject: String)] {
        var purposes: [(Purpose, subject: String)] = []
        for (name, listener) in snapshot.listeners {
            let chains = listener.filterChains + (listener.defaultFilterChain.map { [$0] } ?? [])
            for tls in chains.compactMap(\.tls) { purposes.append((.server(tls), "listener \(name)")) }
        }
        for (name, cluster) in snapshot.clusters {
            for tls in [cluster.tls] + cluster.transportMatches.map(\.tls) {
                guard var common = tls?.common else { continue }
                if common.applicationProtocols.isEmpty { common.applicationProtocols = ApplicationProtocol.offered(by: cluster) }
                purposes.append((.client(common), "cluster \(name)"))
            }
        }
        return purposes
    }

    private func check(
        _ purpose: Purpose, of subject: String, _ preparation: inout Preparation, _ logger: Logger
    ) throws(ProxyApplyError) {
        guard let obstacle = self.obstacle(purpose, &preparation) else { return }
        switch obstacle.kind {
        case .missingSecret: break
        case .file:
            logger.warning("TLS cannot be spoken", metadata: [LogKey.resourceName: "\(subject)", LogKey.error: "\(obstacle)"])
        case .invalid: throw ProxyApplyError(subject: subject, reason: "TLS: \(obstacle)")
        }
    }
}
