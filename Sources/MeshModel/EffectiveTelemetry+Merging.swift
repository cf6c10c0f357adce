// SPDX-License-Identifier: Apache-2.0
package import MeshResources

extension EffectiveTelemetry {
    /// `layers`: mesh, namespace, workload; a later one overrides what it speaks about.
    package init(layers: [TelemetryPolicy], configuration: MeshConfiguration) {
        self.init()
        clientAccessLogs = Self.accessLogs(layers, side: .client, configuration)
        serverAccessLogs = Self.accessLogs(layers, side: .server, configuration)
        clientDisabledMetrics = Self.disabledMetrics(layers, side: .client)
        serverDisabledMetrics = Self.disabledMetrics(layers, side: .server)
    }

    private static func accessLogs(
        _ layers: [TelemetryPolicy], side: TelemetryPolicy.WorkloadMode, _ configuration: MeshConfiguration
    ) -> [AccessLogSetting] {
        var isOn = !configuration.accessLogFile.isEmpty
        // Without a default, an entry that names no provider does nothing.
        var providers = isOn ? ["envoy"] : []
        for entry in layers.flatMap(\.accessLogging) where entry.mode == .clientAndServer || entry.mode == side {
            isOn = entry.disabled != true
            if !entry.providers.isEmpty { providers = entry.providers }
        }
        guard isOn, providers.contains(where: { configuration.providers[$0] == .accessLog }) else { return [] }
        let file = configuration.accessLogFile.isEmpty ? "/dev/stdout" : configuration.accessLogFile
        return [AccessLogSetting(file: file, encoding: configuration.accessLogEncoding)]
    }

    /// A later entry about the same metric, or about all of them, overrides an earlier one.
    private static func disabledMetrics(_ layers: [TelemetryPolicy], side: TelemetryPolicy.WorkloadMode) -> [String] {
        var disabled: Set<String> = []
        for entry in layers.flatMap(\.metrics).flatMap(\.overrides) where entry.mode == .clientAndServer || entry.mode == side {
            guard let isDisabled = entry.disabled, entry.customMetric == nil else { continue }
            let metric = entry.metric ?? "ALL_METRICS"
            if isDisabled {
                disabled.insert(metric)
            } else if metric == "ALL_METRICS" {
                disabled.removeAll()
            } else {
                disabled.remove(metric)
            }
        }
        return disabled.sorted()
    }
}
