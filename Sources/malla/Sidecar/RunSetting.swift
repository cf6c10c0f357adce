// SPDX-License-Identifier: Apache-2.0
import Processes

/// What is settled before the sidecar starts.
struct RunSetting: Sendable {
    /// With the ports that were chosen.
    var registry: WorkloadRegistry
    var address: String
    var sidecar: ProcessLaunch
    /// For a stock Envoy only.
    var secrets: EnvoySecrets?
}
