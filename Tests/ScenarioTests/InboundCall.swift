// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyCore
import ProxyModel

/// What a server's sidecar decides about a connection and a request.
struct InboundCall {
    let proxy: SimulatedProxy

    func answer(_ call: Scenario.Call) throws -> [String: String] {
        guard let listener = proxy.snapshot.listeners["virtualInbound"] else { return ["result": "no listener"] }
        let facts = ConnectionFacts(isTLS: call.peer != nil, applicationProtocols: call.peer == nil ? [] : ["istio"])
        guard case .chain(let index) = FilterChainMatcher(listener).choose(facts) else { return ["result": "closed"] }
        let chain = listener.filterChains[index]
        guard (chain.tls != nil) == (call.peer != nil) else { return ["result": "closed"] }
        let peer = PeerFacts(
            uriNames: call.peer.map { ["spiffe://\($0)"] } ?? [], hasCertificate: call.peer != nil, directAddress: [127, 64, 0, 1],
            remoteAddress: [127, 64, 0, 1], destinationAddress: [127, 64, 0, 2], destinationPort: 15006)
        switch chain.terminal {
        case .tcp: return try decide(chain.authorization, head: nil, peer)
        case .http(let manager):
            let head = RequestHead(
                method: HTTPMethod(call.method ?? "GET"), target: call.path ?? "/", authority: call.host ?? "auth-service:8080",
                headers: (call.headers ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
            let filters = manager.filters.compactMap { filter -> AuthorizationFilter? in
                if case .authorization(let filter) = filter.kind { filter } else { nil }
            }
            return try decide(filters, head: head, peer)
        }
    }

    private func decide(_ filters: [AuthorizationFilter], head: RequestHead?, _ peer: PeerFacts) throws -> [String: String] {
        var policy = ""
        for rules in filters.compactMap(\.rules) {
            switch try RuleEvaluator(rules).decide(head, peer: peer, isSecure: peer.hasCertificate) {
            case .allowed(let name): policy = name ?? policy
            case .denied(let name): return ["result": "denied", "policy": name ?? "none"]
            }
        }
        return ["result": "allowed", "policy": policy]
    }
}
