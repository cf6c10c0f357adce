// SPDX-License-Identifier: Apache-2.0

/// A copy of the traffic whose answers are thrown away.
package struct HTTPMirrorPolicy: Sendable, Hashable {
    package var destination: Destination
    /// 0 … 100; nil: every request.
    package var percentage: Double?

    static func list(_ route: ManifestValue) -> [HTTPMirrorPolicy] {
        let several = route.list("mirrors") { tree in
            tree["destination"].map {
                HTTPMirrorPolicy(destination: Destination($0), percentage: tree["percentage"].map { $0.number("value") ?? 0 })
            }
        }
        guard let single = route["mirror"] else { return several }
        let percentage =
            route["mirrorPercentage"].map { $0.number("value") ?? 0 } ?? route.number("mirrorPercent")
        return [HTTPMirrorPolicy(destination: Destination(single), percentage: percentage)] + several
    }
}
