// SPDX-License-Identifier: Apache-2.0
package import MeshModel
import MeshResources

/// Looks at the whole mesh and reports what no resource shows alone.
package struct MeshAnalysis: Sendable {
    let snapshot: MeshSnapshot

    package init(snapshot: MeshSnapshot) { self.snapshot = snapshot }

    /// Sorted by resource.
    package func findings() -> [Finding] {
        let all =
            DestinationCheck(snapshot: snapshot).findings() + DestinationRuleHostCheck(snapshot: snapshot).findings()
            + MeshHostConflictCheck(snapshot: snapshot).findings() + UnreachableRouteCheck(snapshot: snapshot).findings()
            + PolicySelectorCheck(snapshot: snapshot).findings() + TelemetryCheck(snapshot: snapshot).findings()
        return Set(all).sorted()
    }
}
