// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// From the route to the first attempt: the cluster, and the head as the upstream shall see it.
extension RequestStream {
    func forward(_ action: ForwardAction, route: CompiledRoute) {
        guard let chosen = action.clusters.choose(random: self.worker.random.next()),
            let cluster = self.worker.clusters[chosen.name]
        else { return self.fail(.clusterNotFound(status: action.clusterNotFoundStatus)) }
        self.action = action
        self.chosen = chosen
        self.cluster = cluster
        self.planner = RetryPlanner(action.retry)
        self.entry.upstream.cluster = cluster.cluster.name
        self.rewrite(action, route: route, chosen: chosen)
        if self.head.headers.contains(.expect) {
            // As Envoy: the proxy invites the body itself, so that it may be kept for another attempt.
            self.head.headers.remove(.expect)
            if !self.requestComplete, self.original.version != .http10 { self.sink?.sendInterim(ResponseHead(status: 100)) }
        }
        if self.requestComplete { self.armResponseTimeout() }
        self.attempt()
    }

    private func rewrite(_ action: ForwardAction, route: CompiledRoute, chosen: WeightedCluster) {
        for editor in route.requestHeaders { editor.apply(to: &self.head, resolve: self.resolve) }
        if !chosen.requestHeaders.isEmpty { HeaderEditor(chosen.requestHeaders).apply(to: &self.head, resolve: self.resolve) }
        if let path = PathRewriter.rewritten(self.head, route: route, action: action) {
            self.head.headers.set(.originalPath, self.head.pathAndQuery)
            self.head.setPathAndQuery(path)
        }
        if let host = chosen.hostRewrite {
            self.head.setAuthority(host)
        } else if case .literal(let host)? = action.hostRewrite {
            self.head.setAuthority(host)
        }
        self.head.headers.remove(.peerMetadata)
        self.head.headers.remove(.peerMetadataID)
        self.head.headers.remove(.decoratorOperation)
    }

    /// The head with what differs between attempts.
    func attemptHead() -> RequestHead {
        var head = self.head
        if self.includesAttemptCount { head.headers.set(.attemptCount, decimal: UInt64(self.attempts)) }
        if let milliseconds = self.expectedMilliseconds { head.headers.set(.expectedTimeout, decimal: milliseconds) }
        if self.connection.listener.listener.telemetry.reporter == .source, !self.worker.configuration.metadataHeader.isEmpty {
            head.headers.set(.peerMetadataID, self.worker.configuration.nodeID)
            head.headers.set(.peerMetadata, self.worker.configuration.metadataHeader)
        }
        if case .endpoint? = self.action?.hostRewrite, let host = self.endpoint?.endpoint.hostname, !host.isEmpty {
            head.setAuthority(host)
        }
        if let upgrade = self.upgrade {
            head.headers.add("connection", "upgrade")
            head.headers.add("upgrade", upgrade)
        }
        return head
    }

    /// Values of `%…%` operators in header edits.
    func resolve(_ command: String) -> String? {
        switch command {
        case "DOWNSTREAM_REMOTE_ADDRESS": return self.connection.remoteAddress
        case "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT":
            return self.connection.remoteAddress.split(separator: ":").dropLast().joined(separator: ":")
        case "DOWNSTREAM_LOCAL_ADDRESS": return self.connection.localAddress
        case "DOWNSTREAM_PEER_URI_SAN": return self.connection.peerFacts.uriNames.first
        case "PROTOCOL": return self.original.version.name
        case "UPSTREAM_HOST": return self.endpoint?.addressText
        default: break
        }
        if command.hasPrefix("REQ("), command.hasSuffix(")") {
            return RequestLookup(head: self.head, isSecure: self.connection.isTLS).headerValue(
                command.dropFirst(4).dropLast().lowercased())
        }
        return nil
    }
}
