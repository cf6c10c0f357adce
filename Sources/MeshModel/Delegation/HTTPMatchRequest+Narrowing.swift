// SPDX-License-Identifier: Apache-2.0
import MeshResources

extension HTTPMatchRequest {
    /// What matches this and `outer`; nil where Istio sees a conflict between the two.
    func narrowing(_ outer: HTTPMatchRequest) -> HTTPMatchRequest? {
        guard agrees(with: outer) else { return nil }
        var both = self
        both.name = Self.name(outer.name, name)
        both.uri = uri ?? outer.uri
        both.scheme = scheme ?? outer.scheme
        both.method = method ?? outer.method
        both.authority = authority ?? outer.authority
        both.headers.merge(outer.headers) { own, _ in own }
        both.withoutHeaders.merge(outer.withoutHeaders) { own, _ in own }
        both.queryParams.merge(outer.queryParams) { own, _ in own }
        both.ignoreUriCase = uri == nil ? outer.ignoreUriCase : ignoreUriCase
        both.port = port ?? outer.port
        both.sourceLabels.merge(outer.sourceLabels) { own, _ in own }
        both.sourceNamespace = sourceNamespace ?? outer.sourceNamespace
        // A delegate is bound to nothing itself.
        both.gateways = outer.gateways
        both.statPrefix = statPrefix ?? outer.statPrefix
        return both
    }

    private func agrees(with outer: HTTPMatchRequest) -> Bool {
        let single = [(uri, outer.uri), (scheme, outer.scheme), (method, outer.method), (authority, outer.authority)]
        guard single.allSatisfy({ Self.isWithin($0.0, $0.1) }) else { return false }
        for (own, other) in [
            (headers, outer.headers), (withoutHeaders, outer.withoutHeaders), (queryParams, outer.queryParams),
        ] where !own.allSatisfy({ Self.isWithin($0.value, other[$0.key]) }) { return false }
        if uri != nil, outer.uri != nil, ignoreUriCase != outer.ignoreUriCase { return false }
        if let port, let other = outer.port, port != other { return false }
        if let sourceNamespace, let other = outer.sourceNamespace, sourceNamespace != other { return false }
        return sourceLabels.allSatisfy { outer.sourceLabels[$0.key] ?? $0.value == $0.value }
    }

    /// Whether what `inner` takes is part of what `outer` takes, as far as that can be seen.
    private static func isWithin(_ inner: StringMatch?, _ outer: StringMatch?) -> Bool {
        guard let inner, let outer else { return true }
        return switch (inner, outer) {
        case _ where inner == outer: true
        case (_, .present): true
        case (.exact(let text), .prefix(let prefix)), (.prefix(let text), .prefix(let prefix)): text.hasPrefix(prefix)
        default: false
        }
    }

    private static func name(_ outer: String?, _ inner: String?) -> String? {
        guard let inner, !inner.isEmpty else { return outer }
        guard let outer, !outer.isEmpty else { return inner }
        return "\(outer)-\(inner)"
    }
}
