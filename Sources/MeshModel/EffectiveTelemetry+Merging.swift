// SPDX-License-Identifier: Apache-2.0
package import MeshResources

extension EffectiveTelemetry {
    /// `layers`: mesh, namespace, workload; a later one overrides what it speaks about.
    package init(layers: [TelemetryPolicy], configuration: MeshConfiguration) {
        self.init()
        clientAccessLogs = Self.accessLogs(layers, side: .client, configuration)
        serverAccessLogs = Self.accessLogs(layers, side: .server, configuration)
        clientMetricsDisabled = Self.metricsDisabled(layers, side: .client)
        serverMetricsDisabled = Self.metricsDisabled(layers, side: .server)
    }

    private static func accessLogs(
        _ layers: [TelemetryPolicy], side: TelemetryPolicy.WorkloadMode, _ configuration: MeshConfiguration
    ) -> [AccessLogSetting] {
        var isOn = !configuration.accessLogFile.isEmpty
        var providers = ["envoy"]
        for entry in layers.flatMap(\.accessLogging) where entry.mode == .clientAndServer || entry.mode == side {
            isOn = entry.disabled != true
            if !entry.providers.isEmpty { providers = entry.providers }
        }
        guard isOn, providers.contains(where: { configuration.providers[$0] == .accessLog }) else { return [] }
        let file = configuration.accessLogFile.isEmpty ? "/dev/stdout" : configuration.accessLogFile
        return [AccessLogSetting(file: file, encoding: configuration.accessLogEncoding)]
    }

    /// Only the switch for all metrics at once.
    private static func metricsDisabled(_ layers: [TelemetryPolicy], side: TelemetryPolicy.WorkloadMode) -> Bool {
        var disabled = false
        for entry in layers.flatMap(\.metrics).flatMap(\.overrides) where entry.mode == .clientAndServer || entry.mode == side {
            guard entry.customMetric == nil, entry.metric == nil || entry.metric == "ALL_METRICS" else { continue }
            if let stated = entry.disabled { disabled = stated }
        }
        return disabled
    }
}
