// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// One route of a delegate under the route that refers to it: both must match; what the delegate does not say, the root says.
enum RouteMerging {
    /// Nil when no request can match both.
    static func merged(_ leaf: VirtualServiceHTTPRoute, into root: VirtualServiceHTTPRoute) -> VirtualServiceHTTPRoute? {
        guard let match = matches(root.match, leaf.match) else { return nil }
        var route = leaf
        route.match = match
        route.name = name(root.name, leaf.name)
        route.rewrite = leaf.rewrite ?? root.rewrite
        route.timeout = leaf.timeout ?? root.timeout
        route.retries = leaf.retries ?? root.retries
        route.fault = leaf.fault ?? root.fault
        route.mirrors = leaf.mirrors.isEmpty ? root.mirrors : leaf.mirrors
        route.corsPolicy = leaf.corsPolicy ?? root.corsPolicy
        route.headers = headers(root.headers, leaf.headers)
        return route
    }

    private static func name(_ root: String?, _ leaf: String?) -> String? {
        guard let leaf, !leaf.isEmpty else { return root }
        guard let root, !root.isEmpty else { return leaf }
        return "\(root)-\(leaf)"
    }

    // MARK: Headers

    private static func headers(_ root: HeaderOperations?, _ leaf: HeaderOperations?) -> HeaderOperations? {
        guard let root, var merged = leaf else { return leaf ?? root }
        merged.request = edits(root.request, merged.request)
        merged.response = edits(root.response, merged.response)
        return merged
    }

    private static func edits(_ root: HeaderOperations.Edits, _ leaf: HeaderOperations.Edits) -> HeaderOperations.Edits {
        var merged = leaf
        merged.set.merge(root.set) { own, _ in own }
        merged.add.merge(root.add) { own, _ in own }
        merged.remove = root.remove + leaf.remove.filter { !root.remove.contains($0) }
        return merged
    }

    // MARK: Matches

    private static func matches(_ root: [HTTPMatchRequest], _ leaf: [HTTPMatchRequest]) -> [HTTPMatchRequest]? {
        if root.isEmpty { return leaf }
        if leaf.isEmpty { return root }
        let both = root.flatMap { outer in leaf.compactMap { $0.narrowing(outer) } }
        return both.isEmpty ? nil : both
    }
}
