// SPDX-License-Identifier: Apache-2.0

/// Where malla-proxy does something else than Envoy, and why it stays so. A case that is listed must differ, in the way that is
/// listed: any other difference, and none, fails its test.
enum KnownDifferences {
    /// Cases that differ for one reason in one way, which is `Outcome.difference` of Envoy's outcome to ours.
    struct Group: Sendable {
        var reason: String
        var kind: String
        var names: [String]

        /// - Parameter names: Without a listener it is `plain`.
        init(_ reason: String, _ kind: String, _ names: [String]) {
            self.reason = reason
            self.kind = kind
            self.names = names.map { name in KnownDifferences.listeners.contains { name.hasPrefix($0) } ? name : "plain: \(name)" }
        }
    }

    static let all = Self.requests + Self.answers + Self.http2

    static let byName: [String: Group] = Dictionary(
        all.flatMap { group in group.names.map { ($0, group) } }, uniquingKeysWith: { one, _ in one })

    private static let listeners = DifferentialCase.Listener.allCases.map { "\($0.rawValue): " }
}
