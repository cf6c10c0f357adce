// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import ProxyCore
import ProxyModel

/// Copies of a request for other clusters.
extension RequestStream {
    private static let isInternal = HeaderName("x-envoy-internal")

    /// With the head as it leaves, before anything that is an attempt's own.
    func startMirrors(_ policies: [MirrorPolicy]) {
        // What follows an upgrade is a conversation, of which there is no copy.
        guard !self.wantsTunnel else { return }
        for policy in policies where policy.fraction.includes(self.worker.random.next()) {
            guard let cluster = self.worker.clusters[policy.cluster],
                let endpoint = cluster.isOriginalDestination
                    ? self.originalEndpoint(of: cluster) : cluster.pick(hash: self.hash(for: cluster))
            else { continue }
            let head = self.mirroredHead(policy)
            var pools = self.connection.pools(of: endpoint)
            if let naming = pools.naming { pools = pools.pools(for: self.peerHost(of: head, naming)) }
            let copy = MirroredRequest(
                worker: self.worker, cluster: cluster, endpoint: endpoint,
                pool: pools.pool(for: self.version), head: head, body: self.body, timeout: self.plan?.overall)
            guard copy.start() else { continue }
            for part in self.kept { copy.send(part) }
            if self.requestComplete { copy.end(self.extras?.requestTrailers) }
            self.madeExtras.mirrors.append(copy)
        }
    }

    private func mirroredHead(_ policy: MirrorPolicy) -> RequestHead {
        var head = self.head
        if self.route?.includesAttemptCount ?? false { head.headers.set(.attemptCount, decimal: 1) }
        if let milliseconds = self.expectedMilliseconds { head.headers.set(.expectedTimeout, decimal: milliseconds) }
        if policy.marksHost { head.setAuthority(MirrorHost.marked(head.authority.string)) }
        head.headers.set(Self.isInternal, "true")
        if let address = self.connection.ends.local?.ipAddress {
            let before = head.headers.combined(HeaderName(.forwardedFor)).map { $0.string + "," } ?? ""
            head.headers.set(.forwardedFor, before + address)
        }
        return head
    }
}
