// SPDX-License-Identifier: Apache-2.0

/// What one proxy reports, after all Telemetry resources that touch it.
package struct EffectiveTelemetry: Sendable, Hashable {
    package struct AccessLogSetting: Sendable, Hashable {
        package var file: String
        package var encoding: MeshConfiguration.AccessLogEncoding

        package init(file: String, encoding: MeshConfiguration.AccessLogEncoding) {
            self.file = file
            self.encoding = encoding
        }
    }

    package var clientAccessLogs: [AccessLogSetting] = []
    package var serverAccessLogs: [AccessLogSetting] = []
    /// Istio's names (`REQUEST_COUNT`, …) of metrics that are switched off, sorted; `ALL_METRICS` for all.
    package var clientDisabledMetrics: [String] = []
    package var serverDisabledMetrics: [String] = []

    package init() {}
}
