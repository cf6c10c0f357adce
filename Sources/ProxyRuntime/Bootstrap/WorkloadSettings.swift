// SPDX-License-Identifier: Apache-2.0

/// The `malla` object beside Envoy's fields in a bootstrap: how the workload proves itself, and where state is kept.
package struct WorkloadSettings: Sendable, Hashable {
    /// Read again for each certificate request that needs it.
    package var joinTokenFile: String?
    package var trustBundleFile: String?
    /// Where the last good configuration is kept; nil keeps none.
    package var stateDirectory: String?
    package var trustDomain = "cluster.local"
    /// On the admin's address. Nil: not served.
    package var readinessPort: Int?
    package var prometheusPort: Int?

    package init() {}
}
