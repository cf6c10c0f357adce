// SPDX-License-Identifier: Apache-2.0

/// When an endpoint that keeps failing is left out for a while.
package struct OutlierDetectionSettings: Sendable, Hashable {
    /// 5 unless set; 0 switches it off.
    package var consecutive5xxErrors: Int?
    /// Off unless set.
    package var consecutiveGatewayErrors: Int?
    package var splitExternalLocalOriginErrors: Bool?
    package var consecutiveLocalOriginFailures: Int?
    /// 10 s unless set.
    package var interval: Duration?
    /// 30 s unless set; times the number of ejections.
    package var baseEjectionTime: Duration?
    /// 10 unless set.
    package var maxEjectionPercent: Int?
    /// 0 unless set: no panic threshold.
    package var minHealthPercent: Int?

    package init(_ tree: ManifestValue) {
        consecutive5xxErrors = tree.int("consecutive5xxErrors")
        consecutiveGatewayErrors = tree.int("consecutiveGatewayErrors")
        splitExternalLocalOriginErrors = tree.bool("splitExternalLocalOriginErrors")
        consecutiveLocalOriginFailures = tree.int("consecutiveLocalOriginFailures")
        interval = tree.duration("interval")
        baseEjectionTime = tree.duration("baseEjectionTime")
        maxEjectionPercent = tree.int("maxEjectionPercent")
        minHealthPercent = tree.int("minHealthPercent")
    }
}
