// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// From the route to the first attempt: the cluster, and the head as the upstream shall see it.
extension RequestStream {
    func forward(_ forward: CompiledForward, route: CompiledRoute) {
        guard let target = self.target, let cluster = self.worker.cluster(of: target)
        else {
            self.connection.stats.withoutCluster &+= 1
            return self.fail(.clusterNotFound(status: forward.action.clusterNotFoundStatus))
        }
        self.forward = forward
        self.cluster = cluster
        if let retry = forward.retry, retry.takes(self.head, isSecure: self.connection.isTLS) {
            self.planner = RetryPlanner(retry)
        }
        self.rewrite(forward, route: route, target: target)
        if let expectation = self.head.headers.first(.expect), expectation.equalsIgnoringCase("100-continue"),
            !self.manager.settings.proxiesInterimResponses
        {
            // As Envoy: the proxy invites the body itself, so that it may be kept for another attempt.
            self.head.headers.remove(.expect)
            if !self.requestComplete, !self.version.isHTTP10 {
                self.connection.answered(100)
                self.sink?.sendInterim(ResponseHead(status: 100))
            }
        }
        if self.requestComplete { self.armResponseTimeout() }
        if !forward.mirrors.isEmpty { self.startMirrors(forward.mirrors) }
        self.attempt()
    }

    private func rewrite(_ forward: CompiledForward, route: CompiledRoute, target: CompiledTarget) {
        // As Envoy: from the most specific to the least.
        if let editor = target.requestHeaders { self.edit(editor) }
        for editor in route.requestHeaders { self.edit(editor) }
        if forward.rewritesPath, let path = PathRewriter.rewritten(self.head, route: route, action: forward.action) {
            if !self.suppressesEnvoyHeaders { self.head.headers.set(.originalPath, self.head.pathAndQuery) }
            self.head.setPathAndQuery(path)
        }
        if let host = target.hostRewrite ?? forward.literalHost { self.rewriteHost(host) }
        self.head.headers.remove(.peerMetadata)
        self.head.headers.remove(.peerMetadataID)
        if self.connection.listener.isSource, !self.worker.configuration.metadataHeader.isEmpty {
            self.head.headers.add(.peerMetadataID, self.worker.configuration.nodeID)
            self.head.headers.add(.peerMetadata, self.worker.configuration.metadataHeader)
        }
        if let upgrade = self.upgrade {
            self.head.headers.add(.connection, "upgrade" as StaticString)
            self.head.headers.add(.upgrade, upgrade)
            self.askWebSocketKey(upgrade)
        }
    }

    /// Values may be taken from the head itself (`%REQ(…)%`), which cannot be read while it is being changed: then on a copy.
    func edit(_ editor: HeaderEditor) {
        guard editor.hasCommands else { return editor.apply(to: &self.head) { _ in nil } }
        var head = self.head
        editor.apply(to: &head, resolve: self.resolve)
        self.head = head
    }

    /// Puts into the head what differs between attempts.
    func prepareAttempt() {
        if self.route?.includesAttemptCount ?? false { self.head.headers.set(.attemptCount, decimal: UInt64(self.attempts)) }
        if !self.suppressesEnvoyHeaders, let milliseconds = self.expectedMilliseconds {
            self.head.headers.set(.expectedTimeout, decimal: milliseconds)
        }
        if self.forward?.takesHostOfEndpoint ?? false, let host = self.endpoint?.endpoint.hostname, !host.isEmpty {
            self.rewriteHost(host)
        }
    }

    /// The host that the client named stays known.
    private func rewriteHost(_ host: String) {
        if !self.suppressesEnvoyHeaders, !self.head.headers.contains(Self.originalHost) {
            self.head.headers.add(Self.originalHost, self.head.authority)
        }
        if self.forward?.action.appendsForwardedHost ?? false { self.appendForwardedHost() }
        self.head.setAuthority(host)
    }

    private var suppressesEnvoyHeaders: Bool { self.manager.settings.suppressesEnvoyHeaders }

    /// Unless it stands there already, as the last one.
    private func appendForwardedHost() {
        let host = self.head.authority.string
        let before = self.head.headers.combined(Self.forwardedHost)?.string ?? ""
        let last = before.split(separator: ",").last.map { String($0.drop { $0 == " " }) }
        guard !host.isEmpty, last != host else { return }
        self.head.headers.set(Self.forwardedHost, before.isEmpty ? host : before + "," + host)
    }

    private static let forwardedHost = HeaderName("x-forwarded-host")
    private static let originalHost = HeaderName("x-envoy-original-host")

    /// Values of `%…%` operators in edits of requests.
    func resolve(_ command: String) -> String? { self.resolve(command, answer: nil) }

    /// - Parameter answer: The head that is edited, if it is one of an answer.
    func resolve(_ command: String, answer: HeaderBlock?) -> String? {
        switch command {
        case "DOWNSTREAM_REMOTE_ADDRESS": return self.client?.text ?? self.connection.remoteAddress
        case "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT": return self.client?.host ?? self.connection.remoteHost
        case "DOWNSTREAM_LOCAL_ADDRESS": return self.connection.localAddress
        case "DOWNSTREAM_PEER_URI_SAN": return self.connection.peerFacts.uriNames.first
        case "PROTOCOL": return self.version.name
        case "UPSTREAM_HOST": return self.endpoint?.addressText
        default: break
        }
        if command.hasPrefix("REQ("), command.hasSuffix(")"), !command.contains("?") {
            return RequestLookup(head: self.head, isSecure: self.connection.isTLS).headerValue(
                command.dropFirst(4).dropLast().lowercased())
        }
        return self.logged(command, answer: answer)
    }

    /// All others as a line of a log would have them; nothing where that would say `-`.
    private func logged(_ command: String, answer: HeaderBlock?) -> String? {
        guard let log = self.worker.operatorLog(command) else { return nil }
        let response = answer.map { ResponseHead(status: UInt16(clamping: self.entry.responseCode), headers: $0) }
        return log.text(self.logEntry, request: self.head, response: response, isSecure: self.connection.isTLS)
    }
}
